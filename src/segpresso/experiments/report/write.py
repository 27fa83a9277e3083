"""Everything that the report needs, measured, drawn and written."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from segpresso.errors import SegpressoError
from segpresso.experiments.datasets import get_dataset
from segpresso.experiments.matrix import ResultsError
from segpresso.experiments.report import complexity
from segpresso.experiments.report.bars import draw_bars
from segpresso.experiments.report.names import in_order
from segpresso.experiments.report.page import Contents, render
from segpresso.experiments.report.results import Measured, Results, load_results
from segpresso.experiments.report.speeds import draw_speeds
from segpresso.experiments.report.style import Picture, save, styled
from segpresso.experiments.report.windows import (
    WindowStatistics,
    draw_windows,
    window_statistics,
)
from segpresso.experiments.stages import first_slices
from segpresso.io._extras import require
from segpresso.io.atomic import atomic_file

#: Shows so many steps; each is announced by what the block is given.
Progress: TypeAlias = Callable[[int], AbstractContextManager[Callable[[str], None]]]


@dataclass(frozen=True)
class Report:
    """What was written.

    Attributes
    ----------
    page : Path
        The page.
    figures : tuple of Path
        The figures, as PNG and as SVG.
    missing : dict of str to str
        By name of a data set, why the page has nothing about its windows.
    """

    page: Path
    figures: tuple[Path, ...]
    missing: Mapping[str, str]


@contextmanager
def _silent(_: int) -> Iterator[Callable[[str], None]]:
    yield lambda _: None


def write_report(
    results: str | os.PathLike[str],
    page: str | os.PathLike[str],
    *,
    figures: str | os.PathLike[str] | None = None,
    folder: str | os.PathLike[str] | None = None,
    progress: Progress | None = None,
) -> Report:
    """Write the report of a matrix: a page that needs no other file, and its figures.

    Parameters
    ----------
    results : path-like
        Folder that `segpresso experiment matrix` has filled, or the ``results.jsonl.xz`` in it.
    page : path-like
        The HTML file to make; one that exists is replaced.
    figures : path-like, optional
        Folder for the figures as PNG and SVG; unless given, beside the page, with "_figures"
        behind the page's name.
    folder : path-like, optional
        Where the data are, for what only they can tell; unless given, where they were measured.
        The page says what is missing since they are not there.
    progress : callable, optional
        Is told the number of steps, and makes a context that announces each.

    Returns
    -------
    Report

    Raises
    ------
    FileNotFoundError
        If there are no results.
    ResultsError
        If results are damaged, or nothing was measured.
    MissingExtraError
        If matplotlib or jinja2 are not installed; the message has the command that does it.
    OSError
        If a file cannot be written.

    Examples
    --------
    >>> write_report("/nowhere", "report.html")
    Traceback (most recent call last):
    FileNotFoundError: [Errno 2] no results are in /nowhere: segpresso experiment matrix -o ...
    """
    require("jinja2", "experiments")  # before what takes long
    require("matplotlib", "experiments")
    page = Path(page)
    if page.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(page))
    found = load_results(Path(results))
    where = page.with_name(f"{page.stem}_figures") if figures is None else Path(figures)
    where.mkdir(parents=True, exist_ok=True)
    page.parent.mkdir(parents=True, exist_ok=True)

    steps = len(found.measured) + complexity.SIZES + 3
    with (progress or _silent)(steps) as step, styled():
        windows, missing = _windows(found, folder, step)
        step("making a volume to measure")
        timings = _timings(found, step)
        step("drawing figures")
        pictures = _draw(found, windows, timings, where)
        step("writing the page")
        text = render(Contents(found, Path(results), windows, missing, timings, pictures))
        with atomic_file(page) as temporary:
            temporary.write_text(text, encoding="utf-8")
    files = [path for one in pictures.values() for path in (one.png_path, one.svg_path)]
    return Report(page, tuple(files), missing)


def _windows(
    results: Results, folder: str | os.PathLike[str] | None, step: Callable[[str], None]
) -> tuple[dict[str, WindowStatistics], dict[str, str]]:
    """Return the statistics of all data sets that are at hand, and why others are not."""
    found, missing = {}, {}
    for measured in results.measured:
        step(f"windows of {measured.data.title}")
        try:
            found[measured.data.name] = _statistics(measured, folder or measured.folder)
        except OSError as error:
            missing[measured.data.name] = error.strerror or str(error)
        except SegpressoError as error:
            missing[measured.data.name] = str(error)
    return found, missing


def _statistics(measured: Measured, folder: str | os.PathLike[str]) -> WindowStatistics:
    _, layout, where = get_dataset(measured.dataset, folder)
    statistics = window_statistics(first_slices(layout.parts(where), measured.slices))
    if statistics.voxels != measured.voxels:
        raise ResultsError(
            f"{measured.data.title} in {folder} is not what was measured: it has "
            f"{statistics.voxels:,} voxels, not {measured.voxels:,}"
        )
    return statistics


def _timings(results: Results, step: Callable[[str], None]) -> dict[str, list[complexity.Timing]]:
    encodings = [name for name in in_order(results.encodings) if name != "NONE"]
    timings: dict[str, list[complexity.Timing]] = {}
    for crop in complexity.crops(complexity.made_up_volume()):
        step(f"time of {crop.size:,} voxels")
        complexity.add_timings(timings, encodings, crop)
    return {name: found for name, found in timings.items() if len(found) > 1}


def _draw(
    results: Results,
    windows: Mapping[str, WindowStatistics],
    timings: Mapping[str, list[complexity.Timing]],
    folder: Path,
) -> dict[str, Picture]:
    """Draw all figures there are data for, by name."""
    drawn: dict[str, Any] = {"ratios": draw_bars(results), "speeds": draw_speeds(results)}
    for name, statistics in windows.items():
        drawn[f"windows_{name}"] = draw_windows(statistics)
    if timings:
        drawn["complexity"] = complexity.draw_complexity(timings)
    return {
        name: save(figure, folder, re.sub(r"[^\w.-]+", "-", name))
        for name, figure in drawn.items()
        if figure is not None
    }
