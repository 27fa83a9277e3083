"""Files that hold the stream of a codec, perhaps behind a second stage.

`cells.segp` is a stream of the codec segpresso, `cells.cpso.xz` one of cpso behind xz. The arrays
of files are (z, y, x), whatever the order of the codec; nothing is copied for that.
"""

from __future__ import annotations

import errno
import inspect
import math
import os
from pathlib import Path
from typing import IO, Any

import numpy as np
import numpy.typing as npt

from segpresso.codecs import Codec, Limits, codecs, get_codec
from segpresso.codecs import recognise as recognise_or_raise
from segpresso.codecs.arrays import most_bytes
from segpresso.errors import CorruptError, InvalidArgumentError, LimitError, TruncatedError
from segpresso.io import _fit
from segpresso.io._errors import reading, writing
from segpresso.io._labels import LabelArray, as_writable_labels
from segpresso.io.atomic import atomic_file
from segpresso.io.second_stage import (
    get_second_stage,
    second_stage_of_magic,
    second_stage_of_suffix,
)
from segpresso.io.sidecar import Sidecar, describe, is_sidecar, load_sidecar, sidecar_path

#: More than the longest magic number.
HEAD_BYTES = 64


def pack(
    labels: npt.ArrayLike,
    codec: str,
    second: str = "none",
    *,
    threads: int | None = None,
    **options: Any,
) -> bytes:
    """Compress labels to the content of a file.

    Parameters
    ----------
    labels : array_like
        Integer or bool labels, (y, x), (z, y, x) or (t, z, y, x).
    codec : str
        Name of the codec.
    second : str
        Name of the second stage: "none", "lzma", "zstd", "gzip" or "brotli".
    threads : int, optional
        Threads that the codec may use; by default its own choice.
    **options
        Options of the codec, in its own axis order.

    Returns
    -------
    bytes
        What `unpack` takes. Shape and type that the codec's format cannot hold are lost:
        `write_compressed` keeps them beside the file.

    Raises
    ------
    UnsupportedError
        If the codec cannot hold these labels.
    InvalidArgumentError
        If there is no such codec or second stage.

    Examples
    --------
    >>> packed = pack(np.zeros((2, 3, 4), np.uint8), "cpso", "lzma")
    >>> unpack(packed).shape
    (2, 3, 4)
    """
    stage = get_second_stage(second)
    stream = _fit.encode(as_writable_labels(labels), get_codec(codec), threads, options)
    return stage.compress(stream)


def unpack(
    data: bytes,
    *,
    codec: str | None = None,
    second: str | None = None,
    shape: tuple[int, ...] | None = None,
    dtype: npt.DTypeLike | None = None,
    limits: Limits | None = None,
    threads: int | None = None,
    **options: Any,
) -> LabelArray:
    """Restore the labels of what `pack` made.

    Parameters
    ----------
    data : bytes
        Content of a file.
    codec, second : str, optional
        Names of codec and second stage; by default recognised by their magic numbers.
    shape : tuple of int, optional
        Shape of the result, (..., z, y, x): needed if the stream does not tell it.
    dtype : dtype_like, optional
        Integer type or bool of the result: needed if the stream does not tell it.
    limits : Limits, optional
        Largest array to make.
    threads : int, optional
        Threads that the codec may use; by default its own choice.
    **options
        Options of the codec's decoder, such as `block_size`, in its own axis order.

    Returns
    -------
    ndarray
        The labels, (z, y, x) unless `shape` says otherwise.

    Raises
    ------
    InvalidArgumentError
        If the codec cannot be recognised, or an option is missing.
    CorruptError, TruncatedError
        If the data are damaged.
    LimitError
        If the array would be larger than the limit.

    Examples
    --------
    >>> packed = pack(np.ones((2, 3, 4), np.int16), "compresso-miccai")
    >>> unpack(packed, codec="compresso-miccai", dtype=np.int16).dtype
    dtype('int16')
    """
    stream, found = _unwrap(data, codec, second, limits)
    return _decode(stream, found, shape, dtype, limits, threads, options)


