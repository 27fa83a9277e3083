"""The paper's data sets are found in every layout, and say where to get them if they are not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import h5py
import numpy as np
import numpy.typing as npt
import pytest
import scipy.io
from PIL import Image

import segpresso
from segpresso import experiments
from segpresso.errors import SegpressoError
from tests.data import DATA, needs_data

LABELS = np.arange(2 * 12 * 15, dtype=np.uint16).reshape(2, 12, 15) // 40

#: Where a data set's volumes are in the data folder of the tests, and what is special about them.
AT_HAND = {
    "ac4": (1, "ground truth"),
    "cremi_b": (1, "a crop"),
    "spl_brain": (1, ""),
    "spl_knee": (1, ""),
    "spl_abdominal": (1, ""),
    "bsd500": (1, "one volume"),
    "voc2012": (1, "one volume"),
}


def parts_of(name: str, folder: Path) -> list[experiments.Part]:
    _, layout, where = experiments.get_dataset(name, folder)
    return list(layout.parts(where))


def save_hdf5(path: Path, key: str, labels: npt.NDArray[Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with h5py.File(path, "w") as file:
        file[key] = labels


def test_the_papers_eleven_are_there() -> None:
    names = [data.name for data in experiments.datasets()]
    assert len(names) == len(set(names)) == 11
    groups = [data.connectomics for data in experiments.datasets()]
    assert groups == 6 * [True] + 5 * [False]


@pytest.mark.parametrize(
    ("name", "path", "key"),
    [
        ("ac3", "ac3/rhoana/ac3_rhoana.h5", "main"),
        ("AC4", "ac4/gold/ac4_gold.h5", "main"),
        ("L. Cylinder", "l_cylinder.h5", "main"),
        ("cremi_a", "sample_A_20160501.hdf", "volumes/labels/neuron_ids"),
        ("spl_brain", "MRI/spl_brain.h5", "main"),
    ],
)
def test_hdf5_layouts(tmp_path: Path, name: str, path: str, key: str) -> None:
    save_hdf5(tmp_path / path, key, LABELS)
    (part,) = parts_of(name, tmp_path)
    assert part.name == path
    np.testing.assert_array_equal(part.labels, LABELS)


def test_atlases_as_distributed(tmp_path: Path) -> None:
    folder = tmp_path / "spl-knee-atlas" / "Data"
    folder.mkdir(parents=True)
    segpresso.write(folder / "seg.nrrd", LABELS)
    (part,) = parts_of("spl_knee", tmp_path)
    np.testing.assert_array_equal(part.labels, LABELS)


def test_bsd500_as_distributed(tmp_path: Path) -> None:
    for number, shape in enumerate([(20, 30), (30, 20)]):
        folder = tmp_path / "BSDS500" / "data" / "groundTruth" / ("train", "test")[number]
        folder.mkdir(parents=True)
        cells = np.empty((1, 2), object)
        for annotator in range(2):
            labels = np.full(shape, 1 + annotator, np.uint16)
            cells[0, annotator] = {"Segmentation": labels}
        scipy.io.savemat(folder / f"{number}.mat", {"groundTruth": cells})
    parts = parts_of("bsd500", tmp_path)
    assert [part.labels.shape for part in parts] == [(2, 30, 20), (2, 20, 30)]
    assert parts[0].labels[:, 0, 0].tolist() == [1, 2]
    segpresso.write(tmp_path / "bsd500_stack.npy.xz", LABELS)
    assert [part.name for part in parts_of("bsd500", tmp_path)] == ["bsd500_stack.npy.xz"]
    assert len(parts_of("BSDS500/data/groundTruth", tmp_path)) == 2


def test_voc2012_as_distributed(tmp_path: Path) -> None:
    folder = tmp_path / "VOCdevkit" / "VOC2012" / "SegmentationClass"
    folder.mkdir(parents=True)
    for number, shape in enumerate([(6, 9), (7, 4)]):
        image = Image.fromarray(np.full(shape, 250 + number, np.uint8), "P")
        image.putpalette([channel for colour in range(256) for channel in (colour, 0, 0)])
        image.save(folder / f"2007_{number}.png")
    parts = parts_of("voc2012", tmp_path)
    assert [part.labels.shape for part in parts] == [(1, 6, 9), (1, 7, 4)]
    assert [int(part.labels.max()) for part in parts] == [250, 251]
    segpresso.write(tmp_path / "voc2012_class_stack12x15.npy.xz", LABELS)
    assert len(parts_of("voc2012", tmp_path)) == 1
    assert len(parts_of("VOCdevkit/VOC2012/SegmentationClass", tmp_path)) == 2


def test_all_arrays_of_an_hdf5_file_are_volumes(tmp_path: Path) -> None:
    save_hdf5(tmp_path / "voc2012_segclass.h5", "2007_1", LABELS[0])
    with h5py.File(tmp_path / "voc2012_segclass.h5", "a") as file:
        file["group/2007_2"] = LABELS[0, :5].astype(np.int32)
    parts = parts_of("voc2012", tmp_path)
    assert [part.name for part in parts] == [
        "voc2012_segclass.h5:2007_1",
        "voc2012_segclass.h5:group/2007_2",
    ]
    assert [part.labels.shape for part in parts] == [(1, 12, 15), (1, 5, 15)]
    assert parts[1].labels.dtype == np.uint32


@pytest.mark.parametrize("name", ["brain.npy.xz", "brain", "{folder}/brain.npy.xz"])
def test_any_volume_by_name_or_path(tmp_path: Path, name: str) -> None:
    segpresso.write(tmp_path / "brain.npy.xz", LABELS)
    data, layout, where = experiments.get_dataset(name.format(folder=tmp_path), tmp_path)
    assert (data.name, data.title, where) == ("brain.npy.xz", "brain", tmp_path)
    (part,) = layout.parts(where)
    np.testing.assert_array_equal(part.labels, LABELS)


def test_what_was_found_is_found_again_by_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_hdf5(tmp_path / "ac4" / "cells.h5", "a", LABELS)
    segpresso.write(tmp_path / "ac4" / "b.npy", LABELS)
    monkeypatch.chdir(tmp_path)
    for name, files in (("./ac4", 2), ("ac4/cells.h5:a", 1), ("ac4/cells.h5:*", 1), ("ac4/b", 1)):
        data, layout, where = experiments.get_dataset(name)
        monkeypatch.chdir("/")
        again = experiments.get_dataset(data.name, where)
        assert again == (data, layout, where)
        assert len(layout.files(where)) == files
        monkeypatch.chdir(tmp_path)


def test_the_state_changes_with_the_files(tmp_path: Path) -> None:
    segpresso.write(tmp_path / "mine.zarr", LABELS)
    (tmp_path / "slices").mkdir()
    segpresso.write(tmp_path / "slices" / "1.npy", LABELS)
    for name, changed in (("mine.zarr", "zarr.json"), ("slices", "1.npy")):
        _, layout, where = experiments.get_dataset(name, tmp_path)
        before = layout.state(where)
        assert layout.state(where) == before
        (path,) = (tmp_path / name).glob(f"**/{changed}")
        path.touch()
        assert layout.state(where) != before


def test_one_of_several_arrays_or_all_of_them(tmp_path: Path) -> None:
    save_hdf5(tmp_path / "cells.h5", "a", LABELS)
    with h5py.File(tmp_path / "cells.h5", "a") as file:
        file["group/b"] = LABELS[:1]
    (part,) = parts_of("cells.h5:group/b", tmp_path)
    np.testing.assert_array_equal(part.labels, LABELS[:1])
    assert [len(part.labels) for part in parts_of("cells.h5:*", tmp_path)] == [2, 1]
    assert experiments.get_dataset("cells.h5:a", tmp_path)[0].title == "cells:a"
    with pytest.raises(SegpressoError, match=r"FILE:ARRAY: 'a' .*, 'group/b'"):
        parts_of("cells", tmp_path)
    with pytest.raises(SegpressoError, match="no dataset 'c'"):
        parts_of("cells.h5:c", tmp_path)


def test_a_file_of_the_papers_data_is_read_as_such(tmp_path: Path) -> None:
    save_hdf5(tmp_path / "voc2012_segclass.h5", "2007_1", LABELS[0])
    with h5py.File(tmp_path / "voc2012_segclass.h5", "a") as file:
        file["2007_2"] = LABELS[0, :5]
    segpresso.write(tmp_path / "voc2012_class_stack12x15.npy.xz", LABELS)
    assert len(parts_of("voc2012", tmp_path)) == 1  # the stack is looked for first
    assert len(parts_of("voc2012_class_stack12x15", tmp_path)) == 1
    for name in ("voc2012_segclass.h5", str(tmp_path / "voc2012_segclass.h5"), "voc2012_segclass"):
        data, layout, where = experiments.get_dataset(name, tmp_path)
        assert (data.name, data.title) == ("voc2012_segclass.h5", "PASCAL VOC 2012")
        assert data.paper == {("COMPRESSO", "LZMA"): 2217.0}
        assert [part.labels.shape for part in layout.parts(where)] == [(1, 12, 15), (1, 5, 15)]


def test_the_volumes_of_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "mine [1]"
    (folder / "more" / "slices").mkdir(parents=True)
    (folder / "pictures").mkdir()
    segpresso.write(folder / "a.nrrd", LABELS)
    segpresso.write(folder / "b.cpso.xz", LABELS[:, :, :7])
    segpresso.write(folder / "c.zarr", LABELS[:, :5])
    segpresso.write(folder / "d.precomputed", LABELS[:, :4])
    segpresso.write(folder / "more" / "e.npy.gz", LABELS.astype(np.int32))
    segpresso.write(folder / "more" / "slices", LABELS[:, :3])
    segpresso.write(folder / "pictures" / "1.png", LABELS[0])
    segpresso.write(folder / "pictures" / "2.png", LABELS[0, :6])
    (folder / "readme.txt").write_text("not a volume")
    (folder / ".hidden.npy").write_text("not a volume")
    parts = parts_of("mine [1]", tmp_path)
    assert {part.name.removeprefix("mine [1]/"): part.labels.shape for part in parts} == {
        "a.nrrd": (2, 12, 15),
        "b.cpso.xz": (2, 12, 7),
        "c.zarr": (2, 5, 15),
        "d.precomputed": (2, 4, 15),
        "more/e.npy.gz": (2, 12, 15),
        "more/slices": (2, 3, 15),
        "pictures/1.png": (1, 12, 15),
        "pictures/2.png": (1, 6, 15),
    }
    monkeypatch.chdir(folder)
    for name in (".", str(folder), f"{folder}/more/.."):
        data, layout, where = experiments.get_dataset(name, "/nowhere")
        assert data.name == "mine [1]"
        assert len(layout.files(where)) == 8


def test_png_files_beside_other_volumes_are_volumes(tmp_path: Path) -> None:
    segpresso.write(tmp_path / "slices", LABELS)
    assert [part.labels.shape for part in parts_of("slices", tmp_path)] == [(2, 12, 15)]
    segpresso.write(tmp_path / "slices" / "a.npy", LABELS)
    shapes = [part.labels.shape for part in parts_of("slices", tmp_path)]
    assert shapes == [(1, 12, 15), (1, 12, 15), (2, 12, 15)]


def test_a_folder_without_volumes_is_said(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(FileNotFoundError, match=r"no label volume is in .*empty; known are \.npy"):
        experiments.get_dataset("empty", tmp_path)


def test_what_is_missing_says_how_to_get_it(tmp_path: Path) -> None:
    for data in experiments.datasets():
        with pytest.raises(FileNotFoundError) as caught:
            experiments.get_dataset(data.name, tmp_path)
        message = str(caught.value)
        assert data.source in message
        assert str(tmp_path) in message
        assert data.layouts[0].pattern in message
    with pytest.raises(FileNotFoundError, match="neither a data set"):
        experiments.get_dataset("no_such_volume", tmp_path)


@needs_data
@pytest.mark.parametrize("name", AT_HAND)
def test_real_data_are_found(name: str) -> None:
    count, remark = AT_HAND[name]
    _, layout, where = experiments.get_dataset(name, DATA)
    assert len(layout.files(where)) == count
    assert remark in layout.remark


@needs_data
def test_images_of_varying_size_are_volumes() -> None:
    _, layout, where = experiments.get_dataset("voc2012_segclass.h5", DATA)
    shapes = [part.labels.shape for part in layout.parts(where)]
    assert len(shapes) == 2913
    assert sum(shape in ((1, 375, 500), (1, 500, 375)) for shape in shapes) == 1423


@needs_data
@pytest.mark.parametrize(
    ("name", "encoding", "ratio"), [("spl_knee", "COMPRESSO", 1553), ("ac4", "COMPRESSO", 333)]
)
def test_ratios_of_real_data(name: str, encoding: str, ratio: int) -> None:
    (part,) = parts_of(name, DATA)
    labels = part.labels.astype(np.uint64)
    stream = experiments.LZMA.compress(experiments.get_method(encoding).compress(labels))
    assert int(labels.nbytes / len(stream)) == ratio
