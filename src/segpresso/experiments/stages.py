"""Two compressors, one behind the other, measured as the paper's programs measure them."""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from segpresso.errors import InvalidArgumentError, SegpressoError
from segpresso.experiments.datasets import Part
from segpresso.experiments.methods import Data, Method

Value = TypeVar("Value")

#: The stages in the paper's order: encoding, compression, and back.
STAGES = ("encode", "compress", "decompress", "decode")


class LossyError(SegpressoError):
    """What came back is not what was compressed."""


class EmptyStreamError(SegpressoError):
    """Labels became no bytes at all, of which there is no ratio."""


@dataclass
class Measurement:
    """Sizes and times of a data set.

    Attributes
    ----------
    voxels, given_bytes, compressed_bytes, parts, slices, plain_slices : int
        Totals of all volumes: voxels, bytes of the data as they are given, bytes of the streams,
        volumes, slices, and slices of one label only.
    seconds : dict of str to list of float
        By stage, the time of each run.
    """

    runs: int
    voxels: int = 0
    given_bytes: int = 0
    compressed_bytes: int = 0
    parts: int = 0
    slices: int = 0
    plain_slices: int = 0
    seconds: dict[str, list[float]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.seconds = {stage: [0.0] * self.runs for stage in STAGES}

    def summary(self) -> dict[str, Any]:
        """Return ratios, bits per voxel, and speeds.

        Ratios are relative to 64 bits per voxel, the paper's measure, and to the data as given.
        Speeds are those of uncompressed 64-bit voxels in 10^6 bytes per second, and of voxels,
        as mean and population standard deviation of the runs.
        """
        wide_bytes = 8 * self.voxels
        seconds = self.seconds | {
            "total_compress": _sums(self.seconds["encode"], self.seconds["compress"]),
            "total_decompress": _sums(self.seconds["decompress"], self.seconds["decode"]),
        }
        return {
            "voxels": self.voxels,
            "volumes": self.parts,
            "slices_taken": self.slices,
            "slices_plain": self.plain_slices,
            "runs": self.runs,
            "bytes_64bit": wide_bytes,
            "bytes_given": self.given_bytes,
            "bytes_compressed": self.compressed_bytes,
            "ratio": wide_bytes / self.compressed_bytes,
            "ratio_given": self.given_bytes / self.compressed_bytes,
            "bits_per_voxel": 8 * self.compressed_bytes / self.voxels,
            "seconds": {stage: statistics.fmean(times) for stage, times in seconds.items()},
            "speed": {stage: _speed(wide_bytes, times) for stage, times in seconds.items()},
        }


def measure(first: Method, second: Method, parts: Iterable[Part], runs: int = 1) -> Measurement:
    """Compress and restore all volumes of a data set.

    Parameters
    ----------
    first, second : Method
        Encoding and compression.
    parts : iterable of Part
        The volumes; taken one at a time, as 64-bit labels.
    runs : int
        How often each volume is compressed and restored; every run is checked.

    Raises
    ------
    LossyError
        If something else comes back.
    SegpressoError
        If a method cannot take the data.

    Examples
    --------
    >>> from segpresso import examples, experiments
    >>> parts = [experiments.Part("made up", examples.neuropil((4, 64, 64)))]
    >>> measured = measure(experiments.COMPRESSO, experiments.LZMA, parts)
    >>> measured.summary()["ratio"] > 50
    True
    """
    result = Measurement(runs)
    for part in parts:
        labels = part.labels.astype(np.uint64)
        size = 0
        for run in range(runs):
            size = _one_run(first, second, part, labels, result, run)
        if size == 0 and labels.size > 0:
            raise EmptyStreamError(f"{first!r} and {second!r} made nothing of {part.name}")
        result.parts += 1
        result.slices += len(labels)
        result.plain_slices += sum(bool((one == one.flat[0]).all()) for one in labels if one.size)
        result.voxels += labels.size
        result.given_bytes += part.labels.nbytes
        result.compressed_bytes += size
    if result.voxels == 0:
        raise InvalidArgumentError("there are no voxels to compress")
    return result


def first_slices(parts: Iterable[Part], count: int | None) -> Iterator[Part]:
    """Yield volumes until they have `count` slices; the last one is cut.

    Examples
    --------
    >>> from segpresso.experiments import Part
    >>> parts = [Part("a", np.zeros((3, 2, 2))), Part("b", np.zeros((3, 2, 2)))]
    >>> [part.labels.shape[0] for part in first_slices(parts, 4)]
    [3, 1]
    """
    left = math.inf if count is None else count
    for part in parts:
        labels = part.labels if left >= len(part.labels) else part.labels[: int(left)]
        yield Part(part.name, labels)
        left -= len(labels)
        if left <= 0:  # before another volume is read
            return


def _one_run(
    first: Method,
    second: Method,
    part: Part,
    labels: npt.NDArray[np.uint64],
    result: Measurement,
    run: int,
) -> int:
    """Compress and restore the labels of a part, of which they are a copy."""
    hints: dict[str, Any] = {"shape": labels.shape, "dtype": labels.dtype}

    def timed(stage: str, call: Callable[[], Value]) -> Value:
        begin = time.perf_counter()
        value = call()
        result.seconds[stage][run] += time.perf_counter() - begin
        return value

    encoded = timed("encode", lambda: first.compress(labels))
    compressed = timed("compress", lambda: second.compress(encoded))
    unpacked = timed("decompress", lambda: second.decompress(compressed, **hints))
    decoded = timed("decode", lambda: first.decompress(_like(encoded, unpacked), **hints))
    # Not with what was handed over: a method may have changed it.
    if not np.array_equal(_like(labels, decoded), part.labels):
        raise LossyError(f"{part.name}: {first!r} and {second!r} do not give the labels back")
    return compressed.nbytes if isinstance(compressed, np.ndarray) else len(compressed)


def _like(given: Data, back: Data) -> Data:
    """Return what methods for bytes made of an array as an array, if it has as many bytes."""
    if isinstance(back, np.ndarray) or not isinstance(given, np.ndarray):
        return back
    if len(back) != given.nbytes:
        return back
    return np.frombuffer(back, given.dtype).reshape(given.shape)


def _sums(first: Iterable[float], second: Iterable[float]) -> list[float]:
    return [a + b for a, b in zip(first, second, strict=True)]


def _speed(wide_bytes: int, seconds: list[float]) -> dict[str, float]:
    # Stages that do nothing take no measurable time.
    speeds = [wide_bytes / 1e6 / max(time, 1e-9) for time in seconds]
    mean = statistics.fmean(speeds)
    return {
        "megabytes_per_second": mean,
        "stddev": statistics.pstdev(speeds),
        "voxels_per_second": mean * 1e6 / 8,
    }
