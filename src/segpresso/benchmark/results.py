"""What was measured, and the file it is kept in."""

from __future__ import annotations

import csv
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from segpresso.benchmark.contestants import Contestant
from segpresso.benchmark.volumes import Volume
from segpresso.io.atomic import atomic_file


@dataclass
class Row:
    """A contestant, alone or before a second stage, on a volume.

    Attributes
    ----------
    volume, contestant
        What was measured.
    second : str
        The second stage, "none" for none.
    threads : int
        Threads that it was allowed: 1 if it cannot use several.
    reuses_output : bool
        Whether it decoded into an array in use, and not into a new one.
    bytes : int
        Size of the streams.
    encode_seconds, decode_seconds : list of float
        Time of each repetition, second stage included.
    encode_peak, decode_peak : int or None
        Peak bytes of memory beyond what was in use before, results included; None if unknown.
    lossless : bool
        Whether every repetition gave the volume back.
    problem : str
        Why there are no results, or no more of them; empty if there is no problem.
    """

    volume: Volume = field(repr=False)
    contestant: Contestant
    second: str
    threads: int = 1
    reuses_output: bool = False
    bytes: int = 0
    encode_seconds: list[float] = field(default_factory=list)
    decode_seconds: list[float] = field(default_factory=list)
    encode_peak: int | None = None
    decode_peak: int | None = None
    lossless: bool = True
    problem: str = ""

    @property
    def name(self) -> str:
        """Name of contestant and second stage.

        Examples
        --------
        >>> from segpresso.benchmark import choose, whole
        >>> import numpy as np
        >>> (entry,) = choose(["cpso+lzma"])
        >>> Row(whole("one", np.zeros((1, 1), int)), entry.contestant, "lzma").name
        'cpso+lzma'
        """
        return f"{self.contestant.name}{self._behind}"

    @property
    def title(self) -> str:
        """Name in the picture."""
        return f"{self.contestant.title}{self._behind.replace('+', ' + ')}"

    @property
    def _behind(self) -> str:
        return "" if self.second == "none" else f"+{self.second}"

    @property
    def is_measured(self) -> bool:
        """Whether there are results to compare: measured, and nothing was lost."""
        return bool(self.encode_seconds) and self.lossless and not self.problem

    @property
    def bits_per_voxel(self) -> float:
        """Bits that a voxel takes."""
        return 8 * self.bytes / self.volume.voxels

    @property
    def ratio_dtype(self) -> float:
        """How many times smaller than the voxels in their own type."""
        return self.volume.voxels * self.volume.dtype.itemsize / self.bytes

    @property
    def ratio_64_bit(self) -> float:
        """How many times smaller than voxels of 64 bits."""
        return 8 * self.volume.voxels / self.bytes

    @property
    def encode_speed(self) -> float:
        """Voxels per second, the median of all repetitions."""
        return self.volume.voxels / statistics.median(self.encode_seconds)

    @property
    def decode_speed(self) -> float:
        """Voxels per second, the median of all repetitions."""
        return self.volume.voxels / statistics.median(self.decode_seconds)

    def record(self) -> dict[str, Any]:
        """Return all of it for CSV and JSON; what was not measured is None."""
        volume, has = self.volume, bool(self.encode_seconds)
        record: dict[str, Any] = {
            "volume": volume.name,
            "shape": "x".join(map(str, volume.shape)),
            "dtype": volume.dtype.name,
            "voxels": volume.voxels,
            "chunk": volume.chunk,
            "codec": self.contestant.name,
            "second": self.second,
            "program": self.contestant.program,
            "threads": self.threads,
            "output": "reused" if self.reuses_output else "new",
            "repetitions": len(self.encode_seconds),
            "lossless": self.lossless if has else None,
            "bytes": self.bytes if has else None,
            "bits_per_voxel": round(self.bits_per_voxel, 6) if has else None,
            "ratio_dtype": round(self.ratio_dtype, 3) if has else None,
            "ratio_64_bit": round(self.ratio_64_bit, 3) if has else None,
        }
        for what, seconds in (("encode", self.encode_seconds), ("decode", self.decode_seconds)):
            ends = [max(seconds), min(seconds)] if has else []
            speeds = [round(volume.voxels / end) for end in ends]
            middle = round(volume.voxels / statistics.median(seconds)) if has else None
            record |= {
                f"{what}_voxels_per_second": middle,
                f"{what}_slowest": speeds[0] if has else None,
                f"{what}_fastest": speeds[1] if has else None,
            }
        return record | {
            "encode_peak_bytes": self.encode_peak,
            "decode_peak_bytes": self.decode_peak,
            "problem": self.problem,
        }


def spread(seconds: Sequence[float]) -> float:
    """Return half the distance between the slowest and the fastest, relative to the median.

    Examples
    --------
    >>> spread([1.0, 2.0, 4.0])
    0.75
    """
    return (max(seconds) - min(seconds)) / 2 / statistics.median(seconds)


def write_csv(path: Path, rows: Sequence[Row]) -> None:
    """Write all rows; a file that is there is replaced when the new one is complete."""
    with atomic_file(path) as temporary, temporary.open("w", newline="") as file:
        records = [row.record() for row in rows]
        writer = csv.DictWriter(file, list(records[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(records)
