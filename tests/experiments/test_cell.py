"""A cell runs in a process of its own; whatever happens there is a result."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import segpresso
from segpresso.examples import neuropil
from segpresso.experiments.cell import Cell, read_ahead, run, run_here, versions
from segpresso.experiments.stages import STAGES


@pytest.fixture
def folder(tmp_path: Path) -> str:
    segpresso.write(tmp_path / "made_up.npy", neuropil((4, 48, 64)).astype(np.uint32))
    return str(tmp_path)


def test_a_result_tells_all(folder: str) -> None:
    cell = Cell("COMPRESSO", "LZMA:9", "made_up", folder, runs=2, slices=3)
    there = run(cell)
    assert there["status"] == "ok"
    assert (there["encoding"], there["compression"]) == ("COMPRESSO", "LZMA:9")
    assert (there["voxels"], there["runs"], there["slices"]) == (3 * 48 * 64, 2, 3)
    assert there["bytes_given"] == 4 * there["voxels"]
    assert there["versions"]["numpy"] == np.__version__
    assert set(there["versions"]) >= {"python", "zlib", "bzip2", "liblzma", "brotli", "segpresso"}
    assert there["machine"]["simd"]
    assert there["machine"]["processor"]
    assert (there["slices_taken"], there["slices_plain"]) == (3, 0)
    assert there["peak_bytes"] > 10**6
    here = run_here(cell)
    assert here.keys() == there.keys() - {"elapsed_seconds", "limit_seconds", "limit_bytes"}
    assert there["elapsed_seconds"] > sum(there["seconds"][stage] for stage in STAGES)
    assert here["bytes_compressed"] == there["bytes_compressed"]


@pytest.mark.parametrize(
    ("cell", "status", "reason"),
    [
        (Cell("COMPRESSO", "PNG", "made_up"), "not applicable", "not the output of an encoding"),
        (Cell("RAR", "NONE", "made_up"), "not applicable", "no method is named"),
        (Cell("NONE", "NONE", "no_such_volume"), "failed", "FileNotFoundError"),
    ],
)
def test_what_cannot_be_is_a_row_too(folder: str, cell: Cell, status: str, reason: str) -> None:
    result = run(Cell(cell.encoding, cell.compression, cell.dataset, folder))
    assert result["status"] == status
    assert reason in result["reason"]


def test_what_cannot_follow_an_encoding_is_said_before_data_are_read(tmp_path: Path) -> None:
    (tmp_path / "broken.npy").write_bytes(b"not a volume")
    result = run(Cell("CPSO", "X264", "broken", str(tmp_path)))
    assert result["status"] == "not applicable"
    assert result["reason"] == "X264 takes volumes (z, y, x), not the output of an encoding"


def test_data_that_cannot_be_read_are_a_failure(tmp_path: Path) -> None:
    np.savez(tmp_path / "two.npz", a=np.zeros((4, 4), "u1"), b=np.zeros((4, 4), "u1"))
    result = run(Cell("NONE", "NONE", "two", str(tmp_path)))
    assert result["status"] == "failed"
    assert "name one with FILE:ARRAY: 'a' (4x4 uint8), 'b' (4x4 uint8)" in result["reason"]
    assert run(Cell("NONE", "NONE", "two.npz:b", str(tmp_path)))["status"] == "ok"


def test_rows_have_proper_names_whatever_happens(folder: str) -> None:
    cell = Cell("compresso", "png", f"{folder}/made_up.npy")
    result = run(cell)
    assert result["status"] == "not applicable"
    names = [result[name] for name in ("encoding", "compression", "dataset", "folder", "title")]
    assert names == ["COMPRESSO", "PNG", "made_up.npy", folder, "made_up"]


@pytest.mark.usefixtures("bad_methods")
@pytest.mark.parametrize(
    ("method", "status", "reason"),
    [
        ("LOSSY", "lossy", "made_up.npy: NONE and LOSSY do not give the labels back"),
        ("CRASHING", "failed", "the process ended with SIGKILL"),
        ("RAISING", "failed", "RuntimeError: out of ideas"),
        ("EMPTY", "failed", "NONE and EMPTY made nothing of made_up.npy"),
    ],
)
def test_what_goes_wrong_is_a_row(folder: str, method: str, status: str, reason: str) -> None:
    result = run(Cell("NONE", method, "made_up", folder))
    assert (result["status"], result["reason"]) == (status, reason)
    assert (result["compression"], result["title"]) == (method, "made_up")
    assert versions()["bad_methods"] == "1.0"


def test_a_volume_without_voxels_is_a_row(tmp_path: Path) -> None:
    segpresso.write(tmp_path / "empty.npy", np.zeros((0, 8, 8), np.uint8))
    result = run(Cell("NONE", "ZLIB", "empty", str(tmp_path)))
    assert result["status"] == "not applicable"
    assert result["reason"] == "there are no voxels to compress"


def test_time_is_limited(folder: str) -> None:
    result = run(Cell("NONE", "NONE", "made_up", folder), seconds=0.001)
    assert result["status"] == "too slow"


#: What a process without labels needs, and far less than it reserves.
MODEST = 300_000_000


@pytest.fixture
def zeros(tmp_path: Path) -> str:
    """64 MiB on disk, 512 as 64-bit labels."""
    segpresso.write(tmp_path / "zeros.npy", np.zeros((64, 1024, 1024), np.uint8))
    return str(tmp_path)


def test_memory_is_limited(zeros: str) -> None:
    result = run(Cell("NONE", "ZLIB", "zeros", zeros), max_bytes=MODEST)
    assert result["status"] == "too large"
    assert "more than 300,000,000" in result["reason"]


@pytest.mark.parametrize("method", ["ZLIB", "BROTLI", "X264", "PNG"])
def test_a_normal_cell_needs_no_more_than_it_uses(folder: str, method: str) -> None:
    result = run(Cell("NONE", method, "made_up", folder), max_bytes=MODEST)
    assert (result["status"], result["reason"]) == ("ok", "")
    assert result["peak_bytes"] <= MODEST


def test_first_slices_are_read_once(zeros: str) -> None:
    cell = Cell("NONE", "ZLIB", "zeros", zeros, slices=2)
    parts = read_ahead(cell)
    assert parts is not None
    assert [part.labels.shape for part in parts] == [(2, 1024, 1024)]
    Path(zeros, "zeros.npy").write_bytes(b"no longer readable")
    measured = run(cell, parts=parts)
    assert (measured["status"], measured["voxels"]) == ("ok", 2 << 20)
    assert read_ahead(cell) is None
    assert run(cell)["status"] == "failed"


LIBRARIES = {
    "BROTLI": "brotli",
    "CRACKLE": "crackle",
    "JPEG2000": "imagecodecs",
    "LZF": "imagecodecs",
    "LZO": "lzallright",
    "PNG": "imagecodecs",
    "X264": "av",
    "ZOPFLI": "imagecodecs",
    "ZSTD": "zstandard",
}


@pytest.mark.parametrize("method", LIBRARIES)
def test_a_missing_library_is_a_row_that_says_how_to_get_it(
    method: str, folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = LIBRARIES[method]
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / f"{library}.py").write_text("raise ImportError('not there')")
    monkeypatch.syspath_prepend(broken)  # processes that are started get this path, too
    result = run(Cell(method, "NONE", "made_up", folder))
    assert result["status"] == "not installed"
    assert library in result["reason"]
    assert "pip install 'segpresso[experiments]'" in result["reason"]
