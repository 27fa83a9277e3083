"""Zarr stores, versions 2 and 3, as folders or .zarr.zip, through zarr-python."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from operator import itemgetter
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from segpresso.io._choose import Candidate, choose
from segpresso.io._labels import LabelArray
from segpresso.io.atomic import atomic_file, atomic_folder


def read_zarr(path: Path, dataset: str | None = None) -> npt.NDArray[Any]:
    """Read an array, or the one of a group that is named by `dataset` or can only be meant.

    Of an OME-Zarr pyramid that is the finest level.
    """
    import zarr

    with _store(path, "r") as store:
        node = zarr.open(store, mode="r")
        if isinstance(node, zarr.Group):
            node = node[_choose(node, dataset)]
        elif dataset is not None:
            choose({}, dataset)  # raises: an array has no datasets
        array: npt.NDArray[Any] = np.asarray(node[...])
        return array


def write_zarr(path: Path, labels: LabelArray) -> None:
    """Write a version 3 store whose root is the array; an existing store is not replaced."""
    is_zip = path.suffix.lower() == ".zip"
    with (atomic_file if is_zip else atomic_folder)(path) as temporary:
        _write(temporary, labels)


def _write(path: Path, labels: LabelArray) -> None:
    import zarr

    with _store(path, "w") as store:
        array = zarr.create_array(store, shape=labels.shape, dtype=labels.dtype)
        array[...] = labels


@contextmanager
def _store(path: Path, mode: str) -> Iterator[Any]:
    import zarr

    if path.suffix.lower() == ".zip":
        store = zarr.storage.ZipStore(path, mode=mode)
    else:
        store = zarr.storage.LocalStore(path, read_only=mode == "r")
    try:
        yield store
    finally:
        store.close()


def _choose(group: Any, dataset: str | None) -> str:
    import zarr

    arrays = {
        name: Candidate(member.shape, np.dtype(member.dtype))
        for name, member in sorted(group.members(max_depth=None), key=itemgetter(0))
        if isinstance(member, zarr.Array)
    }
    finest = _finest_level(group.attrs)
    if dataset is None and finest in arrays:
        return finest
    return choose(arrays, dataset)


def _finest_level(attributes: Any) -> str:
    """Path of the first level, which OME-Zarr requires to be the finest; empty if none."""
    image = attributes.get("ome", attributes)
    try:
        return str(image["multiscales"][0]["datasets"][0]["path"])
    except (KeyError, IndexError, TypeError):
        return ""
