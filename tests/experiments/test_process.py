"""A function in a process of its own: its limits, and how it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from segpresso.experiments.process import (
    CrashError,
    TooLargeError,
    TooSlowError,
    call,
    peak_bytes,
)
from tests.processes import needs_proc, session, wait_for


def use_memory(size: int, hold_seconds: float) -> str:
    memory = b"x" * size
    time.sleep(hold_seconds)
    return f"used {len(memory)}"


def test_results_and_arguments_go_through() -> None:
    assert call(divmod, 17, 5, seconds=60, max_bytes=1 << 30) == (3, 2)
    assert call(os.getpid) != os.getpid()


@needs_proc
def test_a_process_that_grows_is_ended_at_once() -> None:
    with pytest.raises(TooLargeError, match=r"used [\d,]+ bytes of memory, more than 200,000,000"):
        call(use_memory, 400_000_000, 600.0, max_bytes=200_000_000)


def test_a_short_peak_is_not_missed() -> None:
    with pytest.raises(TooLargeError):
        call(use_memory, 400_000_000, 0.0, max_bytes=200_000_000)


def test_memory_that_is_merely_reserved_does_not_count() -> None:
    assert call(reserve_memory, 4 << 30, max_bytes=200_000_000) == 4 << 30


def reserve_memory(size: int) -> int:
    import mmap

    with mmap.mmap(-1, size) as memory:
        memory[0] = 1
        return len(memory)


@needs_proc
def test_what_the_parent_uses_does_not_count() -> None:
    memory = b"x" * 400_000_000
    assert call(peak_bytes) < len(memory) < peak_bytes()


def test_a_process_that_takes_long_is_ended() -> None:
    with pytest.raises(TooSlowError, match=r"not finished after 0\.5 s"):
        call(time.sleep, 600, seconds=0.5, max_bytes=1 << 40)


@pytest.mark.parametrize(("code", "how"), [(3, "exit code 3"), (-9, "SIGKILL")])
def test_a_crash_is_told(code: int, how: str) -> None:
    with pytest.raises(CrashError, match=f"the process ended with {how}"):
        call(end_with, code)


def end_with(code: int) -> None:
    if code < 0:
        os.kill(os.getpid(), -code)
    os._exit(code)


@needs_proc
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_process_ends_with_its_parent(how: int, tmp_path: Path) -> None:
    program, begun = tmp_path / "program.py", tmp_path / "begun"
    program.write_text(
        "import pathlib, sys, time\n"
        "from segpresso.experiments.process import call\n"
        "def work(begun):\n"
        "    pathlib.Path(begun).touch()\n"
        "    time.sleep(3600)\n"
        "if __name__ == '__main__':\n"
        "    call(work, sys.argv[1])\n"
    )
    parent = subprocess.Popen(
        [sys.executable, program, begun],
        start_new_session=True,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )
    wait_for(begun.exists)
    assert len(session(parent.pid)) >= 2
    parent.send_signal(how)
    parent.wait()
    wait_for(lambda: not session(parent.pid))
