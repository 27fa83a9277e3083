"""The command ``segpresso``: one file per subcommand, and files with a leading underscore for help.

Only this layer prints. It exits with 0 (all went well), 1 (a file, its data or its output is
wrong), 2 (the command line is wrong) or 130 (interrupted).
"""

from __future__ import annotations

import warnings
from typing import Any

__all__ = ["main"]


def main() -> None:
    """Run the command line of this process and exit."""
    warnings.formatwarning = _as_line  # of packages that cannot be loaded, from now on
    # Only now: a process for an experiment, which finds this module, does not need the rest.
    from segpresso.cli._app import main as run

    run()


def _as_line(message: Any, *_: Any, **__: Any) -> str:
    return f"segpresso: warning: {message}\n"
