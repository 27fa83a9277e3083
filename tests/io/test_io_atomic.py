"""Writing leaves the whole file or nothing."""

import errno
import os

import numpy as np
import pytest

import segpresso.io as sio
from segpresso.errors import UnsupportedError
from segpresso.io.atomic import atomic_file, atomic_folder

#: What each format calls at the end of its writing.
LAST_STEPS = {
    "a.npy": "numpy.lib.format.write_array",
    "a.npy.gz": "numpy.lib.format.write_array",
    "a.npz": "numpy.savez_compressed",
    "a.h5": "h5py.Group.create_dataset",
    "a.nrrd": "nrrd.writer._write_data",
    "a.nhdr": "nrrd.writer._write_data",
    "a.nii.gz": "nibabel.save",
    "a.tif": "tifffile.TiffWriter.write",
    "a.mat": "scipy.io.savemat",
    "a.zarr": "zarr.Array.__setitem__",
    "a.precomputed": "pathlib.Path.write_bytes",
    "slices/": "PIL.Image.Image.save",
}


@pytest.mark.parametrize("error", [KeyboardInterrupt(), OSError(errno.ENOSPC, "disk full")])
@pytest.mark.parametrize("name", LAST_STEPS)
def test_an_interrupted_write_leaves_nothing(tmp_path, cells, monkeypatch, name, error):
    def fail(*args, **kwargs):
        raise error

    monkeypatch.setattr(LAST_STEPS[name], fail)
    with pytest.raises(type(error)) as caught:
        sio.write(f"{tmp_path}/{name}", cells)
    assert list(tmp_path.iterdir()) == []
    if isinstance(error, OSError):
        assert name.strip("/") in str(caught.value)


def test_a_failed_write_keeps_the_old_file(tmp_path, cells, monkeypatch):
    sio.write(tmp_path / "a.npy", cells)

    def fail(*args, **kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr("numpy.lib.format.write_array", fail)
    with pytest.raises(KeyboardInterrupt):
        sio.write(tmp_path / "a.npy", cells + 1)
    monkeypatch.undo()
    np.testing.assert_array_equal(sio.read(tmp_path / "a.npy"), cells)
    assert [f.name for f in tmp_path.iterdir()] == ["a.npy"]


def test_existing_files_are_replaced(tmp_path, cells):
    sio.write(tmp_path / "a.h5", cells)
    sio.write(tmp_path / "a.h5", cells + 1)
    np.testing.assert_array_equal(sio.read(tmp_path / "a.h5"), cells + 1)


@pytest.mark.parametrize("name", ["a.zarr", "a.precomputed", "slices"])
def test_folders_that_hold_something_are_never_replaced(tmp_path, cells, name):
    (tmp_path / name).mkdir()
    (tmp_path / name / "precious").write_text("work of years")
    with pytest.raises(FileExistsError, match=name):
        sio.write(tmp_path / name, cells)
    assert [f.name for f in (tmp_path / name).iterdir()] == ["precious"]
    assert [f.name for f in tmp_path.iterdir()] == [name]


def test_a_symbolic_link_stays_one(tmp_path, cells):
    (tmp_path / "link.npy").symlink_to(tmp_path / "target.npy")
    sio.write(tmp_path / "link.npy", cells)
    assert (tmp_path / "link.npy").is_symlink()
    assert (tmp_path / "target.npy").is_file()


def test_devices_are_not_replaced():
    with pytest.raises(OSError, match="not a regular file"), atomic_file(os.devnull):
        pass


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(IsADirectoryError), atomic_file(tmp_path):
        pass


@pytest.mark.parametrize("atomic", [atomic_file, atomic_folder])
def test_a_missing_parent_folder_is_named(tmp_path, atomic):
    with pytest.raises(FileNotFoundError, match="absent"), atomic(tmp_path / "absent" / "a"):
        pass


def test_new_files_get_the_usual_permissions(tmp_path, cells):
    (tmp_path / "plain").write_text("")
    sio.write(tmp_path / "a.npy", cells)
    assert (tmp_path / "a.npy").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_long_names_work(tmp_path, cells):
    name = "x" * 240 + ".npy"
    sio.write(tmp_path / name, cells)
    assert sio.read(tmp_path / name).shape == cells.shape


def test_what_cannot_be_written_leaves_nothing(tmp_path):
    with pytest.raises(UnsupportedError):
        sio.write(tmp_path / "a.npy", np.zeros((2, 2)))
    assert list(tmp_path.iterdir()) == []
