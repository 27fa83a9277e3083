"""Segpresso's own streams, read from memory, from files, or from anything with range reads."""

from __future__ import annotations

import operator
from collections.abc import Iterable, Sequence
from typing import Any, Literal, Protocol, TypeAlias, runtime_checkable

import numpy as np
import numpy.typing as npt

from segpresso import _core
from segpresso.codecs.arrays import (
    MOST_SIZE,
    Output,
    integer,
    label_range,
    most_bytes,
    stream_bytes,
    thread_count,
)
from segpresso.codecs.base import BytesLike, Limits
from segpresso.errors import InvalidArgumentError, TruncatedError

#: Profiles in the order of their numbers in a stream.
PROFILES = ("fast", "balanced", "small")
#: Methods in the order of their numbers in a stream.
METHODS = ("constant", "packed", "fast", "balanced", "small")

#: Reading so many bytes that nobody wants takes less time than asking a store once more.
MOST_GAP_BYTES = 1 << 14

Box: TypeAlias = Sequence[slice]
_Vector4 = tuple[int, int, int, int]


@runtime_checkable
class RangeReader(Protocol):
    """Anything that can be read in parts: an object in a store, for example.

    Attributes
    ----------
    size : int
        Number of bytes.
    """

    @property
    def size(self) -> int:
        """Number of bytes."""

    def read(self, offset: int, size: int, /) -> BytesLike:
        """Return `size` bytes from `offset` on."""


class MemoryReader:
    """Bytes in memory, of which no part is copied."""

    def __init__(self, data: BytesLike) -> None:
        self.data = stream_bytes(data)

    @property
    def size(self) -> int:
        """Number of bytes."""
        return self.data.size

    def check(self) -> None:
        """Raise an error if the memory cannot be read any more."""

    def read(self, offset: int, size: int, /) -> npt.NDArray[np.uint8]:
        """Return a view of a part."""
        self.check()
        return self.data[offset : offset + size]


