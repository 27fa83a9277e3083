"""One experiment, an encoding, a compression and a data set, in a process of its own."""

from __future__ import annotations

import ctypes
import os
import platform
import re
import time
import warnings
import zlib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from importlib import import_module
from importlib.metadata import PackageNotFoundError, entry_points, version
from pathlib import Path
from typing import Any

from segpresso import _core
from segpresso.errors import InvalidArgumentError, LimitError, SegpressoError, UnsupportedError
from segpresso.experiments.datasets import DataSet, Part, UnreadableError, get_dataset
from segpresso.experiments.methods import check_pair, get_method
from segpresso.experiments.process import (
    CrashError,
    TooLargeError,
    TooSlowError,
    call,
    peak_bytes,
)
from segpresso.experiments.stages import EmptyStreamError, LossyError, first_slices, measure
from segpresso.io import MissingExtraError

#: Whose versions a result depends on, as far as they are installed; packages of methods and codecs
#: that were added come on top.
_LIBRARIES = (
    "av",
    "brotli",
    "crackle-codec",
    "imagecodecs",
    "lzallright",
    "numpy",
    "segpresso",
    "zstandard",
)

#: Libraries in C that come with Python, by the module that uses them and what tells the version.
_C_LIBRARIES = {
    "bzip2": ("_bz2", "BZ2_bzlibVersion"),
    "liblzma": ("_lzma", "lzma_version_string"),
}

#: What `read_ahead` keeps at most: handed to a process in less than a second.
_MOST_BYTES_AHEAD = 1 << 28


@dataclass(frozen=True)
class Cell:
    """What to measure.

    Attributes
    ----------
    encoding, compression : str
        Names of methods, perhaps with levels.
    dataset : str
        Name of a data set, or path of a file or folder.
    folder : str
        Where the data are.
    runs : int
        How often.
    slices : int, optional
        How many slices from the first on; all unless given.
    state : str
        What the data are (see `Layout.state`): results of other ones do not count.
    """

    encoding: str
    compression: str
    dataset: str
    folder: str = "."
    runs: int = 1
    slices: int | None = None
    state: str = ""


def run_here(cell: Cell, parts: Sequence[Part] | None = None) -> dict[str, Any]:
    """Measure a cell in this process.

    Parameters
    ----------
    cell, parts
        As of `run`.

    Returns
    -------
    dict
        The cell, what `Measurement.summary` returns, peak memory of the process, versions and
        machine; ``status`` is "ok".

    Raises
    ------
    FileNotFoundError
        If the data are not there.
    UnreadableError
        If they cannot be read.
    InvalidArgumentError
        If there is no such method, or it cannot take the data.
    """
    first, second = get_method(cell.encoding), get_method(cell.compression)
    data, layout, folder = get_dataset(cell.dataset, cell.folder)
    given = first_slices(layout.parts(folder), cell.slices) if parts is None else parts
    result = measure(first, second, given, cell.runs)
    return {
        **asdict(cell),
        "encoding": repr(first),
        "compression": repr(second),
        **_names(data, folder),
        "remark": layout.remark,
        "paper_ratio": data.paper.get((repr(first), repr(second))),
        "status": "ok",
        "reason": "",
        **result.summary(),
        "peak_bytes": peak_bytes(),
        "versions": versions(),
        "machine": machine(),
    }


def run(
    cell: Cell,
    *,
    parts: Sequence[Part] | None = None,
    seconds: float | None = None,
    max_bytes: int | None = None,
) -> dict[str, Any]:
    """Measure a cell in a process of its own.

    Parameters
    ----------
    cell : Cell
        What to measure.
    parts : sequence of Part, optional
        The volumes, if they have been read (see `read_ahead`).
    seconds : float, optional
        After which the process is ended.
    max_bytes : int, optional
        Of memory that the process may use; see `segpresso.experiments.process.call`.

    Returns
    -------
    dict
        As of `run_here`; or the cell with another status, "not applicable", "not installed",
        "lossy", "too slow", "too large" or "failed", and the reason. And the limits, and how long
        it took, with all that is not measured, as ``elapsed_seconds``.

    Examples
    --------
    >>> run(Cell("LZMA", "NONE", "no_such_volume"))["status"]
    'failed'
    """
    begin = time.perf_counter()
    try:
        check_pair(get_method(cell.encoding), get_method(cell.compression))
        result = call(_run_there, cell, parts, seconds=seconds, max_bytes=max_bytes)
    except TooSlowError as error:
        result = _failed(cell, "too slow", error)
    except TooLargeError as error:
        result = _failed(cell, "too large", error)
    except CrashError as error:
        result = _failed(cell, "failed", error)
    except InvalidArgumentError as error:  # there is no such method, or no such pair
        result = _failed(cell, "not applicable", error)
    return {
        **result,
        "limit_seconds": seconds,
        "limit_bytes": max_bytes,
        "elapsed_seconds": round(time.perf_counter() - begin, 3),
    }


