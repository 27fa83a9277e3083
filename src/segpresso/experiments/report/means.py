"""Means over data sets."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from segpresso.experiments.report.results import Measured, Pair, Result

#: The encodings that figure 4 of the paper has.
PAPER_ENCODINGS = ("NONE", "NEUROGLANCER", "COMPRESSO")


@dataclass(frozen=True)
class Mean:
    """A geometric mean, and over how many data sets."""

    value: float
    count: int


def geometric_mean(values: Sequence[float]) -> Mean | None:
    """Return the geometric mean of positive numbers; None if there are none.

    Examples
    --------
    >>> geometric_mean([2, 8])
    Mean(value=4.0, count=2)
    """
    if not values:
        return None
    return Mean(math.exp(math.fsum(map(math.log, values)) / len(values)), len(values))


def mean_of(
    measured: Iterable[Measured], pair: Pair, value: Callable[[Result], float]
) -> Mean | None:
    """Return the mean of a figure of a pair over the data sets that have it."""
    found = [m.results[pair] for m in measured if pair in m.results]
    return geometric_mean([value(result) for result in found])


def our_encodings(encodings: Iterable[str]) -> list[str]:
    """Choose what is shown beside the paper's encodings: Segpresso, else all that are left.

    Examples
    --------
    >>> our_encodings(["NONE", "COMPRESSO", "CPSO", "CRACKLE"])
    ['CPSO', 'CRACKLE']
    >>> our_encodings(["CPSO", "SEGPRESSO"])
    ['SEGPRESSO']
    """
    others = [name for name in encodings if name not in PAPER_ENCODINGS]
    return [name for name in others if name.startswith("SEGPRESSO")] or others
