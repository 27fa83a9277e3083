"""NRRD files, attached (.nrrd) or with a separate header (.nhdr), through pynrrd."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy.typing as npt

from segpresso.errors import UnsupportedError
from segpresso.io._labels import LabelArray
from segpresso.io.atomic import atomic_file, atomic_files

#: Kinds of an axis that holds the parts of one voxel. Source: NRRD definition, section 5.
_VECTOR_KINDS = ("color", "colour", "vector", "normal", "gradient", "matrix", "complex", "point")


def read_nrrd(path: Path, dataset: str | None = None) -> npt.NDArray[Any]:
    """Read a volume; x is the first axis in the file and the last of the array."""
    import nrrd

    # Index order "C" is (z, y, x): the bytes as they lie in the file.
    array: npt.NDArray[Any]
    array, header = nrrd.read(str(path), index_order="C")
    _refuse_vectors(header)
    return array


def write_nrrd(path: Path, labels: LabelArray) -> None:
    """Write a volume, gzip-compressed; .nhdr makes a `.raw.gz` file beside the header."""
    import nrrd

    if labels.dtype.kind == "b":
        raise UnsupportedError("NRRD has no bool: write labels.astype(np.uint8)")
    # The header of .nhdr names its data file: both are written with their final names.
    is_detached = path.suffix.lower() == ".nhdr"
    with (atomic_files if is_detached else atomic_file)(path) as temporary:
        nrrd.write(str(temporary), labels, {"encoding": "gzip"}, index_order="C")


def _refuse_vectors(header: Mapping[str, Any]) -> None:
    for kind in header.get("kinds", []):
        if any(word in str(kind).lower() for word in _VECTOR_KINDS):
            raise UnsupportedError(f"an axis of kind {kind}: this is an image, not labels")
