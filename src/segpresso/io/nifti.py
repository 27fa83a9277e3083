"""NIfTI files (.nii, .nii.gz), through nibabel."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from segpresso.errors import UnsupportedError
from segpresso.io._labels import LabelArray
from segpresso.io.atomic import atomic_file

#: NIfTI-1 stores sizes as int16.
_NIFTI1_LARGEST_SIZE = 32767


def read_nifti(path: Path, dataset: str | None = None) -> npt.NDArray[Any]:
    """Read a volume; x is the first axis in the file and the last of the array.

    Scaled data (slope and intercept) are returned as floating point numbers, which are
    labels only if they are whole.
    """
    import nibabel

    # No memory map: the array must outlive changes of the file.
    image = nibabel.load(path, mmap=False)
    array: npt.NDArray[Any] = np.asarray(image.dataobj)
    return array.T


def write_nifti(path: Path, labels: LabelArray) -> None:
    """Write NIfTI-1, or NIfTI-2 if an axis is too long for it; the affine is the identity."""
    import nibabel

    if labels.dtype.kind == "b":
        raise UnsupportedError("NIfTI has no bool: write labels.astype(np.uint8)")
    if labels.size == 0:
        raise UnsupportedError(f"NIfTI cannot hold an array of shape {labels.shape}")
    small = max(labels.shape) <= _NIFTI1_LARGEST_SIZE
    image_type = nibabel.Nifti1Image if small else nibabel.Nifti2Image
    # The dtype is said again because nibabel refuses to infer 64-bit integers.
    image = image_type(labels.T, np.eye(4), dtype=labels.dtype)
    with atomic_file(path) as temporary:
        nibabel.save(image, temporary)
