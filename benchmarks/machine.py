"""What two threads gain on this machine at work that divides perfectly: the measure for ours.

On virtual machines two processors may be one core's two threads, and neighbours share the memory:
the gain then is well below two, and changes from minute to minute.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

Part = npt.NDArray[np.uint8]


def _hash(part: Part) -> None:
    hashlib.blake2b(part.data)


def _read(part: Part) -> None:
    np.bitwise_or.reduce(part.view(np.uint64))


def _fill(part: Part) -> None:
    part.fill(7)


def _in_parts(work: Callable[[Part], None], data: Part, threads: int) -> None:
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(work, np.array_split(data, threads)))


#: Larger than caches, small beside the volumes.
SIZE = 1 << 26


_KINDS = (("hash", "hashlib", _hash), ("read", "numpy", _read), ("fill", "numpy", _fill))

#: Calls in a round.
CALLS = 2 * len(_KINDS)


def controls() -> dict[Any, Callable[[], Any]]:
    """(operation, program, threads, output) -> what to time: computing, reading and writing."""
    data = np.ones(SIZE, np.uint8)
    return {
        (operation, program, threads, ""): partial(_in_parts, work, data, threads)
        for operation, program, work in _KINDS
        for threads in (1, 2)
    }
