"""Slices that wait until a layer of blocks is complete."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from segpresso.codecs.arrays import MOST_SIZE
from segpresso.codecs.base import Limits
from segpresso.codecs.native import MemoryReader, NativeStream
from segpresso.codecs.segpresso import Segpresso

#: Layers up to this size wait as they are. Larger ones are restored in parts of half of it: two
#: threads that encode one take as much again.
MOST_WAITING_BYTES = 1 << 27


class Layer(Protocol):
    """Slices of one layer of blocks, along the first axis."""

    @property
    def count(self) -> int:
        """How many slices wait."""

    def keep(self, slices: npt.NDArray[Any]) -> None:
        """Take slices."""

    def take(self) -> Iterator[npt.NDArray[Any]]:
        """Give all of them, as one array or in parts of whole blocks; then none waits."""


def new_layer(
    shape: tuple[int, ...],
    dtype: np.dtype[Any],
    block: tuple[int, ...],
    axes: tuple[int, ...],
    threads: int,
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
    axes : tuple of int
        The axes that blocks follow each other along, the fastest first.
    threads : int
        Number of threads.

    Returns
    -------
    Layer
    """
    if math.prod(shape) * dtype.itemsize <= MOST_WAITING_BYTES:
        return PlainLayer(shape, dtype)
    return PackedLayer(block, axes, threads)


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

    Their blocks are as wide as those of the stream, so that each is decoded once.
    """

    def __init__(self, block: tuple[int, ...], axes: tuple[int, ...], threads: int) -> None:
        self._block = block
        self._axes = axes
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
        """Give all of them in parts."""
        pieces, count = self._pieces, self.count
        self._pieces, self.count = [], 0
        if not pieces:
            return
        shape, dtype = (count, *pieces[0].shape[1:]), pieces[0].dtype
        for part in parts_of(shape, self._block, self._axes, dtype.itemsize):
            restored = np.empty([s.stop - s.start for s in part], dtype)
            at = 0
            for piece in pieces:
                depth = piece.shape[0]
                piece.decode(
                    (0, *(s.start for s in part[1:])),
                    (depth, *(s.stop for s in part[1:])),
                    out=restored[at : at + depth],
                    threads=self._threads,
                    limits=Limits(MOST_SIZE),
                )
                at += depth
            yield restored


def parts_of(
    shape: tuple[int, ...], block: tuple[int, ...], axes: tuple[int, ...], itemsize: int
) -> Iterator[tuple[slice, ...]]:
    """Cut a layer into boxes whose blocks follow each other, of at most half of what may wait.

    Parameters
    ----------
    shape, block : tuple of int
        Shapes of the layer and of blocks; along the first axis the layer is one block.
    axes : tuple of int
        The other axes, the fastest first.
    itemsize : int
        Bytes of a voxel.

    Yields
    ------
    tuple of slice
        Each at least one block.

    Examples
    --------
    >>> parts = parts_of((32, 8192, 8192), (32, 64, 512), (2, 1), 8)
    >>> [(part[1].start, part[2].stop) for part in parts][:3]
    [(0, 4096), (0, 8192), (64, 4096)]
    """
    size = list(map(min, shape, block))
    size[0] = shape[0]
    for axis in axes:
        across = math.prod(size) // max(1, size[axis]) * itemsize
        most = MOST_WAITING_BYTES // 2 // max(1, across)
        if most >= shape[axis]:
            size[axis] = shape[axis]
            continue
        size[axis] = max(size[axis], most // block[axis] * block[axis])
        break
    ranges = [range(0, shape[axis], max(1, size[axis])) for axis in reversed(axes)]
    for begins in itertools.product(*ranges):
        part = [slice(0, n) for n in shape]
        for axis, begin in zip(reversed(axes), begins, strict=True):
            part[axis] = slice(begin, min(begin + size[axis], shape[axis]))
        yield tuple(part)
