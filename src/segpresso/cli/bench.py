"""``segpresso bench``: Segpresso against every other compressor that is installed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from segpresso.cli import _options
from segpresso.cli._bench_tables import mean_table, standing_table, volume_table
from segpresso.cli._errors import DATA_ERRORS
from segpresso.cli._names import base_name
from segpresso.cli._ui import Step, Ui
from segpresso.errors import InvalidArgumentError
from segpresso.examples import neuropil
from segpresso.io import MissingExtraError, read

if TYPE_CHECKING:
    from segpresso.benchmark import Entry, Plan, Row, Volume

_NAME = "bench"
_MADE_UP = "neuropil"
_CORNER = (64, 256, 256)
_QUICK_SECONDS = ("none", "lzma")
_LONG = 90  # characters of a title


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        epilog=_options.examples(
            "segpresso bench --quick                          on a made-up volume",
            "segpresso bench brain.nrrd cells.h5 -o results",
            "segpresso bench brain.nrrd --codecs segpresso,crackle:5,zstd --chunk 64",
            "segpresso bench brain.nrrd --codecs segpresso,compresso+lzma -r 11 -j 4",
        )
    )(bench)


def bench(
    ctx: typer.Context,
    files: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[FILE]...",
            show_default=False,
            help="Label volumes; a made-up one unless given.",
        ),
    ] = None,
    codecs: Annotated[
        list[str] | None,
        typer.Option(
            "--codecs",
            metavar="NAMES",
            help="Only these, separated by commas: segpresso, crackle:5, crackle:5+brotli, ...; "
            "all that are installed unless given.",
        ),
    ] = None,
    seconds: Annotated[
        list[str] | None,
        typer.Option(
            "--second",
            metavar="NAMES",
            help="Only these compressors behind label codecs: none, gzip, zstd, lzma, brotli.",
        ),
    ] = None,
    chunk: Annotated[
        int | None,
        typer.Option(
            min=1,
            metavar="N",
            help="Cut the corner of each volume, at most 256 voxels wide, into cubes of N voxels "
            "that are compressed one by one.",
        ),
    ] = None,
    threads: Annotated[
        int,
        typer.Option(
            "--threads", "-j", min=1, metavar="N", help="Threads of codecs that can use several."
        ),
    ] = 1,
    rounds: Annotated[
        int, typer.Option("--rounds", "-r", min=1, metavar="NUM", help="How often to measure.")
    ] = 3,
    most_seconds: Annotated[
        float,
        typer.Option(
            "--seconds",
            min=0,
            metavar="NUM",
            help="Time that a codec, and each second stage behind it, may take on a volume.",
        ),
    ] = 60,
    quick: Annotated[
        bool,
        typer.Option(
            "--quick",
            help="A first look: the corner of 64x256x256 voxels, once, without memory; of second "
            "stages only lzma.",
        ),
    ] = False,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FOLDER", help="Where the results go.")
    ] = Path(_NAME),
    dataset: _options.Dataset = None,
    as_json: _options.Json = False,
    quiet: _options.Quiet = False,
    debug: _options.Debug = False,
) -> None:
    """Compare all compressors: sizes, speeds, memory, and whether volumes come back.

    They take turns, so that a busy machine slows all alike. Every volume that comes back is
    compared. A codec that is too slow is measured less often, or left out.
    FOLDER/bench.csv is written after every round; bench.png and .svg show size against speed.
    Results that are in FOLDER already are replaced.
    """
    from segpresso import benchmark  # loads what only benchmarks need

    ui: Ui = ctx.obj
    chosen = _choose(codecs, seconds, quick=quick)
    entries = _installed(chosen, ui)
    plan = benchmark.Plan(1 if quick else rounds, threads, most_seconds, memory=not quick)
    output.mkdir(parents=True, exist_ok=True)
    rows: list[Row] = []
    try:
        with ui.progress(len(files or [""]) * (1 + benchmark.steps(entries, plan))) as step:
            # Nobody knows how long volumes will take that have not been read yet.
            say = step if len(files or [""]) == 1 else lambda text, _: step(text)
            for volume in _volumes(files or [], dataset, chunk, step, ui, quick=quick):
                _measure(volume, entries, plan, output, rows, say)
    finally:
        if rows:
            ui.note(f"results are in {output / _NAME}.csv")
    if not rows:
        raise typer.Exit(1)
    _show(rows, output, threads, ui)
    for row in rows:
        if not row.lossless:
            own = row.contestant.distribution == "segpresso"
            kind = "error" if own else "warning"
            ui.failures += own
            why = row.problem or "what came back is not what was compressed"
            ui.line(kind, f"{row.volume.name}: {row.name}: {why}")
    if ui.failures:
        raise typer.Exit(1)


def _choose(codecs: list[str] | None, seconds: list[str] | None, *, quick: bool) -> list[Entry]:
    from segpresso.benchmark import choose

    stages = _split(seconds) or (_QUICK_SECONDS if quick else None)
    try:
        return choose(_split(codecs) or None, stages)
    except InvalidArgumentError as error:
        raise typer.BadParameter(str(error)) from None


def _split(names: list[str] | None) -> list[str]:
    return [name.strip() for text in names or () for name in text.split(",") if name.strip()]


def _installed(chosen: Sequence[Entry], ui: Ui) -> list[Entry]:
    """Leave out what is not installed, and say how to install it."""
    from segpresso.benchmark import installed, missing

    for name, reason in missing(chosen).items():
        ui.line("warning", f"without {name}: {reason}")
    entries = installed(chosen)
    if not entries:
        ui.line("error", "nothing that was asked for is installed")
        raise typer.Exit(1)
    return entries


def _volumes(
    files: Sequence[str],
    dataset: str | None,
    chunk: int | None,
    step: Step,
    ui: Ui,
    *,
    quick: bool,
) -> Iterator[Volume]:
    """Read volumes, one after the other."""
    from segpresso.benchmark import in_chunks, whole

    corner = {"corner": _CORNER} if quick else {}
    bases = [base_name(Path(file).name) for file in files]
    for file in files or [""]:
        base = base_name(Path(file).name)
        name = (base if bases.count(base) == 1 else file) if file else _MADE_UP
        step(f"{name}: reading" if file else "making a volume of neuropil")
        try:
            with ui.warnings_of(name):
                labels = read(file, dataset=dataset) if file else neuropil(_CORNER)
            if chunk is None:
                yield whole(name, labels, **corner)
            else:
                yield in_chunks(name, labels, chunk, **corner)
        except DATA_ERRORS as error:
            ui.error(file, error)


def _measure(
    volume: Volume,
    entries: Sequence[Entry],
    plan: Plan,
    output: Path,
    rows: list[Row],
    step: Callable[[str, float | None], None],
) -> None:
    """Measure one more volume; the results of all are kept after every round."""
    from segpresso.benchmark import measure, write_csv
    from segpresso.experiments.cell import machine, versions

    about = {
        "rounds": plan.rounds,
        "threads": plan.threads,
        "seconds": plan.seconds,
        "machine": machine(),
        "versions": versions(),
    }
    (output / f"{_NAME}.json").write_text(json.dumps(about, indent=2) + "\n")
    before = list(rows)

    def keep(measured: list[Row]) -> None:
        rows[:] = [*before, *measured]
        write_csv(output / f"{_NAME}.csv", rows)

    measure(volume, entries, plan, step, keep)


def _show(rows: Sequence[Row], output: Path, threads: int, ui: Ui) -> None:
    from segpresso.benchmark import against_rivals, means, picture, reference_of

    volumes = list(dict.fromkeys(row.volume.name for row in rows))
    for name in volumes:
        of_it = [row for row in rows if row.volume.name == name]
        ui.show(volume_table(of_it, threads, ui.width))
        for row in of_it:
            if row.problem and row.lossless:
                ui.line("warning", f"{name}: {row.name} is left out: {row.problem}")
    found = means(rows)
    if len(volumes) > 1 and found:
        ui.show(mean_table(found, reference_of(found), len(volumes)))
    standings = against_rivals(rows)
    if standings:
        ui.show(standing_table(standings))
    path = None
    if found:
        try:
            path = picture(found, _title(rows, threads), output, _NAME).png_path
            ui.show(f"The picture is {path}")
        except MissingExtraError as error:
            ui.line("warning", f"no picture: {error}")
    ui.results(
        {
            "results": [row.record() for row in rows],
            "smaller_than_smallest_rival": {
                one.volume: {
                    "rival": one.rival.name,
                    "bytes": one.rival.bytes,
                    **{profile: one.smaller(profile) for profile in one.ours},
                }
                for one in standings
            },
            "picture": None if path is None else str(path),
        }
    )


def _title(rows: Sequence[Row], threads: int) -> str:
    volumes = list({row.volume.name: row.volume for row in rows}.values())
    shape = "x".join(map(str, volumes[0].shape))
    what = f"{volumes[0].name}, {shape} {volumes[0].dtype}"
    if len(volumes) > 1:
        names = ", ".join(volume.name for volume in volumes)
        few = f"geometric means of {names}"
        what = few if len(few) < _LONG else f"geometric means of {len(volumes)} volumes"
    chunk = volumes[0].chunk
    cut = "" if chunk is None else f", in chunks of {chunk}x{chunk}x{chunk}"
    return f"{what}{cut}, {threads} thread{'s' if threads > 1 else ''}"
