"""Between the arrays of users and those of the core: unsigned, aligned, three axes x, y, z."""

from __future__ import annotations

import os
from typing import Any

import numpy as np
import numpy.typing as npt

from segpresso.codecs.base import BytesLike, Limits
from segpresso.errors import InvalidArgumentError, LimitError

#: Label types that streams can hold.
UNSIGNED = tuple(np.dtype(f"u{width}") for width in (1, 2, 4, 8))


def thread_count(threads: int | None) -> int:
    """Return the number of threads to use: all that this process may run on, unless given."""
    if threads is None:
        if hasattr(os, "sched_getaffinity"):
            return len(os.sched_getaffinity(0))
        return os.cpu_count() or 1
    if threads < 1:
        raise InvalidArgumentError(f"threads must be at least 1, not {threads}")
    return threads


def stream_bytes(data: BytesLike) -> npt.NDArray[np.uint8]:
    """Return the bytes of a buffer as an array, without copying."""
    return np.frombuffer(data, np.uint8)


def size3(sizes: Any, name: str) -> tuple[int, int, int]:
    """Return three positive integers, or raise an error that names the option."""
    try:
        x, y, z = (int(size) for size in sizes)
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
    if array.dtype.kind == "i" and array.size and array.min() < 0:
        raise InvalidArgumentError(
            f"label {array.min()} is negative, which this codec cannot store; encode "
            f"labels.view('u{array.itemsize}') and decode with dtype='i{array.itemsize}'"
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


class Output:
    """The array that a decoder fills.

    Parameters
    ----------
    shape : tuple of int
        Shape in the codec's own axis order.
    dtype : numpy.dtype
        Wanted dtype, used if `out` is None.
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
        dtype: np.dtype[Any],
        order: Any,
        out: npt.NDArray[Any] | None,
        limits: Limits | None,
    ) -> None:
        self.max_bytes = (limits or Limits()).max_bytes
        if out is None:
            needed = int(np.prod([int(size) for size in shape], dtype=object)) * dtype.itemsize
            if needed > self.max_bytes:
                raise LimitError(
                    f"the decoded array takes {needed} bytes, more than the limit of "
                    f"{self.max_bytes}; raise it with limits=Limits(max_bytes=...)",
                    "header",
                    0,
                )
            out = np.empty(shape, dtype.newbyteorder("="), order)
        elif out.shape != shape:
            raise InvalidArgumentError(f"out has shape {out.shape}, the stream {shape}")
        elif out.dtype.kind not in "bui" or not out.dtype.isnative or not out.flags.aligned:
            raise InvalidArgumentError(
                f"out must be an aligned integer array in native byte order, not {out.dtype}"
            )
        elif not out.flags.writeable:
            raise InvalidArgumentError("out is read-only")
        self.array = out

    @property
    def unsigned(self) -> npt.NDArray[Any]:
        """The same memory as unsigned integers."""
        return self.array.view(f"u{self.array.itemsize}")
