"""Slices that wait until a layer of blocks is complete."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from segpresso.codecs.arrays import MOST_SIZE
from segpresso.codecs.base import Limits
from segpresso.codecs.native import MemoryReader, NativeStream
from segpresso.codecs.segpresso import Segpresso

#: Layers up to this size wait as they are, and larger ones are restored in strips of half of it.
#: Encoding two threads' blocks takes as much again.
MOST_WAITING_BYTES = 1 << 27


class Layer(Protocol):
    """Slices of one layer of blocks, along the first axis."""

    @property
    def count(self) -> int:
        """How many slices wait."""

    def keep(self, slices: npt.NDArray[Any]) -> None:
        """Take slices."""

    def take(self) -> Iterator[npt.NDArray[Any]]:
        """Give all of them, as one array or in strips of whole blocks; then none waits."""


def new_layer(
    shape: tuple[int, ...], dtype: np.dtype[Any], block: tuple[int, ...], axis: int, threads: int
) -> Layer:
    """Choose how slices wait.

    Parameters
    ----------
    shape : tuple of int
        Shape of a complete layer.
    dtype : numpy.dtype
        Its type.
    block : tuple of int
        Block shape, in the same axes.
    axis : int
        The one that strips follow each other along; 0 if there can be none.
    threads : int
        Number of threads.

    Returns
    -------
    Layer
    """
    layer_bytes = math.prod(shape) * dtype.itemsize
    if layer_bytes <= MOST_WAITING_BYTES or axis == 0 or block[axis] >= shape[axis]:
        return PlainLayer(shape, dtype)
    rows = MOST_WAITING_BYTES // 2 * shape[axis] // layer_bytes // block[axis] * block[axis]
    return PackedLayer(block, axis, max(rows, block[axis]), threads)


class PlainLayer:
    """Slices as they are."""

    def __init__(self, shape: tuple[int, ...], dtype: np.dtype[Any]) -> None:
        self._shape = shape
        self._dtype = dtype
        self._slices: npt.NDArray[Any] | None = None
        self.count = 0

    def keep(self, slices: npt.NDArray[Any]) -> None:
        """Take slices."""
        if self._slices is None:
            self._slices = np.empty(self._shape, self._dtype)
        end = self.count + len(slices)
        self._slices[self.count : end] = slices
        self.count = end

    def take(self) -> Iterator[npt.NDArray[Any]]:
        """Give all of them."""
        if self._slices is not None and self.count:
            yield self._slices[: self.count]
        self.count = 0


class PackedLayer:
    """Slices compressed by the profile `fast`: those of large sections need not fit into memory.

    Their blocks are as wide as those of the stream, so that restoring strips of these decodes each
    of them once.
    """

    def __init__(self, block: tuple[int, ...], axis: int, rows: int, threads: int) -> None:
        self._block = block
        self._axis = axis
        self._rows = rows
        self._threads = threads
        self._pieces: list[NativeStream] = []
        self.count = 0

    def keep(self, slices: npt.NDArray[Any]) -> None:
        """Take slices."""
        block = (len(slices), *self._block[1:])
        data = Segpresso().encode(slices, profile="fast", block_shape=block, threads=self._threads)
        self._pieces.append(NativeStream(MemoryReader(data)))
        self.count += len(slices)

    def take(self) -> Iterator[npt.NDArray[Any]]:
        """Give all of them in strips."""
        pieces, count = self._pieces, self.count
        self._pieces, self.count = [], 0
        if not pieces:
            return
        slice_shape = pieces[0].shape[1:]
        size = pieces[0].shape[self._axis]
        for row in range(0, size, self._rows):
            begin, end = [0, *(0 for _ in slice_shape)], [count, *slice_shape]
            begin[self._axis], end[self._axis] = row, min(row + self._rows, size)
            shape = [b - a for a, b in zip(begin, end, strict=True)]
            strip = np.empty(shape, pieces[0].dtype)
            at = 0
            for piece in pieces:
                depth = end[0] = piece.shape[0]
                piece.decode(
                    tuple(begin),
                    tuple(end),
                    out=strip[at : at + depth],
                    threads=self._threads,
                    limits=Limits(MOST_SIZE),
                )
                at += depth
            yield strip
