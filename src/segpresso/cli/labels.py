"""``segpresso labels``: which labels a volume has."""

from __future__ import annotations

from typing import Annotated

import typer

from segpresso.cli import _options
from segpresso.cli._arrays import distinct
from segpresso.cli._errors import DATA_ERRORS
from segpresso.cli._streams import is_stream, open_stream
from segpresso.cli._ui import Ui
from segpresso.io import read


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        epilog=_options.examples(
            "segpresso labels brain.segp",
            "segpresso labels brain.nrrd --count",
            "segpresso labels - --json < brain.segp",
        )
    )(labels)


def labels(
    ctx: typer.Context,
    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE",
            show_default=False,
            help="A compressed file or any label volume; - for a stream on standard input.",
        ),
    ],
    count: Annotated[bool, typer.Option("--count", help="Print only how many there are.")] = False,
    dataset: _options.Dataset = None,
    codec: _options.CodecName = None,
    second: _options.SecondName = None,
    shape: _options.Shape = None,
    dtype: _options.Dtype = None,
    block_size: _options.BlockSize = None,
    limits: _options.MaxBytes = None,
    threads: _options.Threads = None,
    as_json: _options.Json = False,
    quiet: _options.Quiet = False,
    debug: _options.Debug = False,
) -> None:
    """List the distinct labels, ascending, one per line.

    They are taken from the stream without decoding it, where the codec can do that.
    """
    ui: Ui = ctx.obj
    options = _options.stream_options(codec, second, shape, dtype, block_size, limits, threads)
    try:
        if is_stream(file, options):
            found = open_stream(file, options).labels()
        else:
            with ui.warnings_of(file):
                found = distinct(read(file, dataset=dataset))
    except DATA_ERRORS as error:
        ui.error(file, error)
        raise typer.Exit(1) from None
    values = [int(label) for label in found]
    ui.results({"file": file, "count": len(values), **({} if count else {"labels": values})})
    if not as_json:
        lines = [len(values)] if count else values
        if lines:
            ui.plain("\n".join(map(str, lines)))
