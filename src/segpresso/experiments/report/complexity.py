"""Time per voxel against the size of the volume: it stays the same where time grows linearly."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from segpresso.errors import SegpressoError
from segpresso.examples import neuropil
from segpresso.experiments.methods import Method, get_method
from segpresso.experiments.report.names import title
from segpresso.experiments.report.style import label_logarithmic, looks, new_figure

#: The volume whose crops are measured, (z, y, x); made up, so that it is everywhere the same.
SHAPE = (32, 512, 512)

#: By how much a crop is larger than the one before, and how many there are.
GROWTH, SIZES = 4, 5

_LEAST_RUNS, _LEAST_SECONDS = 3, 0.3  # small volumes take many runs, or noise is all there is
_MOST_SECONDS = 20.0  # a method that will need longer for a crop is not tried on it
_HEIGHT = 3.7


@dataclass(frozen=True)
class Timing:
    """Processor time that a method takes for a volume; the shortest of several runs."""

    voxels: int
    encode_seconds: float
    decode_seconds: float


def made_up_volume() -> npt.NDArray[np.uint64]:
    """Make the volume to measure."""
    return neuropil(SHAPE).astype(np.uint64)


def crops(labels: npt.NDArray[Any]) -> Iterator[npt.NDArray[Any]]:
    """Yield crops of growing size, the whole volume last.

    Examples
    --------
    >>> [crop.shape for crop in crops(np.zeros((4, 16, 16)))]
    [(1, 2, 2), (2, 2, 4), (4, 4, 4), (4, 8, 8), (4, 16, 16)]
    """
    shapes = [labels.shape]
    for _ in range(SIZES - 1):
        shape = list(shapes[-1])
        for _ in range(GROWTH.bit_length() - 1):
            longest = int(np.argmax(shape))
            shape[longest] = max(1, shape[longest] // 2)
        shapes.append(tuple(shape))
    for z, y, x in reversed(shapes):
        yield np.ascontiguousarray(labels[:z, :y, :x])


def timing(method: Method, labels: npt.NDArray[Any]) -> Timing:
    """Measure encoding and decoding of a volume, whatever else the machine does."""
    encode: list[float] = []
    decode: list[float] = []
    while len(encode) < _LEAST_RUNS or sum(encode) + sum(decode) < _LEAST_SECONDS:
        begin = time.process_time()
        stream = method.compress(labels)
        middle = time.process_time()
        method.decompress(stream, shape=labels.shape, dtype=labels.dtype)
        encode.append(middle - begin)
        decode.append(time.process_time() - middle)
    return Timing(labels.size, min(encode), min(decode))


def add_timings(
    found: dict[str, list[Timing]], encodings: Sequence[str], labels: npt.NDArray[Any]
) -> None:
    """Measure all encodings that can take a volume, and not for too long, on one."""
    for name in encodings:
        before = found.setdefault(name, [])
        if before:
            last = before[-1]
            expected = (last.encode_seconds + last.decode_seconds) * labels.size / last.voxels
            if expected > _MOST_SECONDS:
                continue
        try:
            before.append(timing(get_method(name), labels))
        except (SegpressoError, ImportError):
            continue


def exponent(voxels: Sequence[int], seconds: Sequence[float]) -> float:
    """Return by which power of the number of voxels the time grows: 1 is linear.

    Examples
    --------
    >>> round(exponent([10, 100, 1000], [2.0, 20.0, 200.0]), 3)
    1.0
    """
    return float(np.polyfit(np.log(voxels), np.log(seconds), 1)[0])


def draw_complexity(timings: Mapping[str, Sequence[Timing]]) -> Any:
    """Draw nanoseconds per voxel, encoding left and decoding right."""
    figure = new_figure(_HEIGHT)
    panels = figure.subplots(1, 2, sharey=True)
    look = looks(list(timings))
    for axes, verb in zip(panels, ("encode", "decode"), strict=True):
        for name, found in timings.items():
            if len(found) < 2:
                continue
            voxels = [one.voxels for one in found]
            seconds = [getattr(one, f"{verb}_seconds") for one in found]
            color, marker = look[name]
            axes.plot(
                [number / 1e6 for number in voxels],
                [1e9 * spent / number for spent, number in zip(seconds, voxels, strict=True)],
                color=color,
                marker=marker,
                markersize=5,
                linewidth=1.4,
                label=f"{title(name)} ({exponent(voxels, seconds):.2f})",
            )
        axes.set_xscale("log")
        axes.set_yscale("log")
        axes.margins(y=0.25)  # level lines shall look level
        label_logarithmic(axes.xaxis)
        label_logarithmic(axes.yaxis)
        axes.set_title(f"{verb[:-1]}ing".capitalize())
        axes.set_xlabel("million voxels")
        axes.legend(
            title="encoding (exponent of growth)",
            loc="upper center",
            ncols=2,
            bbox_to_anchor=(0.5, -0.2),
        )
    panels[0].set_ylabel("processor time per voxel, ns")
    return figure
