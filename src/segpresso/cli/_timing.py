"""Time, and what it means per voxel."""

from __future__ import annotations

import time
from types import TracebackType


class Stopwatch:
    """Measures the time that a block takes.

    Attributes
    ----------
    seconds : float
        The time, once the block has ended.
    """

    def __init__(self) -> None:
        self.seconds = 0.0

    def __enter__(self) -> Stopwatch:
        self._start = time.perf_counter()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.seconds = time.perf_counter() - self._start


def megavoxels_per_second(voxels: int, seconds: float) -> float | None:
    """Return the speed in million voxels per second; None if there is nothing to measure."""
    return voxels / seconds / 1e6 if voxels and seconds > 0 else None