class NativeStream:
    """A stream whose index has been read.

    Parameters
    ----------
    reader : MemoryReader or RangeReader
        The stream; two reads at most find the index.
    limits : Limits, optional
        What may be allocated.
    """

    def __init__(self, reader: RangeReader, limits: Limits | None = None) -> None:
        self.reader = reader
        self._max_bytes = most_bytes(limits)
        size = integer(reader.size, "the size of a stream")
        if size < 0:
            raise InvalidArgumentError(f"the size of a stream must be at least 0, not {size}")
        tail_bytes = min(size, _core.NativeIndex.tail_bytes)
        tail = self._read(size - tail_bytes, tail_bytes)
        if tail_bytes == size:
            _core.NativeIndex.check_front(tail, size)
        elif isinstance(reader, MemoryReader):  # elsewhere it would take another read
            self._check_front()
        offset, length = _core.NativeIndex.locate(tail, size)
        index = tail[tail.size - length :] if length <= tail.size else self._read(offset, length)
        self.index = _core.NativeIndex(index, size, self._max_bytes)
        self.description = self.index.describe()
        self.shape: tuple[int, ...] = tuple(self.description["shape"])
        self.dtype = _dtype(self.description["kind"], self.description["label_bytes"])
        self.order: Literal["C", "F"] = "F" if self.description["fortran_order"] else "C"
        self._roles = axis_roles(self.shape, self.order)
        self.block_shape = self._own_axes(self.description["block_shape"])

    def _read(self, offset: int, size: int) -> npt.NDArray[np.uint8]:
        data = stream_bytes(self.reader.read(offset, size))
        if data.size > size:
            raise InvalidArgumentError(
                f"the reader gave {data.size} bytes where {size} were asked for"
            )
        if data.size < size:
            raise TruncatedError(
                f"reading {size} bytes at {offset} gave {data.size}: the stream was cut off",
                "",
                offset,
            )
        return data

    def decode(
        self,
        begin: tuple[int, ...],
        end: tuple[int, ...],
        *,
        dtype: npt.DTypeLike | None = None,
        out: npt.NDArray[Any] | None = None,
        threads: int | None = None,
        limits: Limits | None = None,
        fetched: dict[int, npt.NDArray[np.uint8]] | None = None,
    ) -> npt.NDArray[Any]:
        """Decode the voxels from `begin` up to, but not including, `end`.

        `fetched` are blocks that were read before.
        """
        shape = tuple(b - a for a, b in zip(begin, end, strict=True))
        memory = self.reader.data if isinstance(self.reader, MemoryReader) else _NOTHING
        output = Output(shape, dtype, self.dtype, memory, self.order, out, limits)
        kind = output.array.dtype.kind
        count = thread_count(threads)
        first, last = self._vector(begin, 0), self._vector(end, 1)
        target = volumes(output.unsigned, self._roles)
        if isinstance(self.reader, MemoryReader):
            self.reader.check()
            self.index.decode_stream(
                first, last, self.reader.data, target, kind, output.max_bytes, count
            )
        else:
            blocks = self.index.blocks_in(first, last)
            payloads = [fetched[i] for i in blocks] if fetched else self._payloads(blocks)
            self.index.decode(first, last, blocks, payloads, target, kind, output.max_bytes, count)
        return output.array

    def fetch(
        self, boxes: Iterable[tuple[tuple[int, ...], tuple[int, ...]]]
    ) -> dict[int, npt.NDArray[np.uint8]]:
        """Read the blocks of several boxes at once; of what is in memory, none."""
        if isinstance(self.reader, MemoryReader):
            return {}
        blocks: set[int] = set()
        for begin, end in boxes:
            blocks.update(self.index.blocks_in(self._vector(begin, 0), self._vector(end, 1)))
        wanted = sorted(blocks)
        return dict(zip(wanted, self._payloads(wanted), strict=True))

    def _vector(self, positions: tuple[int, ...], missing: int) -> _Vector4:
        axes = [positions[axis] for axis in self._roles]
        x, y, z, w = (*axes, *(missing,) * (4 - len(axes)))
        return x, y, z, w

    def _payloads(self, blocks: list[int]) -> list[npt.NDArray[np.uint8]]:
        """Read the bytes of blocks; what is close together in the stream is one read."""
        extents = [self.index.extent_of(block) for block in blocks]
        payloads: list[npt.NDArray[np.uint8]] = []
        first = 0
        while first < len(extents):
            last = first
            while (
                last + 1 < len(extents)
                and extents[last + 1][0] - sum(extents[last]) <= MOST_GAP_BYTES
            ):
                last += 1
            start, size = extents[first][0], sum(extents[last]) - extents[first][0]
            data = self._read(start, size) if size else _NOTHING
            payloads += [data[a - start : a - start + n] for a, n in extents[first : last + 1]]
            first = last + 1
        return payloads

    def _own_axes(self, vector: Sequence[int]) -> tuple[int, ...]:
        return own_axes(vector, self._roles)

    def labels(self) -> npt.NDArray[Any]:
        """List the distinct labels, ascending."""
        return self.index.labels().astype(f"u{self.dtype.itemsize}").view(self.dtype)

    def statistics(self) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.int64]]:
        """Return the counts (n,) and bounding boxes (n, 2, axes) of the labels."""
        extent = self.index.statistics_extent()
        counts, boxes = self.index.statistics(self._read(*extent))
        by_role = boxes.astype(np.int64).reshape(-1, 2, 4)
        return counts, by_role[:, :, list(own_axes(range(4), self._roles))]

    def blocks_with(self, label: Any) -> list[tuple[slice, ...]]:
        """Return the boxes of the blocks that hold a label."""
        value = int(label) if isinstance(label, np.bool_) else integer(label, "a label")
        least, most = label_range(self.dtype)
        if not least <= value <= most:
            return []
        bits = value % (1 << 8 * self.dtype.itemsize)
        boxes = map(self.index.box_of, self.index.blocks_with(bits))
        return [
            tuple(map(slice, self._own_axes(begin), self._own_axes(end))) for begin, end in boxes
        ]

    def verify(self) -> None:
        """Read every byte and compare all checksums, those of the index too."""
        now = NativeStream(self.reader, Limits(max_bytes=self._max_bytes))
        now._check_front()
        for block in range(now.description["blocks"]):
            offset, size = now.index.extent_of(block)
            if size:
                now.index.check_block(block, now._read(offset, size))
        now.check_statistics()

    def _check_front(self) -> None:
        size = int(self.reader.size)
        front = self._read(0, min(size, _core.NativeIndex.front_bytes))
        _core.NativeIndex.check_front(front, size)

    def check_statistics(self) -> None:
        """Compare the checksum of the statistics, if there are any."""
        offset, size = self.index.statistics_extent()
        if size:
            self.index.check_statistics(self._read(offset, size))


_NOTHING = np.empty(0, np.uint8)


