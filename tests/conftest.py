"""Options and settings of the whole test suite."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.plugins import BAD_ENTRY_POINTS, BAD_METHODS, lay_out, methods_looked_for_anew


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--slow", action="store_true", help="use the real volumes whole, however large (minutes)"
    )


def pytest_configure() -> None:
    # Shells have what they run in the background ignore interrupts, and with it all that it starts.
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def bad_methods(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Methods LOSSY, CRASHING, RAISING, EMPTY and TALKING, here and in processes that start."""
    lay_out(tmp_path / "plugins", "bad_methods", BAD_ENTRY_POINTS, BAD_METHODS)
    monkeypatch.syspath_prepend(tmp_path / "plugins")
    with methods_looked_for_anew():
        yield
