"""Opened volumes: numpy's indexing, few reads, answers from tables."""

from __future__ import annotations

import mmap
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import segpresso
from segpresso.codecs import native
from tests.codecs.volumes import volume
from tests.native.streams import Store

LABELS = segpresso.examples.neuropil((40, 70, 60), seed=2).astype(np.int32)
LABELS[LABELS.max() == LABELS] = -1
STREAM = segpresso.compress(LABELS, "segpresso", block_shape=(16, 20, 32), stats=True)


def indices(size: int) -> st.SearchStrategy[Any]:
    bound = st.one_of(st.none(), st.integers(-size - 3, size + 3))
    step = st.one_of(st.none(), st.integers(-20, 20).filter(bool))
    return st.one_of(st.integers(-size, size - 1), st.builds(slice, bound, bound, step))


@st.composite
def keys(draw: st.DrawFn) -> Any:
    items: list[Any] = [
        draw(indices(size)) for size in LABELS.shape[: draw(st.integers(0, LABELS.ndim))]
    ]
    if draw(st.booleans()):
        # What follows an ellipsis are the last axes.
        last = [draw(indices(size)) for size in LABELS.shape[len(items) :]]
        items += [..., *last[draw(st.integers(0, len(last))) :]]
    for _ in range(draw(st.integers(0, 2))):
        items.insert(draw(st.integers(0, len(items))), None)
    return tuple(items) if len(items) != 1 or draw(st.booleans()) else items[0]


@settings(max_examples=300, deadline=None)
@given(keys())
def test_indexing_is_that_of_numpy(key: Any) -> None:
    with segpresso.open(STREAM) as opened:
        found = opened[key]
    expected = LABELS[key]
    assert type(found) is type(expected)
    np.testing.assert_array_equal(found, expected, strict=True)


def test_arrays_in_fortran_order_and_of_other_axes() -> None:
    for shape in [(), (7,), (5, 9), (3, 4, 5, 6)]:
        labels = np.asarray(volume("few labels", shape, np.uint16), order="F")
        opened = segpresso.open(segpresso.compress(labels, "segpresso"))
        assert opened.shape == labels.shape
        assert opened.dtype == labels.dtype
        assert opened.size == labels.size
        np.testing.assert_array_equal(opened[...], labels)
        np.testing.assert_array_equal(np.asarray(opened), labels)
        if shape:
            np.testing.assert_array_equal(opened[::-2], labels[::-2])
            assert len(opened) == len(labels)


@pytest.mark.parametrize("key", [[1, 2], np.array([0, 1]), True, "a", 1.0, (slice(None), [0])])
def test_other_keys_are_refused(key: Any) -> None:
    with pytest.raises(segpresso.InvalidArgumentError, match="integers, slices"):
        segpresso.open(STREAM)[key]


@pytest.mark.parametrize("key", [40, -41, (0, 70), (0, 0, 0, 0), (..., ...)])
def test_wrong_places_are_index_errors(key: Any) -> None:
    with pytest.raises(IndexError):
        segpresso.open(STREAM)[key]
    with pytest.raises(IndexError):
        LABELS[key]


def test_a_file_is_read_in_place(tmp_path: Path) -> None:
    path = tmp_path / "cells.segp"
    path.write_bytes(STREAM)
    with segpresso.open(path) as opened:
        np.testing.assert_array_equal(opened[3:5, 60:], LABELS[3:5, 60:])
        opened.verify()
    with pytest.raises(segpresso.InvalidArgumentError, match="closed"):
        opened[0]
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
        np.testing.assert_array_equal(segpresso.open(mapped)[7], LABELS[7])
    path.write_bytes(b"")
    with pytest.raises(segpresso.TruncatedError, match="empty"):
        segpresso.open(path)
    with pytest.raises(FileNotFoundError):
        segpresso.open(tmp_path / "none.segp")


def test_one_read_finds_a_small_index() -> None:
    store = Store(bytes(200_000))
    with pytest.raises(segpresso.TruncatedError):
        segpresso.open(store)
    store = Store(STREAM)
    opened = segpresso.open(store)
    assert len(store.reads) == 1
    np.testing.assert_array_equal(opened[:, 5], LABELS[:, 5])


