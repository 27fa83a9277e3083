"""Running the command, in this process and as a real one."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest
from typer.testing import CliRunner

from segpresso.cli._app import app


class Run:
    """What one run of the command gave."""

    def __init__(self, code, out, err):
        self.code = code
        self.out_bytes = out
        self.out = out.decode("utf-8", "replace")
        self.err = err.decode("utf-8", "replace")

    @property
    def json(self):
        return json.loads(self.out)

    def ok(self):
        assert self.code == 0, self.err
        return self


@pytest.fixture
def cli():
    """Run the command in this process."""

    def run(*arguments, stdin=None):
        words = [str(argument) for argument in arguments]
        result = CliRunner().invoke(app, words, input=stdin, prog_name="segpresso")
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Run(result.exit_code, result.stdout_bytes, result.stderr_bytes)

    return run


@pytest.fixture
def shell():
    """Run a line of the shell, with redirections and limits that only it can set."""

    def run(line, folder):
        return subprocess.run(
            f"segpresso() {{ '{sys.executable}' -m segpresso \"$@\"; }}; {line}",
            shell=True,
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )

    return run


@pytest.fixture
def process():
    """Run the command as a process of its own."""

    def run(*arguments, stdin=None, **environment):
        done = subprocess.run(
            [sys.executable, "-m", "segpresso", *map(str, arguments)],
            input=stdin,
            stdin=subprocess.DEVNULL if stdin is None else None,
            capture_output=True,
            env=os.environ | environment,
            check=False,
        )
        return Run(done.returncode, done.stdout, done.stderr)

    return run


@pytest.fixture
def cells():
    """A made-up volume (z, y, x) whose axes cannot be confused."""
    z, y, x = np.indices((5, 14, 21))
    return (z // 2 * 100 + y // 4 * 10 + x // 5).astype(np.uint32)


@pytest.fixture
def cells_npy(tmp_path, cells):
    """The same as a file."""
    path = tmp_path / "cells.npy"
    np.save(path, cells)
    return path


@pytest.fixture
def cells_cpso(tmp_path, cells_npy, cli):
    """The same, compressed for other programs, behind a second stage."""
    cli("compress", cells_npy, "--codec", "cpso", "-q").ok()
    return tmp_path / "cells.cpso.xz"
