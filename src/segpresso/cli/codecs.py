"""``segpresso codecs``: what there is to choose from."""

from __future__ import annotations

import inspect
from typing import Any

import typer
from rich.table import Table

from segpresso.cli import _options
from segpresso.cli._format import plain, table
from segpresso.cli._ui import Ui
from segpresso.codecs import DEFAULT_CODEC, Codec, get_codec
from segpresso.codecs import codecs as codec_names


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        name="codecs",
        epilog=_options.examples("segpresso codecs", "segpresso codecs --json"),
    )(list_codecs)


def list_codecs(
    ctx: typer.Context,
    as_json: _options.Json = False,
    quiet: _options.Quiet = False,
    debug: _options.Debug = False,
) -> None:
    """List the codecs, their suffixes and what their streams tell.

    Codecs of other packages are listed too, if they are installed.
    """
    ui: Ui = ctx.obj
    records = [_record(get_codec(name)) for name in codec_names()]
    ui.show(_table(records))
    ui.results(records)


def _record(codec: Codec) -> dict[str, Any]:
    takes = inspect.signature(codec.encode).parameters
    return {
        "name": codec.name,
        "default": codec.name == DEFAULT_CODEC,
        "suffix": codec.suffix,
        "magic": codec.magic.hex(),
        "axes": codec.axes,
        "carries_shape": codec.carries_shape,
        "carries_dtype": codec.carries_dtype,
        "second": "lzma" if codec.wants_second_stage else "none",
        "options": [name for name in takes if name not in ("labels", "threads")],
        "summary": (inspect.getdoc(codec) or "").partition("\n")[0],
    }


def _table(records: list[dict[str, Any]]) -> Table:
    result = table(
        ["codec", "suffix", "magic", "axes", "shape", "dtype", "second stage"],
        caption="shape, dtype: whether streams tell them (if not, a .json file beside does)",
    )
    for record in records:
        magic = bytes.fromhex(record["magic"])
        result.add_row(
            record["name"] + (" (default)" if record["default"] else ""),
            record["suffix"],
            plain(magic.decode("ascii", "backslashreplace") or "none"),
            ", ".join(record["axes"]),
            "yes" if record["carries_shape"] else "no",
            "yes" if record["carries_dtype"] else "no",
            record["second"],
        )
    return result
