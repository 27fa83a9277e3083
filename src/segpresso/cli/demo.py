"""``segpresso demo``: the first thing to try."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
import typer
from rich.console import Group as RenderGroup
from rich.table import Table
from rich.text import Text

from segpresso.cli import _options
from segpresso.cli._arrays import Labels, distinct
from segpresso.cli._demo_table import demo_table
from segpresso.cli._ui import Ui
from segpresso.codecs import codecs
from segpresso.codecs.arrays import thread_count
from segpresso.errors import InvalidArgumentError
from segpresso.examples import neuropil
from segpresso.figures import overview
from segpresso.io import MissingExtraError, read

if TYPE_CHECKING:
    from segpresso.benchmark import Row

_SHAPE = (48, 320, 320)
_SECONDS = ("none", "lzma")
#: The first round pays for fresh memory and idle processors.
_ROUNDS = 3
_MOST_SECONDS = 4.0
_PICTURE = "overview.png"
_SUFFIXES = ".npy .nrrd .nii.gz .tif .h5 .zarr and more"


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        epilog=_options.examples(
            "segpresso demo",
            "segpresso demo --data brain.nrrd -o brain-demo",
            "segpresso demo --shape 32,256,256 --seed 7",
        )
    )(demo)


def demo(
    ctx: typer.Context,
    data: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="A label volume to use instead of a made-up one."),
    ] = None,
    output: Annotated[
        str, typer.Option("--output", "-o", metavar="FOLDER", help="Where the picture goes.")
    ] = "demo",
    shape: Annotated[
        _options.Extent | None,
        typer.Option(
            parser=_options.extent3,
            metavar="Z,Y,X",
            help="Size of the made-up one; 48,320,320 unless given.",
        ),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Which made-up volume.")] = 0,
    dataset: _options.Dataset = None,
    threads: _options.Threads = None,
    as_json: _options.Json = False,
    quiet: _options.Quiet = False,
    debug: _options.Debug = False,
) -> None:
    """Try all codecs on one volume: a table of sizes and speeds, and a picture.

    Without FILE it is made up, and looks and compresses like brain tissue.
    Every stream is decoded and compared.
    A picture that is in FOLDER already is replaced.
    """
    from segpresso import benchmark  # loads what only benchmarks need

    ui: Ui = ctx.obj
    folder = Path(output)
    folder.mkdir(parents=True, exist_ok=True)
    own = codecs()
    entries = sorted(benchmark.choose(own, _SECONDS), key=lambda one: one.contestant.is_native)
    plan = benchmark.Plan(  # the table has no speeds of second stages
        rounds=_ROUNDS,
        second_rounds=1,
        threads=thread_count(threads),
        seconds=_MOST_SECONDS,
        memory=False,
    )
    with ui.progress(benchmark.steps(entries, plan) + 2) as step:
        step("reading the volume" if data else "making a volume of neuropil")
        if data is None:
            z, y, x = shape.sizes if shape else _SHAPE
            labels, title = neuropil((z, y, x), seed), f"Neuropil, seed {seed}"
        else:
            with ui.warnings_of(data):
                labels, title = _volume(read(data, dataset=dataset)), Path(data).name
        volume = benchmark.whole(title, labels)
        rows = benchmark.measure(volume, entries, plan, step, lambda _: None)
        step("drawing the picture")
        picture = _draw(labels, folder / _PICTURE, title, ui)
    ui.show(demo_table(rows, len(distinct(labels)), plan.threads))
    for row in rows:
        if row.problem and row.second == "none":
            ui.show(Text(f"{row.name} cannot hold this volume: {row.problem}", "yellow"))
    ui.show(_farewell(picture, data))
    ui.results(_record(rows, labels, title, picture))
    if not all(row.lossless for row in rows):
        ui.line("error", "a codec did not restore the volume; please report it")
        raise typer.Exit(1)


def _volume(labels: Labels) -> Labels:
    """Give any label array three axes: a picture has slices."""
    if labels.size == 0:
        raise InvalidArgumentError(f"there is nothing to show in a volume of shape {labels.shape}")
    return labels.reshape((-1, *labels.shape[-2:]))


def _draw(labels: Labels, path: Path, title: str, ui: Ui) -> Path | None:
    try:
        overview(labels, path=path, title=title)
    except MissingExtraError as error:
        ui.line("warning", f"no picture: {error}")
        return None
    return path


def _farewell(picture: Path | None, data: str | None) -> RenderGroup:
    commands = Table.grid(padding=(0, 3))
    for command, what in (
        (f"segpresso compress {data or 'brain.nrrd'}", "a volume of yours: " + _SUFFIXES),
        ("segpresso info brain.segp", "what is inside"),
        ("segpresso --help", "everything else"),
    ):
        commands.add_row(Text(f"  {command}", "cyan"), Text(what))
    drawn = [Text(f"The picture is {picture}", "bold")] if picture else []
    return RenderGroup(*drawn, Text("What to try next:"), commands)


def _record(
    rows: Sequence[Row], labels: Labels, title: str, picture: Path | None
) -> dict[str, Any]:
    return {
        "volume": title,
        "shape": list(labels.shape),
        "dtype": np.dtype(labels.dtype).name,
        "picture": None if picture is None else str(picture),
        "rows": [row.record() for row in rows],
    }
