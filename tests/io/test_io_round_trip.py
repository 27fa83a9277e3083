"""What is written is what is read: same labels, same type, same shape, or a clear refusal."""

import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import segpresso.io as sio
from segpresso.errors import UnsupportedError

UNSIGNED = ["uint8", "uint16", "uint32", "uint64"]
INTEGERS = [*UNSIGNED, "int8", "int16", "int32", "int64"]
ALL = ["bool", *INTEGERS]
#: What each format holds.
DTYPES = {
    "cells.npy": ALL,
    "cells.npy.gz": ALL,
    "cells.npy.xz": ALL,
    "cells.npz": ALL,
    "cells.h5": ALL,
    "cells.nrrd": INTEGERS,
    "cells.nhdr": INTEGERS,
    "cells.nii": INTEGERS,
    "cells.nii.gz": INTEGERS,
    "cells.tif": ALL,
    "cells.mat": INTEGERS,
    "cells.zarr": ALL,
    "cells.zarr.zip": ALL,
    "cells.precomputed": INTEGERS,
    "slices/": ["bool", "uint8", "uint16"],
    "slice.png": ["bool", "uint8", "uint16"],
}
#: Numbers of axes; 2 to 4 where not said otherwise.
AXES = {"slices/": (3, 3), "slice.png": (2, 2), "cells.precomputed": (3, 3)}


def round_trip(name, labels):
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/{name}"
        sio.write(path, labels)
        return sio.read(path)


def assert_same(read, labels):
    assert read.dtype == labels.dtype
    assert read.dtype.isnative
    assert type(read) is np.ndarray
    assert read.shape == labels.shape
    np.testing.assert_array_equal(read, labels)


@pytest.mark.parametrize("name", DTYPES)
@given(data=st.data())
def test_every_format_restores_labels_type_and_shape(name, data):
    least, most = AXES.get(name, (2, 4))
    shape = hnp.array_shapes(min_dims=least, max_dims=most, max_side=5)
    assert_same_of = data.draw(hnp.arrays(st.sampled_from(DTYPES[name]), shape))
    assert_same(round_trip(name, assert_same_of), assert_same_of)


@pytest.mark.parametrize(
    ("name", "dtype"), [(n, d) for n in DTYPES for d in ALL if d not in DTYPES[n]]
)
def test_a_type_that_a_format_cannot_hold_is_refused_by_name(tmp_path, name, dtype):
    labels = np.ones((2,) * AXES.get(name, (3, 3))[0], dtype)
    with pytest.raises(UnsupportedError, match=f"bool|not {dtype}"):
        sio.write(f"{tmp_path}/{name}", labels)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", DTYPES)
def test_transposed_and_big_endian_arrays_are_written_as_what_they_mean(name):
    labels = np.arange(2 * 3 * 4, dtype=">u2").reshape(4, 3, 2).T
    labels = labels[0] if name == "slice.png" else labels
    if "uint16" in DTYPES[name]:
        assert_same(round_trip(name, labels), labels.astype(np.uint16))


@pytest.mark.parametrize("name", ["c.npy", "c.npz", "c.h5", "c.nrrd", "c.mat", "c.zarr"])
def test_arrays_without_voxels_survive(name):
    labels = np.zeros((0, 4, 5), np.uint16)
    assert_same(round_trip(name, labels), labels)


@pytest.mark.parametrize("name", ["c.tif", "c.nii", "slices/", "c.precomputed"])
def test_arrays_without_voxels_are_refused_where_the_format_has_no_such_thing(name):
    with pytest.raises(UnsupportedError, match="0, 4, 5"):
        round_trip(name, np.zeros((0, 4, 5), np.uint16))


@pytest.mark.parametrize("name", ["cells.npy.gz", "cells.npy.xz", "cells.npy"])
def test_equal_arrays_give_equal_files(tmp_path, cells, name):
    files = [tmp_path / folder / name for folder in "ab"]
    for file in files:
        file.parent.mkdir()
        sio.write(file, cells)
    assert files[0].read_bytes() == files[1].read_bytes()


def test_three_slices_are_not_taken_for_colours(cells):
    assert_same(round_trip("cells.tif", cells[:3]), cells[:3])


def test_x_is_the_first_axis_of_nrrd_and_nifti_files(tmp_path, cells):
    import nibabel
    import nrrd

    sio.write(tmp_path / "cells.nrrd", cells)
    sio.write(tmp_path / "cells.nii", cells)
    assert nrrd.read_header(str(tmp_path / "cells.nrrd"))["sizes"].tolist() == [7, 5, 3]
    assert nibabel.load(tmp_path / "cells.nii").shape == (7, 5, 3)


def test_transposing_does_not_copy_or_spoil_the_order_in_memory(tmp_path, cells):
    for name in ("cells.nrrd", "cells.nii", "cells.mat"):
        sio.write(tmp_path / name, cells)
        assert sio.read(tmp_path / name).flags.c_contiguous


def test_an_axis_too_long_for_nifti1_makes_nifti2():
    labels = np.zeros((1, 2, 40_000), np.uint8)
    assert_same(round_trip("long.nii.gz", labels), labels)


def test_a_matlab_volume_has_rows_columns_slices(tmp_path, cells):
    from scipy.io import loadmat

    sio.write(tmp_path / "cells.mat", cells)
    assert loadmat(tmp_path / "cells.mat")["labels"].shape == (5, 7, 3)


