"""What two threads gain on this machine at work that divides perfectly: the measure for ours.

On virtual machines two processors may be one core's two threads, and neighbours share the memory:
the gain then is well below two, and changes from minute to minute.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import numpy.typing as npt


def _in_parts(
    work: Callable[[npt.NDArray[np.uint8]], Any], data: npt.NDArray[np.uint8], threads: int
) -> None:
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(work, np.array_split(data, threads)))


#: Larger than caches, small beside the volumes.
SIZE = 1 << 26


def controls() -> dict[Any, Callable[[], Any]]:
    """(operation, program, threads, output) -> what to time: computing, reading and writing."""
    data = np.ones(SIZE, np.uint8)
    calls: dict[Any, Callable[[], Any]] = {}
    for threads in (1, 2):
        calls |= {
            ("hash", "hashlib", threads, ""): lambda n=threads: _in_parts(hashlib.blake2b, data, n),
            ("read", "numpy", threads, ""): lambda n=threads: _in_parts(
                lambda part: np.bitwise_or.reduce(part.view(np.uint64)), data, n
            ),
            ("fill", "numpy", threads, ""): lambda n=threads: _in_parts(
                lambda part: part.fill(7), data, n
            ),
        }
    return calls
