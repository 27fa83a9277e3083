"""Between the (z, y, x) arrays of files and what each codec takes."""

from __future__ import annotations

import math
from contextlib import suppress
from typing import Any

import numpy as np
import numpy.typing as npt

from segpresso.codecs import Codec
from segpresso.codecs.arrays import label_range
from segpresso.errors import CorruptError, InvalidArgumentError, UnsupportedError
from segpresso.io._labels import LabelArray


def encode(labels: LabelArray, codec: Codec, threads: int | None, options: dict[str, Any]) -> bytes:
    """Encode an array as it is if the codec takes it so, else as plain unsigned volume.

    A codec that refuses bool, signed labels, or other than three axes gets the same bits as
    unsigned labels, a slice as volume of one, and a series of volumes as one tall volume.
    """
    own = labels.T if codec.axes.startswith("x") else labels
    plain = to_codec_axes(as_unsigned(labels), codec.axes)
    # Without a header, decoding has to know which way it was: always the plain one.
    if codec.carries_shape and (own.shape, own.dtype) != (plain.shape, plain.dtype):
        with suppress(UnsupportedError, InvalidArgumentError):
            return codec.encode(own, threads=threads, **options)
    return codec.encode(plain, threads=threads, **options)


def to_codec_axes(labels: LabelArray, axes: str) -> LabelArray:
    """View a (..., z, y, x) array as volume in the axes of a codec, "zyx", "xyz" or "xyzc".

    Examples
    --------
    >>> to_codec_axes(np.zeros((2, 3, 4, 5)), "xyz").shape
    (5, 4, 6)
    >>> to_codec_axes(np.zeros((3, 4, 5)), "xyzc").shape
    (5, 4, 3, 1)
    """
    if axes == "xyzc":
        return labels[(np.newaxis,) * (4 - labels.ndim)].T
    return labels.reshape(volume_shape(labels.shape, "zyx")).transpose(
        (2, 1, 0) if axes == "xyz" else (0, 1, 2)
    )


def volume_shape(shape: tuple[int, ...], axes: str) -> tuple[int, ...]:
    """Return the shape that `to_codec_axes` gives to an array of a shape.

    Examples
    --------
    >>> volume_shape((4, 5), "xyz")
    (5, 4, 1)
    """
    if axes == "xyzc":
        return shape[::-1] + (1,) * (4 - len(shape))
    zyx = (math.prod(shape[:-2]), *shape[-2:])
    return zyx[::-1] if axes == "xyz" else zyx


def from_codec_axes(array: npt.NDArray[Any], axes: str) -> LabelArray:
    """View what a codec decoded as (z, y, x), or (c, z, y, x) if there are several channels."""
    if axes == "zyx":
        return array
    zyx = array.T
    return zyx[0] if axes == "xyzc" and zyx.ndim == 4 and zyx.shape[0] == 1 else zyx


def as_shape(labels: LabelArray, shape: tuple[int, ...]) -> LabelArray:
    """Give decoded labels the shape they had before they were fitted to a codec.

    Raises
    ------
    CorruptError
        If the number of voxels differs.
    """
    if labels.size != math.prod(shape):
        raise CorruptError(f"the stream holds {labels.shape}, which cannot be shape {shape}")
    return labels.reshape(shape)


def as_unsigned(labels: LabelArray) -> LabelArray:
    """View labels as unsigned integers of the same width."""
    return labels.view(_unsigned(labels.dtype))


def as_dtype(labels: LabelArray, dtype: np.dtype[Any], *, carries_sign: bool = False) -> LabelArray:
    """Give decoded labels a type: the same numbers, or the bits of signed ones.

    Parameters
    ----------
    labels : ndarray
        What a codec decoded.
    dtype : dtype
        Integer type or bool.
    carries_sign : bool
        Whether the codec stores signed labels as such. Others hold their bits as unsigned ones of
        the same width.

    Raises
    ------
    UnsupportedError
        If a label does not fit.

    Examples
    --------
    >>> as_dtype(np.array([255], np.uint8), np.dtype(np.int8))
    array([-1], dtype=int8)
    >>> as_dtype(np.array([-1]), np.dtype(np.uint8), carries_sign=True)
    Traceback (most recent call last):
    segpresso.errors.UnsupportedError: the stream has the label -1, which is no uint8
    """
    if labels.dtype == dtype:
        return labels
    are_bits = not carries_sign and labels.dtype.itemsize == dtype.itemsize
    if are_bits and dtype.kind != "b":
        return labels.view(dtype)
    least, most = label_range(dtype)
    for label in (labels.min(), labels.max()) if labels.size else ():
        if not least <= int(label) <= most:
            raise UnsupportedError(f"the stream has the label {label}, which is no {dtype}")
    return labels.astype(dtype)


def _unsigned(dtype: np.dtype[Any]) -> np.dtype[Any]:
    return np.dtype(f"u{dtype.itemsize}")