def read_ahead(
    cell: Cell, *, seconds: float | None = None, max_bytes: int | None = None
) -> list[Part] | None:
    """Read the first slices of a data set, for all cells that want just these.

    To read a few slices of a compressed file can take longer than to compress them.

    Parameters
    ----------
    cell : Cell
        One of the cells.
    seconds, max_bytes
        Limits, as of `run`.

    Returns
    -------
    list of Part or None
        None if this does not pay, since cells want all slices or so many that handing them on
        takes as long; or if it fails, which each cell then finds and reports itself.

    Examples
    --------
    >>> read_ahead(Cell("LZMA", "NONE", "no_such_volume", slices=3)) is None
    True
    """
    if cell.slices is None:
        return None
    try:
        return call(_read_there, cell, seconds=seconds, max_bytes=max_bytes)
    except (TooSlowError, TooLargeError, CrashError):
        return None


def _run_there(cell: Cell, parts: Sequence[Part] | None) -> dict[str, Any]:
    warnings.simplefilter("ignore")
    try:
        return run_here(cell, parts)
    except LossyError as error:
        return _failed(cell, "lossy", error)
    except MissingExtraError as error:
        return _failed(cell, "not installed", error)
    except (InvalidArgumentError, UnsupportedError) as error:
        return _failed(cell, "not applicable", error)
    except (LimitError, MemoryError) as error:
        return _failed(cell, "too large", f"not enough memory: {error}".removesuffix(": "))
    except (UnreadableError, EmptyStreamError) as error:
        return _failed(cell, "failed", error)
    except Exception as error:
        return _failed(cell, "failed", f"{type(error).__name__}: {error}")


def _read_there(cell: Cell) -> list[Part] | None:
    warnings.simplefilter("ignore")
    try:
        _, layout, folder = get_dataset(cell.dataset, cell.folder)
        parts = list(first_slices(layout.parts(folder), cell.slices))
    except Exception:
        return None
    return parts if sum(part.labels.nbytes for part in parts) <= _MOST_BYTES_AHEAD else None


def _failed(cell: Cell, status: str, reason: object) -> dict[str, Any]:
    names = {"title": cell.dataset}
    try:
        data, _, folder = get_dataset(cell.dataset, cell.folder)
        names = {
            "encoding": repr(get_method(cell.encoding)),
            "compression": repr(get_method(cell.compression)),
            **_names(data, folder),
        }
    except (OSError, SegpressoError):  # the reason says which name is wrong
        pass
    return {**asdict(cell), **names, "status": status, "reason": str(reason)}


def _names(data: DataSet, folder: Path) -> dict[str, str]:
    return {"dataset": data.name, "folder": str(folder), "title": data.title}


def versions() -> dict[str, str]:
    """Return the versions of the libraries that results depend on."""
    found = {"python": platform.python_version(), "zlib": zlib.ZLIB_RUNTIME_VERSION}
    for name, (module, function) in _C_LIBRARIES.items():
        with suppress(OSError, AttributeError):  # where they are hidden in Python itself
            tell = getattr(ctypes.CDLL(import_module(module).__file__), function)
            tell.restype = ctypes.c_char_p
            found[name] = tell().decode()
    for name in _LIBRARIES:
        with suppress(PackageNotFoundError):
            found[name] = version(name)
    for group in ("segpresso.codecs", "segpresso.methods"):
        packages = (entry.dist for entry in entry_points(group=group))
        found |= {package.name: package.version for package in packages if package}
    return found


def machine() -> dict[str, Any]:
    """Return what speeds depend on."""
    return {
        "system": platform.platform(),
        "architecture": platform.machine(),
        "processor": _processor(),
        "processors": os.cpu_count(),
        "simd": _core.simd(),
    }


def _processor() -> str:
    """Return the model's name, as far as the system tells."""
    with suppress(OSError):
        if found := re.search(r"^model name\s*: (.*)$", Path("/proc/cpuinfo").read_text(), re.M):
            return found[1]
    return platform.processor()
