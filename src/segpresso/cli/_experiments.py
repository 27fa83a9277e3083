"""Checks that the commands on experiments share."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import typer

from segpresso.cli._ui import Ui


def check_methods(names: Iterable[str]) -> None:
    """Report a method that does not exist as a usage error."""
    from segpresso.experiments import get_method  # loads what only experiments need

    for name in names:
        try:
            get_method(name)
        except ValueError as error:
            raise typer.BadParameter(str(error)) from None


def check_datasets(ui: Ui, names: Iterable[str], directory: Path) -> None:
    """Report a data set that is not in a directory, with how to get it, and end."""
    from segpresso.experiments import get_dataset  # loads what only experiments need

    for name in names:
        try:
            get_dataset(name, directory)
        except FileNotFoundError as error:
            ui.line("error", str(error.strerror))
            raise typer.Exit(1) from None
