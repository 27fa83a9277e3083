"""MATLAB .mat files, through scipy (or h5py for version 7.3)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

import numpy as np
import numpy.typing as npt

from segpresso.errors import UnsupportedError
from segpresso.io._choose import Candidate, choose
from segpresso.io._labels import LabelArray
from segpresso.io.atomic import atomic_file
from segpresso.io.hdf5 import read_hdf5

#: Name of the variable in the files that we write.
DATASET = "labels"
#: The variable of BSDS500 ground truth files: a cell of structs, one per annotator.
_BSDS = "groundTruth"
#: scipy's names of MATLAB's array classes.
_DTYPES: dict[str, npt.DTypeLike] = {
    "logical": np.bool_,
    "single": np.float32,
    "double": np.float64,
    **{name: np.dtype(name) for name in ("uint8", "uint16", "uint32", "uint64")},
    **{name: np.dtype(name) for name in ("int8", "int16", "int32", "int64")},
}
#: Rows (y), columns (x), then slices and time: how MATLAB users keep volumes.
_ZYX_FROM_MATLAB = {2: (0, 1), 3: (2, 0, 1), 4: (3, 2, 0, 1)}


def read_mat(path: Path, dataset: str | None = None) -> npt.NDArray[Any]:
    """Read a variable: (y, x), or (y, x, z) in MATLAB's order, returned as (z, y, x).

    The segmentations of a BSDS500 ground truth file come back stacked, (annotator, y, x).
    """
    from scipy.io import loadmat, whosmat
    from scipy.io.matlab import matfile_version

    with path.open("rb") as file:
        if matfile_version(file)[0] == 2:  # version 7.3 is HDF5, with the axes reversed
            return np.ascontiguousarray(read_hdf5(path, dataset).swapaxes(-1, -2))
        variables = {name: (tuple(shape), kind) for name, shape, kind in _rewound(whosmat, file)}
        if _BSDS in variables and dataset in (None, _BSDS):
            return _stacked(_rewound(loadmat, file, variable_names=[_BSDS])[_BSDS])
        name = choose(
            {
                name: Candidate(shape, np.dtype(_DTYPES[kind]))
                for name, (shape, kind) in variables.items()
                if kind in _DTYPES
            },
            dataset,
        )
        array: npt.NDArray[Any] = _rewound(loadmat, file, variable_names=[name])[name]
    if variables[name][1] == "logical":  # which loadmat gives as uint8
        array = array.view(np.bool_)
    return np.ascontiguousarray(np.transpose(array, _ZYX_FROM_MATLAB[array.ndim]))


def write_mat(path: Path, labels: LabelArray) -> None:
    """Write the variable `labels`: (y, x), (y, x, z) or (y, x, z, t)."""
    from scipy.io import savemat

    if labels.dtype.kind == "b":
        raise UnsupportedError(
            "scipy cannot write bool as MATLAB's logical: write labels.astype(np.uint8)"
        )
    yxz = np.transpose(labels, np.argsort(_ZYX_FROM_MATLAB[labels.ndim]))
    with atomic_file(path) as temporary, temporary.open("wb") as file:
        savemat(file, {DATASET: yxz}, do_compression=True)


def _rewound(function: Callable[..., Any], file: IO[bytes], **options: Any) -> Any:
    file.seek(0)
    return function(file, **options)


def _stacked(ground_truth: npt.NDArray[Any]) -> npt.NDArray[Any]:
    return np.stack([cell["Segmentation"][0, 0] for cell in ground_truth.ravel()])
