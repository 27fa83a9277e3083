"""Files with several arrays: the one that can only be meant, or a list to choose from."""

import numpy as np
import pytest

import segpresso.io as sio
from segpresso.errors import InvalidArgumentError, UnsupportedError


def write_h5(path, arrays):
    import h5py

    with h5py.File(path / "a.h5", "w") as file:
        for name, array in arrays.items():
            file[name] = array
    return path / "a.h5"


def write_zarr(path, arrays):
    import zarr

    group = zarr.open_group(path / "a.zarr", mode="w")
    for name, array in arrays.items():
        group.create_array(name, shape=array.shape, dtype=array.dtype)[...] = array
    return path / "a.zarr"


def write_npz(path, arrays):
    np.savez(path / "a.npz", **arrays)
    return path / "a.npz"


def write_mat(path, arrays):
    from scipy.io import savemat

    savemat(path / "a.mat", {name: np.moveaxis(a, 0, -1) for name, a in arrays.items()})
    return path / "a.mat"


WRITERS = [write_h5, write_zarr, write_npz, write_mat]
SHAPE = (2, 3, 4)
LABELS = np.full(SHAPE, 1, np.uint16)
OTHER = np.full(SHAPE, 2, np.uint32)
IMAGE = np.full(SHAPE, 0.5, np.float32)


@pytest.mark.parametrize("write", WRITERS)
class TestEveryFormat:
    def test_the_only_integer_array_is_read(self, tmp_path, write):
        path = write(tmp_path, {"image": IMAGE, "cells": LABELS})
        assert (sio.read(path) == LABELS).all()

    def test_a_well_known_name_is_preferred(self, tmp_path, write):
        path = write(tmp_path, {"other": OTHER, "main": LABELS})
        assert (sio.read(path) == LABELS).all()

    def test_the_name_of_the_user_decides(self, tmp_path, write):
        path = write(tmp_path, {"other": OTHER, "main": LABELS})
        assert (sio.read(path, dataset="other") == OTHER).all()

    def test_otherwise_the_candidates_are_listed(self, tmp_path, write):
        path = write(tmp_path, {"a": LABELS, "b": OTHER})
        with pytest.raises(InvalidArgumentError, match=r"'a' \(\w+ uint16\), 'b' \(\w+ uint32\)"):
            sio.read(path)

    def test_a_wrong_name_lists_what_there_is(self, tmp_path, write):
        path = write(tmp_path, {"a": LABELS})
        with pytest.raises(InvalidArgumentError, match=r"no dataset 'b'; there is 'a'"):
            sio.read(path, dataset="b")

    def test_floating_point_arrays_count_if_there_is_nothing_else(self, tmp_path, write):
        path = write(tmp_path, {"cells": LABELS.astype(np.float64)})
        assert sio.read(path).dtype == np.uint8


@pytest.mark.parametrize("write", [write_h5, write_zarr])
def test_a_file_without_arrays_says_so(tmp_path, write):
    with pytest.raises(UnsupportedError, match="no array that could be labels; there is nothing"):
        sio.read(write(tmp_path, {}))


@pytest.mark.parametrize("write", [write_h5, write_zarr])
def test_groups_are_searched_and_cremi_labels_found(tmp_path, write):
    path = write(
        tmp_path,
        {"volumes/raw": OTHER, "volumes/labels/neuron_ids": LABELS, "volumes/labels/clefts": OTHER},
    )
    assert (sio.read(path) == LABELS).all()
    assert (sio.read(path, dataset="/volumes/labels/clefts") == OTHER).all()


def test_links_in_hdf5_can_be_named(tmp_path):
    import h5py

    path = write_h5(tmp_path, {"a": LABELS, "b": OTHER})
    with h5py.File(path, "a") as file:
        file["link"] = h5py.SoftLink("/b")
    assert (sio.read(path, dataset="link") == OTHER).all()


@pytest.mark.parametrize("wrap", [lambda m: m, lambda m: {"ome": m}], ids=["0.4", "0.5"])
def test_the_finest_level_of_a_pyramid_is_read(tmp_path, wrap):
    import zarr

    path = write_zarr(tmp_path, {"0": LABELS, "1": OTHER})
    zarr.open_group(path, mode="a").attrs.update(
        wrap({"multiscales": [{"datasets": [{"path": "0"}, {"path": "1"}]}]})
    )
    assert (sio.read(path) == LABELS).all()
    assert (sio.read(path, dataset="1") == OTHER).all()


def test_tiff_series_are_numbered(tmp_path):
    import tifffile

    with tifffile.TiffWriter(tmp_path / "a.tif") as file:
        file.write(LABELS, photometric="minisblack")
        file.write(OTHER[:, :2], photometric="minisblack")
    with pytest.raises(InvalidArgumentError, match=r"several series.*0 .*1 "):
        sio.read(tmp_path / "a.tif")
    assert (sio.read(tmp_path / "a.tif", dataset="1") == 2).all()
    with pytest.raises(InvalidArgumentError, match="no series '2'"):
        sio.read(tmp_path / "a.tif", dataset="2")


@pytest.mark.parametrize("name", ["a.npy", "a.nrrd", "a.nii", "slices/"])
def test_naming_a_dataset_where_there_are_none_is_an_error(tmp_path, name):
    sio.write(f"{tmp_path}/{name}", LABELS)
    with pytest.raises(InvalidArgumentError, match="no datasets"):
        sio.read(tmp_path / name, dataset="main")
