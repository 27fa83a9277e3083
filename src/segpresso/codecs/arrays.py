"""Between the arrays of users and those of the core: unsigned, aligned, three axes x, y, z."""

from __future__ import annotations

import math
import operator
import os
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from segpresso.codecs.base import BytesLike, Limits
from segpresso.errors import InvalidArgumentError, LimitError, UnsupportedError

#: More would only take memory: the core starts no more than have something to do.
_MOST_THREADS = 1024
#: The largest size that the core is told: nobody has the memory for larger ones either.
MOST_SIZE = (1 << 63) - 1


def thread_count(threads: int | None) -> int:
    """Return the number of threads to use: all that this process may run on, unless given."""
    if threads is None:
        if hasattr(os, "sched_getaffinity"):
            return len(os.sched_getaffinity(0))
        return os.cpu_count() or 1
    count = integer(threads, "threads")
    if count < 1:
        raise InvalidArgumentError(f"threads must be at least 1, not {threads}")
    return min(count, _MOST_THREADS)


def integer(value: Any, name: str) -> int:
    """Return an integer as such, or raise an error that names the option."""
    try:
        return operator.index(value)
    except TypeError:
        raise InvalidArgumentError(f"{name} must be an integer, not {value!r}") from None


def stream_bytes(data: BytesLike) -> npt.NDArray[np.uint8]:
    """Return the bytes of a buffer as an array, without copying."""
    try:
        return np.frombuffer(data, np.uint8)
    except (TypeError, ValueError, BufferError) as error:
        raise InvalidArgumentError(f"a stream must be contiguous bytes: {error}") from None


def label_range(dtype: np.dtype[Any]) -> tuple[int, int]:
    """Return the least and the largest label of a type.

    Examples
    --------
    >>> label_range(np.dtype(np.int8)), label_range(np.dtype(bool))
    ((-128, 127), (0, 1))
    """
    if dtype.kind == "b":
        return 0, 1
    found = np.iinfo(dtype)
    return int(found.min), int(found.max)


def most_bytes(limits: Limits | None) -> int:
    """Return what may be allocated, as a number that the core takes.

    Raises
    ------
    InvalidArgumentError
        If the argument is neither one of `Limits` nor None.
    """
    if limits is None:
        limits = Limits()
    if not isinstance(limits, Limits):
        raise InvalidArgumentError(
            f"limits must be segpresso.Limits(max_bytes=...), not {limits!r}"
        )
    return min(int(limits.max_bytes), MOST_SIZE)


