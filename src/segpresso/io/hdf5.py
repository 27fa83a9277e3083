"""HDF5 files, through h5py."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from segpresso.io._choose import Candidate, choose
from segpresso.io._labels import LabelArray
from segpresso.io.atomic import atomic_file

#: Name of the dataset in the files that we write: what the tools of connectomics look for.
DATASET = "main"


def read_hdf5(path: Path, dataset: str | None = None) -> npt.NDArray[Any]:
    """Read the dataset named `dataset`, else the one that can only be meant."""
    import h5py

    candidates: dict[str, Candidate] = {}

    def visit(name: str, item: Any) -> None:
        # MATLAB keeps its own bookkeeping in "#refs#".
        if isinstance(item, h5py.Dataset) and item.shape is not None and name[0] != "#":
            candidates[name] = Candidate(item.shape, item.dtype)

    with h5py.File(path, "r") as file:
        file.visititems(visit)
        if dataset is not None and isinstance(file.get(dataset), h5py.Dataset):
            chosen = file[dataset]  # also through a link, which visititems does not follow
        else:
            chosen = file[choose(candidates, dataset)]
        # HDF5 swaps bytes piece by piece while it reads; numpy would need a second array.
        array: npt.NDArray[Any] = np.empty(chosen.shape, chosen.dtype.newbyteorder("="))
        if array.size:
            chosen.read_direct(array)
        return array


def write_hdf5(path: Path, labels: LabelArray) -> None:
    """Write the dataset `main`, chunked and compressed by gzip, which every reader has."""
    import h5py

    # HDF5 cannot chunk, hence not compress, an array without voxels.
    packing = {"compression": "gzip", "shuffle": True} if labels.size else {}
    with atomic_file(path) as temporary, h5py.File(temporary, "w") as file:
        file.create_dataset(DATASET, data=labels, **packing)
