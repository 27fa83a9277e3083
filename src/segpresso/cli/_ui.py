"""What the commands say: results to standard output, everything else to standard error."""

from __future__ import annotations

import json
import os
import time
import traceback
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, Protocol

import numpy as np
from rich.console import Console, RenderableType
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
)
from rich.text import Text

from segpresso.cli._errors import explain

#: Width of tables that go into a file or a pipe, where nothing must be cut.
_WIDE = 200

#: How often a long work says where it is if that does not go to a terminal.
_SECONDS_BETWEEN_LINES = 60.0


class Step(Protocol):
    """Announces the next step of the work."""

    def __call__(self, description: str, seconds_left: float | None = None) -> None:
        """Say what is done next, and how long it and the rest will take, if that is known."""


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

    @property
    def width(self) -> int:
        """Characters that a line of results may have."""
        return self._out.width

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

        Elsewhere, work that says how long it will take gets a line a minute.

        Yields
        ------
        callable
            To be called with what is done next.
        """
        silent = self.quiet or self.json
        bar = Progress(
            SpinnerColumn(),
            BarColumn(bar_width=24),
            *([MofNCompleteColumn()] if total > 1 else []),
            TextColumn("{task.description}", markup=False),
            TimeElapsedColumn(),
            _TimeToGo(),
            console=self._err,
            transient=True,
            disable=silent or not self._err.is_terminal,
        )
        next_line = time.monotonic() + _SECONDS_BETWEEN_LINES
        done = -1
        with bar:
            task = bar.add_task("", total=total, end=None)

            def step(description: str, seconds_left: float | None = None) -> None:
                nonlocal done, next_line
                done += 1
                now = time.monotonic()
                end = None if seconds_left is None else now + seconds_left
                bar.update(task, description=description, completed=done, end=end)
                if seconds_left is None or silent or self._err.is_terminal or now < next_line:
                    return
                next_line = now + _SECONDS_BETWEEN_LINES
                self.note(f"{done} of {total}, {_duration(seconds_left)} to go: {description}")

            yield step


class _TimeToGo(ProgressColumn):
    """The time until the end that a task has been told, counted down."""

    def render(self, task: Task) -> Text:
        end = task.fields["end"]
        left = "" if end is None else f"{_duration(max(0.0, end - time.monotonic()))} to go"
        return Text(left, "progress.remaining")


def _duration(seconds: float) -> str:
    """Return a duration as hours, minutes and seconds.

    Examples
    --------
    >>> _duration(3723.9)
    '1:02:03'
    """
    return str(timedelta(seconds=int(seconds)))


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
