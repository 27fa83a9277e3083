"""The paper's figure 3, and what it says about windows in prose."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from segpresso.codecs import get_codec
from segpresso.experiments.datasets import Part
from segpresso.experiments.report.style import label_logarithmic, new_figure
from segpresso.figures import WindowCounts, count_windows
from segpresso.figures.mosaic import mosaic
from segpresso.figures.windows import window_patterns

#: The paper's window, (y, x), in voxels.
WINDOW = (8, 8)
BITS = WINDOW[0] * WINDOW[1]

_SUPERSCRIPT_BITS = "\N{SUPERSCRIPT SIX}\N{SUPERSCRIPT FOUR}"

#: Sections of the paper's stream in its order.
SECTIONS = ("header", "ids", "values", "locations", "windows")

_SIDE = 10
_SHOWN = _SIDE * _SIDE
_PIXELS, _GAP = 660, 12  # of a mosaic, and between its tiles
_HEIGHT = 3.5


@dataclass(frozen=True)
class WindowStatistics:
    """What the paper's encoding finds in a data set.

    Attributes
    ----------
    voxels : int
        Number of voxels.
    windows : WindowCounts
        How often each window occurs.
    indeterminate : int
        Number of voxels whose label the stream has to tell, since no neighbour does.
    sections : mapping of str to int
        Bytes of each section of the streams.
    """

    voxels: int
    windows: WindowCounts
    indeterminate: int
    sections: Mapping[str, int]

    @property
    def number_of_windows(self) -> int:
        """How many windows there are, repeated ones included."""
        return int(self.windows.counts.sum())

    @property
    def covered(self) -> float:
        """Share of all windows that the most frequent hundred cover."""
        return float(self.windows.most_frequent(_SHOWN).shares.sum())

    @property
    def stream_bytes(self) -> int:
        """Bytes of all sections."""
        return sum(self.sections.values())


def window_statistics(parts: Iterable[Part]) -> WindowStatistics:
    """Encode the volumes of a data set as the paper does, and count their windows.

    Raises
    ------
    UnsupportedError
        If a label cannot be stored.
    InvalidArgumentError
        If there are no voxels.

    Examples
    --------
    >>> from segpresso.examples import neuropil
    >>> found = window_statistics([Part("made up", neuropil((2, 64, 64)))])
    >>> found.number_of_windows, list(found.sections)
    (128, ['header', 'ids', 'values', 'locations', 'windows'])
    """
    codec = get_codec("compresso-miccai")
    sections: Counter[str] = Counter()
    voxels = indeterminate = 0

    def volumes() -> Iterator[npt.NDArray[Any]]:
        nonlocal voxels, indeterminate
        for part in parts:
            found = codec.describe(codec.encode(part.labels, window=(1, *WINDOW), threads=1))
            sections.update(found["sections"])
            indeterminate += found["locations"]
            voxels += part.labels.size
            yield part.labels

    windows = count_windows(volumes(), WINDOW)
    return WindowStatistics(voxels, windows, indeterminate, dict(sections))


def draw_windows(statistics: WindowStatistics) -> Any:
    """Draw the most frequent windows, as many that never occur, and what the former cover."""
    figure = new_figure(_HEIGHT)
    frequent, never, curve = figure.subplots(1, 3, width_ratios=(1, 1, 1.15))
    counts = statistics.windows
    most = counts.most_frequent(_SHOWN)
    shown = len(most.shares)
    _draw_mosaic(
        frequent,
        most.patterns,
        f"The {shown} most frequent" if shown < len(counts.codes) else "All windows there are",
        f"{statistics.covered:.1%} of all windows",
    )
    _draw_mosaic(
        never,
        window_patterns(absent_windows(counts.codes, _SHOWN), WINDOW),
        f"{_SHOWN} random ones",
        f"of 2{_SUPERSCRIPT_BITS} possible ones; none of them occurs",
    )
    shares = np.cumsum(-np.sort(-counts.counts)) / statistics.number_of_windows
    ranks = np.arange(1, len(shares) + 1)
    curve.plot(ranks, 100 * shares, color="#0072b2", linewidth=1.8, drawstyle="steps-post")
    curve.plot([shown], [100 * statistics.covered], "o", color="#d55e00", zorder=3)
    curve.annotate(
        f"{shown}: {statistics.covered:.1%}",
        (shown, 100 * statistics.covered),
        xytext=(6, -14),
        textcoords="offset points",
    )
    curve.set_xscale("log")
    curve.set_xlim(0.8, max(1.25 * len(shares), 10))
    label_logarithmic(curve.xaxis)
    curve.set_ylim(0, 103)
    curve.set_title("Coverage")
    curve.set_xlabel(f"most frequent windows, of {len(counts.codes):,} distinct ones")
    curve.set_ylabel("share of all windows, %")
    return figure


def absent_windows(codes: npt.NDArray[np.uint64], count: int) -> npt.NDArray[np.uint64]:
    """Draw windows at random that are not among some; always the same ones.

    Examples
    --------
    >>> absent_windows(np.array([0], np.uint64), 3).shape
    (3,)
    """
    random = np.random.default_rng(0)
    found = np.zeros(0, np.uint64)
    while len(found) < count:
        drawn = random.integers(0, 2**BITS, count, np.uint64, endpoint=False)
        found = np.concatenate([found, drawn[~np.isin(drawn, codes)]])
    return found[:count]


def _draw_mosaic(axes: Any, patterns: npt.NDArray[np.bool_], title: str, caption: str) -> None:
    axes.imshow(mosaic(patterns, _PIXELS, _SIDE, _GAP), interpolation="nearest")
    axes.set_title(title)
    axes.set_xlabel(caption)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.spines[:].set_visible(False)
