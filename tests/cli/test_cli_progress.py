"""The progress bar."""

import io

import pytest
from rich.console import Console

from segpresso.cli._ui import Ui


@pytest.fixture
def terminal(monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    return Console(file=io.StringIO(), force_terminal=True, width=120)


def bar_of(terminal, *, total=4, left=100.5, quiet=False, json=False):
    ui = Ui()
    ui._err = terminal
    ui.quiet, ui.json = quiet, json
    with ui.progress(total) as step:
        step("first", left)
        step("second", left)
    return terminal.file.getvalue()


def test_steps_and_the_time_to_go_are_shown(terminal):
    shown = bar_of(terminal)
    assert "1/4" in shown
    assert "second" in shown
    assert "0:01:40 to go" in shown or "0:01:39 to go" in shown


def test_nothing_is_said_of_what_is_not_known(terminal):
    shown = bar_of(terminal, total=1, left=None)
    assert "second" in shown
    assert "to go" not in shown
    assert "/1" not in shown


@pytest.mark.parametrize("silent", ["quiet", "json"])
def test_silence_is_silence(terminal, silent):
    assert bar_of(terminal, **{silent: True}) == ""
