"""``segpresso experiment matrix``: all pairs on all data sets at hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from segpresso.cli import _options
from segpresso.cli._experiments import check_datasets, check_methods
from segpresso.cli._format import table
from segpresso.cli._ui import Ui
from segpresso.codecs import Limits

if TYPE_CHECKING:
    from segpresso.experiments.cell import Cell


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        epilog=_options.examples(
            "segpresso experiment matrix -d data -s 20 -o results",
            "segpresso experiment matrix -d data --compression LZMA --compression ZSTD:19",
            "segpresso experiment matrix brain.nrrd --encoding CPSO --encoding NONE",
        )
    )(matrix)


def matrix(
    ctx: typer.Context,
    datasets: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[DATASET]...",
            show_default=False,
            help="Data sets, label volumes or folders of them; all of the paper's that are at "
            "hand unless given.",
        ),
    ] = None,
    directory: _options.Directory = Path(),
    output: Annotated[
        Path,
        typer.Option(
            "--output", "-o", metavar="FOLDER", file_okay=False, help="Where results are kept."
        ),
    ] = Path("results"),
    encodings: Annotated[
        list[str] | None,
        typer.Option("--encoding", metavar="NAME", help="Only this one; repeat for more."),
    ] = None,
    compressions: Annotated[
        list[str] | None,
        typer.Option("--compression", metavar="NAME", help="Only this one; repeat for more."),
    ] = None,
    runs: _options.Runs = 1,
    slices: _options.Slices = None,
    seconds: Annotated[
        float, typer.Option("--seconds", min=0, metavar="NUM", help="Time limit of a cell.")
    ] = 3600,
    memory: Annotated[
        Limits | None,
        typer.Option(
            "--memory",
            metavar="SIZE",
            parser=_options.limit,
            help="Limit of the memory that a cell uses, such as 8GiB; none unless given.",
        ),
    ] = None,
    again: Annotated[
        bool, typer.Option("--again", help="Measure all of it anew, whatever results there are.")
    ] = False,
    as_json: _options.Json = False,
    quiet: _options.Quiet = False,
    debug: _options.Debug = False,
) -> None:
    """Measure all pairs of encodings and compressions on all data sets at hand.

    Each cell runs in a process of its own. Its result is kept as soon as it is there, so that a
    run that was interrupted goes on where it was: what is in FOLDER is not measured again, unless
    the data have changed, the cell failed, or a limit that it exceeded is larger now.
    FOLDER/results.csv and results.jsonl.xz have all of them. A cell that fails, or whose library
    is not installed, is a row that says why.
    """
    # These load what only experiments need.
    from segpresso.experiments import compressions as all_compressions
    from segpresso.experiments import encodings as all_encodings
    from segpresso.experiments import matrix as experiment

    ui: Ui = ctx.obj
    check_methods([*(encodings or ()), *(compressions or ())])
    check_datasets(ui, datasets or (), directory)
    if not datasets:
        datasets = experiment.at_hand(directory)
        for line in experiment.missing(directory):
            ui.note(line)
        if not datasets:
            ui.line("error", f"none of the paper's data sets is in {directory}")
            raise typer.Exit(1)
    cells = experiment.cells(
        encodings or all_encodings(),
        compressions or all_compressions(),
        datasets,
        directory,
        runs,
        slices,
    )
    max_bytes = None if memory is None else memory.max_bytes
    try:
        _measure_rest(ui, cells, output, seconds, max_bytes, again)
    except KeyboardInterrupt:
        ui.note("the same command goes on where it was interrupted")
        raise
    finally:
        path = experiment.write_tables(output)
        ui.note(f"results are in {path}")
    results = [experiment.load_cell(cell, output) for cell in cells]
    ui.results(results)
    ui.show(_summary(results))
    for reason in sorted({r["reason"] for r in results if r["status"] == "not installed"}):
        ui.line("warning", reason)
    bad = [result for result in results if result["status"] in ("lossy", "failed")]
    for result in bad:
        where = f"{result['encoding']} {result['compression']} {result['dataset']}"
        ui.line("error", f"{where}: {result['status']}: {result['reason']}")
    if bad:
        raise typer.Exit(1)


def _measure_rest(
    ui: Ui,
    cells: Sequence[Cell],
    output: Path,
    seconds: float,
    max_bytes: int | None,
    again: bool,
) -> None:
    """Measure the cells that have no result yet, or all of them again."""
    from segpresso.experiments import matrix as experiment
    from segpresso.experiments.cell import read_ahead
    from segpresso.experiments.pace import Pace

    pace = Pace()
    left = []
    for cell in cells:
        if not again and experiment.is_done(cell, output, seconds=seconds, max_bytes=max_bytes):
            pace.add(cell, experiment.load_cell(cell, output)["elapsed_seconds"])
        else:
            left.append(cell)
    if len(left) < len(cells):
        ui.note(f"{len(cells) - len(left)} of {len(cells)} cells were measured before")
    with ui.progress(len(left)) as step:
        for _, of_data in groupby(list(left), key=lambda cell: (cell.dataset, cell.folder)):
            parts = None
            for number, cell in enumerate(of_data):
                step(f"{cell.dataset} {cell.encoding} {cell.compression}", pace.seconds_for(left))
                if number == 0:
                    parts = read_ahead(cell, seconds=seconds, max_bytes=max_bytes)
                result = experiment.run_and_keep(
                    cell, output, parts=parts, seconds=seconds, max_bytes=max_bytes
                )
                pace.add(left.pop(0), result["elapsed_seconds"])


def _summary(results: list[dict[str, Any]]) -> Table:
    summary = table(
        ["data set", ">cells", ">lossless", "not measured", "smallest", ">ratio to 64 bits"]
    )
    titles = {(r["folder"], r["dataset"]): r["title"] for r in results}
    count = Counter(titles.values())
    for place, title in titles.items():
        of_data = [result for result in results if (result["folder"], result["dataset"]) == place]
        good = [result for result in of_data if result["status"] == "ok"]
        others = Counter(result["status"] for result in of_data if result["status"] != "ok")
        best = max(good, key=lambda result: result["ratio"], default=None)
        summary.add_row(
            title if count[title] == 1 else "/".join(place),
            str(len(of_data)),
            str(len(good)),
            ", ".join(f"{count} {status}" for status, count in others.items()) or "-",
            f"{best['encoding']} {best['compression']}" if best else "-",
            f"{best['ratio']:,.1f}x" if best else "-",
        )
    return summary
