"""How the report's figures look, and how they become files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from segpresso.experiments.report.names import in_order
from segpresso.figures.mosaic import INK
from segpresso.io._extras import require
from segpresso.io.atomic import atomic_file

#: Inches; the page shows a hundred pixels of each.
WIDTH = 10.4

_PNG_DPI = 200
_FEW_DECADES = 200  # below this ratio of its ends, an axis has labels at 1, 2 and 5
_GREY = "#636c76"
_RULE = "#d8dee4"

# Okabe and Ito's palette, which people with any colour vision tell apart, but for its yellow, which
# white paper swallows; and Tol's wine, olive and indigo behind it.
_PAPERS = {
    "NONE": ("#9aa0a6", "o"),
    "NEUROGLANCER": ("#0072b2", "s"),
    "COMPRESSO": ("#d55e00", "D"),
}
_COLORS = (
    "#009e73",
    "#cc79a7",
    "#e69f00",
    "#56b4e9",
    "#000000",
    "#882255",
    "#999933",
    "#332288",
)
_MARKERS = ("^", "v", "P", "X", "<", ">", "p")

_STYLE = {
    "axes.axisbelow": True,
    "axes.edgecolor": _GREY,
    "axes.grid": True,
    "axes.labelcolor": tuple(c / 255 for c in INK),
    "axes.labelsize": 9,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlelocation": "left",
    "axes.titlesize": 10,
    "axes.titleweight": "bold",
    "figure.facecolor": "white",
    "font.family": "DejaVu Sans",  # comes with matplotlib: the same everywhere
    "font.size": 9,
    "grid.color": _RULE,
    "grid.linewidth": 0.6,
    "legend.fontsize": 9,
    "legend.frameon": False,
    "svg.fonttype": "path",
    "svg.hashsalt": "segpresso",  # the same file for the same results
    "text.color": tuple(c / 255 for c in INK),
    "text.parse_math": False,
    "xtick.color": _GREY,
    "xtick.labelcolor": tuple(c / 255 for c in INK),
    "xtick.labelsize": 8,
    "ytick.color": _GREY,
    "ytick.labelcolor": tuple(c / 255 for c in INK),
    "ytick.labelsize": 8,
}


@dataclass(frozen=True)
class Picture:
    """A figure as files.

    Attributes
    ----------
    name : str
        File name without suffix.
    svg : str
        The figure itself.
    png_path, svg_path : Path
        Where it is.
    """

    name: str
    svg: str
    png_path: Path
    svg_path: Path


@contextmanager
def styled() -> Iterator[None]:
    """Draw in the report's style."""
    matplotlib = require("matplotlib", "experiments")
    with matplotlib.rc_context(_STYLE):
        yield


def new_figure(height: float) -> Any:
    """Start a figure of so many inches."""
    figure = require("matplotlib.figure", "experiments")
    return figure.Figure(figsize=(WIDTH, height), layout="constrained")


def save(figure: Any, folder: Path, name: str) -> Picture:
    """Write a figure as PNG and SVG."""
    png_path, svg_path = folder / f"{name}.png", folder / f"{name}.svg"
    with atomic_file(png_path) as temporary:
        figure.savefig(temporary, dpi=_PNG_DPI)
    with atomic_file(svg_path) as temporary:
        figure.savefig(temporary, metadata={"Date": None})
    return Picture(name, svg_path.read_text(), png_path, svg_path)


def looks(encodings: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Give each encoding a colour and a marker, the same ones in every figure of a report.

    Examples
    --------
    >>> looks(["CPSO", "COMPRESSO", "NONE"])["CPSO"]
    ('#009e73', '^')
    """
    # Ours come first, so that they keep their colour whatever else is measured.
    ordered = in_order(encodings)
    ordered.sort(key=lambda name: not name.startswith("SEGPRESSO"))
    found = dict(_PAPERS)
    for place, name in enumerate(name for name in ordered if name not in _PAPERS):
        found[name] = (_COLORS[place % len(_COLORS)], _MARKERS[place % len(_MARKERS)])
    return found


def add_legend(figure: Any, handles: Sequence[Any], names: Sequence[str]) -> None:
    """Explain colours and markers above all panels, in as few lines as the names fit into."""
    for columns in range(len(names), 0, -1):
        legend = figure.legend(handles, names, loc="outside upper left", ncols=columns)
        if columns == 1 or legend.get_window_extent().width <= figure.bbox.width:
            return
        legend.remove()


def label_logarithmic(axis: Any, unit: str = "") -> None:
    """Label a logarithmic axis, whose data have been drawn, with numbers and not powers."""
    ticker = require("matplotlib.ticker", "experiments")
    low, high = sorted(axis.get_view_interval())
    if high < _FEW_DECADES * low:
        axis.set_major_locator(ticker.LogLocator(subs=(1, 2, 5)))
    axis.set_major_formatter(ticker.FuncFormatter(lambda value, _: f"{value:,.10g}{unit}"))
    axis.set_minor_formatter(ticker.NullFormatter())
