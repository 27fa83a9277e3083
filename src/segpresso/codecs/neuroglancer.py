"""Block-table streams: Neuroglancer's compressed_segmentation and the Compresso paper's variant."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from segpresso import _core
from segpresso.codecs.arrays import (
    Output,
    integer,
    size3,
    stream_bytes,
    thread_count,
    to_xyz,
    unsigned,
)
from segpresso.codecs.base import BytesLike, Codec, Limits
from segpresso.errors import CorruptError, InvalidArgumentError, TruncatedError

Size3 = tuple[int, int, int]


def _channels(array: npt.NDArray[Any], channels_last: bool) -> list[npt.NDArray[Any]]:
    """Split an array with up to three spatial axes, and possibly channels, into x, y, z views."""
    if array.ndim < 4:
        return [to_xyz(array, "xyz")]
    if array.ndim > 4:
        raise InvalidArgumentError(f"this codec takes up to 4 axes (x, y, z, c), not {array.ndim}")
    moved = np.moveaxis(array, -1, 0) if channels_last else array
    if len(moved) == 0:
        raise InvalidArgumentError("the array has no channels")
    return list(moved)


class CompressedSegmentation(Codec):
    """Neuroglancer's compressed_segmentation, as precomputed volumes use it.

    Streams hold 32 or 64 bit labels and tell neither shape nor type nor block size. Labels of 8
    and 16 bits are stored as 32 bits.

    Examples
    --------
    >>> import numpy as np, segpresso
    >>> labels = np.zeros((64, 64, 8), np.uint32, order="F")
    >>> data = segpresso.compress(labels, "compressed_segmentation", block_size=(8, 8, 8))
    >>> segpresso.decompress(data, codec="compressed_segmentation", shape=labels.shape,
    ...                      dtype=labels.dtype, block_size=(8, 8, 8)).shape
    (64, 64, 8)
    """

    name = "compressed_segmentation"
    suffix = ".cseg"
    axes = "xyzc"
    carries_shape = False
    carries_dtype = False
    wants_second_stage = True

    def encode(
        self,
        labels: npt.ArrayLike,
        *,
        block_size: Size3 = (8, 8, 8),
        channels_last: bool = True,
        threads: int | None = None,
    ) -> bytes:
        """Compress labels.

        Parameters
        ----------
        labels : array_like of int, shape (x, y, z, c), (x, y, z), (x, y) or (x,)
            Any integer type, memory order and strides.
        block_size : tuple of int
            Block size (x, y, z) in voxels.
        channels_last : bool
            Whether the channels of a four-dimensional array are its last axis (else its first).
        threads : int, optional
            Number of threads; all processors unless given. Does not change the result.

        Returns
        -------
        bytes

        Raises
        ------
        InvalidArgumentError
            If labels or options are not of the kind described.
        UnsupportedError
            If a block has more than 65536 labels, or a channel takes more than 64 MiB.
        """
        channels = _channels(unsigned(labels), channels_last)
        return _core.segmentation_encode(
            channels, size3(block_size, "block_size"), thread_count(threads)
        )

    def decode(
        self,
        data: BytesLike,
        *,
        shape: tuple[int, ...] | None = None,
        dtype: npt.DTypeLike | None = None,
        block_size: Size3 = (8, 8, 8),
        channels_last: bool = True,
        out: npt.NDArray[Any] | None = None,
        threads: int | None = None,
        limits: Limits | None = None,
    ) -> npt.NDArray[Any]:
        """Restore the labels of a stream.

        Parameters
        ----------
        data : bytes-like
            The stream.
        shape : tuple of int
            Shape of the array; may be left out if `out` is given.
        dtype : dtype
            Type of the array; may be left out if `out` is given. Eight bytes mean a stream of
            64-bit labels, all others one of 32-bit labels.
        block_size : tuple of int
            Block size (x, y, z) that the stream was made with.
        channels_last : bool
            Whether the channels of a four-dimensional array are its last axis (else its first).
        out : numpy.ndarray, optional
            Array to decode into, of any strides.
        threads : int, optional
            Number of threads; all processors unless given.
        limits : Limits, optional
            What may be allocated.

        Returns
        -------
        numpy.ndarray
            A new array in Fortran order (x fastest), or `out`.

        Raises
        ------
        InvalidArgumentError
            If shape or dtype are missing.
        CorruptError, TruncatedError, UnsupportedError, LimitError
            If the stream is damaged, cannot be read, or holds a label that does not fit `dtype`.
        """
        if out is None and (shape is None or dtype is None):
            raise InvalidArgumentError(
                "compressed_segmentation streams do not tell shape and dtype: give both"
            )
        if out is not None:
            shape = out.shape if shape is None else shape
            dtype = out.dtype if dtype is None else dtype
        sizes = tuple(integer(size, "shape") for size in ([] if shape is None else shape))
        if min(sizes, default=0) < 0:
            raise InvalidArgumentError(f"shape must not have negative sizes: {sizes}")
        if out is None and not channels_last and len(sizes) == 4:
            # Decoded with channels last, so that x is fastest; the view has them first.
            decoded = self.decode(
                data,
                shape=(*sizes[1:], sizes[0]),
                dtype=dtype,
                block_size=block_size,
                threads=threads,
                limits=limits,
            )
            return np.moveaxis(decoded, -1, 0)
        stream = stream_bytes(data)
        # What the dtype says is all that is known of the stream's labels.
        wide = np.dtype(dtype).itemsize == 8
        stream_dtype = np.dtype(np.uint64 if wide else np.uint32)
        output = Output(sizes, dtype, stream_dtype, stream, "F", out, limits)
        _core.segmentation_decode(
            stream,
            _channels(output.unsigned, channels_last),
            size3(block_size, "block_size"),
            output.max_bytes,
            thread_count(threads),
        )
        return output.finish()

    def describe(
        self,
        data: BytesLike,
        *,
        shape: tuple[int, ...] | None = None,
        dtype: npt.DTypeLike | None = None,
        block_size: Size3 = (8, 8, 8),
    ) -> dict[str, Any]:
        """Tell what a stream holds; more if its shape is given.

        Parameters
        ----------
        data : bytes-like
            The stream.
        shape, dtype, block_size
            As for `decode`; they are repeated in the result, since the stream does not hold them.
        """
        stream = stream_bytes(data)
        if len(stream) < 4 or len(stream) % 4:
            raise TruncatedError("the stream is not a whole number of 32-bit words", "stream")
        channels = int(stream[:4].view("<u4")[0])
        if channels < 1 or channels > len(stream) // 4:
            raise CorruptError("the stream begins with an impossible number of channels", "stream")
        sections = {"channel offsets": 4 * channels}
        if shape is not None:
            spatial = (*shape[:3], 1, 1)[:3]
            steps = size3(block_size, "block_size")
            grid = [-(-size // step) for size, step in zip(spatial, steps, strict=True)]
            sections["block headers"] = 8 * channels * int(np.prod(grid))
        rest = len(stream) - sum(sections.values())
        if rest < 0:
            raise TruncatedError("the stream is too short for this shape", "block headers")
        sections["values and tables"] = rest
        return {
            "codec": self.name,
            "axes": self.axes,
            "shape": None if shape is None else tuple(shape),
            "dtype": None if dtype is None else np.dtype(dtype),
            "channels": channels,
            "block_size": tuple(block_size),
            "sections": sections,
        }


class NeuroglancerBlocks(Codec):
    """The block tables that the Compresso paper compares with: 64-bit words, blocks of 8^3.

    Streams carry the shape but not the type: they decode to uint64 unless told otherwise.

    Examples
    --------
    >>> import numpy as np, segpresso
    >>> data = segpresso.compress(np.ones((9, 9, 9), np.uint8), "neuroglancer-blocks")
    >>> segpresso.decompress(data, codec="neuroglancer-blocks", dtype=np.uint8).sum()
    np.uint64(729)
    """

    name = "neuroglancer-blocks"
    suffix = ".ngblocks"
    axes = "zyx"
    carries_shape = True
    carries_dtype = False
    wants_second_stage = True

    def encode(self, labels: npt.ArrayLike, *, threads: int | None = None) -> bytes:
        """Compress labels.

        Parameters
        ----------
        labels : array_like of int, shape (z, y, x), (y, x) or (x,)
            Any integer type, memory order and strides.
        threads : int, optional
            Number of threads; all processors unless given. Does not change the result.

        Returns
        -------
        bytes

        Raises
        ------
        InvalidArgumentError
            If labels are not of the kind described.
        """
        return _core.block_tables_encode(to_xyz(unsigned(labels), self.axes), thread_count(threads))

    def decode(
        self,
        data: BytesLike,
        *,
        dtype: npt.DTypeLike | None = None,
        out: npt.NDArray[Any] | None = None,
        threads: int | None = None,
        limits: Limits | None = None,
    ) -> npt.NDArray[Any]:
        """Restore the labels of a stream.

        Parameters
        ----------
        data : bytes-like
            The stream.
        dtype : dtype, optional
            Integer type of the result; uint64 unless given.
        out : numpy.ndarray, shape (z, y, x), optional
            Array to decode into, of any integer type and strides.
        threads : int, optional
            Number of threads; all processors unless given.
        limits : Limits, optional
            What may be allocated.

        Returns
        -------
        numpy.ndarray, shape (z, y, x)
            A new array in C order, or `out`.

        Raises
        ------
        CorruptError, TruncatedError, LimitError
            If the stream is damaged or holds a label that does not fit `dtype`.
        """
        stream = stream_bytes(data)
        shape = _core.block_tables_shape(stream)[::-1]
        output = Output(shape, dtype, np.dtype(np.uint64), stream, "C", out, limits)
        _core.block_tables_decode(
            stream, output.unsigned.T, output.max_bytes, thread_count(threads)
        )
        return output.finish()

    def describe(self, data: BytesLike) -> dict[str, Any]:
        """Tell the shape and the bytes of each section of a stream."""
        stream = stream_bytes(data)
        return {
            "codec": self.name,
            "axes": self.axes,
            "shape": _core.block_tables_shape(stream)[::-1],
            "dtype": np.dtype(np.uint64),
            "block_size": (8, 8, 8),
            "sections": {"header": 24, "chunks": len(stream) - 24},
        }
