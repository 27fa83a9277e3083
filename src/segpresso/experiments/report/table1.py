"""The paper's table 1, its figures beside ours, and which pair is smallest where."""

from __future__ import annotations

from dataclasses import dataclass

from segpresso.experiments.report.means import geometric_mean
from segpresso.experiments.report.names import codec_title
from segpresso.experiments.report.results import Measured, Pair, Result, Results

#: What table 1 of the paper shows.
TABLE_1: Pair = ("COMPRESSO", "LZMA")


@dataclass(frozen=True)
class Row:
    """A line of the table.

    Attributes
    ----------
    pair : tuple of str
        Encoding and compression.
    result : Result or None
        Ours; None if it was not measured.
    paper : float or None
        The paper's ratio; None if it is not known.
    difference : float or None
        By what share ours is larger, where the data are the paper's.
    """

    pair: Pair
    result: Result | None
    paper: float | None
    difference: float | None


def table_1(measured: Measured) -> list[Row]:
    """Return the lines of a data set: what the paper has, and the smallest of all."""
    pairs = dict.fromkeys([TABLE_1, *measured.data.paper, measured.smallest.pair])
    rows = [_row(measured, pair) for pair in pairs]
    return [row for row in rows if row.result or row.paper]


def _row(measured: Measured, pair: Pair) -> Row:
    result, comparable = measured.results.get(pair), measured.paper_ratio(pair)
    difference = result.ratio / comparable - 1 if result and comparable else None
    return Row(pair, result, measured.data.paper.get(pair), difference)


@dataclass(frozen=True)
class Winner:
    """The smallest pair, and how far it is ahead.

    Attributes
    ----------
    best : tuple of str
        The pair with the largest ratio.
    next : tuple of str or None
        The best pair with another codec, or with none.
    ratio, next_ratio, compresso_ratio : float or None
        Ratios to 64-bit voxels of `best`, of `next`, and of Compresso with LZMA.
    count : int
        Number of data sets.
    """

    best: Pair
    ratio: float
    next: Pair | None
    next_ratio: float | None
    compresso_ratio: float | None
    count: int


def winner(measured: tuple[Measured, ...]) -> Winner | None:
    """Find the smallest pair of some data sets, by the geometric mean of the ratios.

    Only pairs that were measured on all of them take part; None if there is no such pair.
    """
    shared = set.intersection(*(set(m.results) for m in measured))
    ratios = {}
    for pair in sorted(shared):
        mean = geometric_mean([m.results[pair].ratio for m in measured])
        if mean is not None:
            ratios[pair] = mean.value
    if not ratios:
        return None
    best = max(ratios, key=lambda pair: ratios[pair])
    others = [pair for pair in ratios if codec_title(pair[0]) != codec_title(best[0])]
    second = max(others, key=lambda pair: ratios[pair], default=None)
    return Winner(
        best,
        ratios[best],
        second,
        None if second is None else ratios[second],
        ratios.get(TABLE_1),
        len(measured),
    )


def winners(results: Results) -> list[tuple[str, Winner]]:
    """Return the smallest pair of each data set and of each group of several."""
    found: list[tuple[str, Winner | None]] = []
    for group in results.groups:
        found += [(m.data.title, winner((m,))) for m in group.measured]
        if len(group.measured) > 1:
            found.append((f"{group.title}, mean", winner(group.measured)))
    return [(name, one) for name, one in found if one is not None]
