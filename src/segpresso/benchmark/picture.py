"""Size against speed: the picture of a benchmark."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise, product
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from segpresso.benchmark.means import REFERENCE, Mean
from segpresso.experiments.report.speeds import Point, pareto
from segpresso.experiments.report.style import (
    Picture,
    label_logarithmic,
    new_figure,
    save,
    styled,
)

_HEIGHT = 6.6
_LABEL_SIZE = 7.5
_ALIGNMENTS = ("center", "left", "right")  # of a label above, to the right, and to the left
_MODEST = 42  # typographic points within which less important labels stand, or nowhere
_FAR = 14  # typographic points beyond which a line joins a label to its point
_OURS = "#d55e00"

# Okabe and Ito's palette, as in the report: colour and marker of each kind of contestant.
_KINDS = {
    "segpresso": ("Segpresso", _OURS, "D"),
    "crackle": ("Crackle", "#0072b2", "o"),
    "compresso": ("Compresso", "#009e73", "s"),
    "compressed_segmentation": ("block tables", "#cc79a7", "^"),
    "general": ("general compressors", "#7f868d", "v"),
}
_OTHER = ("#e69f00", "P")

# Where a label may stand, from its point: to the right or left, then above or below, then farther.
_PLACES: tuple[tuple[float, float], ...] = tuple(
    (dx, dy)
    for far in (0, 9, 18, 28, 40, 54, 70, 90, 115, 145)
    for dx, dy in (
        (7, far),
        (7, -far),
        (-7, far),
        (-7, -far),
        (0, 8 + far),
        (0, -8 - far),
        (24, far),
        (-24, -far),
    )
)


def draw(found: Sequence[Mean], title: str) -> Any:
    """Draw bits per voxel against speed, encoding left and decoding right.

    Labelled are our profiles, the reference, what nothing else beats in both respects (joined by
    a line), and of all others the largest and the smallest mode without a second stage, and the
    smallest with one of each kind. Hollow points have a second stage.

    Parameters
    ----------
    found : sequence of Mean
        What was measured.
    title : str
        On what.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure = new_figure(_HEIGHT)
    panels = figure.subplots(1, 2, sharey=True)
    handles: dict[str, Any] = {}
    for axes, encode in zip(panels, (True, False), strict=True):
        _draw_points(axes, found, handles, encode=encode)
        axes.set_title("encoding" if encode else "decoding")
        axes.set_xlabel("million voxels per second, faster to the right")
    panels[0].set_ylabel("bits per voxel, smaller below")
    figure.suptitle(f"{title} (hollow: with a second stage)", x=0.01, ha="left", size=10)
    figure.legend(
        handles.values(),
        handles.keys(),
        loc="outside lower left",
        ncols=len(handles),
        columnspacing=1.2,
        handletextpad=0.2,
    )
    figure.draw_without_rendering()  # only now is known how large things are
    for axes, encode in zip(panels, (True, False), strict=True):
        _label_points(axes, found, encode=encode)
    return figure


def picture(found: Sequence[Mean], title: str, folder: Path, name: str) -> Picture:
    """Draw, and write a PNG and an SVG file; see `draw`."""
    with styled():
        return save(draw(found, title), folder, name)


def _speed(mean: Mean, *, encode: bool) -> float:
    return (mean.encode_speed if encode else mean.decode_speed) / 1e6


def _draw_points(
    axes: Any, found: Sequence[Mean], handles: dict[str, Any], *, encode: bool
) -> None:
    for kind in dict.fromkeys([*_KINDS, *(mean.contestant.kind for mean in found)]):
        words, color, marker = _KINDS.get(kind, (kind, *_OTHER))
        for is_alone in (True, False):
            of_it = [
                mean
                for mean in found
                if mean.contestant.kind == kind and (mean.second == "none") == is_alone
            ]
            if not of_it:
                continue
            handle = axes.scatter(
                [_speed(mean, encode=encode) for mean in of_it],
                [mean.bits_per_voxel for mean in of_it],
                s=(70 if kind == "segpresso" else 38) if is_alone else 18,
                facecolors=color if is_alone else "white",
                edgecolors="white" if is_alone else color,
                linewidths=0.6 if is_alone else 0.9,
                marker=marker,
                zorder=4 if kind == "segpresso" else 3,
            )
            if is_alone:
                handles[words] = handle
    front = _front(found, encode=encode)
    (line,) = axes.plot(
        [_speed(mean, encode=encode) for mean in front],
        [mean.bits_per_voxel for mean in front],
        color="#24292f",
        linewidth=0.9,
        zorder=2,
    )
    handles["nothing is smaller and faster"] = line
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.margins(0.12)
    label_logarithmic(axes.xaxis)
    label_logarithmic(axes.yaxis)


def _front(found: Sequence[Mean], *, encode: bool) -> list[Mean]:
    by_name = {mean.name: mean for mean in found}
    points = [
        Point((mean.name, ""), _speed(mean, encode=encode), 1 / mean.bits_per_voxel)
        for mean in found
    ]
    return [by_name[point.pair[0]] for point in pareto(points)]


