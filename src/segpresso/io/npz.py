"""NumPy .npz archives."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from segpresso.io._choose import Candidate, choose
from segpresso.io._labels import LabelArray
from segpresso.io.atomic import atomic_file
from segpresso.io.npy import read_array

#: Name of the array in the archives that we write.
DATASET = "labels"


def read_npz(path: Path, dataset: str | None = None) -> npt.NDArray[Any]:
    """Read the only integer array of an archive, or the one named by `dataset`."""
    with zipfile.ZipFile(path) as archive:
        candidates = {
            name.removesuffix(".npy"): _peek(archive, name)
            for name in archive.namelist()
            if name.endswith(".npy")
        }
        with archive.open(choose(candidates, dataset) + ".npy") as member:
            return read_array(member)


def write_npz(path: Path, labels: LabelArray) -> None:
    """Write an archive with the array `labels`, compressed."""
    with atomic_file(path) as temporary, temporary.open("wb") as file:
        np.savez_compressed(file, allow_pickle=False, **{DATASET: labels})


def _peek(archive: zipfile.ZipFile, name: str) -> Candidate:
    with archive.open(name) as member:
        version = np.lib.format.read_magic(member)
        read_header = (
            np.lib.format.read_array_header_1_0
            if version == (1, 0)
            else np.lib.format.read_array_header_2_0
        )
        shape, _, dtype = read_header(member)
    return Candidate(shape, dtype)
