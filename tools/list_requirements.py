#!/usr/bin/env python3
"""Prints what one of the package's extras needs, a requirement in each line.

Usage: list_requirements.py EXTRA

With them installed, a wheel of the package can be exchanged alone.
"""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

PROJECT = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text())["project"]


def requirements(extra: str) -> set[str]:
    """Return what an extra needs, with what the extras need that it consists of."""
    found = set(PROJECT["dependencies"])
    for one in PROJECT["optional-dependencies"][extra]:
        own = re.fullmatch(r"segpresso\[(.*)\]", one)
        found |= set().union(*map(requirements, own[1].split(","))) if own else {one}
    return found


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    print(*sorted(requirements(sys.argv[1])), sep="\n")
