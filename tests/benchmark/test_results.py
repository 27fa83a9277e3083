"""Volumes, tables, the picture and the CSV file of a benchmark."""

from __future__ import annotations

import csv
import math
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

import segpresso
from segpresso import benchmark
from segpresso.benchmark.picture import draw
from segpresso.experiments.report.style import styled


def row(volume: str, name: str, size: int, seconds: float = 1.0) -> benchmark.Row:
    plain, _, second = name.partition("+")
    contestant = next(one for one in benchmark.contestants() if one.name == plain)
    shape = np.zeros((10, 10, 10), np.uint16)
    return benchmark.Row(
        benchmark.whole(volume, shape),
        contestant,
        second or "none",
        bytes=size,
        encode_seconds=[seconds, 2 * seconds, 3 * seconds],
        decode_seconds=[seconds / 2],
    )


ROWS = [
    row("a", "segpresso:fast", 100, 0.1),
    row("a", "segpresso:small", 50, 10.0),
    row("a", "crackle:5", 120),
    row("a", "crackle:5+lzma", 80, 4.0),
    row("b", "segpresso:fast", 100, 0.1),
    row("b", "segpresso:small", 200, 10.0),
    row("b", "crackle:5", 480),
    row("b", "zstd:3", 900, 0.2),
]


def test_means_are_geometric_and_over_all_volumes() -> None:
    found = {mean.name: mean for mean in benchmark.means(ROWS)}
    assert list(found) == ["segpresso:fast", "segpresso:small", "crackle:5"]
    assert found["segpresso:small"].bits_per_voxel == pytest.approx(8 * 100 / 1000)
    assert found["crackle:5"].bits_per_voxel == pytest.approx(8 * 240 / 1000)
    assert found["crackle:5"].encode_speed == pytest.approx(500)
    assert found["crackle:5"].decode_speed == pytest.approx(2000)


def test_the_reference_is_crackle_or_the_first() -> None:
    found = benchmark.means(ROWS)
    assert benchmark.reference_of(found).name == "crackle:5"
    assert benchmark.reference_of(found[:2]).name == "segpresso:fast"


def test_the_smallest_rival_may_have_a_second_stage() -> None:
    one, other = benchmark.against_rivals(ROWS)
    assert (one.volume, one.rival.name, other.rival.name) == ("a", "crackle:5+lzma", "crackle:5")
    assert one.smaller("small") == 1.6
    assert other.smaller("fast") == 4.8


def test_what_was_lost_or_failed_is_no_rival() -> None:
    lossy, failed = row("a", "zstd:3", 1), row("a", "lzma:6", 1)
    lossy.lossless = False
    failed.problem = "crashes"
    (standing,) = benchmark.against_rivals([*ROWS[:4], lossy, failed])
    assert standing.rival.name == "crackle:5+lzma"
    assert "zstd:3" not in {mean.name for mean in benchmark.means([*ROWS[:4], lossy])}


def test_medians_and_ends_are_in_the_file(tmp_path: Path) -> None:
    broken = row("a", "compresso", 0)
    broken.encode_seconds, broken.decode_seconds, broken.problem = [], [], "crashes"
    benchmark.write_csv(tmp_path / "bench.csv", [*ROWS, broken])
    with (tmp_path / "bench.csv").open() as file:
        first, *_, last = csv.DictReader(file)
    assert (first["volume"], first["codec"], first["second"]) == ("a", "segpresso:fast", "none")
    assert (first["dtype"], first["shape"], first["repetitions"]) == ("uint16", "10x10x10", "3")
    assert float(first["bits_per_voxel"]) == 0.8
    assert (float(first["ratio_dtype"]), float(first["ratio_64_bit"])) == (20.0, 80.0)
    assert first["encode_voxels_per_second"] == "5000"
    assert (first["encode_slowest"], first["encode_fastest"]) == ("3333", "10000")
    assert (last["bytes"], last["lossless"], last["problem"]) == ("", "", "crashes")


@pytest.mark.parametrize("shape", [(30, 40), (5, 30, 40), (2, 5, 30, 40)])
@pytest.mark.parametrize("dtype", [bool, np.int32, np.uint64])
def test_any_label_array_becomes_a_volume(shape: tuple[int, ...], dtype: type) -> None:
    labels = np.arange(math.prod(shape)).reshape(shape).astype(dtype)
    volume = benchmark.whole("any", labels)
    (piece,) = volume.pieces
    assert piece.ndim == 3
    assert piece.dtype.kind == "u"
    assert volume.dtype == labels.dtype
    np.testing.assert_array_equal(piece.ravel().view(labels.dtype), labels.ravel())


def test_chunks_cover_the_corner_once() -> None:
    labels = np.arange(20 * 300 * 10, dtype=np.uint32).reshape(20, 300, 10)
    volume = benchmark.in_chunks("cells", labels, 64)
    assert volume.shape == (20, 256, 10)
    voxels = np.concatenate([piece.ravel() for piece in volume.pieces])
    np.testing.assert_array_equal(np.sort(voxels), np.sort(labels[:, :256].ravel()))


def test_nothing_cannot_be_measured() -> None:
    with pytest.raises(segpresso.InvalidArgumentError, match="nothing to measure"):
        benchmark.whole("empty", np.zeros((0, 4, 4), np.uint8))


def crowded() -> list[benchmark.Mean]:
    """All contestants near each other, as in a real benchmark."""
    rng = np.random.default_rng(3)
    return [
        benchmark.Mean(
            f"{entry.contestant.name}+{second}",
            f"{entry.contestant.title} + {second}",
            entry.contestant,
            second,
            0.1 * 2 ** rng.normal(),
            1e8 * 2 ** rng.normal(),
            2e8 * 2 ** rng.normal(),
        )
        for entry in benchmark.choose()
        for second in entry.seconds
    ]


def test_names_in_the_picture_do_not_overlap() -> None:
    pytest.importorskip("matplotlib")
    with styled():
        figure = draw(crowded(), "crowded")
        figure.draw_without_rendering()
        for axes in figure.axes:
            inside = axes.get_window_extent()
            texts = [text for text in axes.texts if text.get_text()]
            boxes = [text.get_window_extent() for text in texts]
            assert sum("segpresso" in text.get_text() for text in texts) == 3
            assert len(boxes) > 10
            assert not any(one.overlaps(other) for one, other in combinations(boxes, 2))
            assert all(inside.x0 <= box.x0 and box.x1 <= inside.x1 for box in boxes)


def test_the_picture_is_a_png_and_an_svg_file(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    made = benchmark.picture(benchmark.means(ROWS), "two volumes", tmp_path, "bench")
    assert made.png_path.read_bytes()[1:4] == b"PNG"
    assert made.svg_path.read_text().startswith("<?xml")
