"""All pairs of encodings and compressions on all data sets at hand."""

from __future__ import annotations

import csv
import io
import json
import lzma
import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from pathlib import Path
from typing import Any

from segpresso.errors import SegpressoError
from segpresso.experiments.cell import Cell, run
from segpresso.experiments.datasets import Part, datasets, get_dataset
from segpresso.experiments.methods import get_method
from segpresso.io.atomic import atomic_file


class ResultsError(SegpressoError):
    """There is nothing to report, or what was kept is damaged."""


#: Folder of the results that holds one JSON file per cell.
_CELLS = "cells"

#: The columns of the CSV file before those of the speeds.
_COLUMNS = (
    "dataset",
    "folder",
    "state",
    "remark",
    "encoding",
    "compression",
    "status",
    "reason",
    "runs",
    "slices",
    "slices_taken",
    "slices_plain",
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
    """List the cells of a matrix, data set by data set, each once.

    Raises
    ------
    FileNotFoundError
        If a data set is not there.
    InvalidArgumentError
        If there is no such method.

    Examples
    --------
    >>> cells(["NONE", "CPSO"], ["LZMA"], ["ac3", "ac4"], "/nowhere")
    Traceback (most recent call last):
    FileNotFoundError: [Errno 2] AC3 is not in /nowhere: get it from https://openconnectome...
    """
    found = []
    for name in names:
        data, layout, where = get_dataset(name, folder)
        state = layout.state(where)
        found += [
            Cell(repr(first), repr(second), data.name, str(where), runs, slices, state)
            for first, second in product(map(get_method, encodings), map(get_method, compressions))
        ]
    return list(dict.fromkeys(found))


def path_of(cell: Cell, results: Path) -> Path:
    """Return the file of a cell's result: the cell's parts, as the paper's programs named it.

    Data sets without a name of their own also have a checksum of where they are.

    Examples
    --------
    >>> path_of(Cell("CPSO", "LZMA:9", "ac4"), Path("results")).name
    'CPSO_LZMA-9_ac4_1_all.json'
    >>> path_of(Cell("CPSO", "LZMA", "b.nrrd", "/a", slices=3), Path("results")).name
    'CPSO_LZMA_b.nrrd-7e620d83_1_3.json'
    """
    name = cell.dataset
    if name not in {data.name for data in datasets()}:
        place = zlib.crc32(f"{cell.folder}/{name}".encode())
        name = f"{name[-100:]}-{place:08x}"
    parts = (cell.encoding, cell.compression, name, cell.runs, cell.slices or "all")
    file_name = "_".join(re.sub(r"[^\w.-]+", "-", str(part)) for part in parts)
    return results / _CELLS / f"{file_name}.json"


def is_done(
    cell: Cell, results: Path, *, seconds: float | None = None, max_bytes: int | None = None
) -> bool:
    """Tell whether there is a result of a cell that it would have again.

    There may be others if the data have changed, if a library was missing, if it failed, or if it
    exceeded a limit (as of `run_and_keep`) that is larger now.
    """
    if not path_of(cell, results).exists():
        return False
    result = load_cell(cell, results)
    if result.get("state") != cell.state or result["status"] in ("not installed", "failed"):
        return False
    if result["status"] == "too slow":
        return seconds is not None and seconds <= result["limit_seconds"]
    if result["status"] == "too large" and result["limit_bytes"] is not None:
        return max_bytes is not None and max_bytes <= result["limit_bytes"]
    return True


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
    path = path_of(cell, results)
    return _parsed(path.read_bytes(), str(path))


def load(results: Path) -> dict[str, dict[str, Any]]:
    """Return the results that are kept in a folder, or in a ``results.jsonl.xz``, by place.

    Raises
    ------
    ResultsError
        If some are damaged.
    """
    if results.is_file():
        try:
            lines = lzma.decompress(results.read_bytes()).splitlines()
        except lzma.LZMAError as error:
            raise ResultsError(f"{results} is not a results.jsonl.xz: {error}") from error
        places = (f"{results}, line {number}" for number in range(1, len(lines) + 1))
        return {place: _parsed(line, place) for place, line in zip(places, lines, strict=True)}
    # Not the hidden ones: a process that was killed may have left half a file.
    paths = sorted((results / _CELLS).glob("[!.]*.json"))
    return {str(path): _parsed(path.read_bytes(), str(path)) for path in paths}


def _parsed(text: bytes, place: str) -> dict[str, Any]:
    try:
        result: dict[str, Any] = json.loads(text)
        if not isinstance(result["status"], str):
            raise TypeError("its status is not a text")
    except (KeyError, TypeError, ValueError) as error:
        raise damaged(place, error) from error
    return result


def damaged(place: str, error: Exception) -> ResultsError:
    """Return the error of a result that cannot be understood."""
    return ResultsError(
        f"{place} is damaged ({type(error).__name__}: {error}); delete it and run "
        "segpresso experiment matrix again, which measures what is missing"
    )


def write_tables(results: Path) -> Path:
    """Write all results of a folder into one file and one table, and return the table's path.

    The file is ``results.jsonl.xz``: a line of JSON for each cell, compressed; the table
    ``results.csv``.
    """
    found = load(results).values()
    results.mkdir(parents=True, exist_ok=True)
    lines = (f"{json.dumps(result)}\n" for result in found)
    with atomic_file(results / "results.jsonl.xz") as temporary:
        temporary.write_bytes(lzma.compress("".join(lines).encode(), preset=9))
    rows = list(map(_row, found))
    columns = list(dict.fromkeys([*_COLUMNS, *(name for row in rows for name in row)]))
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    path = results / "results.csv"
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
