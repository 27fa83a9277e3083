"""What makes an array a label volume: the checks on everything that is read or written."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from segpresso.codecs.arrays import plain_bool
from segpresso.errors import UnsupportedError

#: An integer or bool array, 2 to 4 axes, x last.
LabelArray: TypeAlias = npt.NDArray[Any]

#: Below this, "many labels" says nothing: a small crop of a real volume can look like that.
_LARGE_ENOUGH_TO_JUDGE = 100_000
_VOXELS_PER_LABEL = 10
#: Voxels looked at together: temporaries stay at a few MB whatever the volume.
_SLAB_VOXELS = 1 << 22


class ImageLikeWarning(UserWarning):
    """An array has so many distinct values that it is probably an image, not labels."""


def as_labels(array: npt.NDArray[Any]) -> LabelArray:
    """Check an array that was read and make it a native-endian integer label array.

    Parameters
    ----------
    array : ndarray
        What a file held, (..., z, y, x). Leading axes of length one beyond four are dropped.

    Returns
    -------
    ndarray
        The same array where it is fine already. Floating point whole numbers become the
        smallest unsigned integers that hold them (signed if some are negative).

    Raises
    ------
    UnsupportedError
        If it cannot be labels: not numbers, not whole numbers, or not 2 to 4 axes.

    Warns
    -----
    ImageLikeWarning
        If there are more distinct values than a tenth of the voxels. It is a warning, since
        noise-like label volumes exist.

    Examples
    --------
    >>> as_labels(np.array([[0.0, 300.0]], dtype=np.float32))
    array([[  0, 300]], dtype=uint16)
    >>> as_labels(np.array([[0.0, 0.5]]))
    Traceback (most recent call last):
    segpresso.errors.UnsupportedError: values are not whole numbers: this looks like an image...
    """
    labels = np.asarray(array)
    while labels.ndim > 4 and labels.shape[0] == 1:
        labels = labels[0]
    if labels.dtype.kind == "f":
        check_axes(labels)
        labels = _whole_numbers(labels)
    labels = as_writable_labels(labels)
    if _looks_like_an_image(labels):
        warnings.warn(
            f"more than one distinct value per {_VOXELS_PER_LABEL} voxels: "
            "this looks like an image, not labels",
            ImageLikeWarning,
            stacklevel=3,
        )
    return labels


def as_writable_labels(array: npt.ArrayLike) -> LabelArray:
    """Check an array that is to be written: integers or bool, 2 to 4 axes, made native-endian.

    Raises
    ------
    UnsupportedError
        If it is anything else.
    """
    labels = np.asarray(array)
    if labels.dtype.names is not None:
        raise UnsupportedError(f"records ({labels.dtype}) are colours or the like, not labels")
    if labels.dtype.kind not in "biu":
        raise UnsupportedError(f"labels are integers or bool, not {labels.dtype}")
    check_axes(labels)
    if not labels.dtype.isnative:
        labels = labels.astype(labels.dtype.newbyteorder("="))
    return plain_bool(labels)


def check_axes(array: npt.NDArray[Any]) -> None:
    """Raise `UnsupportedError` unless the array has 2 to 4 axes."""
    if not 2 <= array.ndim <= 4:
        raise UnsupportedError(
            f"label arrays of files have 2 to 4 axes, not shape {array.shape}; reshape it"
        )


def _whole_numbers(array: npt.NDArray[Any]) -> LabelArray:
    if array.size == 0:
        return array.astype(np.uint8)
    low, high = array.min(), array.max()  # NaN anywhere makes both NaN
    if not (np.isfinite(low) and np.isfinite(high)):
        raise _not_whole()
    if not (array.flags.c_contiguous or array.flags.f_contiguous):
        array = np.ascontiguousarray(array)
    # Equal memory layout, so that slabs of the two arrays match.
    labels = np.empty_like(array, dtype=_smallest_integer(int(low), int(high)), subok=False)
    for values, whole in zip(_slabs(array), _slabs(labels), strict=True):
        whole[...] = values
        if not np.array_equal(whole, values):
            raise _not_whole()
    return labels


def _not_whole() -> UnsupportedError:
    return UnsupportedError("values are not whole numbers: this looks like an image, not labels")


def _smallest_integer(low: int, high: int) -> np.dtype[Any]:
    for bits in (8, 16, 32, 64):
        dtype = np.dtype(f"{'int' if low < 0 else 'uint'}{bits}")
        if np.iinfo(dtype).min <= low and high <= np.iinfo(dtype).max:
            return dtype
    raise UnsupportedError(f"values from {low} to {high} do not fit into 64-bit integers")


def _looks_like_an_image(labels: LabelArray) -> bool:
    """Whether distinct labels > voxels / 10, deciding by the cheapest proof that suffices."""
    allowed = labels.size // _VOXELS_PER_LABEL
    if labels.size < _LARGE_ENOUGH_TO_JUDGE or 256**labels.itemsize <= allowed:
        return False
    # Runs of equal labels in memory order: there cannot be more labels than runs. One linear
    # pass, and it settles every segmentation made of objects.
    runs = 0
    for slab in _slabs(labels):
        runs += 1 + int(np.count_nonzero(slab[..., 1:] != slab[..., :-1]))
        runs += slab.size // slab.shape[-1] - 1
    if runs <= allowed or int(labels.max()) - int(labels.min()) < allowed:
        return False
    distinct = np.empty(0, labels.dtype)
    for slab in _slabs(labels):
        distinct = np.union1d(distinct, slab)
        if distinct.size > allowed:
            return True
    return False


def _slabs(array: npt.NDArray[Any]) -> Iterator[npt.NDArray[Any]]:
    """Yield views that cover the array once, in memory order if contiguous; none is empty."""
    if array.size == 0:
        return
    if array.flags.f_contiguous:
        array = array.T
    if array.flags.c_contiguous:
        flat = array.reshape(-1)
        for start in range(0, flat.size, _SLAB_VOXELS):
            yield flat[start : start + _SLAB_VOXELS]
    else:
        yield from array