def test_two_reads_find_a_large_index() -> None:
    labels = np.random.default_rng(0).integers(0, 2**63, (40, 40, 40), np.uint64)
    store = Store(segpresso.compress(labels, "segpresso"))
    opened = segpresso.open(store)
    assert len(store.reads) == 2
    np.testing.assert_array_equal(opened[3, 4], labels[3, 4])


def test_a_box_reads_its_blocks_only() -> None:
    store = Store(STREAM)
    opened = segpresso.open(store)
    store.reads.clear()
    np.testing.assert_array_equal(opened[16:32, 20:40, 0:32], LABELS[16:32, 20:40, 0:32])
    assert len(store.reads) == 1
    assert store.reads[0][1] < len(STREAM) // 8
    store.reads.clear()
    # A row of blocks lies in one piece.
    np.testing.assert_array_equal(opened[16:17, 20:21], LABELS[16:17, 20:21])
    assert len(store.reads) == 1
    store.reads.clear()
    assert opened[5:5].shape == (0, 70, 60)
    assert opened.blocks_with(-1)
    assert not store.reads
    opened.verify()
    covered = sorted(store.reads)
    assert sum(size for _, size in covered) + len(STREAM) - max(map(sum, covered)) >= len(STREAM)


def reads_of(*keys: Any) -> list[tuple[int, int]]:
    """Index an opened store and return what was read of it."""
    store = Store(STREAM)
    opened = segpresso.open(store)
    store.reads.clear()
    for key in keys:
        np.testing.assert_array_equal(opened[key], LABELS[key])
    return sorted(store.reads)


