"""One experiment, an encoding, a compression and a data set, in a process of its own."""

from __future__ import annotations

import multiprocessing
import os
import platform
import resource
import signal
import sys
import warnings
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from multiprocessing.connection import Connection
from typing import Any

from segpresso import _core
from segpresso.errors import InvalidArgumentError, UnsupportedError
from segpresso.experiments.datasets import get_dataset
from segpresso.experiments.methods import get_method
from segpresso.experiments.stages import LossyError, first_slices, measure

#: Whose versions a result depends on, as far as they are installed.
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


@dataclass(frozen=True)
class Cell:
    """What to measure.

    Attributes
    ----------
    encoding, compression : str
        Names of methods, perhaps with levels.
    dataset : str
        Name of a data set, or path of a file.
    folder : str
        Where the data are.
    runs : int
        How often.
    slices : int, optional
        How many slices from the first on; all unless given.
    """

    encoding: str
    compression: str
    dataset: str
    folder: str = "."
    runs: int = 1
    slices: int | None = None


def run_here(cell: Cell) -> dict[str, Any]:
    """Measure a cell in this process.

    Returns
    -------
    dict
        The cell, what `Measurement.summary` returns, peak memory of the process, versions and
        machine; ``status`` is "ok".

    Raises
    ------
    FileNotFoundError
        If the data are not there.
    InvalidArgumentError
        If there is no such method, or it cannot take the data.
    """
    first, second = get_method(cell.encoding), get_method(cell.compression)
    data, layout, folder = get_dataset(cell.dataset, cell.folder)
    parts = first_slices(layout.parts(folder), cell.slices)
    result = measure(first, second, parts, cell.runs)
    return {
        **asdict(cell),
        "encoding": repr(first),
        "compression": repr(second),
        "dataset": data.name,
        "remark": layout.remark,
        "paper_ratio": data.paper.get((repr(first), repr(second))),
        "status": "ok",
        "reason": "",
        **result.summary(),
        "peak_bytes": _peak_bytes(),
        "versions": versions(),
        "machine": machine(),
    }


def run(
    cell: Cell, *, seconds: float | None = None, max_bytes: int | None = None
) -> dict[str, Any]:
    """Measure a cell in a process of its own.

    Parameters
    ----------
    cell : Cell
        What to measure.
    seconds : float, optional
        After which the process is ended.
    max_bytes : int, optional
        Of memory that the process may have.

    Returns
    -------
    dict
        As of `run_here`; or the cell with another status, "not applicable", "lossy", "too slow",
        "too large" or "failed", and the reason.

    Examples
    --------
    >>> run(Cell("LZMA", "NONE", "no_such_volume"))["status"]
    'failed'
    """
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_run_there, args=(cell, max_bytes, theirs), daemon=True)
    process.start()
    theirs.close()
    try:
        if not ours.poll(seconds):
            return _failed(cell, "too slow", f"not finished after {seconds:g} s")
        result: dict[str, Any] = ours.recv()
    except EOFError:
        process.join()
        return _failed(cell, "failed", f"the process ended with {_ending(process.exitcode)}")
    else:
        return result
    finally:
        process.kill()
        process.join()
        ours.close()


def _run_there(cell: Cell, max_bytes: int | None, channel: Connection) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who has started us ends us
    warnings.simplefilter("ignore")
    if max_bytes is not None:
        resource.setrlimit(resource.RLIMIT_AS, (max_bytes, max_bytes))
    try:
        result = run_here(cell)
    except LossyError as error:
        result = _failed(cell, "lossy", str(error))
    except (InvalidArgumentError, UnsupportedError) as error:
        result = _failed(cell, "not applicable", str(error))
    except MemoryError:
        result = _failed(cell, "too large", f"needs more than {max_bytes} bytes of memory")
    except Exception as error:
        result = _failed(cell, "failed", f"{type(error).__name__}: {error}")
    channel.send(result)


def _failed(cell: Cell, status: str, reason: str) -> dict[str, Any]:
    return {**asdict(cell), "status": status, "reason": reason}


def _ending(exit_code: int | None) -> str:
    if exit_code is not None and exit_code < 0:
        return signal.Signals(-exit_code).name
    return f"exit code {exit_code}"


def _peak_bytes() -> int:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else 1024 * peak


def versions() -> dict[str, str]:
    """Return the versions of the libraries that results depend on."""
    found = {"python": platform.python_version()}
    for name in _LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def machine() -> dict[str, Any]:
    """Return what speeds depend on."""
    return {
        "system": platform.platform(),
        "architecture": platform.machine(),
        "processors": os.cpu_count(),
        "simd": _core.simd(),
    }