def write_compressed(
    path: str | os.PathLike[str],
    labels: npt.ArrayLike,
    *,
    codec: str | None = None,
    second: str | None = None,
    threads: int | None = None,
    **options: Any,
) -> None:
    """Compress labels into a file, with a `.json` file beside it if the stream needs that.

    Parameters
    ----------
    path : path-like
        The file to make or replace.
    labels : array_like
        Integer or bool labels, (y, x), (z, y, x) or (t, z, y, x).
    codec, second : str, optional
        Names of codec and second stage; by default those that the suffixes say.
    threads : int, optional
        Threads that the codec may use; by default its own choice.
    **options
        Options of the codec, in its own axis order.

    Raises
    ------
    InvalidArgumentError
        If the codec is not named and the suffix is none of a codec.
    UnsupportedError
        If the codec cannot hold these labels.
    OSError
        If writing failed; then nothing is left of it.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = f"{folder}/cells.cpso.gz"
    ...     write_compressed(path, np.eye(3, dtype=np.int8))  # two axes and a sign: not in cpso
    ...     sorted(file.name for file in Path(folder).iterdir())
    ...     read_compressed(path)
    ['cells.cpso.gz', 'cells.cpso.gz.json']
    array([[1, 0, 0],
           [0, 1, 0],
           [0, 0, 1]], dtype=int8)
    """
    path = Path(path)
    named_codec, named_second = split_name(path.name)
    codec = codec or named_codec
    if codec is None:
        raise InvalidArgumentError(f"{path}: name the codec, the file's suffix is none of one")
    stage = get_second_stage(second or named_second or "none")
    with writing(path, codec):
        array = as_writable_labels(labels)
        coder = get_codec(codec)
        options = file_options(coder, options)
        stream = _fit.encode(array, coder, threads, options)
        sidecar = describe(stream, array, coder, **options)
        write_stream(path, stage.compress(stream), sidecar)


def file_options(codec: Codec, options: dict[str, Any]) -> dict[str, Any]:
    """Add to a codec's options what files have unless told otherwise.

    They are asked about their labels, chunks are not: statistics, if the codec has them.
    """
    taken = inspect.signature(codec.encode).parameters
    return {"stats": True} | options if "stats" in taken else options


def write_stream(path: Path, data: bytes, sidecar: Sidecar | None) -> None:
    """Write a finished stream, second stage included, and its sidecar if it needs one.

    Parameters
    ----------
    path : Path
        The file to make or replace.
    data : bytes
        Its content.
    sidecar : Sidecar or None
        What `segpresso.io.sidecar.describe` made; if None, the sidecar of a replaced file is
        removed.

    Raises
    ------
    OSError
        If writing failed; then nothing is left of it.
    """
    beside = sidecar_path(path)
    if sidecar is not None and beside.exists() and not is_sidecar(beside):
        raise FileExistsError(errno.EEXIST, "another program's file has this name", str(beside))
    if sidecar is None:
        with atomic_file(path) as temporary:
            temporary.write_bytes(data)
        if is_sidecar(beside):
            beside.unlink()
        return
    # Both are written before either is renamed. Should the process die between the two
    # renames, the checksum in the old description does not fit and reading says so.
    with atomic_file(beside) as temporary_beside:
        temporary_beside.write_text(sidecar.to_json())
        with atomic_file(path) as temporary:
            temporary.write_bytes(data)


def read_compressed(
    path_or_file: str | os.PathLike[str] | IO[bytes],
    *,
    codec: str | None = None,
    second: str | None = None,
    shape: tuple[int, ...] | None = None,
    dtype: npt.DTypeLike | None = None,
    limits: Limits | None = None,
    threads: int | None = None,
    **options: Any,
) -> LabelArray:
    """Restore the labels of a file.

    Parameters
    ----------
    path_or_file : path-like or binary file
        A path, or an open file (which has no `.json` beside it).
    codec, second : str, optional
        Names of codec and second stage; by default what the `.json` file or the suffixes
        say, else recognised by their magic numbers.
    shape, dtype, limits, threads, **options
        As for `unpack`; by default what the `.json` file says.

    Returns
    -------
    ndarray
        The labels, (z, y, x) unless a shape says otherwise.

    Raises
    ------
    InvalidArgumentError
        If the codec cannot be recognised, or an option is missing.
    CorruptError, TruncatedError
        If the file or the `.json` beside it are damaged or do not belong together.
    LimitError
        If the array would be larger than the limit.
    OSError
        If the file cannot be read.
    """
    if not isinstance(path_or_file, str | os.PathLike):
        return unpack(
            path_or_file.read(),
            codec=codec,
            second=second,
            shape=shape,
            dtype=dtype,
            limits=limits,
            threads=threads,
            **options,
        )
    path = Path(path_or_file)
    named_codec, named_second = split_name(path.name)
    with reading(path):
        data = path.read_bytes()
        sidecar = load_sidecar(path)
        if sidecar is not None:
            named_codec = sidecar.codec
        stream, found = _unwrap(data, codec or named_codec, second or named_second, limits)
        if sidecar is not None:
            sidecar.check(stream)
            shape = sidecar.shape if shape is None else shape
            dtype = sidecar.dtype if dtype is None else dtype
            options = sidecar.options | options
        return _decode(stream, found, shape, dtype, limits, threads, options)


