"""Damaged files: always an error of ours or of the operating system, with the path in it."""

import numpy as np
import pytest

import segpresso.io as sio
from segpresso.errors import CorruptError, LimitError, SegpressoError, TruncatedError

NAMES = [
    "cells.npy",
    "cells.npy.gz",
    "cells.npy.xz",
    "cells.npz",
    "cells.h5",
    "cells.nrrd",
    "cells.nhdr",
    "cells.nii",
    "cells.nii.gz",
    "cells.tif",
    "cells.mat",
    "cells.png",
    "cells.zarr.zip",
]


@pytest.fixture(params=NAMES)
def file(request, tmp_path):
    labels = np.random.default_rng(1).integers(0, 200, (6, 20, 20)).astype(np.uint8)
    path = tmp_path / request.param
    sio.write(path, labels[0] if path.suffix == ".png" else labels)
    return path


def test_missing_files_are_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"absent\.h5"):
        sio.read(tmp_path / "absent.h5")


def test_empty_files_are_named(file):
    file.write_bytes(b"")
    with pytest.raises(TruncatedError, match=rf"{file.name}: the file is empty"):
        sio.read(file)


def test_rubbish_is_corrupt(file):
    file.write_bytes(b"This is no label volume. " * 30)
    with pytest.raises(SegpressoError, match=file.name):
        sio.read(file)


@pytest.mark.parametrize("fraction", [0.02, 0.3, 0.6, 0.9])
def test_cut_files_are_errors(file, fraction):
    whole = file.read_bytes()
    file.write_bytes(whole[: int(len(whole) * fraction)])
    with pytest.raises(SegpressoError, match=file.name):
        sio.read(file)


@pytest.mark.parametrize("name", ["cells.npy.gz", "cells.npy.xz", "cells.nii.gz"])
def test_cut_streams_are_called_truncated(tmp_path, name):
    path = tmp_path / name
    sio.write(path, np.random.default_rng(1).integers(0, 200, (6, 20, 20)).astype(np.uint8))
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(TruncatedError, match=name):
        sio.read(path)


@pytest.mark.parametrize("name", ["cells.npy.gz", "cells.npy.xz"])
@pytest.mark.parametrize("cut", [1, 4, 8, 12])
def test_files_cut_within_their_checksums_are_truncated(tmp_path, name, cut):
    path = tmp_path / name
    sio.write(path, np.zeros((6, 20, 20), np.uint8))
    path.write_bytes(path.read_bytes()[:-cut])
    with pytest.raises(TruncatedError, match=name):
        sio.read(path)


def test_flipped_bytes_never_escape_as_a_library_error(file):
    whole = bytearray(file.read_bytes())
    rng = np.random.default_rng(2)
    for _ in range(40):
        damaged = whole.copy()
        for place in rng.integers(0, min(len(whole), 400), 3):
            damaged[place] ^= int(rng.integers(1, 256))
        file.write_bytes(damaged)
        try:
            sio.read(file)
        except (SegpressoError, OSError) as error:
            assert str(file.parent) in str(error)


def test_a_missing_data_file_of_a_detached_header_is_named(tmp_path, cells):
    sio.write(tmp_path / "cells.nhdr", cells)
    (tmp_path / "cells.raw.gz").unlink()
    with pytest.raises(FileNotFoundError, match=r"cells\.raw\.gz"):
        sio.read(tmp_path / "cells.nhdr")


def test_a_header_that_asks_for_more_memory_than_there_is_is_a_limit(tmp_path):
    with (tmp_path / "huge.npy").open("wb") as file:
        np.lib.format.write_array_header_1_0(
            file, {"descr": "<u8", "fortran_order": False, "shape": (1 << 20, 1 << 20, 1 << 10)}
        )
    with pytest.raises(LimitError, match=r"huge\.npy"):
        sio.read(tmp_path / "huge.npy")


def test_pickled_arrays_are_never_loaded(tmp_path):
    np.save(tmp_path / "evil.npy", np.array([[{}]], dtype=object))
    with pytest.raises(CorruptError, match=r"evil\.npy"):
        sio.read(tmp_path / "evil.npy")


def test_unknown_suffixes_list_the_known_ones(tmp_path, cells, fake_codecs):
    (tmp_path / "cells.docx").write_bytes(b"text")
    for attempt in (
        lambda: sio.read(tmp_path / "cells.docx"),
        lambda: sio.write(tmp_path / "cells.docx", cells),
    ):
        with pytest.raises(SegpressoError, match=r"'\.docx'; known are .*\.nii\.gz .*\.cpso"):
            attempt()


def test_a_folder_of_something_else_says_what_could_be_in_it(tmp_path):
    (tmp_path / "notes.txt").write_text("text")
    with pytest.raises(SegpressoError, match="neither Zarr, precomputed nor"):
        sio.read(tmp_path)


def test_a_missing_library_is_named_with_the_command_that_installs_it(tmp_path, cells, monkeypatch):
    import sys

    for name, library, extra in [("a.h5", "h5py", "io"), ("a.zarr", "zarr", "zarr")]:
        monkeypatch.setitem(sys.modules, library, None)
        with pytest.raises(sio.MissingExtraError, match=rf"{library} .*segpresso\[{extra}\]") as e:
            sio.write(tmp_path / name, cells)
        assert isinstance(e.value, ImportError)
        assert isinstance(e.value, SegpressoError)
