"""Streams written slab by slab: the same bytes, in bounded memory, whole or not at all."""

from __future__ import annotations

import errno
import io
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import segpresso
from segpresso.array import waiting
from tests.codecs.volumes import volume
from tests.native.streams import is_short


def write(labels: Any, cuts: list[int], **options: Any) -> bytes:
    """Write an array in pieces along its slowest axis."""
    fortran = options.get("order") == "F"
    slices = labels.T if fortran else labels
    file = io.BytesIO()
    shape = labels.shape[:-1] if fortran else labels.shape[1:]
    with segpresso.Writer(file, shape, labels.dtype, **options) as writer:
        for begin, end in zip([0, *cuts], [*cuts, len(slices)], strict=True):
            piece = slices[begin:end]
            writer.write(piece.T if fortran else piece)
    return file.getvalue()


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.integers(1, 14), min_size=1, max_size=4),
    st.sampled_from(["C", "F"]),
    st.lists(st.integers(0, 14), max_size=5),
    st.booleans(),
    st.integers(1, 3),
    st.sampled_from([waiting.MOST_WAITING_BYTES, 500, 0]),
)
def test_the_bytes_are_those_of_compress_unless_it_writes_a_short_stream(
    shape: list[int], order: Any, cuts: list[int], stats: bool, threads: int, most_waiting: int
) -> None:
    labels = np.asarray(volume("voronoi", tuple(shape), np.uint16), order=order)
    spatial = [4, 5, 6, 7][: min(labels.ndim, 3)]
    options: dict[str, Any] = {"block_shape": spatial, "stats": stats, "threads": threads}
    length = labels.shape[0 if order == "C" else -1]
    places = sorted(min(cut, length) for cut in cuts)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(waiting, "MOST_WAITING_BYTES", most_waiting)
        written = write(labels, places, order=order, **options)
    np.testing.assert_array_equal(segpresso.decompress(written), labels)
    opened = segpresso.open(written)
    whole = segpresso.compress(labels, "segpresso", **options)
    if is_short(whole):
        assert not stats
        assert len(written) >= len(whole) + 8
    elif opened.order == segpresso.open(whole).order == order:
        assert written == whole


def test_a_known_length_gives_the_blocks_of_compress() -> None:
    labels = segpresso.examples.neuropil((150, 140, 130), seed=1)
    whole = segpresso.compress(labels, "segpresso", stats=True)
    assert write(labels, [1, 50, 130], length=150) == whole
    unknown = segpresso.open(write(labels, [1, 50, 130]))
    np.testing.assert_array_equal(unknown[60:70, 50:], labels[60:70, 50:])


def test_single_slices_and_large_slabs() -> None:
    labels = volume("voronoi", (21, 9, 8), np.int64)
    file = io.BytesIO()
    with segpresso.Writer(file, (9, 8), np.int64, block_shape=(4, 9, 8)) as writer:
        writer.write(labels[0])
        writer.write(labels[1:3])
        writer.write(labels[3:20])
        writer.write(labels[20])
    np.testing.assert_array_equal(segpresso.decompress(file.getvalue()), labels)


def test_nothing_at_all_is_a_volume_without_slices() -> None:
    file = io.BytesIO()
    segpresso.Writer(file, (9, 8), bool).close()
    decoded = segpresso.decompress(file.getvalue())
    assert decoded.shape == (0, 9, 8)
    assert decoded.dtype == bool


def test_a_file_appears_when_it_is_complete(tmp_path: Path) -> None:
    path = tmp_path / "cells.segp"
    writer = segpresso.Writer(path, (4, 4), np.uint8)
    writer.write(np.ones((3, 4, 4), np.uint8))
    assert not path.exists()
    writer.close()
    writer.close()
    with segpresso.open(path) as opened:
        assert opened.shape == (3, 4, 4)
    assert [file.name for file in tmp_path.iterdir()] == ["cells.segp"]


def test_failures_leave_nothing(tmp_path: Path) -> None:
    path = tmp_path / "cells.segp"
    with pytest.raises(RuntimeError), segpresso.Writer(path, (4, 4), np.uint8):
        raise RuntimeError
    with (
        pytest.raises(segpresso.InvalidArgumentError, match="only 3 of 5 slices"),
        segpresso.Writer(path, (4, 4), np.uint8, length=5) as writer,
    ):
        writer.write(np.ones((3, 4, 4), np.uint8))
    with (
        pytest.raises(segpresso.InvalidArgumentError, match="6 slices came"),
        segpresso.Writer(path, (4, 4), np.uint8, length=5) as writer,
    ):
        writer.write(np.ones((6, 4, 4), np.uint8))
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(segpresso.InvalidArgumentError, match="closed"):
        writer.write(np.ones((1, 4, 4), np.uint8))


class FullDisk(io.BytesIO):
    """Takes nothing once it is full."""

    is_full = False

    def write(self, data: Any) -> int:
        if self.is_full:
            raise OSError(errno.ENOSPC, "No space left on device")
        return super().write(data)


def test_a_write_that_failed_is_not_forgotten() -> None:
    file = FullDisk()
    writer = segpresso.Writer(file, (4, 4), np.uint8, block_shape=(1, 4, 4))
    slab = np.arange(32, dtype=np.uint8).reshape(2, 4, 4)
    writer.write(slab)
    file.is_full = True
    with pytest.raises(OSError, match="No space"):
        writer.write(slab)
    file.is_full = False
    for call in (lambda: writer.write(slab), writer.close):
        with pytest.raises(segpresso.InvalidArgumentError, match="writing failed before"):
            call()