def test_slices_are_sorted_as_people_count(tmp_path, cells):
    for number in (0, 1, 2, 10):
        sio.write(tmp_path / f"slice{number}.png", np.full((2, 3), number, np.uint8))
    assert sio.read(tmp_path)[:, 0, 0].tolist() == [0, 1, 2, 10]


def test_slices_of_8_and_16_bits_mix(tmp_path):
    sio.write(tmp_path / "0.png", np.full((2, 3), 1, np.uint8))
    sio.write(tmp_path / "1.png", np.full((2, 3), 1000, np.uint16))
    read = sio.read(tmp_path)
    assert read.dtype == np.uint16
    assert read[:, 0, 0].tolist() == [1, 1000]


def test_slices_of_different_sizes_are_refused(tmp_path):
    sio.write(tmp_path / "0.png", np.zeros((2, 3), np.uint8))
    sio.write(tmp_path / "1.png", np.zeros((3, 2), np.uint8))
    with pytest.raises(UnsupportedError, match=r"1\.png has shape \(3, 2\)"):
        sio.read(tmp_path)


def test_palette_images_give_their_indices(tmp_path):
    from PIL import Image

    image = Image.fromarray(np.array([[0, 1], [2, 3]], np.uint8))
    image = image.convert("P")
    image.putpalette([255, 0, 0, 0, 255, 0, 0, 0, 255, 9, 9, 9])
    image.save(tmp_path / "classes.png")
    assert image.mode == "P"
    assert sio.read(tmp_path / "classes.png").tolist() == [[0, 1], [2, 3]]


def test_few_bit_grey_levels_are_not_stretched(tmp_path):
    import struct
    import zlib

    def chunk(kind, body):
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    header = struct.pack(">IIBBBBB", 4, 1, 2, 0, 0, 0, 0)  # 4 pixels of 2 bits
    (tmp_path / "grey2.png").write_bytes(
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(bytes([0, 0b00011011])))
        + chunk(b"IEND", b"")
    )
    assert sio.read(tmp_path / "grey2.png").tolist() == [[0, 1, 2, 3]]


def test_a_large_slice_is_not_mistaken_for_an_attack(tmp_path):
    from PIL import Image

    limit = Image.MAX_IMAGE_PIXELS
    Image.MAX_IMAGE_PIXELS = 10
    try:
        sio.write(tmp_path / "a.png", np.zeros((10, 10), np.uint8))
        assert sio.read(tmp_path / "a.png").shape == (10, 10)
    finally:
        Image.MAX_IMAGE_PIXELS = limit


@pytest.mark.parametrize("name", ["slices/", "slices", "existing"])
def test_paths_without_suffix_get_one_png_per_slice(tmp_path, cells, name):
    (tmp_path / "existing").mkdir()
    sio.write(f"{tmp_path}/{name}", cells)
    assert sorted(f.name for f in (tmp_path / name).iterdir()) == [
        "00000.png",
        "00001.png",
        "00002.png",
    ]


def test_a_volume_is_no_single_png(tmp_path, cells):
    with pytest.raises(UnsupportedError, match="one slice"):
        sio.write(tmp_path / "cells.png", cells)


def test_big_tiff_is_used_when_offsets_could_overflow(tmp_path, cells, monkeypatch):
    import tifffile

    import segpresso.io.tiff as tiff

    monkeypatch.setattr(tiff, "_CLASSIC_TIFF_BYTES", 10)
    sio.write(tmp_path / "cells.tif", cells)
    with tifffile.TiffFile(tmp_path / "cells.tif") as file:
        assert file.is_bigtiff
    assert_same(sio.read(tmp_path / "cells.tif"), cells)


def test_paths_may_be_strings_or_paths(tmp_path, cells):
    sio.write(str(tmp_path / "a.npy"), cells)
    assert_same(sio.read(Path(tmp_path, "a.npy")), cells)


@pytest.mark.parametrize("version", [2, 3])
def test_both_versions_of_zarr_are_read(tmp_path, cells, version):
    import zarr

    array = zarr.create_array(
        tmp_path / "cells.zarr", shape=cells.shape, dtype=cells.dtype, zarr_format=version
    )
    array[...] = cells
    assert_same(sio.read(tmp_path / "cells.zarr"), cells)


def test_matlab_version_7_3_is_read(tmp_path, cells):
    import h5py

    with h5py.File(tmp_path / "cells.mat", "w", userblock_size=512) as file:
        file["labels"] = cells.swapaxes(1, 2)  # MATLAB's (y, x, z), reversed as HDF5 has it
        file["#refs#/a"] = cells
    with (tmp_path / "cells.mat").open("r+b") as raw:
        raw.write(b"MATLAB 7.3 MAT-file".ljust(124) + b"\x00\x02IM")
    assert_same(sio.read(tmp_path / "cells.mat"), cells)


def test_matlab_logical_is_bool(tmp_path):
    pytest.importorskip("scipy")
    from scipy.io import savemat

    savemat(tmp_path / "mask.mat", {"mask": np.array([[True, False]])})
    assert sio.read(tmp_path / "mask.mat").dtype == np.bool_


def test_segmentations_of_a_bsds_file_are_stacked(tmp_path):
    from scipy.io import savemat

    cell = np.empty((1, 2), object)
    for i in range(2):
        cell[0, i] = {"Segmentation": np.full((4, 5), i + 1, np.uint16), "Boundaries": np.eye(4)}
    savemat(tmp_path / "truth.mat", {"groundTruth": cell})
    read = sio.read(tmp_path / "truth.mat")
    assert read.shape == (2, 4, 5)
    assert read[:, 0, 0].tolist() == [1, 2]
