"""Reading and writing label volumes whatever the kind of file."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import numpy.typing as npt

from segpresso.codecs import codecs, get_codec
from segpresso.errors import InvalidArgumentError, TruncatedError, UnsupportedError
from segpresso.io._errors import reading, writing
from segpresso.io._labels import LabelArray, as_labels, as_writable_labels
from segpresso.io.compressed import (
    HEAD_BYTES,
    read_compressed,
    recognise,
    split_name,
    write_compressed,
)
from segpresso.io.registry import (
    FORMATS,
    PNG_FOLDER,
    FileFormat,
    format_of_folder,
    format_of_name,
)
from segpresso.io.second_stage import second_stage_of_magic


def read(path: str | os.PathLike[str], *, dataset: str | None = None) -> LabelArray:
    """Read a label volume.

    Parameters
    ----------
    path : path-like
        A file of a known suffix (see `known_suffixes`), a Zarr store, a Neuroglancer
        precomputed folder or a folder of PNG slices.
    dataset : str, optional
        Which array of a file that holds several: the name in HDF5, Zarr, .npz and .mat, the
        number of a series in TIFF, the key of a scale in precomputed.

    Returns
    -------
    ndarray
        Integers or bool in native byte order; axes (z, y, x), (y, x) or (t, z, y, x), with
        x the fastest on disk. Floating point whole numbers become the smallest integers
        that hold them.

    Raises
    ------
    OSError
        If the operating system cannot read it.
    UnsupportedError
        If the suffix is unknown, or the file holds an image instead of labels.
    InvalidArgumentError
        If `dataset` is missing or wrong; lists what there is.
    CorruptError, TruncatedError
        If the file is damaged.
    MissingExtraError
        If the library for this kind of file is not installed.

    Warns
    -----
    ImageLikeWarning
        If there are more distinct values than a tenth of the voxels.

    Examples
    --------
    >>> import tempfile, numpy as np
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write(f"{folder}/cells.npy.gz", np.array([[0, 1], [2, 2]], np.uint8))
    ...     read(f"{folder}/cells.npy.gz")
    array([[0, 1],
           [2, 2]], dtype=uint8)
    """
    path = Path(path)
    if not path.exists():
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path))
    if path.is_file() and path.stat().st_size == 0:
        raise TruncatedError(f"{path}: the file is empty")
    format_ = format_of_folder(path) if path.is_dir() else format_of_name(path.name)
    if dataset is not None and not (format_ and format_.named):
        raise InvalidArgumentError(f"{path}: this kind of file has no datasets to name")
    if format_ is None:
        if path.is_dir():
            raise UnsupportedError(f"{path}: neither Zarr, precomputed nor a folder of .png files")
        if not _is_compressed(path):
            raise _unknown(path)
        return read_compressed(path)
    format_.require()
    with reading(path):
        return as_labels(format_.read(path, dataset))


def write(path: str | os.PathLike[str], labels: npt.ArrayLike) -> None:
    """Write a label volume, whole or not at all.

    Parameters
    ----------
    path : path-like
        Its suffix says the format (see `known_suffixes`). A path without suffix, one that
        ends with "/", and an existing empty folder get one PNG per slice. Files are
        replaced; folders that hold something never are.
    labels : array_like
        Integers or bool; axes (z, y, x), (y, x) or (t, z, y, x).

    Raises
    ------
    UnsupportedError
        If the suffix is unknown, or the format cannot hold this type or shape: what is
        written is what `read` gives back, or it is not written.
    OSError
        If the operating system cannot write it.
    MissingExtraError
        If the library for this kind of file is not installed.

    Examples
    --------
    >>> import tempfile, numpy as np
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write(f"{folder}/cells.npy", np.array([[0.5, 1.5]]))
    Traceback (most recent call last):
    segpresso.errors.UnsupportedError: ...cells.npy: labels are integers or bool, not float64
    """
    format_ = _format_for_writing(path)
    path = Path(path)
    if format_ is None:
        if split_name(path.name)[0] is None:
            raise _unknown(path)
        write_compressed(path, labels)
        return
    format_.require()
    with writing(path, format_.name):
        format_.write(path, as_writable_labels(labels))


def known_suffixes() -> list[str]:
    """List the file name suffixes that `read` and `write` know, those of the codecs last."""
    files = [suffix for format_ in FORMATS for suffix in format_.suffixes]
    return files + [get_codec(name).suffix for name in codecs()]


def can_read(path: str | os.PathLike[str]) -> bool:
    """Tell whether `read` knows an existing file by its name, or a folder by what is in it.

    Examples
    --------
    >>> can_read("brain.nii.gz"), can_read("brain.cpso.xz"), can_read("brain.cpso.xz.json")
    (True, True, False)
    """
    path = Path(path)
    if path.is_dir():
        return format_of_folder(path) is not None
    return format_of_name(path.name) is not None or split_name(path.name)[0] is not None


def _format_for_writing(path: str | os.PathLike[str]) -> FileFormat | None:
    format_ = format_of_name(Path(path).name)
    if format_ is None and split_name(Path(path).name)[0] is not None:
        return None  # a codec's; a folder of that name is an error
    if format_ is None and (
        os.fspath(path).endswith("/") or Path(path).is_dir() or not Path(path).suffix
    ):
        return PNG_FOLDER
    return format_


def _is_compressed(path: Path) -> bool:
    if split_name(path.name)[0] is not None:
        return True
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    # Behind a second stage the codec is not seen yet, but a suffix that names none is
    # better explained by "name the codec" than by "unknown suffix".
    return recognise(head) is not None or second_stage_of_magic(head).name != "none"


def _unknown(path: Path) -> UnsupportedError:
    return UnsupportedError(
        f"{path}: unknown suffix {path.suffix!r}; known are {' '.join(known_suffixes())}"
    )
