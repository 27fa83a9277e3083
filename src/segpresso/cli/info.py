"""``segpresso info``: what a file holds, without decoding it where possible."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from segpresso.cli import _options
from segpresso.cli._arrays import distinct
from segpresso.cli._errors import DATA_ERRORS
from segpresso.cli._info_table import show_info
from segpresso.cli._sizes import Sizes
from segpresso.cli._streams import Stream, is_stream, open_stream
from segpresso.cli._ui import Ui
from segpresso.io import read

#: What every description has; the rest is the codec's own.
_COMMON = ("codec", "axes", "shape", "dtype", "sections")
#: Sizes in the codec's axis order, shown as (x, y, z) as the options are given.
_SIZES = ("window", "block_size", "block_shape")


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        epilog=_options.examples(
            "segpresso info brain.segp",
            "segpresso info brain.nrrd brain.segp brain.cpso.xz --json",
            "segpresso info chunk.cseg --shape 64,64,64 --dtype uint64",
        )
    )(info)


def info(
    ctx: typer.Context,
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE...",
            show_default=False,
            help="Compressed files or any label volumes; - for a stream on standard input.",
        ),
    ],
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
    """Show what is in volumes: shape, type, labels, and sections of streams.

    The sections and their bytes are those of the stream inside the second stage.
    """
    ui: Ui = ctx.obj
    options = _options.stream_options(codec, second, shape, dtype, block_size, limits, threads)
    records = []
    for file in files:
        try:
            if is_stream(file, options):
                record = _of_stream(open_stream(file, options))
            else:
                record = _of_file(file, dataset, ui)
        except DATA_ERRORS as error:
            records.append(ui.error(file, error))
            continue
        records.append(record)
        show_info(record, ui)
    ui.results(records)
    if ui.failures:
        raise typer.Exit(1)


def _of_stream(stream: Stream) -> dict[str, Any]:
    described = stream.describe()
    shape = _shape(stream, described)
    dtype = _dtype(stream, described)
    known = stream.codec.carries_shape or (shape is not None and dtype is not None)
    sizes = None
    if shape is not None:
        sizes = Sizes(shape, dtype or np.dtype(np.uint64), stream.stored_bytes).record()
    return {
        "file": stream.name,
        "ok": True,
        "kind": "stream",
        "codec": stream.codec.name,
        "second": stream.second,
        "bytes": stream.stored_bytes,
        "stream_bytes": len(stream.data),
        "sidecar": stream.sidecar,
        **(sizes or {"shape": None}),
        "dtype": None if dtype is None else dtype.name,
        "ratio_dtype": sizes["ratio_dtype"] if sizes and dtype is not None else None,
        "labels": len(stream.labels()) if known else None,
        "details": _details(stream, described),
        "sections": {name: int(size) for name, size in described.get("sections", {}).items()},
    }


def _shape(stream: Stream, described: dict[str, Any]) -> tuple[int, ...] | None:
    if stream.shape is not None:
        return stream.shape
    shape = described.get("shape")
    if shape is None:
        return None
    return tuple(shape[::-1] if stream.codec.axes.startswith("x") else shape)


def _dtype(stream: Stream, described: dict[str, Any]) -> np.dtype[Any] | None:
    if stream.dtype is not None:
        return stream.dtype
    dtype = described.get("dtype")  # the one it decodes to, where the stream does not tell
    return None if dtype is None else np.dtype(dtype)


def _details(stream: Stream, described: dict[str, Any]) -> dict[str, Any]:
    details = {}
    for name, value in described.items():
        if name in _COMMON:
            continue
        if name in _SIZES:
            step = -1 if stream.codec.axes.startswith("z") else 1
            details[f"{name}_xyz"] = [int(size) for size in value[::step]]
        else:
            details[name] = value
    return details


def _of_file(file: str, dataset: str | None, ui: Ui) -> dict[str, Any]:
    with ui.warnings_of(file):
        labels = read(file, dataset=dataset)
    stored = _stored_bytes(Path(file))
    return {
        "file": file,
        "ok": True,
        "kind": "volume",
        **Sizes(labels.shape, labels.dtype, stored).record(),
        "labels": len(distinct(labels)),
        "smallest": int(labels.min()) if labels.size else None,
        "largest": int(labels.max()) if labels.size else None,
    }


def _stored_bytes(path: Path) -> int:
    if path.is_file():
        return path.stat().st_size
    return sum(part.stat().st_size for part in path.rglob("*") if part.is_file())
