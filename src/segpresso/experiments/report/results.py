"""The kept cells of a matrix, put in order for the report."""

from __future__ import annotations

import errno
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeAlias

from segpresso.experiments.datasets import DataSet, datasets
from segpresso.experiments.matrix import ResultsError, damaged, load

#: Names of an encoding and a compression.
Pair: TypeAlias = tuple[str, str]


@dataclass(frozen=True)
class Result:
    """An encoding and a compression of one data set.

    Attributes
    ----------
    encoding, compression : str
        Names of the methods.
    runs : int
        How often they were measured.
    compressed_bytes : int
        Bytes of the streams.
    ratio, ratio_given : float
        How many times smaller than 64-bit voxels, and than the data as given.
    bits_per_voxel : float
        Bits that a voxel takes.
    compress_speed, decompress_speed : float
        Both stages together, in 10^6 bytes of 64-bit voxels per second.
    peak_bytes : int
        Peak memory of the process.
    """

    encoding: str
    compression: str
    runs: int
    compressed_bytes: int
    ratio: float
    ratio_given: float
    bits_per_voxel: float
    compress_speed: float
    decompress_speed: float
    peak_bytes: int

    @property
    def pair(self) -> Pair:
        """Names of both methods."""
        return self.encoding, self.compression


@dataclass(frozen=True)
class Measured:
    """A data set with what was measured on it.

    Attributes
    ----------
    data : DataSet
        The paper's, or one for any other file, whose name and title no other has.
    dataset, folder : str
        Name and folder by which `get_dataset` finds it.
    state : str
        What the files were.
    slices : int or None
        How many slices were taken; None for all.
    remark : str
        What distinguishes the data from the paper's.
    voxels, volumes, given_bits : int
        Number of voxels and of volumes, and bits of a voxel in the data as given.
    results : mapping of pair to Result
        Every pair that restored the data.
    """

    data: DataSet
    dataset: str
    folder: str
    state: str
    slices: int | None
    remark: str
    voxels: int
    volumes: int
    given_bits: int
    results: Mapping[Pair, Result]

    def paper_ratio(self, pair: Pair) -> float | None:
        """Return the paper's ratio if it is known, and of the same data."""
        is_the_papers = self.slices is None and not self.remark
        return self.data.paper.get(pair) if is_the_papers else None

    @property
    def smallest(self) -> Result:
        """The pair with the shortest streams."""
        return min(self.results.values(), key=lambda result: result.compressed_bytes)


#: What was measured of a data set, by number of slices, folder and state.
_Portions: TypeAlias = dict[tuple[int | None, str, str], Measured]


@dataclass(frozen=True)
class Failure:
    """A cell without a measurement, and why."""

    encoding: str
    compression: str
    dataset: str
    status: str
    reason: str


@dataclass(frozen=True)
class Group:
    """One of the paper's two groups of data sets, with those that were measured."""

    title: str
    measured: tuple[Measured, ...]


@dataclass(frozen=True)
class Results:
    """What a folder of results holds.

    Attributes
    ----------
    measured : tuple of Measured
        The data sets in the paper's order, others behind them.
    failures : tuple of Failure
        The cells that were not measured.
    left_out : tuple of str
        Sentences on what was measured but is not shown.
    machines, versions : tuple of dict
        On what and with which libraries; more than one if results of several are in the folder.
    """

    measured: tuple[Measured, ...]
    failures: tuple[Failure, ...]
    left_out: tuple[str, ...]
    machines: tuple[dict[str, Any], ...]
    versions: tuple[dict[str, Any], ...]

    @property
    def groups(self) -> tuple[Group, ...]:
        """Connectomics and other segmentations, as far as anything of them was measured."""
        both = (("Connectomics", True), ("Other segmentations", False))
        found = (
            Group(title, tuple(m for m in self.measured if m.data.connectomics is wanted))
            for title, wanted in both
        )
        return tuple(group for group in found if group.measured)

    @property
    def encodings(self) -> list[str]:
        """The encodings that have results."""
        return list(dict.fromkeys(pair[0] for m in self.measured for pair in m.results))

    @property
    def compressions(self) -> list[str]:
        """The compressions that have results."""
        return list(dict.fromkeys(pair[1] for m in self.measured for pair in m.results))

    @property
    def cells(self) -> int:
        """How many pairs were measured on all data sets together."""
        return sum(len(m.results) for m in self.measured)

    def not_measured(self) -> list[DataSet]:
        """List the paper's data sets that have no results."""
        have = {m.data.name for m in self.measured}
        return [data for data in datasets() if data.name not in have]