def plain_bool(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return a bool array whose bytes are 0 and 1, copied only if there are others.

    Views of integers as bool may hold any bytes, which numpy takes for True.

    Examples
    --------
    >>> plain_bool(np.array([0, 255], np.uint8).view(bool)).view(np.uint8)
    array([0, 1], dtype=uint8)
    """
    if array.dtype.kind != "b" or array.size == 0 or array.view(np.uint8).max() <= 1:
        return array
    return array.view(np.uint8).astype(bool)


def size3(sizes: Any, name: str) -> tuple[int, int, int]:
    """Return three positive integers, or raise an error that names the option."""
    try:
        x, y, z = (operator.index(size) for size in sizes)
    except (TypeError, ValueError):
        raise InvalidArgumentError(f"{name} must be three integers, not {sizes!r}") from None
    if min(x, y, z) < 1 or max(x, y, z) > np.iinfo(np.uint32).max:
        raise InvalidArgumentError(f"{name} must be three positive integers, not {sizes!r}")
    return x, y, z


def unsigned(labels: npt.ArrayLike) -> npt.NDArray[Any]:
    """Return labels as unsigned integers in native byte order, copied only if they must be.

    Raises
    ------
    InvalidArgumentError
        If the array does not hold integers or booleans, or holds negative labels.
    """
    array = np.asarray(labels)
    if array.dtype.kind not in "bui":
        raise InvalidArgumentError(
            f"labels must be integers or booleans, not {array.dtype}; "
            "convert them first, for example with labels.astype('uint32')"
        )
    if not array.dtype.isnative:
        array = array.astype(array.dtype.newbyteorder("="))
    if not array.flags.aligned:
        array = array.copy(order="K")
    array = plain_bool(array)
    if array.dtype.kind == "i" and array.size and array.min() < 0:
        raise InvalidArgumentError(
            f"label {array.min()} is negative, which this codec cannot store; encode "
            f"labels.view('u{array.itemsize}'), decode with dtype='u{array.itemsize}' and view the "
            f"result as 'i{array.itemsize}'"
        )
    return array.view(f"u{array.itemsize}")


def to_xyz(array: npt.NDArray[Any], axes: str) -> npt.NDArray[Any]:
    """Return a view with axes x, y, z of an array with at most the axes "zyx" or "xyz"."""
    if array.ndim > 3:
        raise InvalidArgumentError(
            f"this codec takes up to 3 axes ({', '.join(axes)}), not {array.ndim}"
        )
    missing = (1,) * (3 - array.ndim)
    if axes == "zyx":
        return array.reshape(missing + array.shape).T
    return array.reshape(array.shape + missing)


def label_dtype(dtype: npt.DTypeLike | None, default: np.dtype[Any]) -> np.dtype[Any]:
    """Return the dtype that decoded labels shall have."""
    result = default if dtype is None else np.dtype(dtype)
    if result.kind not in "bui":
        raise InvalidArgumentError(f"dtype must be an integer or boolean type, not {result}")
    return result


def new_array(
    shape: tuple[int, ...],
    dtype: np.dtype[Any],
    order: Literal["C", "F"],
    limits: Limits | None,
) -> npt.NDArray[Any]:
    """Make an array, or raise `LimitError` if the limits do not allow one so large."""
    max_bytes = most_bytes(limits)
    needed = math.prod(int(size) for size in shape) * dtype.itemsize
    if needed > max_bytes:
        raise LimitError(
            f"the decoded array takes {needed} bytes, more than the limit of "
            f"{max_bytes}; raise it with limits=Limits(max_bytes=...)",
            "header",
            0,
        )
    return np.empty(shape, dtype.newbyteorder("="), order)


class Output:
    """The array that a decoder fills.

    Parameters
    ----------
    shape : tuple of int
        Shape in the codec's own axis order.
    dtype : dtype or None
        Wanted type; that of `out`, else that of the stream, if None.
    stream_dtype : numpy.dtype
        Unsigned type that the stream holds.
    data : numpy.ndarray
        The stream, which `out` must not overlap.
    order : {"C", "F"}
        Memory order of a new array: the one in which x is fastest.
    out : numpy.ndarray or None
        Array of the caller to decode into; any strides.
    limits : Limits or None
        Checked before a new array is made.
    """

    def __init__(
        self,
        shape: tuple[int, ...],
        dtype: npt.DTypeLike | None,
        stream_dtype: np.dtype[Any],
        data: npt.NDArray[np.uint8],
        order: Literal["C", "F"],
        out: npt.NDArray[Any] | None,
        limits: Limits | None,
    ) -> None:
        self.max_bytes = most_bytes(limits)
        self._stream_width = stream_dtype.itemsize
        if out is None:
            self.array = new_array(shape, label_dtype(dtype, stream_dtype), order, limits)
        else:
            _check_out(out, shape, dtype, data)
            self.array = out

    @property
    def unsigned(self) -> npt.NDArray[Any]:
        """The same memory as unsigned integers, which the core fills."""
        return self.array.view(f"u{self.array.itemsize}")

    def finish(self) -> npt.NDArray[Any]:
        """Return the filled array.

        The core refuses labels that exceed the unsigned type of the same width. A signed type of
        the stream's own width holds the same bits by intention; other signed types and booleans
        must hold the same values.

        Raises
        ------
        UnsupportedError
            If a label does not fit.
        """
        dtype = self.array.dtype
        if self.array.size == 0:
            return self.array
        if dtype.kind == "b" and self.unsigned.max() > 1:
            raise UnsupportedError(f"label {self.unsigned.max()} does not fit the type bool")
        if dtype.kind == "i" and dtype.itemsize != self._stream_width and self.array.min() < 0:
            wide = int(self.unsigned.max())
            raise UnsupportedError(f"label {wide} does not fit the type {dtype}")
        return self.array


def _check_out(
    out: npt.NDArray[Any],
    shape: tuple[int, ...],
    dtype: npt.DTypeLike | None,
    data: npt.NDArray[np.uint8],
) -> None:
    if not isinstance(out, np.ndarray):
        raise InvalidArgumentError(f"out must be a numpy array, not {type(out).__name__}")
    if out.shape != shape:
        raise InvalidArgumentError(f"out has shape {out.shape}, what is decoded {shape}")
    if out.dtype.kind not in "bui" or not out.dtype.isnative or not out.flags.aligned:
        raise InvalidArgumentError(
            f"out must be an aligned integer array in native byte order, not {out.dtype}"
        )
    if dtype is not None and np.dtype(dtype) != out.dtype:
        raise InvalidArgumentError(f"out has type {out.dtype}, but dtype={np.dtype(dtype)}")
    if not out.flags.writeable:
        raise InvalidArgumentError("out is read-only")
    repeats = any(step == 0 for step, size in zip(out.strides, out.shape, strict=True) if size > 1)
    if out.size and repeats:
        raise InvalidArgumentError("out shows some of its elements twice (it is broadcast)")
    if np.may_share_memory(out, data):
        raise InvalidArgumentError("out overlaps the stream")
