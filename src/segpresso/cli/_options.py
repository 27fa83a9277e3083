"""Options that several commands have, and how their values are read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from rich.markup import escape

from segpresso.cli._streams import StreamOptions
from segpresso.cli._ui import Ui
from segpresso.codecs import Limits, codecs, get_codec
from segpresso.errors import InvalidArgumentError
from segpresso.io import get_second_stage, second_stages

_UNITS = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}
_UNITS |= {f"{unit}i": 2 ** (10 * i) for i, unit in enumerate("KMGT", 1)}


def examples(*lines: str) -> str:
    """Return the end of a help text: command lines that can be copied."""
    return "\n\n".join(
        ["[bold]Examples[/bold]", *(f"[cyan]$ {escape(line)}[/cyan]" for line in lines)]
    )


@dataclass(frozen=True)
class Extent:
    """Sizes along some axes; typer would take a plain tuple for several arguments."""

    sizes: tuple[int, ...]


def extent(text: str) -> Extent:
    """Read sizes.

    Examples
    --------
    >>> extent("4,4,1"), extent("64x512x512")
    (Extent(sizes=(4, 4, 1)), Extent(sizes=(64, 512, 512)))
    """
    if not re.fullmatch(r"\d+([,x]\d+)*", text):
        raise typer.BadParameter(f"{text!r} is not a list of sizes such as 64,512,512")
    return Extent(tuple(int(size) for size in re.split("[,x]", text)))


def extent3(text: str) -> Extent:
    """Read three positive sizes."""
    result = extent(text)
    if len(result.sizes) != 3 or min(result.sizes) < 1:
        raise typer.BadParameter(f"{text!r} is not three positive sizes such as 4,4,1")
    return result


def label_dtype(text: str) -> np.dtype[Any]:
    """Read the name of an integer type, or bool.

    Examples
    --------
    >>> label_dtype("uint32")
    dtype('uint32')
    """
    try:
        dtype = np.dtype(text)
    except TypeError:
        dtype = np.dtype(object)
    if dtype.kind not in "biu":
        raise typer.BadParameter(f"{text!r} is not an integer type such as uint32, or bool")
    return dtype


def limit(text: str) -> Limits:
    """Read a number of bytes.

    Examples
    --------
    >>> limit("64GiB").max_bytes == 64 * 2**30, limit("1.5 MB").max_bytes
    (True, 1500000)
    """
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([KMGT]i?)?B?", text.strip(), re.IGNORECASE)
    if not found:
        raise typer.BadParameter(f"{text!r} is not a size such as 64GiB or 500MB")
    unit = (found[2] or "").upper().replace("I", "i")
    return Limits(max_bytes=int(float(found[1]) * _UNITS[unit]))


def stream_options(
    codec: str | None,
    second: str | None,
    shape: Extent | None,
    dtype: np.dtype[Any] | None,
    block_size: Extent | None,
    limits: Limits | None,
    threads: int | None,
) -> StreamOptions:
    """Return what the user said about a stream."""
    return StreamOptions(
        codec,
        second,
        shape.sizes if shape else None,
        dtype,
        block_size.sizes if block_size else None,
        limits,
        threads,
    )


def codec_name(text: str) -> str:
    """Check the name of a codec."""
    try:
        return get_codec(text).name
    except InvalidArgumentError as error:
        raise typer.BadParameter(str(error)) from None


def second_name(text: str) -> str:
    """Check the name of a second stage."""
    try:
        return get_second_stage(text).name
    except InvalidArgumentError as error:
        raise typer.BadParameter(str(error)) from None


def _set_quiet(ctx: typer.Context, value: bool) -> bool:
    _ui(ctx).quiet |= value
    return value


def _set_debug(ctx: typer.Context, value: bool) -> bool:
    _ui(ctx).debug |= value
    return value


def _set_json(ctx: typer.Context, value: bool) -> bool:
    _ui(ctx).json |= value
    return value


def _ui(ctx: typer.Context) -> Ui:
    ui: Ui = ctx.obj
    return ui


def _all_or_some(value: int | None) -> int | None:
    if value == 0:
        raise typer.BadParameter("0 slices are nothing to compress")
    return None if value == -1 else value


Quiet = Annotated[
    bool, typer.Option("--quiet", "-q", callback=_set_quiet, help="Print nothing but errors.")
]
Debug = Annotated[
    bool, typer.Option("--debug", callback=_set_debug, help="Show the traceback of errors.")
]
Json = Annotated[
    bool, typer.Option("--json", callback=_set_json, help="Print the results as JSON.")
]
Directory = Annotated[
    Path,
    typer.Option(
        "--directory",
        "-d",
        metavar="PATH",
        exists=True,
        file_okay=False,
        help="Where the data are.",
    ),
]
Slices = Annotated[
    int | None,
    typer.Option(
        "--slices",
        "-s",
        min=-1,
        callback=_all_or_some,
        metavar="NUM",
        help="Take the first slices of each data set only; -1 for all.",
    ),
]
Runs = Annotated[
    int, typer.Option("--runs", "-r", min=1, metavar="NUM", help="How often to measure.")
]
Threads = Annotated[
    int | None,
    typer.Option(
        "--threads", "-j", min=1, metavar="N", help="Threads; all processors unless given."
    ),
]
Force = Annotated[bool, typer.Option("--force", "-f", help="Replace files that exist.")]
Dataset = Annotated[
    str | None,
    typer.Option(
        "--dataset",
        metavar="NAME",
        help="Which array of a file with several: a name in HDF5, Zarr, .npz and .mat, the number "
        "of a TIFF series, the key of a precomputed scale.",
    ),
]
CodecName = Annotated[
    str | None,
    typer.Option(
        "--codec",
        parser=codec_name,
        metavar="NAME",
        help=f"The codec: {', '.join(codecs())}. Found by the file's name or first bytes unless "
        "given.",
    ),
]
SecondName = Annotated[
    str | None,
    typer.Option(
        "--second",
        parser=second_name,
        metavar="NAME",
        help=f"The compressor behind the codec: {', '.join(second_stages())}. Found by the file's "
        "name or first bytes unless given.",
    ),
]
Shape = Annotated[
    Extent | None,
    typer.Option(
        "--shape",
        parser=extent,
        metavar="Z,Y,X",
        help="Shape of the volume, for streams that do not tell it.",
    ),
]
Dtype = Annotated[
    np.dtype[Any] | None,
    typer.Option(
        "--dtype",
        parser=label_dtype,
        metavar="TYPE",
        help="Integer type of the labels, uint32 for example; needed for streams that do not "
        "tell it, otherwise the labels are converted, if they fit.",
    ),
]
BlockSize = Annotated[
    Extent | None,
    typer.Option(
        "--block-size",
        parser=extent3,
        metavar="X,Y,Z",
        help="Block size that the stream was made with (compressed_segmentation).",
    ),
]
MaxBytes = Annotated[
    Limits | None,
    typer.Option(
        "--limit",
        parser=limit,
        metavar="SIZE",
        help="Refuse volumes larger than this, 64GiB for example; 16GiB unless given.",
    ),
]
