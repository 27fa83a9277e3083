"""``segpresso experiment``: one cell of the Compresso paper's comparison, or all of them."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table
from typer.core import TyperGroup

from segpresso.cli import _options, experiment_matrix, experiment_report
from segpresso.cli._experiments import check_datasets, check_methods
from segpresso.cli._format import exact_bytes, human_bytes, ratio_text, table
from segpresso.cli._ui import Ui

_STAGES = {
    "encode": "encoding",
    "compress": "compression",
    "total_compress": "both",
    "decompress": "decompression",
    "decode": "decoding",
    "total_decompress": "both",
}


_METHODS = {
    "encode": "encoding",
    "compress": "compression",
    "decompress": "compression",
    "decode": "encoding",
}


class _Experiments(TyperGroup):
    """The subcommands; without the name of one, the arguments are those of a cell."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        known = ("-h", "--help", *self.commands)
        if args and args[0] not in known and not self._is_misspelt(args[0]):
            args = ["cell", *args]
        return super().parse_args(ctx, args)

    def _is_misspelt(self, name: str) -> bool:
        from segpresso.experiments import encodings  # loads what only experiments need

        is_near = difflib.get_close_matches(name, self.commands, cutoff=0.7)
        return bool(is_near) and name.upper() not in encodings()


def add_to(app: typer.Typer) -> None:
    """Add the command and its subcommands."""
    experiments = typer.Typer(
        cls=_Experiments,
        name="experiment",
        no_args_is_help=True,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    experiments.callback(
        epilog=_options.examples(
            "segpresso experiment COMPRESSO LZMA spl_knee -d data",
            "segpresso experiment matrix -d data -s 20 -o results",
        )
    )(_experiment)
    experiments.command(
        epilog=_options.examples(
            "segpresso experiment COMPRESSO LZMA spl_knee -d data",
            "segpresso experiment NONE ZSTD:19 brain.nrrd -r 5",
            "segpresso experiment CPSO BROTLI ac4 -d data -s 20 --json > ac4.json",
        )
    )(cell)
    experiment_matrix.add_to(experiments)
    experiment_report.add_to(experiments)
    app.add_typer(experiments)


def _experiment() -> None:
    """Compare compressors as the Compresso paper did.

    `segpresso experiment ENCODING COMPRESSION DATASET` is short for `segpresso experiment cell`.
    """


def cell(
    ctx: typer.Context,
    encoding: Annotated[
        str,
        typer.Argument(
            metavar="ENCODING",
            show_default=False,
            help="First stage: NONE or a label encoding, such as COMPRESSO.",
        ),
    ],
    compression: Annotated[
        str,
        typer.Argument(
            metavar="COMPRESSION",
            show_default=False,
            help="Second stage: NONE or a compressor, such as LZMA, LZMA:9.",
        ),
    ],
    dataset: Annotated[
        str,
        typer.Argument(
            metavar="DATASET",
            show_default=False,
            help="A data set of the paper, such as spl_knee, any label volume (FILE:ARRAY for one "
            "of several), or a folder of them.",
        ),
    ],
    directory: _options.Directory = Path(),
    runs: _options.Runs = 1,
    slices: _options.Slices = None,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Show versions and machine too.")
    ] = False,
    as_json: _options.Json = False,
    quiet: _options.Quiet = False,
    debug: _options.Debug = False,
) -> None:
    """Measure an encoding and a compression of it, as the Compresso paper did.

    Labels are widened to 64 bits; all is restored and compared in every run. Ratios are relative
    to 64 bits per voxel (the paper's measure) and to the data as given; speeds count 10^6 bytes
    of 64-bit voxels.
    """
    from segpresso.experiments.cell import run  # loads what only experiments need
    from segpresso.experiments.matrix import cells

    ui: Ui = ctx.obj
    check_methods([encoding, compression])
    check_datasets(ui, [dataset], directory)
    with ui.progress(1) as step:
        step(f"{encoding} {compression} {dataset}")
        (one,) = cells([encoding], [compression], [dataset], directory, runs, slices)
        result = run(one)
    ui.results(result)
    if result["status"] != "ok":
        ui.line("error", f"{result['status']}: {result['reason']}")
        raise typer.Exit(1)
    ui.show(_sizes(result))
    ui.show(_speeds(result))
    if verbose:
        ui.show(_setting(result))


def _sizes(result: dict[str, Any]) -> Table:
    title = f"{result['encoding']} and {result['compression']} on {result['title']}"
    remark = f" ({result['remark']})" if result["remark"] else ""
    sizes = table(["", ""], title=title + remark)
    sizes.show_header = False
    volumes = f" in {result['volumes']:,} volumes" if result["volumes"] > 1 else ""
    sizes.add_row("voxels", f"{result['voxels']:,}{volumes}")
    sizes.add_row("as 64 bits", exact_bytes(result["bytes_64bit"]))
    sizes.add_row("as given", exact_bytes(result["bytes_given"]))
    sizes.add_row("compressed", exact_bytes(result["bytes_compressed"]))
    sizes.add_row("ratio to 64 bits", f"{result['ratio']:,.1f}x")
    if result["paper_ratio"] is not None:
        sizes.add_row("the paper's", f"{result['paper_ratio']:,.0f}x")
    sizes.add_row("ratio to the data as given", ratio_text(result["ratio_given"]))
    sizes.add_row("bits per voxel", f"{result['bits_per_voxel']:.4f}")
    sizes.add_row("peak memory", human_bytes(result["peak_bytes"]))
    return sizes


def _speeds(result: dict[str, Any]) -> Table:
    speeds = table(
        ["stage", ">seconds", ">MB/s", ">deviation", ">Mvoxel/s"],
        caption=f"MB/s: of 64-bit voxels; runs: {result['runs']}, all lossless",
    )
    for stage, title in _STAGES.items():
        speed = result["speed"][stage]
        idle = result[_METHODS[stage]] == "NONE" if stage in _METHODS else False
        speeds.add_row(
            title,
            f"{result['seconds'][stage]:.3f}",
            "-" if idle else f"{speed['megabytes_per_second']:,.1f}",
            "-" if idle else f"{speed['stddev']:,.1f}",
            "-" if idle else f"{speed['voxels_per_second'] / 1e6:,.1f}",
        )
    return speeds


def _setting(result: dict[str, Any]) -> Table:
    setting = table(["", ""])
    setting.show_header = False
    for name, value in (result["machine"] | result["versions"]).items():
        setting.add_row(name, str(value))
    return setting