def split_name(name: str) -> tuple[str | None, str | None]:
    """Tell codec and second stage by the suffixes of a file name; None for what they do not say.

    Parameters
    ----------
    name : str
        A file name, "cells.cpso.xz" for example.

    Returns
    -------
    tuple of (str or None, str or None)
        ("cpso", "lzma") in this case.

    Examples
    --------
    >>> split_name("cells.cpso.xz")
    ('cpso', 'lzma')
    """
    stage = second_stage_of_suffix(Path(name).suffix)
    stem = (name[: -len(stage.suffix)] if stage else name).lower()
    fitting = [c for c in map(get_codec, codecs()) if c.suffix and stem.endswith(c.suffix)]
    codec = max(fitting, key=lambda c: len(c.suffix), default=None)
    return codec.name if codec else None, stage.name if stage else None


def recognise(data: bytes) -> Codec | None:
    """Find the codec whose magic number starts a stream; None if there is none."""
    try:
        return recognise_or_raise(data)
    except (CorruptError, TruncatedError):
        return None


def _unwrap(
    data: bytes, codec: str | None, second: str | None, limits: Limits | None
) -> tuple[bytes, Codec]:
    """Undo the second stage and find the codec."""
    found = get_codec(codec) if codec is not None else recognise(data)
    if second is None:
        is_plain = found is not None and found.magic and data.startswith(found.magic)
        second = "none" if is_plain else second_stage_of_magic(data).name
    stage = get_second_stage(second)
    # Looked at before all is unpacked, which for somebody's archive could take a while.
    found = found or recognise(stage.peek(data, HEAD_BYTES))
    if found is None:
        raise InvalidArgumentError(
            f"the codec of this stream cannot be recognised, name it: {', '.join(codecs())}"
        )
    # Streams larger than their arrays exist, but only of small arrays.
    max_bytes = most_bytes(limits) + (1 << 20)
    return stage.decompress(data, max_bytes), found


def _decode(
    stream: bytes,
    codec: Codec,
    shape: tuple[int, ...] | None,
    dtype: npt.DTypeLike | None,
    limits: Limits | None,
    threads: int | None,
    options: dict[str, Any],
) -> LabelArray:
    target = None if dtype is None else np.dtype(dtype)
    _check_result(shape, target, limits)
    options = dict(options)
    if not codec.carries_shape:
        if shape is None or target is None:
            raise InvalidArgumentError(
                f"{codec.name} streams do not tell their shape and type: give shape=(z, y, x), "
                "dtype and the options they were made with, or the .json file that was beside it"
            )
        options["shape"] = _fit.volume_shape(tuple(shape), codec.axes)
    if not codec.carries_dtype and target is not None:
        options["dtype"] = np.dtype(f"u{target.itemsize}")
    array = codec.decode(stream, threads=threads, limits=limits, **options)
    labels = _fit.from_codec_axes(array, codec.axes)
    if target is not None:
        labels = _fit.as_dtype(labels, target, carries_sign=codec.carries_sign)
    return labels if shape is None else _fit.as_shape(labels, tuple(shape))


def _check_result(
    shape: tuple[int, ...] | None, dtype: np.dtype[Any] | None, limits: Limits | None
) -> None:
    if dtype is not None and dtype.kind not in "biu":
        raise InvalidArgumentError(f"labels are integers or bool, not {dtype}")
    if shape is None:
        return
    if not 2 <= len(shape) <= 4 or min(shape) < 0:
        raise InvalidArgumentError(f"label arrays have 2 to 4 axes, not shape {shape}")
    most = most_bytes(limits)
    if math.prod(shape) * (dtype.itemsize if dtype is not None else 1) > most:
        raise LimitError(f"shape {shape} needs more than {most} bytes")
