"""Segpresso's own codec."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from segpresso import _core
from segpresso.codecs.arrays import plain_bool, thread_count
from segpresso.codecs.base import BytesLike, Codec, Limits
from segpresso.codecs.native import (
    METHODS,
    PROFILES,
    Box,
    MemoryReader,
    NativeStream,
    axis_roles,
    block_option,
    box_range,
    memory_order,
    volumes,
)
from segpresso.errors import InvalidArgumentError


class Segpresso(Codec):
    """Segpresso's own stream: blocks, tables, checksums.

    Arrays of up to four axes and of every integer type and bool come back as they were, memory
    order included. Any box is decoded without the rest.

    Examples
    --------
    >>> import numpy as np, segpresso
    >>> labels = np.zeros((64, 64, 64), np.int16)
    >>> labels[20:40, 10:30] = -7
    >>> data = segpresso.compress(labels, "segpresso")
    >>> segpresso.decompress(data, box=(slice(19, 21), slice(10, 11), slice(0, 1))).ravel()
    array([ 0, -7], dtype=int16)
    """

    name = "segpresso"
    suffix = ".segp"
    magic = b"segp"
    axes = "zyx"
    carries_shape = True
    carries_dtype = True
    carries_sign = True
    wants_second_stage = False
    profiles = PROFILES

    def encode(
        self,
        labels: npt.ArrayLike,
        *,
        profile: str = "balanced",
        block_shape: Sequence[int] | None = None,
        stats: bool = False,
        threads: int | None = None,
    ) -> bytes:
        """Compress labels.

        Parameters
        ----------
        labels : array_like of int or bool, up to 4 axes
            Any shape, memory order and strides. Of four axes the slowest one is a series of
            volumes.
        profile : {"fast", "balanced", "small"}
            What matters most.
        block_shape : sequence of int, optional
            Size of the blocks that are decoded alone, in the array's own axes. Chosen for the
            array unless given.
        stats : bool
            Store the number of voxels and the bounding box of each label.
        threads : int, optional
            Number of threads; all processors unless given. Does not change the result.

        Returns
        -------
        bytes

        Raises
        ------
        InvalidArgumentError
            If labels or options are not of the kind described.
        """
        array = plain_labels(labels)
        order = memory_order(array)
        return _core.native_encode(
            volumes(array.view(f"u{array.itemsize}"), axis_roles(array.shape, order)),
            array.dtype.kind,
            array.shape,
            order == "F",
            profile_number(profile),
            block_option(block_shape, array.shape, order),
            bool(stats),
            thread_count(threads),
        )

    def decode(
        self,
        data: BytesLike,
        *,
        box: Box | None = None,
        dtype: npt.DTypeLike | None = None,
        out: npt.NDArray[Any] | None = None,
        threads: int | None = None,
        limits: Limits | None = None,
    ) -> npt.NDArray[Any]:
        """Restore the labels of a stream, or a part of them.

        Parameters
        ----------
        data : bytes-like
            The stream.
        box : sequence of slice, optional
            The part to decode: a slice without step for each axis, or for the first ones.
        dtype : dtype, optional
            Integer type of the result; unless given the one of the array that was encoded.
        out : numpy.ndarray, optional
            Array to decode into, of any integer type and strides.
        threads : int, optional
            Number of threads; all processors unless given.
        limits : Limits, optional
            What may be allocated.

        Returns
        -------
        numpy.ndarray
            A new array in the memory order of the array that was encoded, or `out`.

        Raises
        ------
        InvalidArgumentError
            If `box` or `out` do not fit the array.
        CorruptError, TruncatedError, UnsupportedError, LimitError
            If the stream is damaged, cannot be read, or holds a label that does not fit `dtype`.
        """
        stream = NativeStream(MemoryReader(data), limits)
        if box is None:
            stream.check_statistics()  # no damage stays unnoticed when all is decoded
        begin, end = box_range(() if box is None else box, stream.shape)
        return stream.decode(begin, end, dtype=dtype, out=out, threads=threads, limits=limits)

    def describe(self, data: BytesLike) -> dict[str, Any]:
        """Tell shape, type, blocks and the bytes of each section of a stream."""
        stream = NativeStream(MemoryReader(data))
        found = stream.description
        return {
            "codec": self.name,
            "version": 1,
            "axes": self.axes,
            "shape": stream.shape,
            "dtype": stream.dtype,
            "order": stream.order,
            "profile": PROFILES[found["profile"]],
            "block_shape": stream.block_shape,
            "blocks": found["blocks"],
            "methods": {n: c for n, c in zip(METHODS, found["methods"], strict=True) if c},
            "statistics": found["statistics"],
            "sections": dict(found["sections"]),
        }

    def labels(self, data: BytesLike) -> npt.NDArray[Any]:
        """List the distinct labels, ascending, from the index alone."""
        return NativeStream(MemoryReader(data)).labels()


def plain_labels(labels: npt.ArrayLike) -> npt.NDArray[Any]:
    """Return labels in native byte order and aligned, copied only if they must be.

    Raises
    ------
    InvalidArgumentError
        If the array does not hold integers or booleans, or has more than 4 axes.
    """
    array = np.asarray(labels)
    if array.dtype.kind not in "bui":
        raise InvalidArgumentError(
            f"labels must be integers or booleans, not {array.dtype}; "
            "convert them first, for example with labels.astype('uint32')"
        )
    if array.ndim > 4:
        raise InvalidArgumentError(
            f"this codec takes up to 4 axes, not {array.ndim}; reshape the array or split it"
        )
    if not array.dtype.isnative:
        array = array.astype(array.dtype.newbyteorder("="))
    return plain_bool(array if array.flags.aligned else array.copy(order="K"))


def profile_number(profile: str) -> int:
    """Return the number of a profile in a stream."""
    if profile not in PROFILES:
        raise InvalidArgumentError(f"profile must be one of {', '.join(PROFILES)}, not {profile!r}")
    return PROFILES.index(profile)
