"""The command itself: its subcommands, and what all of them have in common."""

from __future__ import annotations

import io
import os
import signal
import sys
from pathlib import Path
from typing import Annotated

import typer

import segpresso
from segpresso.cli import (
    bench,
    codecs,
    compress,
    decompress,
    demo,
    experiment,
    info,
    labels,
    verify,
)
from segpresso.cli._background import leave_work_alone
from segpresso.cli._group import Group
from segpresso.cli._options import examples

app = typer.Typer(
    cls=Group,
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

demo.add_to(app)
compress.add_to(app)
decompress.add_to(app)
info.add_to(app)
verify.add_to(app)
labels.add_to(app)
codecs.add_to(app)
bench.add_to(app)
experiment.add_to(app)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"segpresso {segpresso.__version__}")
        raise typer.Exit


@app.callback(
    epilog=examples(
        "segpresso demo                     see it work on a made-up volume",
        "segpresso compress brain.nrrd      makes brain.segp",
        "segpresso decompress brain.segp -o brain.nii.gz",
        "segpresso compress --help          the options of a command",
    )
)
def _segpresso(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """Compress label volumes (segmentations), losslessly.

    Reads and writes .npy .nrrd .nii.gz .tif .h5 .zarr .mat .png and precomputed.
    Exit codes: 0 all is well, 1 a file or its data are wrong, 2 wrong command line,
    130 interrupted.
    """


def main() -> None:
    """Run the command line of this process and exit."""
    # Being asked to stop must unwind the stack, so that temporary files are removed.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:  # the shell closed it
            setattr(sys, name, Path(os.devnull).open(mode))  # noqa: SIM115
    # A name or a line that the terminal's encoding lacks is no reason to fail.
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        app(prog_name="segpresso")
    except SystemExit as end:
        leave_work_alone(end.code if isinstance(end.code, int) else 1)
        raise
