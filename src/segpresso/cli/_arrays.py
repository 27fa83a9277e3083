"""Questions about label arrays, answered slab by slab so that no large copies are made."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Labels: TypeAlias = npt.NDArray[Any]

#: Voxels looked at together.
_SLAB_VOXELS = 1 << 22


def distinct(labels: Labels) -> Labels:
    """List the distinct labels, ascending.

    Equal neighbours are dropped before sorting: in a segmentation that leaves a few percent.

    Examples
    --------
    >>> distinct(np.array([[3, 3, 1], [1, 1, 3]], np.uint8))
    array([1, 3], dtype=uint8)
    """
    found: Labels = np.empty(0, labels.dtype)
    for _, slab in _slabs(labels):
        flat = slab.reshape(-1)
        starts = flat[np.flatnonzero(np.append(True, flat[1:] != flat[:-1]))]
        found = np.union1d(found, starts)
    return found


def first_difference(one: Labels, other: Labels) -> tuple[int, ...] | None:
    """Return the index of the first voxel that differs; None if all are equal.

    Parameters
    ----------
    one, other : ndarray
        Arrays of equal shape; their types may differ.

    Examples
    --------
    >>> first_difference(np.array([[1, 2], [3, 4]]), np.array([[1, 2], [0, 4]]))
    (1, 0)
    """
    for start, slab in _slabs(one):
        differs = slab != other[start : start + len(slab)]
        if differs.any():
            z, *rest = np.unravel_index(int(np.argmax(differs)), differs.shape)
            return (start + int(z), *(int(i) for i in rest))
    return None


def difference(one: Labels, other: Labels) -> str | None:
    """Say in words how two arrays differ; None if they are equal in shape and values.

    Examples
    --------
    >>> difference(np.array([[1, 2]]), np.array([[1, 5]]))
    'label 2 instead of 5 at (y, x) = (0, 1)'
    """
    if one.shape != other.shape:
        return f"shape {one.shape} instead of {other.shape}"
    at = first_difference(one, other)
    if at is None:
        return None
    axes = ", ".join(("t", "z", "y", "x")[-one.ndim :])
    return f"label {int(one[at])} instead of {int(other[at])} at ({axes}) = {at}"


def _slabs(labels: Labels) -> Iterator[tuple[int, Labels]]:
    """Yield parts of the array along its first axis, with where they begin; none is empty."""
    if labels.size == 0:
        return
    step = max(1, _SLAB_VOXELS * len(labels) // labels.size)
    for start in range(0, len(labels), step):
        yield start, labels[start : start + step]