def test_steps_over_blocks_do_not_read_them(monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(reads_of((slice(None, None, -39), slice(None, None, 65)))) == 2
    monkeypatch.setattr(native, "MOST_GAP_BYTES", 0)
    every_65th, backwards = slice(None, None, 65), slice(None, None, -39)
    assert reads_of((0, every_65th)) == reads_of((0, 0), (0, 65))
    assert reads_of((backwards, 3)) == reads_of((0, 3), (39, 3))
    assert reads_of((backwards, every_65th)) == reads_of((0, 0), (0, 65), (39, 0), (39, 65))


def test_indexing_with_steps_takes_little_memory() -> None:
    most = segpresso.Limits(max_bytes=50_000)  # a block takes 41 kB, the volume 672 kB
    opened = segpresso.open(STREAM, limits=most)
    np.testing.assert_array_equal(opened[::2, ::5, ::5], LABELS[::2, ::5, ::5])
    assert opened[3:3, ::2].shape == (0, 35, 60)


def test_a_store_that_gives_too_little_is_found_out() -> None:
    class Broken(Store):
        def read(self, offset: int, size: int, /) -> bytes:
            return super().read(offset, size)[:-1]

    with pytest.raises(segpresso.TruncatedError):
        segpresso.open(Broken(STREAM))


def test_damage_is_found_where_it_matters() -> None:
    damaged = bytearray(STREAM)
    damaged[10] ^= 1
    opened = segpresso.open(bytes(damaged))
    np.testing.assert_array_equal(opened[20:30, 50:, 40:], LABELS[20:30, 50:, 40:])
    with pytest.raises(segpresso.CorruptError, match="checksum"):
        opened[0, 0, 0]
    with pytest.raises(segpresso.CorruptError, match="checksum"):
        opened.verify()


def test_tables_answer_without_decoding() -> None:
    opened = segpresso.open(STREAM)
    labels, counts = np.unique(LABELS, return_counts=True)
    np.testing.assert_array_equal(opened.labels(), labels, strict=True)
    np.testing.assert_array_equal(opened.counts(), counts)
    for label in labels:
        blocks = opened.blocks_with(int(label))
        assert all((LABELS[block] == label).any() for block in blocks)
        held = sum(int((LABELS[block] == label).sum()) for block in blocks)
        assert held == (label == LABELS).sum()
    for absent in (10**6, -(2**31), 2**40, -(2**40)):
        assert opened.blocks_with(absent) == []


def test_without_statistics_the_way_to_get_them_is_said() -> None:
    opened = segpresso.open(segpresso.compress(LABELS, "segpresso"))
    with pytest.raises(segpresso.UnsupportedError, match="stats=True"):
        opened.counts()


def test_reading_into_an_array() -> None:
    opened = segpresso.open(STREAM)
    out = np.zeros((70, 3, 60), np.int64).transpose(1, 0, 2)
    assert opened.read(slice(4, 7), out=out) is out
    np.testing.assert_array_equal(out, LABELS[4:7])
    with pytest.raises(segpresso.InvalidArgumentError, match="shape"):
        opened.read(slice(4, 8), out=out)
    with pytest.raises(segpresso.InvalidArgumentError, match="steps"):
        opened.read(slice(None, None, 2))


def test_steps_are_within_the_limits() -> None:
    labels = np.zeros((64, 10, 100), np.uint8)
    stream = segpresso.compress(labels, "segpresso", block_shape=(1, 10, 100))
    opened = segpresso.open(stream, limits=segpresso.Limits(max_bytes=31_999))
    for key in (slice(None), slice(None, None, -1), slice(None, None, 2)):
        with pytest.raises(segpresso.LimitError):
            opened[key]
    assert opened[::3].nbytes == 22_000


def test_a_file_that_is_cut_short_while_it_is_open_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "cells.segp"
    segpresso.write(path, LABELS)
    with segpresso.open(path) as opened:
        with path.open("r+b") as file:
            file.truncate(100)
        for ask in (opened.read, opened.counts, opened.verify, lambda: opened[0]):
            with pytest.raises(segpresso.TruncatedError, match="cut short"):
                ask()


def test_files_have_statistics(tmp_path: Path) -> None:
    segpresso.write(tmp_path / "cells.segp", LABELS)
    with segpresso.open(tmp_path / "cells.segp") as opened:
        np.testing.assert_array_equal(opened.counts(), np.unique_counts(LABELS).counts)


def test_blocks_with_takes_what_labels_gives() -> None:
    with segpresso.open(segpresso.compress(np.eye(4, dtype=bool), "segpresso")) as opened:
        assert all(opened.blocks_with(label) for label in opened.labels())


def test_what_cannot_be_opened_says_why(tmp_path: Path) -> None:
    (tmp_path / "cells.cpso").write_bytes(segpresso.compress(LABELS.view(np.uint32).T, "cpso"))
    with pytest.raises(segpresso.CorruptError, match=r"segpresso\.read takes"):
        segpresso.open(tmp_path / "cells.cpso")
    with (tmp_path / "cells.cpso").open("rb") as file:
        for source in (file, 5, [1, 2]):
            with pytest.raises(segpresso.InvalidArgumentError, match="attribute `size`"):
                segpresso.open(source)  # type: ignore[arg-type]
    with pytest.raises(segpresso.InvalidArgumentError, match="max_bytes="):
        segpresso.open(tmp_path / "cells.cpso", limits=100)  # type: ignore[arg-type]


@pytest.mark.parametrize("box", [slice(0, 1), 0, ...])
def test_a_box_that_is_no_sequence_is_refused(box: Any) -> None:
    with pytest.raises(segpresso.InvalidArgumentError, match="slice for each axis"):
        segpresso.decompress(STREAM, box=box)


@pytest.mark.parametrize("length", range(4))
def test_the_beginning_of_a_stream_is_truncated(length: int) -> None:
    with pytest.raises(segpresso.TruncatedError):
        segpresso.decompress(STREAM[:length])


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "uint32", "uint64"])
def test_signed_labels_of_files_never_become_others(tmp_path: Path, dtype: str) -> None:
    path = tmp_path / "cells.segp"
    labels = np.array([[-1, -5, 200]], np.int16)
    segpresso.write(path, labels)
    with pytest.raises(segpresso.UnsupportedError, match="label -5"):
        segpresso.io.read_compressed(path, dtype=dtype)
    np.testing.assert_array_equal(segpresso.io.read_compressed(path, dtype="int64"), labels)


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "cells.segp").mkdir()
    with pytest.raises(IsADirectoryError):
        segpresso.write(tmp_path / "cells.segp", LABELS)
    assert list((tmp_path / "cells.segp").iterdir()) == []


@pytest.mark.parametrize("step", [10**30, -(10**30), 2**63, 40, -41])
def test_steps_may_be_of_any_size(step: int) -> None:
    np.testing.assert_array_equal(segpresso.open(STREAM)[1::step, ::step], LABELS[1::step, ::step])
