"""One picture of a volume: its segments, their boundaries, and the windows these are made of."""

from __future__ import annotations

import operator
import os
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from segpresso.errors import InvalidArgumentError
from segpresso.figures._labels import check_labels
from segpresso.figures.boundaries import boundary_map
from segpresso.figures.colors import colorize
from segpresso.figures.mosaic import INK, black_on_grey, mosaic
from segpresso.figures.windows import FrequentWindows, frequent_windows
from segpresso.io._extras import require
from segpresso.io.atomic import atomic_file

# Pixels. Three panels of 512 fill 1600, so that slices of 512 voxels are shown one to one.
_DPI = 200
_PANEL = 512
_GAP = 16
_CAPTION = 96
_TITLE = 64
_LEAST_HEIGHT, _MOST_HEIGHT = 256, 1024

_GREY = (99, 108, 118)

_SIDE = 10  # windows along each side of the mosaic
_WINDOW = "8\N{NO-BREAK SPACE}\N{MULTIPLICATION SIGN}\N{NO-BREAK SPACE}8"


def overview(
    labels_zyx: npt.ArrayLike,
    *,
    path: str | os.PathLike[str],
    title: str | None = None,
    slice_index: int | None = None,
) -> None:
    """Draw a slice in colour, its boundary map and the volume's most frequent windows.

    The picture is a PNG, 1600 pixels wide on white. The file is written whole or not at all.

    Parameters
    ----------
    labels_zyx : array-like of bool or integers, shape (z, y, x)
        A volume, not empty.
    path : path-like
        The PNG to write; an existing file is replaced.
    title : str, optional
        A line above the panels.
    slice_index : int, optional
        Which slice to show, negative from the end; the middle one if not given.

    Raises
    ------
    InvalidArgumentError
        If the volume is empty, or not of three axes, or not of bool or integers, or if it has
        no such slice.
    MissingExtraError
        If matplotlib is not installed; the message has the command that installs it.
    OSError
        If the file cannot be written.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> from segpresso.examples import neuropil
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder, "overview.png")
    ...     overview(neuropil((4, 64, 64)), path=path)
    ...     path.read_bytes()[1:4]
    b'PNG'
    """
    labels = check_labels(labels_zyx, 3, empty=False)
    index = len(labels) // 2 if slice_index is None else operator.index(slice_index)
    if not -len(labels) <= index < len(labels):
        raise InvalidArgumentError(f"there is no slice {index} in a volume of {len(labels)}")
    index %= len(labels)
    boundary = boundary_map(labels[index])
    windows = frequent_windows(labels, count=_SIDE * _SIDE)
    segments = int(np.count_nonzero(np.unique(labels[index])))

    page = _Page(labels.shape[1] / labels.shape[2], title)
    page.panel(
        0,
        colorize(labels[index]),
        "Segments",
        f"{_number(segments, 'segment')} in slice {index:,} of {len(labels):,}",
    )
    page.panel(
        1,
        black_on_grey(boundary),
        "Boundaries",
        f"{boundary.mean():.1%} of the voxels differ from the next along x or y",
    )
    tiles = mosaic(windows.patterns, _PANEL, _SIDE)
    page.panel(2, tiles, f"Windows of {_WINDOW} voxels", _coverage(windows))
    with atomic_file(path) as temporary:
        page.write(temporary)


class _Page:
    """A white page with a row of three panels, laid out in pixels."""

    def __init__(self, height_to_width: float, title: str | None) -> None:
        figure = require("matplotlib.figure", "experiments")
        agg = require("matplotlib.backends.backend_agg", "experiments")
        panel_height = round(_PANEL * height_to_width)
        self._panel_height = min(max(panel_height, _LEAST_HEIGHT), _MOST_HEIGHT)
        self._top = _GAP if title is None else _TITLE
        self._width = 3 * _PANEL + 4 * _GAP
        self._height = self._top + self._panel_height + _CAPTION
        size = (self._width / _DPI, self._height / _DPI)
        self._figure: Any = figure.Figure(figsize=size, dpi=_DPI, facecolor="white")
        self._canvas: Any = agg.FigureCanvasAgg(self._figure)
        if title is not None:
            self._text(_GAP, 0.5 * _TITLE, title, size=9, weight="bold", va="center")

    def panel(self, column: int, image: npt.NDArray[np.uint8], heading: str, caption: str) -> None:
        """Show an image as large as its column allows, with two lines below the row."""
        left = _GAP + column * (_PANEL + _GAP)
        scale = min(_PANEL / image.shape[1], self._panel_height / image.shape[0])
        height, width = (max(1, round(scale * n)) for n in image.shape[:2])
        bottom = self._height - self._top - 0.5 * (self._panel_height + height)
        axes = self._figure.add_axes(
            (
                left / self._width,
                bottom / self._height,
                width / self._width,
                height / self._height,
            )
        )
        # Enlarged voxels stay sharp; where they are too many, colours are averaged.
        smoothing = "nearest" if scale >= 1 else "antialiased"
        axes.imshow(image, aspect="auto", interpolation=smoothing, interpolation_stage="rgba")
        axes.set_axis_off()
        below = self._top + self._panel_height
        self._text(left, below + 14, heading, size=7.5, weight="bold")
        self._text(left, below + 50, caption, size=6.2, color=_GREY)

    def write(self, path: os.PathLike[str]) -> None:
        """Write the page as a PNG."""
        with Path(path).open("wb") as file:
            self._canvas.print_png(file)

    def _text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float,
        weight: str = "normal",
        color: tuple[int, int, int] = INK,
        va: str = "top",
    ) -> None:
        # Titles come from file names: a dollar sign in them is no formula.
        self._figure.text(
            x / self._width,
            1 - y / self._height,
            text,
            size=size,
            weight=weight,
            color=tuple(c / 255 for c in color),
            va=va,
            parse_math=False,
        )


def _coverage(windows: FrequentWindows) -> str:
    shown = len(windows.shares)
    if shown == windows.distinct:
        return f"All {_number(shown, 'pattern')} of the volume, the most frequent first"
    share = f"{windows.shares.sum():.1%}"
    return f"The {shown} most frequent of {windows.distinct:,} make up {share} of all"


def _number(n: int, noun: str) -> str:
    return f"{n:,} {noun}" if n == 1 else f"{n:,} {noun}s"
