"""Files of other people: what they hold is known from independently made arrays."""

import numpy as np
import pytest

import segpresso.io as sio
from tests.data import DATA, needs_data

pytestmark = needs_data


@pytest.mark.parametrize(
    ("file", "array", "dtype"),
    [
        ("spl_knee.nrrd", "spl_knee", np.int16),
        ("spl_abdominal.nrrd", "spl_abdominal", np.int16),
        ("mni_aal.nii.gz", "mni_aal", np.uint8),
        ("snemi_mini_labels.tif", "snemi_mini_labels", np.uint8),
        ("stardist_mask2d.tif", "stardist_mask2d", np.uint16),
    ],
)
def test_originals_equal_the_arrays_made_from_them(file, array, dtype):
    original = sio.read(DATA / "original" / file)
    expected = sio.read(DATA / f"{array}.npy.xz")
    assert original.dtype == dtype
    assert original.flags.c_contiguous
    np.testing.assert_array_equal(original, expected[0] if original.ndim == 2 else expected)


def test_a_time_series_tiff_is_t_y_x():
    labels = sio.read(DATA / "original" / "bacteria_time.tif")
    assert (labels.shape, labels.dtype) == ((20, 727, 1026), np.uint16)


def test_hdf5_with_the_lzf_filter():
    labels = sio.read(DATA / "original" / "gala_train_gt.lzf.h5")
    assert (labels.shape, labels.dtype) == ((50, 100, 200), np.int32)
    assert len(np.unique(labels)) > 1


def test_a_bsds_file_has_its_annotators_stacked():
    labels = sio.read(DATA / "original" / "bsds500_100007.mat")
    assert (labels.shape, labels.dtype) == ((5, 321, 481), np.uint16)
    assert labels.min() == 1


def test_one_image_of_a_ragged_hdf5_file():
    labels = sio.read(DATA / "voc2012_segclass.h5", dataset="2007_000032")
    assert (labels.shape, labels.dtype) == ((281, 500), np.uint8)


def test_noise_like_labels_are_readable():
    assert sio.read(DATA / "dvid_tricky_block64.npy.xz").shape == (64, 64, 64)


def test_a_precomputed_volume_of_cloudvolume():
    labels = sio.read(DATA / "original" / "pinky40_precomputed", dataset="32_32_40")
    np.testing.assert_array_equal(labels, sio.read(DATA / "pinky40_32_32_40.npy.xz"))


@pytest.mark.parametrize("name", [".nrrd", ".nii.gz", ".tif", ".h5", ".mat", ".npz", ".zarr"])
def test_a_real_volume_goes_through_every_format(tmp_path, name):
    labels = sio.read(DATA / "ac4_crop_gt.npy.xz")
    sio.write(tmp_path / f"ac4{name}", labels)
    read = sio.read(tmp_path / f"ac4{name}")
    assert read.dtype == labels.dtype
    np.testing.assert_array_equal(read, labels)
