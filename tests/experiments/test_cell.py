"""A cell runs in a process of its own; whatever happens there is a result."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import segpresso
from segpresso.examples import neuropil
from segpresso.experiments.cell import Cell, run, run_here


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
    assert there["machine"]["simd"]
    assert there["peak_bytes"] > 10**6
    here = run_here(cell)
    assert here.keys() == there.keys()
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


def test_time_is_limited(folder: str) -> None:
    result = run(Cell("NONE", "NONE", "made_up", folder), seconds=0.001)
    assert result["status"] == "too slow"


def test_memory_is_limited(tmp_path: Path) -> None:
    segpresso.write(tmp_path / "zeros.npy", np.zeros((64, 1024, 1024), np.uint8))
    cell = Cell("NONE", "ZLIB", "zeros", str(tmp_path))
    # The interpreter and its libraries need some 200 MB of address space, the labels 576.
    assert run(cell, max_bytes=600_000_000)["status"] == "too large"
