"""The file formats: one line each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy.typing as npt

from segpresso.io._extras import require
from segpresso.io._labels import LabelArray
from segpresso.io.hdf5 import read_hdf5, write_hdf5
from segpresso.io.matlab import read_mat, write_mat
from segpresso.io.nifti import read_nifti, write_nifti
from segpresso.io.npy import read_npy, write_npy
from segpresso.io.npz import read_npz, write_npz
from segpresso.io.nrrd_file import read_nrrd, write_nrrd
from segpresso.io.png import read_png, read_png_folder, write_png, write_png_folder
from segpresso.io.precomputed import read_precomputed, write_precomputed
from segpresso.io.tiff import read_tiff, write_tiff
from segpresso.io.zarr_store import read_zarr, write_zarr


@dataclass(frozen=True)
class FileFormat:
    """A kind of file that holds labels.

    Attributes
    ----------
    name : str
        What people call it.
    suffixes : tuple of str
        File name suffixes, with the dot, lower case.
    read : callable
        ``read(path, dataset)`` gives the array as it is in the file, axes (..., z, y, x).
    write : callable
        ``write(path, labels)`` stores a checked, native-endian integer array.
    library, extra : str
        The optional library that it needs and the extra that brings it; empty if none.
    named : bool
        Whether a file can hold several arrays, one of which `dataset` names.
    markers : tuple of str
        For formats that are folders: glob patterns, any of which marks one.
    """

    name: str
    suffixes: tuple[str, ...]
    read: Callable[[Path, str | None], npt.NDArray[Any]]
    write: Callable[[Path, LabelArray], None]
    library: str = ""
    extra: str = "io"
    named: bool = False
    markers: tuple[str, ...] = ()

    def require(self) -> None:
        """Raise `MissingExtraError` if the library of this format is not installed."""
        if self.library:
            require(self.library, self.extra)


PNG_FOLDER = FileFormat(
    "PNG folder", (), read_png_folder, write_png_folder, "PIL", markers=("*.png", "*.PNG")
)

#: In the order in which the markers of folders are looked for.
FORMATS = (
    FileFormat("NumPy", (".npy", ".npy.gz", ".npy.xz"), read_npy, write_npy),
    FileFormat("NumPy archive", (".npz",), read_npz, write_npz, named=True),
    FileFormat("HDF5", (".h5", ".hdf5", ".hdf"), read_hdf5, write_hdf5, "h5py", named=True),
    FileFormat("NRRD", (".nrrd", ".nhdr"), read_nrrd, write_nrrd, "nrrd"),
    FileFormat("NIfTI", (".nii", ".nii.gz"), read_nifti, write_nifti, "nibabel"),
    FileFormat("TIFF", (".tif", ".tiff"), read_tiff, write_tiff, "tifffile", named=True),
    FileFormat("PNG", (".png",), read_png, write_png, "PIL"),
    FileFormat("MATLAB", (".mat",), read_mat, write_mat, "scipy", named=True),
    FileFormat(
        "Zarr",
        (".zarr", ".zarr.zip"),
        read_zarr,
        write_zarr,
        "zarr",
        "zarr",
        named=True,
        markers=("zarr.json", ".zarray", ".zgroup"),
    ),
    FileFormat(
        "Neuroglancer precomputed",
        (".precomputed",),
        read_precomputed,
        write_precomputed,
        named=True,
        markers=("info",),
    ),
    PNG_FOLDER,
)


def format_of_name(name: str) -> FileFormat | None:
    """Find the format of a file name by its longest known suffix.

    Examples
    --------
    >>> format_of_name("brain.nii.gz").name
    'NIfTI'
    >>> format_of_name("brain.docx") is None
    True
    """
    fitting = [
        (len(suffix), format_)
        for format_ in FORMATS
        for suffix in format_.suffixes
        if name.lower().endswith(suffix)
    ]
    return max(fitting, key=lambda pair: pair[0], default=(0, None))[1]


def format_of_folder(path: Path) -> FileFormat | None:
    """Find the format of an existing folder by what is in it."""
    return next((f for f in FORMATS if any(any(path.glob(m)) for m in f.markers)), None)
