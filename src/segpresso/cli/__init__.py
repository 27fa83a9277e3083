"""The command ``segpresso``: one file per subcommand, and files with a leading underscore for help.

Only this layer prints. It exits with 0 (all went well), 1 (a file, its data or its output is
wrong), 2 (the command line is wrong) or 130 (interrupted).
"""

from segpresso.cli._app import app, main

__all__ = ["app", "main"]
