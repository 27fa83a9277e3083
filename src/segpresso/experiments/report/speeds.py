"""Size against speed, and what nothing else beats in both."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from segpresso.experiments.report.means import mean_of
from segpresso.experiments.report.names import in_order, pair_title, title
from segpresso.experiments.report.results import Group, Pair, Results
from segpresso.experiments.report.style import add_legend, label_logarithmic, looks, new_figure

_PANEL_HEIGHT = 3.6
_KEY = 0.76  # width of the list beside a panel, relative to the panel
_MOST_LINES = 22

# Where numbers may stand, seen from their points (above and to the right nothing else is), and how
# far from each other, in degrees and typographic points.
_ANGLES = (45, 70, 95, 25)
_DISTANCES = (9, 19, 29, 39, 49)
_BETWEEN_NUMBERS = 11


@dataclass(frozen=True)
class Point:
    """A pair in the plane of speed and ratio.

    Attributes
    ----------
    pair : tuple of str
        Encoding and compression.
    speed : float
        10^6 bytes of 64-bit voxels per second.
    ratio : float
        To 64-bit voxels.
    """

    pair: Pair
    speed: float
    ratio: float


def points(group: Group, *, compress: bool) -> list[Point]:
    """Return the pairs that were measured on all data sets of a group, by their means.

    The pair that does nothing is not among them.
    """
    shared = set.intersection(*(set(m.results) for m in group.measured)) - {("NONE", "NONE")}
    found = []
    for pair in sorted(shared):
        ratio = mean_of(group.measured, pair, lambda result: result.ratio)
        speed = mean_of(
            group.measured,
            pair,
            lambda result: result.compress_speed if compress else result.decompress_speed,
        )
        if ratio and speed:
            found.append(Point(pair, speed.value, ratio.value))
    return found


def pareto(points: Sequence[Point]) -> list[Point]:
    """Return the points that no other beats in one respect and equals in the other.

    The smallest come first.

    Examples
    --------
    >>> a, b, c = Point(("A", ""), 1, 9), Point(("B", ""), 5, 3), Point(("C", ""), 4, 2)
    >>> [point.pair[0] for point in pareto([a, b, c])]
    ['A', 'B']
    """
    front: list[Point] = []
    for point in sorted(points, key=lambda p: (-p.ratio, -p.speed)):
        if not front or point.speed > front[-1].speed:
            front.append(point)
    return front


def fronts(results: Results) -> list[tuple[str, list[Point]]]:
    """Return the fronts of all groups, compressing and decompressing, with their titles."""
    return [
        (f"{group.title}: {verb}", pareto(points(group, compress=verb == "compressing")))
        for group in results.groups
        for verb in ("compressing", "decompressing")
    ]


def draw_speeds(results: Results) -> Any:
    """Draw a row of two panels per group: compressing and decompressing."""
    groups = [group for group in results.groups if points(group, compress=True)]
    if not groups:
        return None
    figure = new_figure(0.4 + _PANEL_HEIGHT * len(groups))
    panels = figure.subplots(
        len(groups), 4, squeeze=False, width_ratios=(1, _KEY, 1, _KEY), sharex=False
    )
    look = looks(results.encodings)
    handles: dict[str, Any] = {}
    later: list[tuple[Any, Any, list[Point]]] = []
    for row, group in zip(panels, groups, strict=True):
        for place, compress in enumerate((True, False)):
            axes, key = row[2 * place : 2 * place + 2]
            found = points(group, compress=compress)
            _draw_points(axes, found, look, handles)
            later.append((axes, key, pareto(found)))
            verb = "compressing" if compress else "decompressing"
            axes.set_title(f"{group.title}: {verb}")
            axes.set_xlabel(f"{verb}, MB/s of 64-bit voxels")
        row[0].set_ylabel("times smaller than 64-bit voxels")
    names = in_order(handles)
    add_legend(
        figure,
        [handles[name] for name in names],
        ["no encoding" if name == "NONE" else title(name) for name in names],
    )
    figure.draw_without_rendering()  # only now is known what is close to what
    for axes, key, front in later:
        _draw_front(axes, key, front)
    return figure


def _draw_points(
    axes: Any, found: Sequence[Point], look: dict[str, tuple[str, str]], handles: dict[str, Any]
) -> None:
    for encoding in dict.fromkeys(point.pair[0] for point in found):
        of_it = [point for point in found if point.pair[0] == encoding]
        color, marker = look[encoding]
        handles[encoding] = axes.scatter(
            [point.speed for point in of_it],
            [point.ratio for point in of_it],
            s=34,
            c=color,
            marker=marker,
            edgecolors="white",
            linewidths=0.6,
            zorder=3,
        )
    axes.set_xlim(_limits([point.speed for point in found]))
    axes.set_ylim(_limits([point.ratio for point in found]))
    axes.set_xscale("log")
    axes.set_yscale("log")
    label_logarithmic(axes.xaxis)
    label_logarithmic(axes.yaxis, "x")


def _limits(values: Sequence[float]) -> tuple[float, float]:
    """Return the ends of a logarithmic axis, an eighth of its length from the outermost values."""
    low, high = min(values), max(values)
    space = max((high / low) ** (1 / 6), 1.5)
    return low / space, high * space


def _free_offset(place: npt.NDArray[Any], taken: Sequence[npt.NDArray[Any]]) -> tuple[float, float]:
    """Find where the number of a point may stand: near it, and not on another number."""
    offsets = [
        (distance * math.cos(angle), distance * math.sin(angle))
        for distance in _DISTANCES
        for angle in map(math.radians, _ANGLES)
    ]
    free = (
        offset
        for offset in offsets
        if all(np.hypot(*(place + offset - other)) > _BETWEEN_NUMBERS for other in taken)
    )
    return next(free, offsets[0])


def _draw_front(axes: Any, key: Any, front: Sequence[Point]) -> None:
    """Join the points of the front, number them, and list them beside the panel."""
    axes.plot(
        [point.speed for point in front],
        [point.ratio for point in front],
        color="#24292f",
        linewidth=0.9,
        zorder=2,
    )
    taken: list[npt.NDArray[Any]] = []
    for number, point in enumerate(front, 1):
        place = axes.transData.transform((point.speed, point.ratio)) * 72 / axes.figure.dpi
        offset = _free_offset(place, taken)
        taken.append(place + offset)
        is_near = np.hypot(*offset) < 1.5 * _DISTANCES[0]
        axes.annotate(
            str(number),
            (point.speed, point.ratio),
            xytext=offset,
            textcoords="offset points",
            ha="center",
            va="center",
            size=8,
            weight="bold",
            arrowprops=None if is_near else {"arrowstyle": "-", "lw": 0.5, "shrinkB": 3},
        )
    lines = [f"{number:>2}  {pair_title(point.pair)}" for number, point in enumerate(front, 1)]
    if len(lines) > _MOST_LINES:
        lines[_MOST_LINES:] = ["and more: see the table"]
    key.set_axis_off()
    for text, height, size, weight in (
        ("Pareto front", 1.0, 8, "bold"),
        ("\n".join(lines), 0.93, 6.4, "normal"),
    ):
        key.text(
            0,
            height,
            text,
            size=size,
            weight=weight,
            va="top",
            linespacing=1.5,
            transform=key.transAxes,
            in_layout=False,
        )
