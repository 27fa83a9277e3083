"""A compressed stream that looks like an array."""

from __future__ import annotations

import itertools
import math
from types import TracebackType
from typing import Any, Literal, Self

import numpy as np
import numpy.typing as npt

from segpresso.array.indexing import AxisPart, understand
from segpresso.codecs.arrays import most_bytes, new_array
from segpresso.codecs.base import Limits
from segpresso.codecs.native import NativeStream, RangeReader
from segpresso.errors import InvalidArgumentError

#: What indexing with steps decodes at a time, unless a single block is more.
_MOST_PIECE_BYTES = 1 << 27


class LabelVolume:
    """A compressed label volume, of which only what is asked for is decoded.

    `segpresso.open` makes one. It is indexed as an array: integers, slices with any step, Ellipsis
    and None. The bytes of the blocks that are touched are read, checked and decoded, in parallel;
    nothing is kept between calls.

    Parameters
    ----------
    reader : RangeReader
        The stream.
    limits : Limits, optional
        What each call may allocate.
    threads : int, optional
        Number of threads; all processors unless given.

    Attributes
    ----------
    shape : tuple of int
    dtype : numpy.dtype
    order : {"C", "F"}
        Memory order of decoded arrays.
    block_shape : tuple of int
        Size of the blocks that are decoded alone.

    Examples
    --------
    >>> import numpy as np, segpresso
    >>> labels = np.arange(60, dtype=np.uint16).reshape(3, 4, 5) // 7
    >>> with segpresso.open(segpresso.compress(labels, "segpresso", stats=True)) as volume:
    ...     volume[1, :, ::2]
    ...     volume.counts()[:3]
    array([[2, 3, 3],
           [3, 3, 4],
           [4, 4, 4],
           [5, 5, 5]], dtype=uint16)
    array([7, 7, 7], dtype=uint64)
    """

    def __init__(
        self, reader: RangeReader, *, limits: Limits | None = None, threads: int | None = None
    ) -> None:
        self._limits = limits
        self._threads = threads
        self._stream: NativeStream | None = NativeStream(reader, limits)
        self.shape: tuple[int, ...] = self._stream.shape
        self.dtype: np.dtype[Any] = self._stream.dtype
        self.order: Literal["C", "F"] = self._stream.order
        self.block_shape: tuple[int, ...] = self._stream.block_shape

    @property
    def ndim(self) -> int:
        """Number of axes."""
        return len(self.shape)

    @property
    def size(self) -> int:
        """Number of voxels."""
        return int(np.prod(self.shape, dtype=object))

    def __len__(self) -> int:
        if not self.shape:
            raise TypeError("len() of a volume without axes")
        return self.shape[0]

    def __repr__(self) -> str:
        state = "closed, " if self._stream is None else ""
        return f"<LabelVolume {state}shape={self.shape}, dtype={self.dtype}>"

    def __getitem__(self, key: Any) -> Any:
        """Decode a part, as basic indexing of an array gives it (a copy, not a view)."""
        selection = understand(key, self.shape)
        whole = all(part.step == 1 for part in selection.parts)
        decoded = self._decode(selection.parts) if whole else self._decode_steps(selection.parts)
        result = decoded[(..., *selection.shaping)]  # an array, even without axes
        return result[()] if selection.is_scalar else result

    def __array__(
        self, dtype: npt.DTypeLike | None = None, copy: bool | None = None
    ) -> npt.NDArray[Any]:
        if copy is False:
            raise ValueError("decoding a volume always makes a new array")
        decoded = self.read()
        return decoded if dtype is None else decoded.astype(dtype, copy=False)

    def read(
        self,
        key: Any = ...,
        *,
        out: npt.NDArray[Any] | None = None,
        dtype: npt.DTypeLike | None = None,
    ) -> npt.NDArray[Any]:
        """Decode a part into an array of the caller.

        Parameters
        ----------
        key : tuple of slice, optional
            The part: integers, slices without step, Ellipsis; all unless given.
        out : numpy.ndarray, optional
            Array to decode into, of any integer type and strides, with the shape of the part;
            axes of integers have size 1.
        dtype : dtype, optional
            Integer type of the result; that of `out` or of the volume unless given.

        Returns
        -------
        numpy.ndarray
            A new array, or `out`.
        """
        selection = understand(key, self.shape)
        if any(part.step != 1 for part in selection.parts) or None in selection.shaping:
            raise InvalidArgumentError("read takes no steps and no new axes; index instead")
        return self._decode(selection.parts, out=out, dtype=dtype)

    def labels(self) -> npt.NDArray[Any]:
        """List the distinct labels, ascending, from the index alone."""
        return self._open().labels()

    def counts(self) -> npt.NDArray[np.uint64]:
        """Return the number of voxels of each of `labels`.

        Raises
        ------
        UnsupportedError
            If the stream was written without statistics.
        """
        return self._open().statistics()[0]

    def bounding_boxes(self) -> npt.NDArray[np.int64]:
        """Return where each of `labels` begins and ends, shape (labels, 2, axes).

        Raises
        ------
        UnsupportedError
            If the stream was written without statistics.

        Examples
        --------
        >>> import numpy as np, segpresso
        >>> labels = np.zeros((8, 8), np.uint8)
        >>> labels[2:5, 3:4] = 9
        >>> with segpresso.open(segpresso.compress(labels, "segpresso", stats=True)) as volume:
        ...     volume.bounding_boxes()[1].tolist()
        [[2, 3], [5, 4]]
        """
        return self._open().statistics()[1]

    def blocks_with(self, label: int) -> list[tuple[slice, ...]]:
        """List the blocks that hold a label, each as the slices that read it."""
        return self._open().blocks_with(label)

    def verify(self) -> None:
        """Read every byte and compare all checksums.

        Raises
        ------
        CorruptError, TruncatedError
            If the stream is damaged.
        """
        self._open().verify()

    def close(self) -> None:
        """Let go of the stream; nothing can be read any more."""
        self._stream = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _open(self) -> NativeStream:
        if self._stream is None:
            raise InvalidArgumentError("the volume is closed")
        return self._stream

    def _decode(
        self,
        parts: tuple[AxisPart, ...],
        out: npt.NDArray[Any] | None = None,
        dtype: npt.DTypeLike | None = None,
        fetched: dict[int, npt.NDArray[np.uint8]] | None = None,
    ) -> npt.NDArray[Any]:
        return self._open().decode(
            tuple(part.begin for part in parts),
            tuple(part.end for part in parts),
            dtype=dtype,
            out=out,
            threads=self._threads,
            limits=self._limits,
            fetched=fetched,
        )

    def _decode_steps(self, parts: tuple[AxisPart, ...]) -> npt.NDArray[Any]:
        """Decode piece after piece, to keep of each only what is wanted."""
        result = new_array(
            tuple(part.count for part in parts), self.dtype, self.order, self._limits
        )
        pieces = self._pieces(parts)
        slowest = 0 if self.order == "C" else len(parts) - 1
        for layer in pieces[slowest]:
            cuts = list(itertools.product(*pieces[:slowest], [layer], *pieces[slowest + 1 :]))
            fetched = self._open().fetch(
                (tuple(part.begin for _, part in cut), tuple(part.end for _, part in cut))
                for cut in cuts
            )
            for cut in cuts:
                which, piece = zip(*cut, strict=True)
                decoded = self._decode(piece, fetched=fetched)
                result[which] = decoded[tuple(part.within(part.begin) for part in piece)]
        return result

    def _pieces(self, parts: tuple[AxisPart, ...]) -> list[list[tuple[slice, AxisPart]]]:
        """Cut each axis so that no block without wanted voxels is decoded, and not too many."""
        most = min(_MOST_PIECE_BYTES, most_bytes(self._limits))
        slowest_first = range(len(parts)) if self.order == "C" else range(len(parts))[::-1]
        pieces = [
            part.pieces(size, single=False)
            for part, size in zip(parts, self.block_shape, strict=True)
        ]
        for axis in slowest_first:
            longest = (max((p.end - p.begin for _, p in cut), default=0) for cut in pieces)
            if math.prod(longest) * self.dtype.itemsize <= most:
                break
            pieces[axis] = parts[axis].pieces(self.block_shape[axis], single=True)
        return pieces
