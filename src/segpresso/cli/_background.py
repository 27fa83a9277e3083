"""Work that Ctrl-C need not wait for."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import TypeVar

_T = TypeVar("_T")


def interruptible(work: Callable[[], _T]) -> _T:
    """Do work in a thread that the end of the process does not wait for.

    A codec is one call that can take minutes, and Python handles signals only between calls. Here
    they are handled at once: the caller gets `KeyboardInterrupt` and the work is left alone.

    Examples
    --------
    >>> interruptible(lambda: 6 * 7)
    42
    """
    future: Future[_T] = Future()

    def run() -> None:
        try:
            future.set_result(work())
        except BaseException as error:
            future.set_exception(error)

    Thread(target=run, daemon=True).start()
    return future.result()
