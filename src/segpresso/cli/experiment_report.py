"""``segpresso experiment report``: the tables and figures of a matrix on one page."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from segpresso.cli import _options
from segpresso.cli._ui import Ui


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        epilog=_options.examples(
            "segpresso experiment report results",
            "segpresso experiment report results -d data -o report.html",
        )
    )(report)


def report(
    ctx: typer.Context,
    results: Annotated[
        Path,
        typer.Argument(
            metavar="RESULTS",
            show_default=False,
            help="The folder that segpresso experiment matrix -o has filled, or the "
            "results.jsonl.xz in it.",
        ),
    ],
    output: Annotated[
        Path,
        typer.Option("--output", "-o", metavar="FILE", dir_okay=False, help="The page to make."),
    ] = Path("report.html"),
    figures: Annotated[
        Path | None,
        typer.Option(
            "--figures",
            metavar="FOLDER",
            file_okay=False,
            help="Where the figures go, as PNG and SVG; report_figures for report.html unless "
            "given.",
        ),
    ] = None,
    directory: Annotated[
        Path | None,
        typer.Option(
            "--directory",
            "-d",
            metavar="PATH",
            help="Where the data are; where they were measured unless given.",
        ),
    ] = None,
    as_json: _options.Json = False,
    quiet: _options.Quiet = False,
    debug: _options.Debug = False,
) -> None:
    """Show a matrix as one page: ratios beside the paper's, its figures, size against speed.

    The page needs no other file; the figures are also kept one by one. Windows are counted in
    the data, and left out, with a sentence that says so, where these are not at hand. How time
    grows with the volume is measured on a made-up one.
    Page and figures that exist are replaced.
    """
    from segpresso.experiments.report import write_report  # loads what only experiments need

    ui: Ui = ctx.obj
    made = write_report(results, output, figures=figures, folder=directory, progress=ui.progress)
    for reason in made.missing.values():
        ui.line("warning", f"left out, for the data are needed: {reason}")
    ui.show(f"{made.page} and {len(made.figures)} figures in {made.figures[0].parent}")
    ui.results(
        {
            "page": str(made.page),
            "figures": [str(path) for path in made.figures],
            "missing": made.missing,
        }
    )