def load_results(folder: Path) -> Results:
    """Read the cells that `segpresso experiment matrix` keeps, or its ``results.jsonl.xz``.

    Of a data set that was measured on several numbers of slices, or in several states, the largest
    is taken; of a pair that was measured several times the one with the most runs.

    Raises
    ------
    FileNotFoundError
        If there are none.
    ResultsError
        If a file is damaged, or nothing was measured.
    """
    cells = load(folder)
    if not cells:
        message = f"no results are in {folder}: segpresso experiment matrix -o {folder} makes them"
        raise FileNotFoundError(errno.ENOENT, message)
    measured: dict[str, _Portions] = {}
    failures = []
    for place, cell in cells.items():
        try:
            if cell["status"] != "ok":
                failures.append(_failure(cell))
                continue
            _add(measured.setdefault(_place_of(cell), {}), cell)
        except (KeyError, TypeError, ValueError) as error:
            raise damaged(place, error) from error
    if not measured:
        first = failures[0]
        raise ResultsError(
            f"none of the {len(cells)} cells in {folder} was measured; the first, "
            f"{first.encoding} {first.compression} {first.dataset}, is {first.status}: "
            f"{first.reason}"
        )
    largest = _distinct_names([_largest(portions) for portions in measured.values()])
    good = [cell for cell in cells.values() if cell["status"] == "ok"]
    return Results(
        tuple(sorted(largest, key=_place)),
        tuple(failures),
        tuple(_left_out(measured)),
        tuple(_distinct(cell.get("machine", {}) for cell in good)),
        tuple(_distinct(cell.get("versions", {}) for cell in good)),
    )


def _failure(cell: dict[str, Any]) -> Failure:
    title = cell.get("title", cell["dataset"])
    names = ("encoding", "compression", "status", "reason")
    encoding, compression, status, reason = (str(cell[name]) for name in names)
    return Failure(encoding, compression, str(title), status, reason)


def _place_of(cell: dict[str, Any]) -> str:
    """Return what tells data sets apart: the name of one that has a name, or else the path."""
    known = {data.name for data in datasets()}
    name = str(cell["dataset"])
    return name if name in known else f"{cell['folder']}/{name}"


def _largest(portions: _Portions) -> Measured:
    return max(portions.values(), key=lambda m: (m.voxels, len(m.results)))


def _distinct_names(measured: list[Measured]) -> list[Measured]:
    """Put places behind titles that several have, but for data sets with a name."""
    count = Counter(m.data.title for m in measured)
    return [m if count[m.data.title] == 1 else _with_place(m) for m in measured]


def _with_place(measured: Measured) -> Measured:
    if measured.data in datasets():
        return measured
    name = f"{measured.data.title} ({measured.folder}/{measured.dataset})"
    return replace(measured, data=replace(measured.data, name=name, title=name))


def _add(portions: _Portions, cell: dict[str, Any]) -> None:
    """Put a measured cell to those of the same data set, its state and number of slices."""
    result = Result(
        str(cell["encoding"]),
        str(cell["compression"]),
        int(cell["runs"]),
        int(cell["bytes_compressed"]),
        _positive(cell["ratio"]),
        _positive(cell["ratio_given"]),
        _positive(cell["bits_per_voxel"]),
        _positive(cell["speed"]["total_compress"]["megabytes_per_second"]),
        _positive(cell["speed"]["total_decompress"]["megabytes_per_second"]),
        int(cell["peak_bytes"]),
    )
    slices = _slices(cell)
    data = Measured(
        _dataset(str(cell["dataset"]), str(cell.get("title", cell["dataset"]))),
        str(cell["dataset"]),
        str(cell["folder"]),
        str(cell.get("state", "")),
        slices,
        _remark(str(cell["remark"]), slices, int(cell.get("slices_plain", 0))),
        int(cell["voxels"]),
        int(cell["volumes"]),
        round(8 * _positive(cell["bytes_given"]) / _positive(cell["voxels"])),
        {},
    )
    portion = (slices, data.folder, data.state)
    here = portions.get(portion, data)
    before = here.results.get(result.pair)
    if before is None or before.runs < result.runs:
        here = replace(here, results={**here.results, result.pair: result})
    portions[portion] = here


def _positive(value: Any) -> float:
    if not float(value) > 0:
        raise ValueError(f"{value!r} is not a positive number")
    return float(value)


def _dataset(name: str, title: str) -> DataSet:
    known = {data.name: data for data in datasets()}
    return known.get(name) or DataSet(title, title, False, "a file", "", "", "", ())


def _slices(cell: dict[str, Any]) -> int | None:
    """Return how many slices were taken; None if these are all that there are."""
    wanted = cell["slices"]
    return None if wanted is None or int(cell.get("slices_taken", wanted)) < wanted else int(wanted)


def _remark(remark: str, slices: int | None, plain: int) -> str:
    portion = "" if slices is None else f"the first {slices} slices"
    if portion and plain:
        portion += f", {plain} of them without a boundary"
    return "; ".join(part for part in (portion, remark) if part)


def _left_out(measured: dict[str, _Portions]) -> list[str]:
    lines = []
    for name, portions in measured.items():
        largest = _largest(portions)
        for other in portions.values():
            if other.slices != largest.slices:
                portion = "all" if other.slices is None else f"the first {other.slices}"
                lines.append(f"{name} was also measured on {portion} slices: not shown")
            elif other is not largest:
                where = f"in {other.folder} ({other.state})"
                lines.append(f"{name} was also measured with other contents, {where}: not shown")
    return lines


def _place(measured: Measured) -> tuple[int, str]:
    names = [data.name for data in datasets()]
    name = measured.data.name
    return (names.index(name) if name in names else len(names), name)


def _distinct(records: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for record in records:
        if record not in found:
            found.append(record)
    return found
