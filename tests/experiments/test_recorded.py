"""What docs/evaluation.md says is what was recorded."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from segpresso.experiments.matrix import load
from segpresso.experiments.report.names import title

ROOT = Path(__file__).parents[2]
RECORD = ROOT / "benchmarks" / "results" / "2026-11-25" / "experiments.jsonl.xz"
PAGE = (ROOT / "docs" / "evaluation.md").read_text()

#: The columns of the table of all pairs.
DATASETS = ["ac4", "cremi_b", "spl_brain", "spl_knee", "spl_abdominal", "bsd500", "voc2012"]

#: Its lines.
ENCODINGS = {
    "none": "NONE",
    "Neuroglancer (the paper's)": "NEUROGLANCER",
    "`compressed_segmentation`": "COMPRESSED_SEGMENTATION",
    "Compresso (the paper's)": "COMPRESSO",
    "Compresso v2": "COMPRESSO2",
    "`cpso`": "CPSO",
    "Crackle": "CRACKLE",
    "Segpresso, fast": "SEGPRESSO_FAST",
    "Segpresso, balanced": "SEGPRESSO_BALANCED",
    "Segpresso, small": "SEGPRESSO_SMALL",
}


@pytest.fixture(scope="module")
def cells() -> list[dict[str, Any]]:
    return list(load(RECORD).values())


def best(cells: list[dict[str, Any]], dataset: str, encoding: str) -> str:
    found = [
        cell
        for cell in cells
        if (cell["dataset"], cell["encoding"], cell["status"]) == (dataset, encoding, "ok")
    ]
    one = max(found, key=lambda cell: cell["ratio"])
    second = title(one["compression"])
    return f"{one['ratio']:,.0f}" + ("" if second == "none" else f" ({second})")


@pytest.mark.parametrize(("name", "encoding"), ENCODINGS.items())
def test_the_table_of_all_pairs_is_the_record(
    cells: list[dict[str, Any]], name: str, encoding: str
) -> None:
    (line,) = re.findall(rf"^\| {re.escape(name)} \| (.*) \|$", PAGE, re.MULTILINE)
    assert line.split(" | ") == [best(cells, dataset, encoding) for dataset in DATASETS]


def test_the_numbers_of_cells_are_those_of_the_record(cells: list[dict[str, Any]]) -> None:
    measured = [cell for cell in cells if cell["status"] == "ok"]
    others = [cell for cell in cells if cell["status"] != "ok"]
    assert f"{len(cells)} cells, {len(measured)} of them measured, none lossy and none" in PAGE
    assert f"The other {len(others)} are not applicable: PNG, JPEG 2000 and x264 take" in PAGE
    assert {cell["status"] for cell in others} == {"not applicable"}
    assert {cell["compression"] for cell in others} == {"PNG", "JPEG2000", "X264"}
    assert len(others) == 3 * 9 * 7
