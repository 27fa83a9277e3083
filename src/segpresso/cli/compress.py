"""``segpresso compress``: any label volume to a compressed file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from segpresso.cli import _names, _options
from segpresso.cli._codec_options import encoding_options
from segpresso.cli._compress_file import STEPS, Job, compress_file
from segpresso.cli._compress_table import result_table
from segpresso.cli._errors import DATA_ERRORS
from segpresso.cli._streams import DASH
from segpresso.cli._ui import Ui
from segpresso.codecs import DEFAULT_CODEC, Codec, get_codec
from segpresso.io import SecondStage, get_second_stage, second_stages
from segpresso.io.compressed import split_name


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        epilog=_options.examples(
            "segpresso compress brain.nrrd              makes brain.segp",
            "segpresso compress *.tif -o packed/ --profile small",
            "segpresso compress brain.nrrd --codec cpso makes brain.cpso.xz",
            "segpresso compress em.h5 --dataset volumes/labels -o em.segp",
            "segpresso compress cells.zarr --codec compresso-v2 --window 8,8,1",
            "cat cells.npy | segpresso compress - > cells.segp",
        )
    )(compress)


def compress(
    ctx: typer.Context,
    inputs: Annotated[
        list[str],
        typer.Argument(
            metavar="IN...",
            show_default=False,
            help="Label volumes: files or folders of any known format; - for a .npy file on "
            "standard input.",
        ),
    ],
    output: Annotated[
        str | None,
        typer.Option(
            "--output",
            "-o",
            metavar="OUT",
            help="The file to make, or the folder for several; - for standard output. Its "
            "suffixes say codec and second stage (.segp, .cpso.xz). Unless given, the input's "
            "name with these suffixes, beside the input.",
        ),
    ] = None,
    codec: Annotated[
        str | None,
        typer.Option(
            "--codec",
            parser=_options.codec_name,
            metavar="NAME",
            help=f"The codec (see: segpresso codecs). Unless given, by OUT's suffix, else "
            f"{DEFAULT_CODEC}.",
        ),
    ] = None,
    second: Annotated[
        str | None,
        typer.Option(
            "--second",
            parser=_options.second_name,
            metavar="NAME",
            help=f"General compressor behind the codec: {', '.join(second_stages())}. Unless "
            "given, by OUT's suffix, else lzma for codecs that gain by it.",
        ),
    ] = None,
    profile: Annotated[
        str | None,
        typer.Option(
            metavar="|".join(get_codec(DEFAULT_CODEC).profiles),
            help=f"What matters most: speed, both, or size ({DEFAULT_CODEC}); balanced unless "
            "given.",
        ),
    ] = None,
    window: Annotated[
        _options.Extent | None,
        typer.Option(
            parser=_options.extent3, metavar="X,Y,Z", help="Boundary window (Compresso codecs)."
        ),
    ] = None,
    block_size: Annotated[
        _options.Extent | None,
        typer.Option(
            parser=_options.extent3,
            metavar="X,Y,Z",
            help="Size of blocks, of compressed_segmentation.",
        ),
    ] = None,
    connectivity: Annotated[
        int | None,
        typer.Option(metavar="4|6", help="Components within slices, or across them (cpso)."),
    ] = None,
    no_z_index: Annotated[
        bool,
        typer.Option(
            "--no-z-index", help="Save the bytes that make slices decodable alone (cpso)."
        ),
    ] = False,
    neuroglancer_safe: Annotated[
        bool,
        typer.Option(
            "--neuroglancer-safe",
            help="Store labels of 2^32 - 7 and above so that Neuroglancer reads them right (cpso).",
        ),
    ] = False,
    dataset: _options.Dataset = None,
    threads: _options.Threads = None,
    verify: Annotated[
        bool,
        typer.Option(
            "--verify/--no-verify", help="Decode and compare before the file gets its name."
        ),
    ] = True,
    force: _options.Force = False,
    as_json: _options.Json = False,
    quiet: _options.Quiet = False,
    debug: _options.Debug = False,
) -> None:
    """Compress label volumes.

    Losslessly: every file is decoded and compared before it gets its name.
    Shape and type that a format cannot hold go to a small .json file beside it.
    """
    ui: Ui = ctx.obj
    _names.check_single(inputs, output, as_json=as_json)
    chosen, stage = _choose(output if len(inputs) == 1 else None, codec, second)
    options = encoding_options(
        chosen,
        profile=profile,
        window=window.sizes if window else None,
        block_size=block_size.sizes if block_size else None,
        connectivity=connectivity,
        z_index=not no_z_index,
        neuroglancer_safe=neuroglancer_safe,
    )
    job = Job(chosen, stage, options, threads, dataset, verify, force)
    outputs = _outputs(inputs, output, job)
    records = []
    with ui.progress(STEPS * len(inputs)) as step:
        for source, target in zip(inputs, outputs, strict=True):
            try:
                records.append(compress_file(source, target, job, ui, step))
            except DATA_ERRORS as error:
                records.append(ui.error(source, error))
    done = [record for record in records if record["ok"]]
    if done:
        ui.show(result_table(done), to_stderr=DASH in outputs)
    ui.results(records)
    if ui.failures:
        raise typer.Exit(1)


def _choose(output: str | None, codec: str | None, second: str | None) -> tuple[Codec, SecondStage]:
    """Find codec and second stage; a file must be named by the suffixes of both."""
    if output is None or output == DASH or _names.is_folder_name(output):
        chosen = get_codec(codec or DEFAULT_CODEC)
        return chosen, get_second_stage(second or _default_second(chosen))
    named_codec, named_second = split_name(Path(output).name)
    chosen = get_codec(codec or named_codec or DEFAULT_CODEC)
    stage = get_second_stage(second or (named_second or "none"))
    if named_codec != chosen.name or (named_second or "none") != stage.name:
        if named_codec is None and second is None:
            stage = get_second_stage(_default_second(chosen))
        raise typer.BadParameter(
            f"the name {output} does not say how it is compressed: let it end in "
            f"{chosen.suffix}{stage.suffix}, so that it can be read again"
        )
    return chosen, stage


def _default_second(codec: Codec) -> str:
    return "lzma" if codec.wants_second_stage else "none"


def _outputs(inputs: list[str], output: str | None, job: Job) -> list[str]:
    """Name the output of every input, and make the folder that several go to."""
    if output is None and inputs == [DASH]:
        return [DASH]
    if len(inputs) == 1 and output is not None and not _names.is_folder_name(output):
        return [output]
    outputs = [_names.beside(source, job.suffix, output) for source in inputs]
    _names.check_distinct(outputs)
    if output is not None:
        Path(output).mkdir(parents=True, exist_ok=True)
    return outputs
