"""Rows and their edges as the profile `small` sees them: docs/format_small.md sections 4 and 7."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import compress

NONE = 65535

POWERS = [1 << k for k in range(16)]


def shift_class(shift: int | None) -> int:
    if shift is None or abs(shift) >= 64:
        return 16
    size = abs(shift)
    size_class = size if size < 4 else 4 if size < 6 else 5 if size < 9 else 6 if size < 13 else 7
    return size_class + 8 * (shift < 0)


def length_class(length: int) -> int:
    return next((c for c, last in enumerate((*range(7), 8, 11, 15, 22, 31)) if length <= last), 12)


@dataclass(frozen=True)
class Edge:
    """Section 7: the last shifts and moves, the latest first."""

    history: int = 0x7FFF
    shifts: tuple[int, ...] = ()
    path: tuple[tuple[int, int], ...] = ()  # directions and lengths

    def continued(self, shift: int) -> Edge:
        edge = Edge(
            (self.history << 5 | shift_class(shift)) & 0x7FFF,
            (shift, *self.shifts)[:8],
            self.path,
        )
        if shift:
            edge = edge.moved(1 if shift > 0 else 2, abs(shift))
        return edge.moved(0, 1)

    def moved(self, direction: int, length: int) -> Edge:
        before, path = 0, self.path
        if path and path[0][0] == direction:
            before, path = path[0][1], path[1:]
        moves = ((direction, min(before + length, 63)), *path)
        return Edge(self.history, self.shifts, moves[:8])

    def move(self, i: int) -> int:
        if i >= len(self.path):
            return 0
        direction, length = self.path[i]
        return direction * 16 + length_class(length)


class Row:
    """A row with margins, and its edges."""

    MARGIN = 32

    def __init__(self, width: int, left: int) -> None:
        self.width = width
        self.values = [left] * self.MARGIN + [NONE] * (width + self.MARGIN)
        self.edges: dict[int, Edge] = {}

    def __getitem__(self, x: int) -> int:
        return self.values[x + self.MARGIN]

    def __setitem__(self, x: int, value: int) -> None:
        self.values[x + self.MARGIN] = value

    def finish(self) -> None:
        """Fill the margin right of it."""
        for x in range(self.width, self.width + self.MARGIN):
            self[x] = self[self.width - 1]

    def without_history(self) -> Row:
        row = Row(self.width, NONE)
        row.values = self.values
        row.edges = dict.fromkeys(self.edges, Edge())
        return row

    def equal(self, x: int, value: int) -> int:
        """Bit k: place x - 8 + k has the value."""
        begin = x - 8 + self.MARGIN
        return sum(compress(POWERS, map(value.__eq__, self.values[begin : begin + 16])))

    def nearest(self, x: int, reach: int, left: int, right: int, both_first: bool) -> int | None:
        found = None
        for distance in sorted(range(-reach, reach + 1), key=lambda d: (abs(d), d)):
            if x + distance not in self.edges:
                continue
            same = (self[x + distance - 1] == left) + (self[x + distance] == right)
            if same == 2 or (same == 1 and not both_first):
                return distance
            if same == 1 and found is None:
                found = distance
        return found


class Slice:
    """Rows from -4 on, with those that stand for rows outside of the block."""

    def __init__(self, height: int, above: Row) -> None:
        self.height = height
        self._above = above
        self.rows: list[Row] = []

    @classmethod
    def missing(cls, width: int, height: int) -> Slice:
        row = Row(width, NONE)
        missing = cls(height, row)
        missing.rows = [row] * height
        return missing

    def row(self, y: int) -> Row:
        return self._above if y < 0 else self.rows[min(y, self.height - 1)]