def _labelled(found: Sequence[Mean], *, encode: bool) -> Iterator[tuple[Mean, float]]:
    """Choose what is named, the most important first, and how far from its point at most."""
    chosen: dict[str, Mean] = {}
    for mean in found:
        if mean.contestant.is_native or mean.name == REFERENCE:
            chosen[mean.name] = mean
    for mean in _front(found, encode=encode):
        chosen.setdefault(mean.name, mean)
    yield from ((mean, math.inf) for mean in chosen.values())
    count = len(chosen)
    for kind in dict.fromkeys(mean.contestant.kind for mean in found):
        smallest = min(
            (mean for mean in found if mean.contestant.kind == kind),
            key=lambda mean: mean.bits_per_voxel,
        )
        chosen.setdefault(smallest.name, smallest)
    for family in dict.fromkeys(mean.contestant.family for mean in found):
        alone = [m for m in found if m.contestant.family == family and m.second == "none"]
        for mean in sorted(alone, key=lambda m: m.bits_per_voxel)[:: max(1, len(alone) - 1)]:
            chosen.setdefault(mean.name, mean)
    yield from ((mean, _MODEST) for mean in list(chosen.values())[count:])


def _label_points(axes: Any, found: Sequence[Mean], *, encode: bool) -> None:
    """Name points so that no name stands on another one, on a point, or on a line."""
    unit = axes.figure.dpi / 72
    places = {
        mean.name: axes.transData.transform((_speed(mean, encode=encode), mean.bits_per_voxel))
        for mean in found
    }
    front = [places[mean.name] for mean in _front(found, encode=encode)]
    lines = [_along(one, other, unit) for one, other in pairwise(front)]
    # Points, and what lines are made of, as rectangles (left, bottom, right, top).
    taken = [_around(place, 4 * unit) for place in places.values()]
    taken += [_around(place, unit) for line in lines for place in line]
    inside = axes.get_window_extent().extents
    for mean, farthest in _labelled(found, encode=encode):
        color = _KINDS.get(mean.contestant.kind, ("", *_OTHER))[1]
        text = axes.annotate(
            mean.title,
            (_speed(mean, encode=encode), mean.bits_per_voxel),
            xytext=(0, 0),
            textcoords="offset points",
            size=_LABEL_SIZE + mean.contestant.is_native,
            weight="bold" if mean.contestant.is_native else "normal",
            color=color,
            va="center",
            in_layout=False,
            zorder=5,
        )
        offset = _place(text, places[mean.name], farthest, unit, inside, taken)
        if offset is None:
            text.remove()  # no room: the tables have it
        elif math.hypot(*offset) > _FAR:
            _join(axes, mean, offset, color, encode=encode)


def _place(
    text: Any,
    point: npt.NDArray[Any],
    farthest: float,
    unit: float,
    inside: npt.NDArray[Any],
    taken: list[npt.NDArray[Any]],
) -> tuple[float, float] | None:
    """Put a text where it is free, as near to its point as possible; None if it is nowhere."""
    # Where there is no other way, the line from a text to its point crosses something.
    for may_cross, offset in product((False, True), _PLACES):
        if math.hypot(*offset) > farthest:
            continue
        text.set_position(offset)
        text.set_horizontalalignment(_ALIGNMENTS[(offset[0] > 0) - (offset[0] < 0)])
        box = text.get_window_extent().padded(unit).extents
        leader = _along(point, point + unit * np.array(offset), unit)[6:]
        parts = [_around(place, unit / 2) for place in leader]
        is_inside = (box[:2] >= inside[:2]).all() and (box[2:] <= inside[2:]).all()
        if is_inside and not _overlap([box] if may_cross else [box, *parts], taken):
            taken += [box, *parts]
            return offset
    return None


def _around(place: npt.NDArray[Any], radius: float) -> npt.NDArray[Any]:
    return np.concatenate([place - radius, place + radius])


def _along(one: npt.NDArray[Any], other: npt.NDArray[Any], step: float) -> npt.NDArray[Any]:
    """Return places on the way from one to another."""
    count = max(2, int(np.hypot(*(other - one)) / step))
    return np.linspace(one, other, count)


def _overlap(boxes: Sequence[npt.NDArray[Any]], others: Sequence[npt.NDArray[Any]]) -> bool:
    one, other = np.array(boxes)[:, np.newaxis], np.array(others)
    apart = (one[..., :2] >= other[..., 2:]) | (other[..., :2] >= one[..., 2:])
    return bool((~apart.any(axis=-1)).any())


def _join(axes: Any, mean: Mean, offset: tuple[float, float], color: str, *, encode: bool) -> None:
    axes.annotate(
        "",
        (_speed(mean, encode=encode), mean.bits_per_voxel),
        xytext=offset,
        textcoords="offset points",
        in_layout=False,
        zorder=1,
        arrowprops={
            "arrowstyle": "-",
            "lw": 0.5,
            "color": color,
            "shrinkA": 1,
            "shrinkB": 3,
            "alpha": 0.7,
        },
    )
