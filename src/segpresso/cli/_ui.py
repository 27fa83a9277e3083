"""What the commands say: results to standard output, everything else to standard error."""

from __future__ import annotations

import json
import os
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from rich.console import Console, RenderableType
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.text import Text

from segpresso.cli._errors import explain

#: Width of tables that go into a file or a pipe, where nothing must be cut.
_WIDE = 200

#: Announces the next step of the work.
Step = Callable[[str], None]


class Ui:
    """How one run of the command talks to the user.

    Attributes
    ----------
    quiet : bool
        Nothing but errors is shown.
    debug : bool
        Errors are shown with their traceback.
    json : bool
        Results go to standard output as JSON.
    failures : int
        Errors reported so far.
    """

    def __init__(self) -> None:
        self.quiet = False
        self.debug = False
        self.json = False
        self.failures = 0
        self._out = _console(stderr=False)
        self._err = _console(stderr=True)

    def line(self, kind: str, text: str) -> None:
        """Write one line, "segpresso: error: ..." for example, to standard error."""
        style = "bold red" if kind == "error" else "bold yellow"
        message = Text.assemble("segpresso: ", (f"{kind}: ", style), text)
        self._err.print(message, soft_wrap=True, highlight=False)

    def error(self, name: str, error: BaseException) -> dict[str, Any]:
        """Report that something went wrong with a file.

        Parameters
        ----------
        name : str
            The file as the user named it, or an empty string.
        error : BaseException
            What was raised.

        Returns
        -------
        dict
            The record of this file for `results`.

        Raises
        ------
        BrokenPipeError
            If that is the error: there is nobody to report it to.
        """
        if isinstance(error, BrokenPipeError):
            raise error
        self.failures += 1
        if self.debug:
            self._err.print("".join(traceback.format_exception(error)), markup=False, end="")
        message = explain(name, error)
        self.line("error", message)
        return {"file": name, "ok": False, "error": type(error).__name__, "message": message}

    def note(self, text: RenderableType) -> None:
        """Write something that is not the result to standard error."""
        if not self.quiet:
            self._err.print(text, highlight=False)

    def show(self, result: RenderableType, *, to_stderr: bool = False) -> None:
        """Write a result for people, unless JSON or nothing was wanted."""
        if not (self.quiet or self.json):
            (self._err if to_stderr else self._out).print(result, highlight=False)

    def results(self, records: Any) -> None:
        """Write results for programs, if they were wanted."""
        if self.json:
            self.plain(json.dumps(records, indent=2, default=_as_json))

    def plain(self, text: str) -> None:
        """Write text to standard output as it is."""
        self._out.print(text, soft_wrap=True, highlight=False, markup=False, emoji=False)

    @contextmanager
    def warnings_of(self, name: str) -> Iterator[None]:
        """Show the warnings of a block as one line each."""
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always", UserWarning)
            yield
        for warning in caught:
            if issubclass(warning.category, UserWarning) and not self.quiet:
                self.line("warning", " ".join(f"{name}: {warning.message}".split()))

    @contextmanager
    def progress(self, total: int) -> Iterator[Step]:
        """Show a bar for `total` steps; only on a terminal, and gone when the block ends.

        Yields
        ------
        callable
            To be called with what is done next.
        """
        bar = Progress(
            SpinnerColumn(),
            BarColumn(bar_width=24),
            TextColumn("{task.description}", markup=False),
            TimeElapsedColumn(),
            console=self._err,
            transient=True,
            disable=self.quiet or not self._err.is_terminal,
        )
        with bar:
            task = bar.add_task("", total=total)
            begun = False

            def step(description: str) -> None:
                nonlocal begun
                bar.update(task, description=description, advance=1 if begun else 0)
                begun = True

            yield step


def _as_json(value: Any) -> Any:
    """Represent what codecs of other packages may say about their streams."""
    return value.item() if isinstance(value, np.generic) else str(value)


class _Console(Console):
    def on_broken_pipe(self) -> None:
        # Rich would exit with 1, as if something had gone wrong.
        raise BrokenPipeError


def _console(*, stderr: bool) -> Console:
    console = _Console(stderr=stderr)
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console.width = _WIDE
    return console
