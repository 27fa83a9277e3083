"""The Compresso family (Matejek et al., MICCAI 2017): v1, v2 and cpso."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

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
from segpresso.errors import InvalidArgumentError, UnsupportedError

Size3 = tuple[int, int, int]


def _description(codec: Codec, found: dict[str, Any]) -> dict[str, Any]:
    """Turn what the core tells into the axis order of the codec."""
    step = -1 if codec.axes == "zyx" else 1
    return {
        "codec": codec.name,
        "version": found["version"],
        "axes": codec.axes,
        "shape": tuple(found["shape_xyz"][::step]),
        "dtype": np.dtype(f"u{found['label_bytes']}"),
        "window": tuple(found["window_xyz"][::step]),
        "connectivity": found["connectivity"],
        "z_index": found["z_index"],
        "ids": found["ids"],
        "windows": found["values"],
        "locations": found["locations"],
        "sections": dict(found["sections"]),
    }


def _label(value: Any) -> int:
    label = integer(value, "a label")
    if not 0 <= label < 2**64:
        raise InvalidArgumentError(f"label {label} is not within 0 and 2^64 - 1")
    return label


def _z_range(z: Any) -> tuple[int, int]:
    try:
        begin, end = z
    except (TypeError, ValueError):
        raise InvalidArgumentError(f"z must be (begin, end), not {z!r}") from None
    return integer(begin, "z"), integer(end, "z")


class _PaperCodec(Codec):
    """What v1 and v2 share: (z, y, x) arrays, and labels below 2^64 - 6 only."""

    axes = "zyx"
    carries_shape = True
    wants_second_stage = True

    _encode: ClassVar[Callable[..., bytes]]
    _decode: ClassVar[Callable[..., None]]
    _describe: ClassVar[Callable[..., dict[str, Any]]]
    _labels: ClassVar[Callable[..., npt.NDArray[np.uint64]]]

    def encode(
        self,
        labels: npt.ArrayLike,
        *,
        window: Size3 = (1, 8, 8),
        wrap_labels: bool = False,
        threads: int | None = None,
    ) -> bytes:
        """Compress labels.

        Parameters
        ----------
        labels : array_like of int, shape (z, y, x), (y, x) or (x,)
            Any integer type, memory order and strides. Labels must not be negative.
        window : tuple of int
            Window size (z, y, x) in voxels; the product is at most 64 (v2: and a multiple of 8).
        wrap_labels : bool
            Write what the original program writes for labels of at least 2^64 - 6 at
            indeterminate voxels: a stream that does not decode to the input. False refuses them.
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
            If a label cannot be stored.
        """
        array = to_xyz(unsigned(labels), self.axes)
        z, y, x = size3(window, "window")
        return type(self)._encode(array, (x, y, z), bool(wrap_labels), thread_count(threads))

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
            Integer type of the result; unless given the one that the stream carries (v1: uint64).
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
        CorruptError, TruncatedError, UnsupportedError, LimitError
            If the stream is damaged, cannot be read, or holds a label that does not fit `dtype`.
        """
        stream = stream_bytes(data)
        found = type(self)._describe(stream)
        stream_dtype = np.dtype(f"u{found['label_bytes']}")
        shape = tuple(found["shape_xyz"][::-1])
        output = Output(shape, dtype, stream_dtype, stream, "C", out, limits)
        type(self)._decode(stream, output.unsigned.T, output.max_bytes, thread_count(threads))
        return output.finish()

    def describe(self, data: BytesLike) -> dict[str, Any]:
        """Tell shape, window, counts and the bytes of each section of a stream."""
        return _description(self, type(self)._describe(stream_bytes(data)))

    def labels(self, data: BytesLike) -> npt.NDArray[Any]:
        """List the distinct labels, ascending, from the label sections alone."""
        stream = stream_bytes(data)
        found = type(self)._labels(stream)
        return found.astype(f"u{type(self)._describe(stream)['label_bytes']}")


class CompressoMiccai(_PaperCodec):
    """Compresso as published at MICCAI 2017: 64-bit words, window 8 x 8 x 1, no magic.

    Streams carry the shape but not the type: they decode to uint64 unless told otherwise.

    Examples
    --------
    >>> import numpy as np, segpresso
    >>> codec = segpresso.get_codec("compresso-miccai")
    >>> labels = np.ones((2, 16, 16), np.uint16)
    >>> codec.decode(codec.encode(labels), dtype=np.uint16).dtype
    dtype('uint16')
    """

    name = "compresso-miccai"
    suffix = ".miccai"
    carries_dtype = False

    _encode = _core.miccai_encode
    _decode = _core.miccai_decode
    _describe = _core.miccai_describe
    _labels = _core.miccai_labels


class CompressoV2(_PaperCodec):
    """The authors' second version: the same model in as few whole bytes as needed.

    Examples
    --------
    >>> import numpy as np, segpresso
    >>> labels = np.ones((2, 16, 16), np.uint16)
    >>> data = segpresso.compress(labels, "compresso-v2", window=(1, 4, 4))
    >>> segpresso.decompress(data, codec="compresso-v2").dtype
    dtype('uint16')
    """

    name = "compresso-v2"
    suffix = ".compresso2"
    carries_dtype = True

    _encode = _core.packed_encode
    _decode = _core.packed_decode
    _describe = _core.packed_describe
    _labels = _core.packed_labels


