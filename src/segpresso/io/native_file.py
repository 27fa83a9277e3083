"""Files of Segpresso's own codec, opened without being decoded and written slab by slab."""

from __future__ import annotations

import errno
import mmap
import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Literal, Self, cast

import numpy as np
import numpy.typing as npt

from segpresso.array import LabelVolume
from segpresso.array.slabs import SlabEncoder
from segpresso.codecs.arrays import MOST_SIZE, integer, most_bytes, thread_count
from segpresso.codecs.base import BytesLike, Limits
from segpresso.codecs.native import MemoryReader, RangeReader, block_option
from segpresso.codecs.segpresso import Segpresso, plain_labels, profile_number
from segpresso.errors import CorruptError, InvalidArgumentError, TruncatedError
from segpresso.io._errors import reading
from segpresso.io.atomic import atomic_file


def open(
    source: str | os.PathLike[str] | BytesLike | RangeReader,
    *,
    limits: Limits | None = None,
    threads: int | None = None,
) -> LabelVolume:
    """Open a stream of Segpresso's own codec without decoding it.

    Parameters
    ----------
    source : path-like, bytes-like or RangeReader
        A file, which is mapped into memory and must not be changed until the volume is closed
        (a new one may take its name); the bytes of a stream; or any object with an attribute
        ``size`` and a method ``read(offset, size)``, for example one that reads from a store. The
        index takes one or two reads, a box at most one for each row of blocks.
    limits : Limits, optional
        What each call may allocate; 16 GiB unless given.
    threads : int, optional
        Number of threads; all processors unless given.

    Returns
    -------
    LabelVolume

    Raises
    ------
    OSError
        If the file cannot be read.
    CorruptError, TruncatedError, UnsupportedError, LimitError
        If the index is damaged or of an unknown kind.

    Examples
    --------
    >>> import numpy as np, segpresso
    >>> volume = segpresso.open(segpresso.compress(np.eye(5, dtype=bool), "segpresso"))
    >>> volume[1:3, -4:]
    array([[ True, False, False, False],
           [False,  True, False, False]])
    """
    most_bytes(limits)  # a wrong argument is not the file's fault
    if isinstance(source, str | os.PathLike):
        path = Path(source)
        with reading(path):
            return LabelVolume(_MappedFile(path), limits=limits, threads=threads)
    if _is_memory(source):
        memory = MemoryReader(cast(BytesLike, source))
        return LabelVolume(memory, limits=limits, threads=threads)
    if not isinstance(source, RangeReader):
        raise InvalidArgumentError(
            "open takes a path, bytes, or an object with an attribute `size` and a method "
            f"`read(offset, size)`, not {type(source).__name__}"
        )
    return LabelVolume(source, limits=limits, threads=threads)


