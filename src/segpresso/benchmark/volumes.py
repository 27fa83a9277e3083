"""What is compressed: volumes of unsigned integers, whole or in chunks."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt

from segpresso.errors import InvalidArgumentError
from segpresso.io import _fit

#: Chunks are cut from the corner of a volume, of this many voxels along each axis.
CORNER = 256


@dataclass(frozen=True)
class Volume:
    """A volume, or what of it is compressed.

    Attributes
    ----------
    name : str
        What it is called in tables.
    dtype : numpy.dtype
        The type that it is given in; pieces are unsigned integers of the same width.
    shape : tuple of int
        Its shape (z, y, x).
    chunk : int or None
        Voxels along each axis of a chunk; None if the volume is one piece.
    pieces : list of ndarray
        Contiguous volumes (z, y, x) that are compressed one by one.
    """

    name: str
    dtype: np.dtype[Any]
    shape: tuple[int, ...]
    chunk: int | None
    pieces: list[npt.NDArray[Any]]

    @property
    def voxels(self) -> int:
        """Number of voxels."""
        return math.prod(self.shape)


def whole(
    name: str, labels: npt.NDArray[Any], corner: tuple[int, int, int] | None = None
) -> Volume:
    """Return a volume as one piece, or a corner of it.

    Parameters
    ----------
    name : str
        What it is called.
    labels : ndarray
        Integer or bool labels, (y, x), (z, y, x) or (t, z, y, x).
    corner : tuple of int, optional
        Most voxels along (z, y, x); all unless given.

    Raises
    ------
    InvalidArgumentError
        If there are no voxels.

    Examples
    --------
    >>> whole("a slice", np.zeros((3, 5), np.int16)).pieces[0].dtype
    dtype('uint16')
    """
    if labels.size == 0:
        raise InvalidArgumentError(f"{name}: there is nothing to measure in shape {labels.shape}")
    unsigned = labels.view(f"u{labels.itemsize}")
    piece = unsigned.reshape(_fit.volume_shape(labels.shape, "zyx"))
    if corner is not None:
        piece = piece[tuple(map(slice, corner))]
    return Volume(name, labels.dtype, piece.shape, None, [np.ascontiguousarray(piece)])


def in_chunks(
    name: str,
    labels: npt.NDArray[Any],
    size: int,
    corner: tuple[int, int, int] = (CORNER, CORNER, CORNER),
) -> Volume:
    """Return the corner of a volume cut into cubes; those at its ends may be smaller.

    Examples
    --------
    >>> volume = in_chunks("cells", np.zeros((70, 300, 64), np.uint8), 64)
    >>> volume.shape, len(volume.pieces), volume.pieces[-1].shape
    ((70, 256, 64), 8, (6, 64, 64))
    """
    part = whole(name, labels, corner)
    (piece,) = part.pieces
    starts = product(*(range(0, length, size) for length in part.shape))
    boxes = (tuple(slice(begin, begin + size) for begin in start) for start in starts)
    return replace(part, chunk=size, pieces=[np.ascontiguousarray(piece[box]) for box in boxes])
