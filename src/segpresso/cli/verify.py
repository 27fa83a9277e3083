"""``segpresso verify``: whether files can be decoded, and hold what they should."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from rich.text import Text

from segpresso.cli import _options
from segpresso.cli._arrays import Labels, difference
from segpresso.cli._errors import DATA_ERRORS
from segpresso.cli._format import plain, shape_text, table
from segpresso.cli._streams import StreamOptions, is_stream, open_stream
from segpresso.cli._ui import Ui
from segpresso.io import read

_STEPS = 1


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        epilog=_options.examples(
            "segpresso verify *.segp",
            "segpresso verify brain.segp --against brain.nrrd",
            "segpresso verify brain.cpso.xz --json",
        )
    )(verify)


def verify(
    ctx: typer.Context,
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE...",
            show_default=False,
            help="Compressed files or any label volumes; - for a stream on standard input.",
        ),
    ],
    against: Annotated[
        str | None,
        typer.Option("--against", metavar="ORIGINAL", help="The volume that they should hold."),
    ] = None,
    dataset: Annotated[
        str | None,
        typer.Option("--dataset", metavar="NAME", help="Which array of ORIGINAL, or of FILE."),
    ] = None,
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
    """Decode files completely and say whether all is well.

    The exit code is 1 if any file is damaged or differs from ORIGINAL.
    The first voxel that differs is named.
    """
    ui: Ui = ctx.obj
    options = _options.stream_options(codec, second, shape, dtype, block_size, limits, threads)
    original = None
    if against is not None:
        try:
            original = _load(against, StreamOptions(), dataset, ui)
        except DATA_ERRORS as error:
            ui.error(against, error)
            raise typer.Exit(1) from None
    own_dataset = None if against is not None else dataset
    records = []
    with ui.progress(_STEPS * len(files)) as step:
        for file in files:
            step(f"{file}: decoding")
            try:
                records.append(_verify(file, options, own_dataset, original, against, ui))
            except DATA_ERRORS as error:
                records.append(ui.error(file, error))
    ui.show(_table(records))
    ui.results(records)
    if not all(record["ok"] for record in records):
        raise typer.Exit(1)


def _load(file: str, options: StreamOptions, dataset: str | None, ui: Ui) -> Labels:
    if dataset is None and is_stream(file, options):
        return open_stream(file, options).decode()
    with ui.warnings_of(file):
        return read(file, dataset=dataset)


def _verify(
    file: str,
    options: StreamOptions,
    dataset: str | None,
    original: Labels | None,
    against: str | None,
    ui: Ui,
) -> dict[str, Any]:
    labels = _load(file, options, dataset, ui)
    found = None if original is None else difference(labels, original)
    message = "decoded completely" if original is None else f"equal to {against}"
    if found is not None:
        message = f"differs from {against}: {found}"
        ui.failures += 1
        ui.line("error", f"{file}: {message}; the file does not hold this volume")
    return {
        "file": file,
        "ok": found is None,
        "error": None if found is None else "Difference",
        "message": message,
        "shape": list(labels.shape),
        "dtype": labels.dtype.name,
        "against": against,
    }


def _table(records: list[dict[str, Any]]) -> Any:
    result = table(["file", "", ">shape", "dtype", "what was found"])
    for record in records:
        is_ok = record["ok"]
        kind = "" if is_ok else f"{record['error']}: "
        result.add_row(
            plain(record["file"]),
            Text("ok", "green") if is_ok else Text("bad", "red"),
            shape_text(record["shape"]) if "shape" in record else "",
            record.get("dtype", ""),
            plain(kind + record["message"].removeprefix(f"{record['file']}: ")),
        )
    return result
