"""Work that Ctrl-C need not wait for."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import TypeVar

_T = TypeVar("_T")


def in_background(work: Callable[[], _T]) -> Future[_T]:
    """Start work in a thread that the end of the process does not wait for.

    A compressor such as LZMA is one call that can take minutes, and Python handles signals only
    between calls. Waiting for a result is interrupted at once.

    Examples
    --------
    >>> in_background(lambda: 6 * 7).result()
    42
    """
    future: Future[_T] = Future()

    def run() -> None:
        try:
            future.set_result(work())
        except BaseException as error:
            future.set_exception(error)

    Thread(target=run, daemon=True).start()
    return future
