"""Command line options that benchmarks have in common."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, TypeAlias

import typer

DataFolder: TypeAlias = Annotated[Path, typer.Option("--data", help="Folder of NAME.npy.xz.")]
OutputFolder: TypeAlias = Annotated[
    Path, typer.Option("--output", "-o", help="Folder for the results.")
]
Chosen: TypeAlias = Annotated[
    list[str] | None, typer.Option("--volumes", help="Volumes to use, or 'all'; repeat.")
]
