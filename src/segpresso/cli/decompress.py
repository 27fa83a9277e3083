"""``segpresso decompress``: a compressed file to any other."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from segpresso.cli import _names, _options
from segpresso.cli._errors import DATA_ERRORS
from segpresso.cli._format import exact_bytes, number_text, plain, shape_text, table
from segpresso.cli._streams import DASH, StreamOptions, open_stream
from segpresso.cli._timing import Stopwatch, megavoxels_per_second
from segpresso.cli._ui import Step, Ui
from segpresso.io import write
from segpresso.io.compressed import split_name

_STEPS = 3
_DEFAULT_SUFFIX = ".npy"


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        epilog=_options.examples(
            "segpresso decompress brain.segp                 makes brain.npy",
            "segpresso decompress brain.segp -o brain.nii.gz",
            "segpresso decompress *.segp -o out/ --to .tif   all into a folder",
            "segpresso decompress chunk.cseg --shape 64,64,64 --dtype uint64",
            "segpresso decompress - < brain.segp > brain.npy",
        )
    )(decompress)


def decompress(
    ctx: typer.Context,
    inputs: Annotated[
        list[str],
        typer.Argument(
            metavar="IN...",
            show_default=False,
            help="Compressed files; - for a stream on standard input.",
        ),
    ],
    output: Annotated[
        str | None,
        typer.Option(
            "--output",
            "-o",
            metavar="OUT",
            help="The file to make, in the format of its suffix; a name that ends with / gets one "
            "PNG per slice; - for .npy on standard output. For several inputs, or with --to, the "
            "folder to put files into. Unless given, a file beside the input.",
        ),
    ] = None,
    to: Annotated[
        str | None,
        typer.Option(
            "--to",
            metavar="SUFFIX",
            help=f"Format of files that are not named by -o: their suffix. {_DEFAULT_SUFFIX} "
            "unless given.",
        ),
    ] = None,
    codec: _options.CodecName = None,
    second: _options.SecondName = None,
    shape: _options.Shape = None,
    dtype: _options.Dtype = None,
    block_size: _options.BlockSize = None,
    limits: _options.MaxBytes = None,
    threads: _options.Threads = None,
    force: _options.Force = False,
    as_json: _options.Json = False,
    quiet: _options.Quiet = False,
    debug: _options.Debug = False,
) -> None:
    """Restore label volumes from compressed files.

    Shape and type come from the stream or from the .json file beside it.
    For streams with neither, give --shape and --dtype.
    """
    ui: Ui = ctx.obj
    _names.check_single(inputs, output, as_json=as_json)
    outputs = _outputs(inputs, output, to)
    options = _options.stream_options(codec, second, shape, dtype, block_size, limits, threads)
    records = []
    with ui.progress(_STEPS * len(inputs)) as step:
        for source, target in zip(inputs, outputs, strict=True):
            try:
                records.append(_decompress(source, target, options, force, step))
            except DATA_ERRORS as error:
                records.append(ui.error(source, error))
    done = [record for record in records if record["ok"]]
    if done:
        ui.show(_table(done), to_stderr=DASH in outputs)
    ui.results(records)
    if ui.failures:
        raise typer.Exit(1)


def _outputs(inputs: list[str], output: str | None, to: str | None) -> list[str]:
    """Name the output of every input, and make the folder that several go to."""
    if len(inputs) == 1 and to is None and (output is not None or inputs == [DASH]):
        if output not in (None, DASH):
            _names.check_writable_suffix(output)
        return [output or DASH]
    suffix = to or _DEFAULT_SUFFIX
    suffix = suffix if suffix.startswith(".") else f".{suffix}"
    _names.check_writable_suffix(f"name{suffix}")
    outputs = [_names.beside(source, suffix, output) for source in inputs]
    _names.check_distinct(outputs)
    if output is not None:
        Path(output).mkdir(parents=True, exist_ok=True)
    return outputs


def _decompress(
    source: str, target: str, options: StreamOptions, force: bool, step: Step
) -> dict[str, Any]:
    step(f"{source}: reading")
    stream = open_stream(source, options)
    if target != DASH:
        is_compressed = split_name(Path(target).name)[0] is not None
        _names.check_free(target, force=force, is_compressed=is_compressed)
    step(f"{source}: {stream.codec.name}")
    with Stopwatch() as decoding:
        labels = stream.decode()
    step(f"{source}: writing")
    if target == DASH:
        header = io.BytesIO()
        np.lib.format.write_array(header, labels, allow_pickle=False)
        sys.stdout.buffer.write(header.getbuffer())
        sys.stdout.buffer.flush()
    else:
        write(target, labels)
    return {
        "file": source,
        "ok": True,
        "output": target,
        "codec": stream.codec.name,
        "second": stream.second,
        "shape": list(labels.shape),
        "dtype": labels.dtype.name,
        "voxels": labels.size,
        "bytes": stream.stored_bytes,
        "raw_bytes": labels.nbytes,
        "decode_seconds": decoding.seconds,
        "decode_mvoxels_per_s": megavoxels_per_second(labels.size, decoding.seconds),
        "second_seconds": stream.second_seconds,
    }


def _table(records: list[dict[str, Any]]) -> Any:
    second = sum(record["second_seconds"] for record in records)
    result = table(
        ["file", ">shape", "dtype", ">bytes", ">in memory", ">decode\nMvox/s"],
        caption="Mvox/s: million voxels per second that the codec decodes, without reading, "
        f"writing and the second stage, which took {second:.2f} s",
    )
    for record in records:
        result.add_row(
            plain(record["output"]),
            shape_text(record["shape"]),
            record["dtype"],
            exact_bytes(record["bytes"]),
            exact_bytes(record["raw_bytes"]),
            number_text(record["decode_mvoxels_per_s"]),
        )
    return result
