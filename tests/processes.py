"""Looking at processes that a test has started."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

needs_proc = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs /proc")


def session(leader: int) -> list[int]:
    """List the processes of a session that have not ended."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, _, number = path.read_text().rpartition(")")[2].split()[:4]
        except OSError:  # ended meanwhile
            continue
        if int(number) == leader and state != "Z":
            found.append(int(path.parent.name))
    return found


def wait_for(condition: Callable[[], bool]) -> None:
    """Wait until something is so; fail if it never is."""
    deadline = time.monotonic() + 150
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)