class Cpso(Codec):
    """The stream of CloudVolume and Neuroglancer ("compresso"), format versions 0 and 1.

    Examples
    --------
    >>> import numpy as np, segpresso
    >>> labels = np.zeros((64, 64, 8), np.uint32, order="F")
    >>> labels[20:40, 10:30, 2:6] = 7
    >>> data = segpresso.compress(labels, "cpso")
    >>> segpresso.get_codec("cpso").labels(data)
    array([0, 7], dtype=uint32)
    >>> segpresso.decompress(data, z=(2, 4)).shape
    (64, 64, 2)
    """

    name = "cpso"
    suffix = ".cpso"
    magic = b"cpso"
    axes = "xyz"
    carries_shape = True
    carries_dtype = True
    wants_second_stage = True

    def encode(
        self,
        labels: npt.ArrayLike,
        *,
        window: Size3 | None = None,
        connectivity: int = 4,
        z_index: bool = True,
        neuroglancer_safe: bool = False,
        threads: int | None = None,
    ) -> bytes:
        """Compress labels.

        Parameters
        ----------
        labels : array_like of int, shape (x, y, z), (x, y) or (x,)
            Any integer type, memory order and strides; at most 65535 voxels along each axis.
        window : tuple of int, optional
            Window size (x, y, z) in voxels, product at most 64. Unless given (4, 4, 1), or
            (8, 8, 1) for volumes with too many different windows, as the original does.
        connectivity : {4, 6}
            Components within slices, or across them. 6 implies no z index.
        z_index : bool
            Make slices decodable alone (format version 1).
        neuroglancer_safe : bool
            Escape labels of at least 2^32 - 7, which Neuroglancer's reader would otherwise return
            modulo 2^32. All readers understand the result; it is a few bytes larger.
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
            If an axis is too long or the volume has too many different windows.
        """
        array = to_xyz(unsigned(labels), self.axes)

        if connectivity not in (4, 6):
            raise InvalidArgumentError(f"connectivity must be 4 or 6, not {connectivity!r}")

        def encode(size: Size3) -> bytes:
            return _core.cpso_encode(
                array,
                size,
                int(connectivity),
                bool(z_index),
                bool(neuroglancer_safe),
                thread_count(threads),
            )

        if window is not None:
            return encode(size3(window, "window"))
        try:
            return encode((4, 4, 1))
        except UnsupportedError as error:
            if error.section != "values":  # something that larger windows do not mend
                raise
            return encode((8, 8, 1))

    def decode(
        self,
        data: BytesLike,
        *,
        z: tuple[int, int] | None = None,
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
        z : tuple of int, optional
            Decode only slices ``z[0]`` up to, but not including, ``z[1]``; the stream needs a z
            index.
        dtype : dtype, optional
            Integer type of the result; unless given the unsigned type that the stream carries.
        out : numpy.ndarray, shape (x, y, z), optional
            Array to decode into, of any integer type and strides.
        threads : int, optional
            Number of threads; all processors unless given.
        limits : Limits, optional
            What may be allocated.

        Returns
        -------
        numpy.ndarray, shape (x, y, z)
            A new array in Fortran order, or `out`.

        Raises
        ------
        InvalidArgumentError
            If `z` is not within the volume.
        CorruptError, TruncatedError, UnsupportedError, LimitError
            If the stream is damaged, cannot be read, or holds a label that does not fit `dtype`.
        """
        stream = stream_bytes(data)
        found = _core.cpso_describe(stream)
        x, y, size_z = found["shape_xyz"]
        z_begin, z_end = (0, size_z) if z is None else _z_range(z)
        if not 0 <= z_begin <= z_end <= size_z:
            raise InvalidArgumentError(f"z={z} is not within the {size_z} slices of the volume")
        stream_dtype = np.dtype(f"u{found['label_bytes']}")
        shape = (x, y, z_end - z_begin)
        output = Output(shape, dtype, stream_dtype, stream, "F", out, limits)
        _core.cpso_decode(
            stream, z_begin, z_end, output.unsigned, output.max_bytes, thread_count(threads)
        )
        return output.finish()

    def describe(self, data: BytesLike) -> dict[str, Any]:
        """Tell shape, type, window, counts and the bytes of each section of a stream."""
        return _description(self, _core.cpso_describe(stream_bytes(data)))

    def labels(self, data: BytesLike) -> npt.NDArray[Any]:
        """List the distinct labels, ascending, from the label sections alone."""
        stream = stream_bytes(data)
        width = _core.cpso_describe(stream)["label_bytes"]
        return _core.cpso_labels(stream).astype(f"u{width}")

    def remap(
        self, data: BytesLike, mapping: Mapping[int, int], *, neuroglancer_safe: bool = False
    ) -> bytes:
        """Replace labels in a stream without decoding it.

        Parameters
        ----------
        data : bytes-like
            The stream; any window and version.
        mapping : mapping of int to int
            New label of each old one; labels that are not in it stay. Labels may be merged. New
            labels must fit the stream's type.
        neuroglancer_safe : bool
            Escape new labels as `encode` does with this option; escaped ones always stay so.

        Returns
        -------
        bytes
            A stream of the same volume with the new labels.

        Examples
        --------
        >>> import numpy as np, segpresso
        >>> codec = segpresso.get_codec("cpso")
        >>> data = codec.encode(np.arange(8, dtype=np.uint8).reshape(2, 2, 2))
        >>> codec.labels(codec.remap(data, {1: 9, 2: 9}))
        array([0, 3, 4, 5, 6, 7, 9], dtype=uint8)
        """
        pairs = sorted((_label(old), _label(new)) for old, new in mapping.items())
        old_labels = np.array([old for old, _ in pairs], np.uint64)
        new_labels = np.array([new for _, new in pairs], np.uint64)
        return _core.cpso_remap(stream_bytes(data), old_labels, new_labels, bool(neuroglancer_safe))
