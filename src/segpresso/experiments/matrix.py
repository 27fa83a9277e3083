"""All pairs of encodings and compressions on all data sets at hand."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from itertools import product
from pathlib import Path
from typing import Any

from segpresso.experiments.cell import Cell, run
from segpresso.experiments.datasets import datasets
from segpresso.io.atomic import atomic_file

#: Folder of the results that holds one JSON file per cell.
_CELLS = "cells"

#: The columns of the CSV file before those of the speeds.
_COLUMNS = (
    "dataset",
    "encoding",
    "compression",
    "status",
    "reason",
    "runs",
    "slices",
    "volumes",
    "voxels",
    "bytes_64bit",
    "bytes_given",
    "bytes_compressed",
    "ratio",
    "paper_ratio",
    "ratio_given",
    "bits_per_voxel",
    "peak_bytes",
)


def at_hand(folder: str | Path) -> list[str]:
    """List the paper's data sets that are in a folder, by name.

    Examples
    --------
    >>> at_hand("/nowhere")
    []
    """
    return [data.name for data in datasets() if data.layout_in(Path(folder))]


def missing(folder: str | Path) -> list[str]:
    """Say, for each of the paper's data sets that is not in a folder, how to get it.

    Examples
    --------
    >>> len(missing("/nowhere"))
    11
    """
    return [
        data.how_to_get(Path(folder)) for data in datasets() if not data.layout_in(Path(folder))
    ]


def cells(
    encodings: Iterable[str],
    compressions: Iterable[str],
    names: Iterable[str],
    folder: str | Path,
    runs: int = 1,
    slices: int | None = None,
) -> list[Cell]:
    """List the cells of a matrix, data set by data set.

    Examples
    --------
    >>> len(cells(["NONE", "CPSO"], ["LZMA"], ["ac3", "ac4"], "data"))
    4
    """
    return [
        Cell(encoding, compression, name, str(folder), runs, slices)
        for name, encoding, compression in product(names, encodings, compressions)
    ]


def path_of(cell: Cell, results: Path) -> Path:
    """Return the file of a cell's result: the cell's parts, as the paper's programs named it.

    Examples
    --------
    >>> path_of(Cell("CPSO", "LZMA:9", "a/b.nrrd"), Path("results")).name
    'CPSO_LZMA-9_a-b.nrrd_1_all.json'
    """
    parts = (cell.encoding, cell.compression, cell.dataset, cell.runs, cell.slices or "all")
    name = "_".join(re.sub(r"[^\w.-]+", "-", str(part)) for part in parts)
    return results / _CELLS / f"{name}.json"


def is_done(cell: Cell, results: Path) -> bool:
    """Tell whether a cell has been measured before."""
    return path_of(cell, results).exists()


def run_and_keep(
    cell: Cell,
    results: Path,
    *,
    seconds: float | None = None,
    max_bytes: int | None = None,
) -> dict[str, Any]:
    """Measure a cell in a process of its own and keep the result, whatever it is.

    An interrupted measurement leaves nothing. See `segpresso.experiments.cell.run`.
    """
    result = run(cell, seconds=seconds, max_bytes=max_bytes)
    path = path_of(cell, results)
    path.parent.mkdir(parents=True, exist_ok=True)
    with atomic_file(path) as temporary:
        temporary.write_text(json.dumps(result, indent=2) + "\n")
    return result


def load_cell(cell: Cell, results: Path) -> dict[str, Any]:
    """Return the result of a cell that has been measured."""
    result: dict[str, Any] = json.loads(path_of(cell, results).read_text())
    return result


def load(results: str | Path) -> list[dict[str, Any]]:
    """Return the results that are kept in a folder, in the order of their file names."""
    return [
        json.loads(path.read_text()) for path in sorted((Path(results) / _CELLS).glob("*.json"))
    ]


def write_csv(results: Path) -> Path:
    """Write all results of a folder into one table, ``results.csv``, and return its path."""
    rows = list(map(_row, load(results)))
    columns = list(dict.fromkeys([*_COLUMNS, *(name for row in rows for name in row)]))
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    path = results / "results.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    with atomic_file(path) as temporary:
        temporary.write_text(text.getvalue())
    return path


def _row(result: dict[str, Any]) -> dict[str, Any]:
    row = {name: result[name] for name in _COLUMNS if result.get(name) is not None}
    for stage, speed in result.get("speed", {}).items():
        row |= {f"{stage}_{name}": round(value, 3) for name, value in speed.items()}
    row |= dict(_named("machine", result)) | dict(_named("version", result, "versions"))
    return row


def _named(prefix: str, result: dict[str, Any], key: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in result.get(key or prefix, {}).items():
        yield f"{prefix}_{name}", value