def test_a_refused_slab_can_be_followed_by_another() -> None:
    file = io.BytesIO()
    with segpresso.Writer(file, (4, 4), np.uint8, length=2) as writer:
        for slab in (np.ones((3, 4, 4), np.uint8), np.ones((2, 4, 4), np.int8)):
            with pytest.raises(segpresso.InvalidArgumentError):
                writer.write(slab)
        writer.write(np.ones((2, 4, 4), np.uint8))
    assert segpresso.decompress(file.getvalue()).shape == (2, 4, 4)


class Slow(io.RawIOBase):
    """Takes up to 100 bytes at a time, or for ever none."""

    def __init__(self, *, waits: bool) -> None:
        self.data = b""
        self.waits = waits

    def write(self, data: Any, /) -> int | None:
        if self.waits:
            return None
        self.data += bytes(data[:100])
        return min(100, len(data))


def test_files_that_take_a_part_get_the_rest() -> None:
    labels = np.random.default_rng(0).integers(0, 200, (5, 20, 20), np.uint8)
    slow = Slow(waits=False)
    with segpresso.Writer(slow, (20, 20), np.uint8) as writer:  # type: ignore[arg-type]
        writer.write(labels)
    np.testing.assert_array_equal(segpresso.decompress(slow.data), labels)
    with (
        pytest.raises(BlockingIOError),
        segpresso.Writer(Slow(waits=True), (20, 20), np.uint8) as writer,  # type: ignore[arg-type]
    ):
        writer.write(labels)


@pytest.mark.parametrize(
    ("slab", "words"),
    [
        (np.ones((3, 4, 5), np.uint8), "shape"),
        (np.ones((4,), np.uint8), "shape"),
        (np.ones((3, 4, 4), np.uint16), "must be uint8"),
        (np.ones((3, 4, 4)), "integers or booleans"),
    ],
)
def test_other_slabs_are_refused(slab: Any, words: str) -> None:
    writer = segpresso.Writer(io.BytesIO(), (4, 4), np.uint8)
    with pytest.raises(segpresso.InvalidArgumentError, match=words):
        writer.write(slab)


@pytest.mark.parametrize(
    ("arguments", "options"),
    [
        (((1, 2, 3, 4), "u1"), {}),
        (((-1,), "u1"), {}),
        (((4, 4), "f4"), {}),
        (((4, 4), "u1"), {"order": "A"}),
        (((4, 4), "u1"), {"profile": "tiny"}),
        (((4, 4), "u1"), {"block_shape": (1, 2)}),
        (((4, 4), "u1"), {"block_shape": (1.5, 2, 2)}),
        (((4, 4), "u1"), {"length": -1}),
        ((4, "u1"), {}),
    ],
)
def test_wrong_arguments_are_refused(arguments: Any, options: Any) -> None:
    with pytest.raises(segpresso.InvalidArgumentError):
        segpresso.Writer(io.BytesIO(), *arguments, **options)


@pytest.mark.parametrize("target", [None, 5.5, b"bytes"])
def test_wrong_targets_are_refused(target: Any) -> None:
    with pytest.raises(segpresso.InvalidArgumentError, match="a path or an open file"):
        segpresso.Writer(target, (4, 4), np.uint8)


@given(
    st.lists(st.tuples(st.integers(0, 40), st.integers(1, 12)), min_size=1, max_size=3),
    st.integers(1, 5),
    st.integers(0, 20_000),
)
def test_large_layers_are_restored_in_small_parts(
    sizes: list[tuple[int, int]], depth: int, most: int
) -> None:
    shape, block = (depth, *(size for size, _ in sizes)), (depth, *(b for _, b in sizes))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(waiting, "MOST_WAITING_BYTES", most)
        axes = tuple(range(1, len(shape)))[::-1]
        parts = list(waiting.parts_of(shape, block, axes, 4))
    covered = np.zeros(shape, int)
    for part in parts:
        covered[part] += 1
        extents = [s.stop - s.start for s in part]
        is_one_block = all(n <= b for n, b in zip(extents, block, strict=True))
        assert is_one_block or np.prod(extents) * 4 <= most / 2
    assert (covered == 1).all()


MEASURE = """
import sys
import numpy as np, segpresso
from segpresso.experiments.process import peak_bytes

def labels(z):  # cells of 40^3 voxels
    y, x = np.ogrid[:1024, :1024]
    return (z // 40 * 1000 + y // 40 * 30 + x // 40 + 1).astype(np.uint32)

path, slices = sys.argv[1], int(sys.argv[2])
segpresso.decompress(segpresso.compress(labels(0), "segpresso"))
before = peak_bytes()
with segpresso.Writer(path, (1024, 1024), np.uint32, threads=2) as writer:
    for z in range(slices):
        writer.write(labels(z))
written = peak_bytes()
with segpresso.open(path, threads=2) as volume:
    for z in range(0, slices, 16):
        assert (volume[z:z + 16][-1] == labels(min(z + 15, slices - 1))).all()
read = peak_bytes()
print(before >> 20, written >> 20, read >> 20)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="peak memory is told in other units elsewhere")
def test_memory_is_bounded(tmp_path: Path) -> None:
    # 800 MiB of labels; nothing of this depends on the number of slices.
    result = subprocess.run(
        [sys.executable, "-c", MEASURE, str(tmp_path / "cells.segp"), "200"],
        capture_output=True,
        text=True,
        check=True,
    )
    _, written, read = map(int, result.stdout.split())
    assert written < 300
    assert read < 320
