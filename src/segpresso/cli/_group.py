"""How every subcommand ends: the one place where errors become a line and an exit code."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import Any

import typer
from typer.core import TyperGroup

from segpresso.cli._ui import Ui

#: The class of all mistakes on the command line; typer shows only its subclasses.
_UsageError: Any = typer.BadParameter.__mro__[1]

_DATA_ERROR, _USAGE_ERROR, _INTERRUPTED, _BROKEN_PIPE = 1, 2, 130, 141


class Group(TyperGroup):
    """The group of subcommands, which reports errors in one line each."""

    def make_context(self, *args: Any, **extra: Any) -> Any:
        """Parse the options before the subcommand.

        Raises
        ------
        typer.Exit
            If they are wrong, after the error was reported.
        """
        try:
            return super().make_context(*args, **extra)
        except _UsageError as error:
            if not error.format_message() or type(error).__name__ == "NoArgsIsHelpError":
                raise  # typer shows the help instead
            _report_usage(Ui(), error)
            raise typer.Exit(_USAGE_ERROR) from None

    def invoke(self, ctx: Any) -> Any:
        """Run the subcommand of the command line.

        Raises
        ------
        typer.Exit
            With the exit code, after the error was reported.
        """
        ui = ctx.obj = Ui()
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
        except (typer.Exit, typer.Abort):
            raise
        except _UsageError as error:
            _report_usage(ui, error)
            code = _USAGE_ERROR
        except KeyboardInterrupt:
            ui.line("error", "interrupted; what was not finished is removed")
            code = _INTERRUPTED
        except BrokenPipeError:
            code = _BROKEN_PIPE  # the reader has seen enough: as silent as other filters
        except Exception as error:
            ui.error("", error)
            code = _DATA_ERROR
        else:
            return result
        _give_up_stdout_if_broken()
        raise typer.Exit(code)


def _report_usage(ui: Ui, error: Any) -> None:
    if not error.format_message():
        return  # the help has been shown instead
    command = error.ctx.command_path if error.ctx else "segpresso"
    message = error.format_message().removeprefix("Invalid value: ")
    ui.line("error", f"{message} (see {command} --help)")


def _give_up_stdout_if_broken() -> None:
    """Let the interpreter not stumble a second time over what could not be written."""
    try:
        sys.stdout.flush()
    except OSError:
        with suppress(OSError, ValueError):
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, sys.stdout.fileno())
            os.close(nowhere)
