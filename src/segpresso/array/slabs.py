"""Streams that are written slab by slab, in bounded memory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from segpresso import _core
from segpresso.array.waiting import new_layer
from segpresso.codecs.native import axis_roles, own_axes, volumes
from segpresso.errors import InvalidArgumentError

#: Stands for a number of slices that nobody knows yet.
_UNKNOWN_LENGTH = 1 << 31


class SlabEncoder:
    """Turns slabs into the bytes of a stream.

    Parameters
    ----------
    slice_shape : tuple of int
        Shape of the array without its slowest axis.
    dtype : numpy.dtype
        Its type.
    order : {"C", "F"}
        Whether the slowest axis is the first or the last one.
    profile : int
        Number of the profile.
    block : tuple of int
        Block shape (x, y, z); zeros let it be chosen.
    stats : bool
        Whether to store counts and bounding boxes of labels.
    length : int or None
        Size of the slowest axis, if it is known.
    threads : int
        Number of threads.
    """

    def __init__(
        self,
        slice_shape: tuple[int, ...],
        dtype: np.dtype[Any],
        *,
        order: Literal["C", "F"],
        profile: int,
        block: tuple[int, int, int],
        stats: bool,
        length: int | None,
        threads: int,
    ) -> None:
        self._order = order
        self._dtype = dtype
        # From here on the slowest axis is the first one: arrays in Fortran order are transposed.
        self._slice_shape = slice_shape if order == "C" else slice_shape[::-1]
        # However many slices come: if it is one, no other axis has more voxels after it.
        self._roles = axis_roles((0, *self._slice_shape), "C")
        if block == (0, 0, 0):
            block = self._chosen_block(profile, length)
        unknown = (0, *self._slice_shape)
        self._encoder = _core.NativeEncoder(
            dtype.kind,
            dtype.itemsize,
            unknown if order == "C" else unknown[::-1],
            order == "F",
            profile,
            block,
            stats,
            threads,
        )
        self._depth = self._encoder.depth
        self._waiting = new_layer(
            (self._depth, *self._slice_shape),
            dtype,
            own_axes((*block, 1), self._roles),
            self._roles[: self._roles.index(0)],
            threads,
        )
        self.slices = 0

    def _chosen_block(self, profile: int, length: int | None) -> tuple[int, int, int]:
        shape = (_UNKNOWN_LENGTH if length is None else length, *self._slice_shape)
        sizes = (*(shape[axis] for axis in self._roles), 1, 1, 1)
        return _core.native_block_shape((sizes[0], sizes[1], sizes[2], sizes[3]), profile, False)

    def add(self, slices: npt.NDArray[Any]) -> Iterator[bytes]:
        """Take what `slices_of` made of a slab and give the bytes of what is complete."""
        self.slices += len(slices)
        at = 0
        while at < len(slices):
            rest = len(slices) - at
            if self._waiting.count == 0 and rest >= self._depth:
                # Nothing waits: whole layers of blocks are encoded where they are.
                whole = rest // self._depth * self._depth
                yield self._encode(slices[at : at + whole])
                at += whole
                continue
            taken = min(rest, self._depth - self._waiting.count)
            self._waiting.keep(slices[at : at + taken])
            at += taken
            if self._waiting.count == self._depth:
                yield from map(self._encode, self._waiting.take())

    def finish(self) -> Iterator[bytes]:
        """Give the last bytes."""
        yield from map(self._encode, self._waiting.take())
        yield self._encoder.finish()

    def slices_of(self, slab: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """View a slab, or one slice, with the slowest axis first.

        Raises
        ------
        InvalidArgumentError
            If it is of another type or shape.
        """
        if slab.dtype != self._dtype:
            raise InvalidArgumentError(f"slabs must be {self._dtype}, not {slab.dtype}")
        slices = slab if self._order == "C" else slab.T
        if slices.shape == self._slice_shape:
            slices = slices[np.newaxis]
        if slices.shape[1:] != self._slice_shape or slices.ndim != len(self._slice_shape) + 1:
            wanted = ("n", *self._slice_shape)
            wanted = wanted if self._order == "C" else wanted[::-1]
            raise InvalidArgumentError(
                f"slabs must have the shape ({', '.join(map(str, wanted))}), not {slab.shape}"
            )
        return slices

    def _encode(self, slices: npt.NDArray[Any]) -> bytes:
        return self._encoder.add(volumes(slices.view(f"u{slices.itemsize}"), self._roles))
