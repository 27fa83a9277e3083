"""Work that Ctrl-C need not wait for."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import TypeVar

_T = TypeVar("_T")
_threads: list[Thread] = []


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

    thread = Thread(target=run, daemon=True)
    _threads[:] = [thread]
    thread.start()
    return future.result()


def leave_work_alone(code: int) -> None:
    """End the process at once if work goes on that nobody waits for any more.

    The interpreter's own end would take away from under it what it works with.
    """
    if any(thread.is_alive() for thread in _threads):
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
