"""The paper's figure 4: ratios by second stage, for each encoding in front of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from segpresso.experiments.report.means import (
    PAPER_ENCODINGS,
    Mean,
    geometric_mean,
    mean_of,
    our_encodings,
)
from segpresso.experiments.report.names import in_order, title
from segpresso.experiments.report.results import Group, Results
from segpresso.experiments.report.style import add_legend, label_logarithmic, looks, new_figure
from segpresso.io._extras import require

_HEIGHT = 4.4
_GROUP_WIDTH = 0.84  # of the distance between groups of bars


@dataclass(frozen=True)
class Series:
    """The bars of one colour.

    Attributes
    ----------
    title : str
        What the legend calls it.
    color : str
    means : mapping of (group title, compression) to Mean
        Heights of the bars that there are.
    paper : mapping of (group title, compression) to float
        The paper's mean over the same data sets, where it has all of them.
    """

    title: str
    color: str
    means: Mapping[tuple[str, str], Mean]
    paper: Mapping[tuple[str, str], float]


def all_series(results: Results) -> list[Series]:
    """Return the bars of all encodings of the figure that were measured."""
    colors = looks(results.encodings)
    found = []
    for name in PAPER_ENCODINGS:
        if name in results.encodings:
            label = "no encoding" if name == "NONE" else title(name)
            means = _means(results, partial(_mean, name))
            found.append(Series(label, colors[name][0], means, _paper(results, name, means)))
    ours = in_order(our_encodings(results.encodings))
    if ours:
        means = _means(results, partial(_best, ours))
        found.append(Series(_best_title(ours), colors[ours[0]][0], means, {}))
    return found


def _best_title(names: list[str]) -> str:
    if len(names) == 1:
        return title(names[0])
    if names[0].startswith("SEGPRESSO"):
        return f"segpresso, best of {len(names)} profiles"
    return f"best of {len(names)} others"


def draw_bars(results: Results) -> Any:
    """Draw the figure: connectomics left, other segmentations right."""
    figure = new_figure(_HEIGHT)
    groups, seconds = results.groups, in_order(results.compressions)
    panels = figure.subplots(1, len(groups), sharey=True, squeeze=False)[0]
    series = all_series(results)
    for axes, group in zip(panels, groups, strict=True):
        for place, one in enumerate(series):
            _draw_series(axes, group, seconds, one, place, len(series))
        axes.set_yscale("log")
        axes.set_xticks(
            range(len(seconds)),
            list(map(title, seconds)),
            rotation=40,
            ha="right",
            rotation_mode="anchor",
        )
        axes.tick_params(axis="x", length=0)
        axes.grid(visible=False, axis="x")
        axes.set_xlim(-0.6, len(seconds) - 0.4)
        axes.set_xlabel("second stage")
        sets = f"{len(group.measured)} data set{'s' if len(group.measured) > 1 else ''}"
        axes.set_title(f"{group.title} ({sets})")
        axes.axhline(1, color="#636c76", linewidth=0.8)
    label_logarithmic(panels[0].yaxis, "x")
    panels[0].set_ylabel("times smaller than 64-bit voxels\n(geometric mean, logarithmic)")
    _explain(figure, panels, series)
    return figure


def _draw_series(
    axes: Any, group: Group, seconds: list[str], series: Series, place: int, count: int
) -> None:
    width = _GROUP_WIDTH / count
    shift = (place - (count - 1) / 2) * width
    for x, second in enumerate(seconds):
        mean = series.means.get((group.title, second))
        if mean is None:
            continue
        whole = mean.count == len(group.measured)
        axes.bar(
            x + shift,
            mean.value - 1,
            0.92 * width,
            bottom=1,
            color=series.color if whole else "white",
            edgecolor=series.color,
            hatch=None if whole else "//////",
            linewidth=0.6,
            label=None if whole else "on some data sets only",
        )
        paper = series.paper.get((group.title, second))
        if paper is not None:
            ends = (x + shift - 0.6 * width, x + shift + 0.6 * width)
            axes.plot(ends, (paper, paper), color="black", linewidth=2, label="the paper's")


def _explain(figure: Any, panels: Any, series: list[Series]) -> None:
    """Explain the colours, and then hatching and lines if there are any."""
    patches = require("matplotlib.patches", "experiments")
    handles = [patches.Patch(color=one.color, label=one.title) for one in series]
    explained: dict[str, Any] = {}
    for axes in panels:
        explained |= dict(zip(*reversed(axes.get_legend_handles_labels()), strict=True))
    handles += [explained[label] for label in sorted(explained)]
    add_legend(figure, handles, [handle.get_label() for handle in handles])


def _means(
    results: Results, mean: Callable[[Group, str], Mean | None]
) -> dict[tuple[str, str], Mean]:
    found = {}
    for group in results.groups:
        for second in results.compressions:
            value = mean(group, second)
            if value is not None:
                found[group.title, second] = value
    return found


def _mean(encoding: str, group: Group, second: str) -> Mean | None:
    return mean_of(group.measured, (encoding, second), lambda result: result.ratio)


def _best(encodings: list[str], group: Group, second: str) -> Mean | None:
    """Return the mean of the best ratio that any of the encodings has on each data set."""
    best = []
    for measured in group.measured:
        pairs = [(encoding, second) for encoding in encodings]
        ratios = [measured.results[pair].ratio for pair in pairs if pair in measured.results]
        best += [max(ratios)] if ratios else []
    return geometric_mean(best)


def _paper(
    results: Results, encoding: str, means: Mapping[tuple[str, str], Mean]
) -> dict[tuple[str, str], float]:
    found = {}
    for group in results.groups:
        for second in results.compressions:
            pair = (encoding, second)
            have = [m.paper_ratio(pair) for m in group.measured if pair in m.results]
            known = [ratio for ratio in have if ratio is not None]
            mean = geometric_mean(known)
            if mean is not None and len(known) == len(have) and (group.title, second) in means:
                found[group.title, second] = mean.value
    return found
