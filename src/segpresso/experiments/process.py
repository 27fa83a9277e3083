"""A function in a process of its own, with limits; it ends when whoever has started it ends."""

from __future__ import annotations

import multiprocessing
import os
import resource
import signal
import sys
import time
from collections.abc import Callable
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from threading import Thread
from typing import Any, TypeVar

from segpresso.errors import SegpressoError

_T = TypeVar("_T")

#: How often the memory of a process is looked at. Its system remembers the peak, so that nothing
#: is missed in between; a process can only be larger for as long.
_WATCH_SECONDS = 0.05


class TooSlowError(SegpressoError):
    """A process took longer than it may."""


class TooLargeError(SegpressoError):
    """A process used more memory than it may."""


class CrashError(SegpressoError):
    """A process ended without a result."""


def call(
    function: Callable[..., _T],
    *arguments: Any,
    seconds: float | None = None,
    max_bytes: int | None = None,
) -> _T:
    """Call a function in a process of its own.

    Parameters
    ----------
    function : callable
        Of a module, so that the process can import it. It should not raise.
    *arguments
        What can be pickled.
    seconds : float, optional
        After which the process is ended.
    max_bytes : int, optional
        Of memory that the process may use. Counted is what is resident, libraries included, not
        what is merely reserved. Where the system has no ``/proc``, this is checked at the end.

    Returns
    -------
    object
        What the function returned.

    Raises
    ------
    TooSlowError, TooLargeError
        If it exceeds a limit.
    CrashError
        If it ended in another way.

    Examples
    --------
    >>> call(os.path.basename, "a/b")
    'b'
    """
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_there, args=(function, arguments, theirs), daemon=True)
    _start(process)
    try:
        theirs.close()
        _wait(ours, process, seconds, max_bytes)
        result, peak = ours.recv()
    except (EOFError, ConnectionError):
        process.join()
        raise CrashError(f"the process ended with {_ending(process.exitcode)}") from None
    finally:
        process.kill()
        process.join()
        ours.close()
    _check(peak, max_bytes)
    value: _T = result
    return value


def _start(process: BaseProcess) -> None:
    """Start a process that no interrupt meets, not even while it starts: it is for us."""
    resource_tracker.ensure_running()  # which lets interrupts in when it is started
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        process.start()
    finally:
        try:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        except KeyboardInterrupt:  # the one that has waited
            process.kill()
            raise


def peak_bytes(process: int | str = "self") -> int:
    """Return how much memory a process, given by its number, has used at most; 0 if unknown.

    Examples
    --------
    >>> peak_bytes() > 1_000_000
    True
    """
    found = _status_bytes(process, "VmHWM")
    if found is not None or process != "self":
        return found or 0
    # Elsewhere than on Linux. There, this would count what a parent had used before, too.
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else 1024 * peak


def resident_bytes() -> int:
    """Return how much memory this process uses now; 0 if unknown.

    Examples
    --------
    >>> resident_bytes() <= peak_bytes()
    True
    """
    return _status_bytes("self", "VmRSS") or 0


def _status_bytes(process: int | str, field: str) -> int | None:
    """Read a size that Linux tells of a process; None where it does not."""
    try:
        status = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return None
    lines = (line.split() for line in status.splitlines())
    return next((1024 * int(words[1]) for words in lines if words[0] == f"{field}:"), 0)


def _wait(
    channel: Connection, process: BaseProcess, seconds: float | None, max_bytes: int | None
) -> None:
    """Return when there is something to receive."""
    end = None if seconds is None else time.monotonic() + seconds
    while True:
        left = None if end is None else max(0.0, end - time.monotonic())
        watch = None if max_bytes is None else _WATCH_SECONDS
        waits = [limit for limit in (left, watch) if limit is not None]
        if channel.poll(min(waits, default=None)):
            return
        _check(peak_bytes(process.pid or 0), max_bytes)
        if end is not None and time.monotonic() >= end:
            raise TooSlowError(f"not finished after {seconds:g} s")


def _check(peak: int, max_bytes: int | None) -> None:
    if max_bytes is not None and peak > max_bytes:
        raise TooLargeError(f"used {peak:,} bytes of memory, more than {max_bytes:,}")


def _there(function: Callable[..., Any], arguments: tuple[Any, ...], channel: Connection) -> None:
    os.dup2(2, 1)  # what a function prints is not what whoever has started us prints
    Thread(target=_end_with_parent, daemon=True).start()
    channel.send((function(*arguments), peak_bytes()))


def _end_with_parent() -> None:
    """End this process when the one that has started it is no more, however that ended."""
    parent = multiprocessing.parent_process()
    assert parent is not None
    wait([parent.sentinel])
    os._exit(1)


def _ending(exit_code: int | None) -> str:
    if exit_code is not None and exit_code < 0:
        return signal.Signals(-exit_code).name
    return f"exit code {exit_code}"
