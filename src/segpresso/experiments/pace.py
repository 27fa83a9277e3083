"""How long the rest of a matrix will take."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from statistics import fmean

from segpresso.experiments.cell import Cell


class Pace:
    """What is known of the durations of cells.

    Methods differ by factors of a thousand, and so a cell is expected to take as long as the same
    methods took on other data sets; or, until they have been measured, as cells did on average.

    Examples
    --------
    >>> pace = Pace()
    >>> pace.add(Cell("NONE", "ZOPFLI", "ac4"), 60)
    >>> pace.add(Cell("NONE", "LZF", "ac4"), 2)
    >>> pace.seconds_for([Cell("NONE", "LZF", "cremi_b"), Cell("CPSO", "LZF", "cremi_b")])
    33.0
    """

    def __init__(self) -> None:
        self._of_methods: defaultdict[tuple[str, str], list[float]] = defaultdict(list)
        self._all: list[float] = []

    def add(self, cell: Cell, seconds: float) -> None:
        """Learn how long a cell took."""
        self._of_methods[cell.encoding, cell.compression].append(seconds)
        self._all.append(seconds)

    def seconds_for(self, cells: Iterable[Cell]) -> float | None:
        """Say how long cells will take together; None as long as nothing is known."""
        if not self._all:
            return None
        return sum(
            fmean(self._of_methods.get((cell.encoding, cell.compression)) or self._all)
            for cell in cells
        )
