"""The cells that were not measured, those with the same reason together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from segpresso.experiments.report.results import Failure


@dataclass(frozen=True)
class FailedCells:
    """Cells that were not measured for one reason.

    Attributes
    ----------
    status, reason : str
        What happened.
    compression : str
        The second stage of these cells.
    encodings, datasets : tuple of str
        Their encodings and data sets.
    count : int
        How many there are.
    """

    status: str
    reason: str
    compression: str
    encodings: tuple[str, ...]
    datasets: tuple[str, ...]
    count: int


def by_reason(failures: Iterable[Failure]) -> list[FailedCells]:
    """Put cells with the same status, reason and compression together.

    Examples
    --------
    >>> cells = [Failure(name, "PNG", "ac4", "failed", "no room") for name in ("CPSO", "NONE")]
    >>> by_reason(cells)[0].encodings
    ('CPSO', 'NONE')
    """
    found: dict[tuple[str, str, str], list[Failure]] = {}
    for failure in failures:
        key = (failure.status, failure.reason, failure.compression)
        found.setdefault(key, []).append(failure)
    return [
        FailedCells(
            status,
            reason,
            compression,
            tuple(dict.fromkeys(cell.encoding for cell in cells)),
            tuple(dict.fromkeys(cell.dataset for cell in cells)),
            len(cells),
        )
        for (status, reason, compression), cells in found.items()
    ]
