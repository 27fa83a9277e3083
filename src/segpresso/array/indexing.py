"""numpy's basic indexing: integers, slices, Ellipsis and None."""

from __future__ import annotations

import itertools
import operator
from dataclasses import dataclass
from types import EllipsisType
from typing import Any, TypeAlias

from segpresso.errors import InvalidArgumentError

Index: TypeAlias = "int | slice | EllipsisType | None"


@dataclass(frozen=True)
class AxisPart:
    """What is taken along one axis.

    Attributes
    ----------
    start, step, count : int
        The positions ``start + i * step`` for i below `count`.
    is_integer : bool
        Whether the axis vanishes.
    """

    start: int
    step: int
    count: int
    is_integer: bool = False

    @property
    def begin(self) -> int:
        """The smallest position (0 if there is none)."""
        return 0 if self.count == 0 else min(self.start, self._last)

    @property
    def end(self) -> int:
        """One more than the largest position."""
        return 0 if self.count == 0 else max(self.start, self._last) + 1

    def pieces(self, block: int, *, single: bool) -> list[tuple[slice, AxisPart]]:
        """Cut where whole blocks lie in between, or, if `single`, between all blocks.

        Parameters
        ----------
        block : int
            Size of the blocks.
        single : bool
            Whether a piece may take only one block.

        Returns
        -------
        list of (slice, AxisPart)
            Which of the positions, and they.

        Examples
        --------
        >>> part = AxisPart(5, 20, 3)
        >>> [(which.start, which.stop) for which, piece in part.pieces(10, single=False)]
        [(0, 1), (1, 2), (2, 3)]
        """
        if not single and abs(self.step) <= block:
            return [(slice(0, self.count), self)] if self.count else []
        firsts: list[int] = []  # of the pieces, as indices
        first, before = 0, -2
        while first < self.count:
            position = self.start + first * self.step
            at = position // block
            if single or abs(at - before) > 1:
                firsts.append(first)
            room = (at + 1) * block - 1 - position if self.step > 0 else position - at * block
            first += room // abs(self.step) + 1
            before = at
        return [
            (slice(first, end), AxisPart(self.start + first * self.step, self.step, end - first))
            for first, end in itertools.pairwise([*firsts, self.count])
        ]

    @property
    def _last(self) -> int:
        return self.start + (self.count - 1) * self.step

    def within(self, begin: int) -> slice:
        """Return the slice that takes the positions out of an axis that starts at `begin`."""
        if self.count == 0:
            return slice(0, 0)
        stop = self._last - begin + (1 if self.step > 0 else -1)
        return slice(self.start - begin, None if stop < 0 else stop, self.step)


@dataclass(frozen=True)
class Selection:
    """A key, understood.

    Attributes
    ----------
    parts : tuple of AxisPart
        One for each axis of the array.
    shaping : tuple
        The key that, applied to the parts with all axes kept, drops those of integers and adds
        those of None.
    is_scalar : bool
        Whether numpy gives a scalar and not an array without axes.
    """

    parts: tuple[AxisPart, ...]
    shaping: tuple[int | slice | None, ...]
    is_scalar: bool


def understand(key: Any, shape: tuple[int, ...]) -> Selection:
    """Understand a key of basic indexing.

    Raises
    ------
    IndexError
        If an integer is out of bounds, or there are too many of them.
    InvalidArgumentError
        If the key holds anything but integers, slices, Ellipsis and None.

    Examples
    --------
    >>> [(part.begin, part.end) for part in understand((1, slice(None, None, 2)), (3, 8)).parts]
    [(1, 2), (0, 7)]
    """
    given = key if isinstance(key, tuple) else (key,)
    keys = _expand(given, len(shape))
    parts: list[AxisPart] = []
    shaping: list[int | slice | None] = []
    for item in keys:
        if item is None:
            shaping.append(None)
            continue
        part = _part(item, len(parts), shape[len(parts)])
        parts.append(part)
        shaping.append(0 if part.is_integer else slice(None))
    is_scalar = all(item == 0 for item in shaping) and not any(item is ... for item in given)
    return Selection(tuple(parts), tuple(shaping), is_scalar)


def _expand(keys: tuple[Any, ...], axes: int) -> list[Any]:
    """Replace Ellipsis, or the missing end, by whole axes."""
    named = sum(item is not None and item is not Ellipsis for item in keys)
    if named > axes:
        raise IndexError(f"too many indices: the volume has {axes} axes, but {named} were indexed")
    places = [place for place, item in enumerate(keys) if item is Ellipsis]
    if len(places) > 1:
        raise IndexError("an index can only have a single ellipsis ('...')")
    place = places[0] if places else len(keys)
    return [*keys[:place], *(slice(None),) * (axes - named), *keys[place + len(places) :]]


def _part(item: Any, axis: int, size: int) -> AxisPart:
    if isinstance(item, slice):
        start, stop, step = item.indices(size)
        count = len(range(start, stop, step))
        return AxisPart(start, step if count > 1 else 1, count)
    try:
        if isinstance(item, bool):
            raise TypeError
        position = operator.index(item)
    except TypeError:
        raise InvalidArgumentError(
            f"volumes take integers, slices, ... and None as indices, not {item!r}; decode a part "
            "and index that"
        ) from None
    if not -size <= position < size:
        raise IndexError(f"index {position} is out of bounds for axis {axis} with size {size}")
    return AxisPart(position % size, 1, 1, is_integer=True)
