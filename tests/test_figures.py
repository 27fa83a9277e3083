"""Pictures: colours, boundary maps and windows against naive definitions, and the PNG."""

import sys
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segpresso.errors import InvalidArgumentError
from segpresso.examples import neuropil
from segpresso.figures import boundary_map, colorize, frequent_windows, overview

sizes = st.integers(0, 20)


def labels_of(shape, seed, distinct=3):
    return np.random.default_rng(seed).integers(0, distinct, shape)


def naive_boundary_map(labels):
    ny, nx = labels.shape
    boundary = np.zeros((ny, nx), bool)
    for y in range(ny):
        for x in range(nx):
            right = x + 1 < nx and labels[y, x] != labels[y, x + 1]
            below = y + 1 < ny and labels[y, x] != labels[y + 1, x]
            boundary[y, x] = right or below
    return boundary


def naive_windows(labels, height, width):
    counts = Counter()
    for labels_2d in labels:
        boundary = naive_boundary_map(labels_2d)
        for y in range(0, boundary.shape[0], height):
            for x in range(0, boundary.shape[1], width):
                window = np.zeros((height, width), bool)
                part = boundary[y : y + height, x : x + width]
                window[: part.shape[0], : part.shape[1]] = part
                counts[window.tobytes()] += 1
    return counts


@given(sizes, sizes, st.integers(0, 99))
def test_boundary_map_is_the_naive_one(ny, nx, seed):
    labels = labels_of((ny, nx), seed)
    assert (boundary_map(labels) == naive_boundary_map(labels)).all()


@settings(deadline=None)
@given(
    st.tuples(st.integers(1, 4), st.integers(1, 20), st.integers(1, 20)),
    st.sampled_from([(8, 8), (1, 1), (3, 5), (1, 64), (64, 1)]),
    st.integers(0, 99),
)
def test_frequent_windows_are_the_naive_ones(shape, window, seed):
    labels = labels_of(shape, seed, distinct=2)
    expected = naive_windows(labels, *window)
    found = frequent_windows(labels, window, count=10**6)
    counts = np.rint(found.shares * expected.total()).astype(int)
    assert {p.tobytes(): n for p, n in zip(found.patterns, counts, strict=True)} == expected
    assert found.distinct == len(expected)
    assert (np.diff(found.shares) <= 0).all()


def test_most_frequent_windows_come_first_and_count_limits_them():
    found = frequent_windows(neuropil((4, 128, 128)), count=5)
    assert found.patterns.shape == (5, 8, 8)
    assert found.shares.shape == (5,)
    assert not found.patterns[0].any()
    assert found.distinct > 5


@pytest.mark.parametrize("window", [(0, 8), (8, 0), (8, 9), (-8, -8)])
def test_impossible_windows_are_refused(window):
    with pytest.raises(InvalidArgumentError, match="window"):
        frequent_windows(np.zeros((1, 8, 8), int), window)


def test_negative_count_is_refused():
    with pytest.raises(InvalidArgumentError, match="count"):
        frequent_windows(np.zeros((1, 8, 8), int), count=-1)


@pytest.mark.parametrize("dtype", ["bool", "u1", "i1", "u2", "i4", "u8", "i8", ">u4"])
def test_a_label_has_one_colour_whatever_its_type(dtype):
    labels = np.array([[0, 1], [1, 0]], dtype)
    assert (colorize(labels) == colorize([[0, 1], [1, 0]])).all()


def test_a_label_keeps_its_colour_from_slice_to_slice():
    a = colorize(np.array([[5, 2**64 - 1]], np.uint64))
    b = colorize(np.array([[2**64 - 1, 9], [5, 7]], np.uint64))
    assert (a[0, 0] == b[1, 0]).all()
    assert (a[0, 1] == b[0, 0]).all()


def test_colours_differ_by_label_and_by_seed():
    labels = np.arange(1, 101).reshape(10, 10)
    assert len(np.unique(colorize(labels).reshape(-1, 3), axis=0)) > 95
    assert (colorize(labels) != colorize(labels, seed=1)).any(axis=2).mean() > 0.95


def test_background_is_darker_than_any_segment():
    image = colorize(np.arange(1000).reshape(10, 100)).astype(int)
    assert image[0, 0].max() < 40
    assert image.max(axis=2).reshape(-1)[1:].min() > 90


def test_empty_slices_have_empty_pictures():
    assert colorize(np.zeros((0, 3), int)).shape == (0, 3, 3)
    assert boundary_map(np.zeros((3, 0), int)).shape == (3, 0)


@pytest.mark.parametrize("function", [colorize, boundary_map])
@pytest.mark.parametrize("labels", [np.zeros(3, int), np.zeros((1, 2, 2), int), np.zeros((2, 2))])
def test_what_is_not_a_slice_of_labels_is_refused(function, labels):
    with pytest.raises(InvalidArgumentError, match="labels"):
        function(labels)


@pytest.mark.parametrize(
    "shape", [(1, 1, 1), (1, 1, 700), (3, 700, 1), (1, 64, 64), (5, 7, 9), (2, 600, 900)]
)
def test_overview_writes_a_png_of_any_volume(tmp_path, shape):
    path = tmp_path / "overview.png"
    overview(neuropil(shape), path=path, title="a title with $ and _")
    data = path.read_bytes()
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    assert int.from_bytes(data[16:20], "big") == 1600
    assert len(data) > 5000
    assert list(tmp_path.iterdir()) == [path]


def test_overview_shows_the_slice_asked_for(tmp_path):
    labels = neuropil((3, 32, 32))
    for index in (0, 2, -1):
        overview(labels, path=tmp_path / f"{index}.png", slice_index=index)
    assert (tmp_path / "2.png").read_bytes() == (tmp_path / "-1.png").read_bytes()
    assert (tmp_path / "2.png").read_bytes() != (tmp_path / "0.png").read_bytes()


@pytest.mark.parametrize("index", [3, -4])
def test_overview_refuses_a_slice_that_is_not_there(tmp_path, index):
    with pytest.raises(InvalidArgumentError, match="slice"):
        overview(np.zeros((3, 4, 4), int), path=tmp_path / "a.png", slice_index=index)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("shape", [(0, 4, 4), (4, 0, 4), (4, 4, 0), (4, 4)])
def test_overview_refuses_what_is_not_a_volume(tmp_path, shape):
    with pytest.raises(InvalidArgumentError, match="labels"):
        overview(np.zeros(shape, int), path=tmp_path / "a.png")
    assert not list(tmp_path.iterdir())


def test_failed_writing_leaves_the_old_picture_and_nothing_else(tmp_path, monkeypatch):
    path = tmp_path / "a.png"
    path.write_bytes(b"old")

    def fail(canvas, file):
        file.write(b"half a picture")
        raise OSError("disk full")

    monkeypatch.setattr("matplotlib.backends.backend_agg.FigureCanvasAgg.print_png", fail)
    with pytest.raises(OSError, match="disk full"):
        overview(np.zeros((1, 4, 4), int), path=path)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_without_matplotlib_the_error_tells_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(ImportError, match=r"pip install 'segpresso\[experiments\]'"):
        overview(np.zeros((1, 4, 4), int), path=tmp_path / "a.png")
    assert not list(tmp_path.iterdir())