class Writer:
    """Writes a stream of Segpresso's own codec slab by slab, in bounded memory.

    Slabs come along the slowest axis. Slices wait until a layer of blocks is complete: as they are
    if it takes up to 128 MiB, else compressed. A file appears only when all is written; if the
    block fails, or fewer slices come than were announced, nothing is left.

    Parameters
    ----------
    target : path-like or binary file
        A file to make or replace, or an open file.
    slice_shape : tuple of int
        Shape of the array without its slowest axis.
    dtype : dtype
        Integer type or bool.
    length : int, optional
        Size of the slowest axis. Any number of slices may be written unless it is given.
    order : {"C", "F"}
        Whether the slowest axis is the first or the last one.
    profile : {"fast", "balanced", "small"}
        What matters most.
    block_shape : sequence of int, optional
        Size of the blocks that are decoded alone, in the array's own axes.
    stats : bool
        Store the number of voxels and the bounding box of each label.
    threads : int, optional
        Number of threads; all processors unless given. Does not change the result.

    Raises
    ------
    InvalidArgumentError
        If an argument is not of the kind described.
    OSError
        If the file cannot be written.

    Examples
    --------
    >>> import io, numpy as np, segpresso
    >>> file = io.BytesIO()
    >>> with segpresso.Writer(file, (64, 64), np.uint32) as writer:
    ...     for z in range(100):
    ...         writer.write(np.full((64, 64), z // 10, np.uint32))
    >>> segpresso.open(file.getvalue()).shape
    (100, 64, 64)
    """

    def __init__(
        self,
        target: str | os.PathLike[str] | IO[bytes],
        slice_shape: Sequence[int],
        dtype: npt.DTypeLike,
        *,
        length: int | None = None,
        order: Literal["C", "F"] = "C",
        profile: str = "balanced",
        block_shape: Sequence[int] | None = None,
        stats: bool = True,
        threads: int | None = None,
    ) -> None:
        if not isinstance(slice_shape, Sequence):
            raise InvalidArgumentError(f"slice_shape must be a tuple, not {slice_shape!r}")
        sizes = tuple(integer(size, "a size of slice_shape") for size in slice_shape)
        if len(sizes) > 3 or not all(0 <= size <= MOST_SIZE for size in sizes):
            raise InvalidArgumentError(
                f"slice_shape must be up to 3 sizes of at least 0, not {slice_shape!r}"
            )
        if order not in ("C", "F"):
            raise InvalidArgumentError(f"order must be 'C' or 'F', not {order!r}")
        self._length = None if length is None else integer(length, "length")
        if self._length is not None and not 0 <= self._length <= MOST_SIZE:
            raise InvalidArgumentError(f"length must be at least 0, not {length}")
        if not isinstance(target, str | os.PathLike) and not hasattr(target, "write"):
            raise InvalidArgumentError(f"target must be a path or an open file, not {target!r}")
        self._dtype = np.empty(0, dtype).dtype.newbyteorder("=")
        plain_labels(np.empty(0, self._dtype))
        whole = (0, *sizes) if order == "C" else (*sizes, 0)  # however many slices come
        self._encoder = SlabEncoder(
            sizes,
            self._dtype,
            order=order,
            profile=profile_number(profile),
            block=block_option(block_shape, whole, order),
            stats=bool(stats),
            length=self._length,
            threads=thread_count(threads),
        )
        self._failed = False
        self._resources = ExitStack()
        self._file: IO[bytes] | None = (
            self._resources.enter_context(_new_file(Path(target)))
            if isinstance(target, str | os.PathLike)
            else target
        )

    def write(self, slab: npt.ArrayLike) -> None:
        """Append slices.

        Parameters
        ----------
        slab : array_like
            Any number of slices, shape (n, *slice_shape), or one, shape `slice_shape`; with order
            "F" the axis n is the last one.

        Raises
        ------
        InvalidArgumentError
            If shape or type are others, or more slices come than were announced.
        """
        file = self._opened()
        slices = self._encoder.slices_of(plain_labels(slab))
        count = self._encoder.slices + len(slices)
        if self._length is not None and count > self._length:
            raise InvalidArgumentError(f"{count} slices came, but length={self._length}")
        with self._whole_or_nothing():
            for data in self._encoder.add(slices):
                _write_all(file, data)

    def close(self) -> None:
        """Write the index; a file gets its name only now.

        Raises
        ------
        InvalidArgumentError
            If fewer slices came than were announced.
        """
        self._check_not_failed()
        if self._file is None:
            return
        with self._whole_or_nothing():
            if self._length is not None and self._encoder.slices != self._length:
                raise InvalidArgumentError(
                    f"only {self._encoder.slices} of {self._length} slices came; nothing was kept"
                )
            for data in self._encoder.finish():
                _write_all(self._file, data)
        self._file = None
        self._resources.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if error is not None:
            self._abandon(error)
        else:
            self.close()

    def _opened(self) -> IO[bytes]:
        self._check_not_failed()
        if self._file is None:
            raise InvalidArgumentError("the writer is closed")
        return self._file

    def _check_not_failed(self) -> None:
        if self._failed:
            raise InvalidArgumentError("writing failed before; nothing was kept")

    @contextmanager
    def _whole_or_nothing(self) -> Iterator[None]:
        """Give up the file if anything fails: nobody knows what of it was written."""
        try:
            yield
        except BaseException as error:
            self._failed = True
            self._abandon(error)
            raise

    def _abandon(self, error: BaseException) -> None:
        """Remove the unfinished file."""
        self._file = None
        self._resources.__exit__(type(error), error, error.__traceback__)


@contextmanager
def _new_file(path: Path) -> Iterator[IO[bytes]]:
    """Open a file that is renamed to `path` if the block succeeds."""
    with atomic_file(path) as temporary, temporary.open("wb") as file:
        yield file


class _MappedFile(MemoryReader):
    """A file that is mapped into memory; others may not cut it short in the meantime."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            if os.fstat(file.fileno()).st_size == 0:
                raise TruncatedError("the file is empty")
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        super().__init__(memoryview(self._map))
        magic = Segpresso.magic
        if self.size >= len(magic) and bytes(self.data[: len(magic)]) != magic:
            raise CorruptError(
                "this is no file of the codec segpresso; segpresso.read takes those of other "
                "codecs and formats"
            )

    def check(self) -> None:
        """Raise an error if the file has become shorter: reading it would end the process."""
        if self._map.size() < self.size:  # what the file has now
            raise TruncatedError("the file was cut short after it had been opened")


def _write_all(file: IO[bytes], data: bytes) -> None:
    """Write to a file that may take less than it is given at a time."""
    rest = memoryview(data)
    while rest:
        # Buffered files take all; raw ones say how much, or None if they would have to wait.
        taken = file.write(rest)
        if taken is None:
            raise BlockingIOError(errno.EAGAIN, "the file does not take more data now")
        rest = rest[taken:]


def _is_memory(source: Any) -> bool:
    try:
        memoryview(source)
    except TypeError:
        return False
    return True
