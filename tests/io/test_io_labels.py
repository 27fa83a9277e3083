"""What is a label volume and what is not."""

import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis.extra import numpy as hnp

import segpresso.io as sio
from segpresso.errors import UnsupportedError
from segpresso.io._labels import as_labels


@pytest.mark.parametrize(
    ("values", "dtype"),
    [
        ([0, 255], np.uint8),
        ([0, 256], np.uint16),
        ([0, 70_000], np.uint32),
        ([0, 2**40], np.uint64),
        ([-1, 127], np.int8),
        ([-1, 128], np.int16),
        ([-(2**31), 0], np.int32),
        ([-1, 2**40], np.int64),
    ],
)
def test_whole_floating_point_numbers_become_the_smallest_integers(values, dtype):
    labels = as_labels(np.array([values], np.float64))
    assert labels.dtype == dtype
    assert labels.tolist() == [values]


@given(hnp.arrays(np.uint16, hnp.array_shapes(min_dims=2, max_dims=4)))
def test_labels_kept_as_floating_point_come_back(labels):
    for layout in (np.asarray, np.asfortranarray, lambda a: np.repeat(a, 2, axis=-1)[..., ::2]):
        np.testing.assert_array_equal(as_labels(layout(labels.astype(np.float32))), labels)


@pytest.mark.parametrize("bad", [0.5, np.nan, np.inf, -np.inf, 1e30])
def test_other_floating_point_numbers_are_an_image(bad, tmp_path):
    image = np.zeros((4, 4))
    image[2, 3] = bad
    np.save(tmp_path / "image.npy", image)
    with pytest.raises(UnsupportedError, match=r"image\.npy.*(looks like an image|64-bit)"):
        sio.read(tmp_path / "image.npy")


@pytest.mark.parametrize(
    "array",
    [
        np.zeros((3, 3), complex),
        np.full((3, 3), "a"),
        np.zeros((3, 3), [("r", "u1"), ("g", "u1"), ("b", "u1")]),
        np.zeros(7, np.uint8),
        np.zeros((2, 2, 2, 2, 2), np.uint8),
    ],
    ids=["complex", "text", "records", "1 axis", "5 axes"],
)
def test_other_arrays_are_refused(tmp_path, array):
    np.save(tmp_path / "a.npy", array)
    with pytest.raises(UnsupportedError, match=r"a\.npy"):
        sio.read(tmp_path / "a.npy")
    with pytest.raises(UnsupportedError):
        sio.write(tmp_path / "b.npy", array)


def test_leading_axes_of_length_one_are_dropped():
    assert as_labels(np.zeros((1, 1, 3, 4, 5), np.uint8)).shape == (1, 3, 4, 5)


def test_big_endian_files_come_back_native(tmp_path):
    np.save(tmp_path / "a.npy", np.array([[1, 2]], ">u4"))
    read = sio.read(tmp_path / "a.npy")
    assert read.dtype.isnative
    assert read.tolist() == [[1, 2]]


NOISE = np.random.default_rng(0).integers(0, 2**32, (50, 50, 50), dtype=np.uint32)


@pytest.mark.parametrize("layout", [np.asarray, np.asfortranarray, lambda a: a[:, :, ::-1]])
def test_noise_is_readable_with_a_warning(layout):
    with pytest.warns(sio.ImageLikeWarning, match="looks like an image"):
        labels = as_labels(layout(NOISE))
    assert labels.shape == NOISE.shape


def test_the_warning_names_the_line_that_reads(tmp_path):
    np.save(tmp_path / "noise.npy", NOISE)
    with pytest.warns(sio.ImageLikeWarning) as caught:
        sio.read(tmp_path / "noise.npy")
    assert caught[0].filename == __file__


@pytest.mark.parametrize(
    "labels",
    [
        NOISE[:20],  # too small to judge
        NOISE % 1000 * 1_000_000,  # noise of few labels, widely spread
        NOISE.astype(np.uint8),
        np.repeat(NOISE, 20, axis=2),  # many labels, but objects
    ],
    ids=["small", "few labels", "8 bits", "objects"],
)
def test_what_can_be_labels_causes_no_warning(labels):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert as_labels(labels) is labels


def rgb_png(path):
    from PIL import Image

    Image.fromarray(np.zeros((4, 5, 3), np.uint8)).save(path / "rgb.png")


def rgb_tiff(path):
    import tifffile

    tifffile.imwrite(path / "rgb.tif", np.zeros((4, 5, 3), np.uint8), photometric="rgb")


def planar_rgb_tiff(path):
    import tifffile

    image = np.zeros((3, 4, 5), np.uint8)
    tifffile.imwrite(path / "rgb.tif", image, photometric="rgb", planarconfig="separate")


def rgb_nrrd(path):
    import nrrd

    header = {"kinds": ["RGB-color", "domain", "domain"]}
    nrrd.write(str(path / "rgb.nrrd"), np.zeros((3, 4, 5), np.uint8), header)


def rgb_nifti(path):
    import nibabel

    image = np.zeros((4, 5, 6), [("R", "u1"), ("G", "u1"), ("B", "u1")])
    nibabel.Nifti1Image(image, np.eye(4)).to_filename(path / "rgb.nii")


def grey_with_alpha(path):
    from PIL import Image

    Image.new("LA", (4, 5)).save(path / "alpha.png")


@pytest.mark.parametrize(
    "make", [rgb_png, rgb_tiff, planar_rgb_tiff, rgb_nrrd, rgb_nifti, grey_with_alpha]
)
def test_colour_images_are_refused(tmp_path, make):
    make(tmp_path)
    (file,) = tmp_path.iterdir()
    with pytest.raises(UnsupportedError, match=rf"{file.name}.*(colour|not labels)"):
        sio.read(file)
