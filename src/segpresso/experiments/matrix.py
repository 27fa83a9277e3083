"""All pairs of encodings and compressions on all data sets at hand."""

from __future__ import annotations

import csv
import io
import json
import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from pathlib import Path
from typing import Any

from segpresso.experiments.cell import Cell, run
from segpresso.experiments.datasets import Part, datasets
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
    "elapsed_seconds",
)


def at_hand(folder: str | Path) -> list[str]:
    """List the data sets that are in a folder, by name.

    Examples
    --------
    >>> at_hand("/nowhere")
    []
    """
    return [data.name for data in datasets() if data.layout_in(Path(folder))]


def missing(folder: str | Path) -> list[str]:
    """Say, for each data set that is not in a folder, how to get it.

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
    >>> path_of(Cell("CPSO", "LZMA:9", "ac4"), Path("results")).name
    'CPSO_LZMA-9_ac4_1_all.json'
    >>> path_of(Cell("CPSO", "LZMA", "a/b.nrrd", slices=3), Path("results")).name
    'CPSO_LZMA_a-b.nrrd-a0018b36_1_3.json'
    """
    parts = (cell.encoding, cell.compression, cell.dataset, cell.runs, cell.slices or "all")
    return results / _CELLS / f"{'_'.join(_for_file_name(str(part)) for part in parts)}.json"


def _for_file_name(text: str) -> str:
    """Keep what can stand in a file name; paths get a checksum, so that they stay distinct."""
    plain = re.sub(r"[^\w.-]+", "-", text)
    return f"{plain[-100:]}-{zlib.crc32(text.encode()):08x}" if "/" in text else plain


def is_done(cell: Cell, results: Path) -> bool:
    """Tell whether a cell has been measured before, with all that it needs installed."""
    return path_of(cell, results).exists() and load_cell(cell, results)["status"] != "not installed"


def run_and_keep(
    cell: Cell,
    results: Path,
    *,
    parts: Sequence[Part] | None = None,
    seconds: float | None = None,
    max_bytes: int | None = None,
) -> dict[str, Any]:
    """Measure a cell in a process of its own and keep the result, whatever it is.

    An interrupted measurement leaves nothing. See `segpresso.experiments.cell.run`.
    """
    result = run(cell, parts=parts, seconds=seconds, max_bytes=max_bytes)
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
    # Not the hidden ones: a process that was killed may have left half a file.
    paths = sorted((Path(results) / _CELLS).glob("[!.]*.json"))
    return [json.loads(path.read_text()) for path in paths]


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
