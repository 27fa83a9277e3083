"""The page itself."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from segpresso.experiments.report import windows
from segpresso.experiments.report.bars import all_series
from segpresso.experiments.report.complexity import GROWTH, SHAPE, Timing
from segpresso.experiments.report.failures import by_reason
from segpresso.experiments.report.means import our_encodings
from segpresso.experiments.report.names import in_order, pair_title, title
from segpresso.experiments.report.results import Results
from segpresso.experiments.report.speeds import fronts, points
from segpresso.experiments.report.style import Picture
from segpresso.experiments.report.table1 import table_1, winners
from segpresso.experiments.report.windows import WindowStatistics
from segpresso.io._extras import require


@dataclass(frozen=True)
class Contents:
    """What the page shows.

    Attributes
    ----------
    results : Results
        What was measured.
    folder : Path
        Where the results are.
    windows : mapping of str to WindowStatistics
        By name of a data set, as far as the data are at hand.
    missing : mapping of str to str
        Why it is not there, for the other data sets.
    timings : mapping of str to sequence of Timing
        By encoding, for crops of growing size.
    pictures : mapping of str to Picture
        The figures that could be drawn.
    """

    results: Results
    folder: Path
    windows: Mapping[str, WindowStatistics]
    missing: Mapping[str, str]
    timings: Mapping[str, Sequence[Timing]]
    pictures: Mapping[str, Picture]


def render(contents: Contents) -> str:
    """Return the page as HTML; the figures are in it."""
    jinja2 = require("jinja2", "experiments")
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("segpresso.experiments.report", "."),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "title": title,
        "pair": pair_title,
        "in_order": in_order,
        "data_uri": _data_uri,
        "ratio": lambda value: f"{value:,.1f}x",
        "count": lambda value: f"{value:,}",
        "percent": lambda value, digits=1: f"{100 * value:,.{digits}f} %",
        "signed_percent": lambda value: f"{100 * value:+,.1f} %".replace("-", "\N{MINUS SIGN}"),
    }
    results = contents.results
    page: str = environment.get_template("page.html.jinja").render(
        **vars(contents),
        groups=results.groups,
        series=all_series(results),
        others=[title(name) for name in in_order(our_encodings(results.encodings))],
        winners=winners(results),
        failures=by_reason(results.failures),
        table_1=table_1,
        fronts=[(name, front) for name, front in fronts(results) if front],
        plotted={group.title: len(points(group, compress=True)) for group in results.groups},
        shape=" x ".join(map(str, SHAPE)),
        growth=GROWTH,
        sections=windows.SECTIONS,
        bits=windows.BITS,
    )
    return page


def _data_uri(picture: Picture) -> str:
    encoded = base64.b64encode(picture.svg.encode()).decode()
    return f"data:image/svg+xml;base64,{encoded}"