def _dtype(kind: str, size: int) -> np.dtype[Any]:
    return np.dtype(np.bool_) if kind == "b" else np.dtype(f"{kind}{size}")


def memory_order(array: npt.NDArray[Any]) -> Literal["C", "F"]:
    """Tell whether the last ("C") or the first axis ("F") of an array is the fastest in memory."""
    steps = [abs(step) for step, size in zip(array.strides, array.shape, strict=True) if size > 1]
    return "F" if len(steps) > 1 and steps[0] < steps[-1] else "C"


def axis_roles(shape: tuple[int, ...], order: Literal["C", "F"]) -> tuple[int, ...]:
    """Return which axes of an array are x, y, z and w (docs/format.md section 2).

    Examples
    --------
    >>> axis_roles((20, 30, 40), "C")
    (2, 1, 0)
    >>> axis_roles((20, 30, 40, 1), "C")
    (2, 1, 0, 3)
    """
    by_speed = range(len(shape)) if order == "F" else range(len(shape))[::-1]
    return tuple(sorted(by_speed, key=lambda axis: shape[axis] == 1))


def own_axes(vector: Sequence[int], roles: tuple[int, ...]) -> tuple[int, ...]:
    """Return numbers along x, y, z and w in the order of the array's axes.

    Examples
    --------
    >>> own_axes((512, 64, 32, 1), (2, 1, 0))
    (32, 64, 512)
    """
    return tuple(vector[roles.index(axis)] for axis in range(len(roles)))


def volumes(array: npt.NDArray[Any], roles: tuple[int, ...]) -> npt.NDArray[Any]:
    """View an array with the axes x, y, z, w."""
    return array.transpose(roles)[(..., *(np.newaxis,) * (4 - array.ndim))]


def box_range(box: Box, shape: tuple[int, ...]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return where a box of slices begins and ends; axes that it does not name are whole.

    Examples
    --------
    >>> box_range((slice(2, 4), slice(-3, None)), (5, 10, 7))
    ((2, 7, 0), (4, 10, 7))
    """
    if not isinstance(box, Sequence):
        raise InvalidArgumentError(
            f"box must be a slice for each axis, such as (slice(0, 1), slice(10, 20)), not {box!r}"
        )
    parts = tuple(box)
    if len(parts) > len(shape):
        raise InvalidArgumentError(f"box has {len(parts)} slices, but the array {len(shape)} axes")
    begin, end = [], []
    for axis, size in enumerate(shape):
        part = parts[axis] if axis < len(parts) else slice(None)
        if not isinstance(part, slice):
            raise InvalidArgumentError(f"box must hold slices, not {part!r}")
        try:
            first, last, step = part.indices(size)
        except TypeError as error:
            raise InvalidArgumentError(f"box: {error}") from None
        if step != 1:
            raise InvalidArgumentError("box has no steps; open the stream and index it instead")
        begin.append(first)
        end.append(max(first, last))
    return tuple(begin), tuple(end)


def block_option(
    block_shape: Sequence[int] | None, shape: tuple[int, ...], order: Literal["C", "F"]
) -> tuple[int, int, int]:
    """Return the block shape along x, y, z; zeros if the encoder is to choose."""
    if block_shape is None:
        return 0, 0, 0
    try:
        sizes = [min(operator.index(size), MOST_SIZE) for size in block_shape]
    except TypeError:
        raise InvalidArgumentError(f"block_shape must be integers, not {block_shape!r}") from None
    spatial = min(len(shape), 3)
    if len(sizes) not in (spatial, len(shape)) or min(sizes, default=1) < 1:
        raise InvalidArgumentError(
            f"block_shape must be {spatial} positive integers for this array, not {block_shape!r}"
        )
    # The size of the slowest axis must not matter, since a `Writer` does not know it.
    slices = (0, *shape[1:]) if order == "C" else (*shape[:-1], 0)
    roles = axis_roles(slices if shape else (), order)
    # Three sizes of four axes are those of all but the slowest one.
    axes = range(len(sizes)) if len(sizes) == len(shape) or order == "F" else range(1, 4)
    own = dict(zip(axes, sizes, strict=True))
    if len(sizes) == 4 and own[roles[3]] != 1 != slices[roles[3]]:
        raise InvalidArgumentError(
            f"blocks never span the slowest of four axes: its size must be 1, not {own[roles[3]]}"
        )
    x, y, z = (*(own.get(axis, 1) for axis in roles[:3]), *(1,) * (3 - spatial))
    return x, y, z
