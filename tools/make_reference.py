#!/usr/bin/env python3
"""Writes docs/api.md from the docstrings and docs/cli.md from the commands' help.

Run it in an environment that has segpresso installed: ``python tools/make_reference.py``.
"""

from __future__ import annotations

import inspect
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import segpresso
from segpresso import benchmark, experiments, figures, io
from segpresso.codecs import compresso, neuroglancer
from segpresso.codecs.segpresso import Segpresso
from segpresso.experiments import report

DOCS = Path(__file__).resolve().parent.parent / "docs"

FUNCTIONS = {
    "segpresso": [
        segpresso.compress,
        segpresso.decompress,
        segpresso.labels,
        segpresso.codecs,
        segpresso.get_codec,
        segpresso.open,
        segpresso.read,
        segpresso.write,
    ],
    "segpresso.examples": [segpresso.examples.neuropil],
    "segpresso.io": [io.pack, io.unpack, io.read_compressed, io.write_compressed],
    "segpresso.figures": [
        figures.overview,
        figures.colorize,
        figures.boundary_map,
        figures.frequent_windows,
    ],
    "segpresso.benchmark": [
        benchmark.contestants,
        benchmark.choose,
        benchmark.installed,
        benchmark.missing,
        benchmark.whole,
        benchmark.in_chunks,
        benchmark.measure,
        benchmark.means,
        benchmark.against_rivals,
        benchmark.picture,
        benchmark.write_csv,
        benchmark.try_out,
    ],
    "segpresso.experiments": [
        experiments.encodings,
        experiments.compressions,
        experiments.get_method,
        experiments.datasets,
        experiments.get_dataset,
        experiments.bytes_of,
    ],
    "segpresso.experiments.report": [report.write_report],
}

CLASSES = [
    segpresso.Limits,
    segpresso.Codec,
    segpresso.LabelVolume,
    segpresso.Writer,
    Segpresso,
    compresso.Cpso,
    compresso.CompressoMiccai,
    compresso.CompressoV2,
    neuroglancer.CompressedSegmentation,
    neuroglancer.NeuroglancerBlocks,
    benchmark.Contestant,
    benchmark.Plan,
    benchmark.Row,
    benchmark.Volume,
    experiments.Method,
    experiments.DataSet,
    experiments.Layout,
    segpresso.SegpressoError,
    segpresso.CorruptError,
    segpresso.TruncatedError,
    segpresso.UnsupportedError,
    segpresso.LimitError,
    segpresso.InvalidArgumentError,
]

METHODS = (
    *("encode", "decode", "describe", "labels", "remap", "compress", "decompress"),
    *("read", "counts", "bounding_boxes", "blocks_with", "verify", "write", "close"),
)
WITH_METHODS = (segpresso.Codec, segpresso.LabelVolume, segpresso.Writer, experiments.Method)

COMMANDS = (
    "compress",
    "decompress",
    "info",
    "verify",
    "labels",
    "codecs",
    "demo",
    "bench",
    "experiment cell",
    "experiment matrix",
    "experiment report",
)

CLI_HEAD = """# Command line

`segpresso` and `python -m segpresso` are the same. Exit codes: 0 all is well, 1 a file or its data
are wrong, 2 wrong command line, 130 interrupted. Messages and progress go to standard error,
results to standard output; `--json` prints them for programs.

This page is what `segpresso COMMAND --help` prints; `tools/make_reference.py` makes it.
"""

API_HEAD = """# Python reference

The docstrings of the package, put together by `tools/make_reference.py`; `help()` shows the same.
"""


def block(text: str) -> str:
    return f"```text\n{text.strip()}\n```\n"


def entry(thing: Any, name: str, level: str) -> str:
    signature = "" if inspect.isclass(thing) else str(inspect.signature(thing))
    signature = signature.replace("self, ", "").replace("'", "")
    text = inspect.getdoc(thing) or ""
    return f"{level} {name}\n\n{block(f'{name}{signature}' + chr(10) * 2 + text)}"


def api() -> str:
    parts = [API_HEAD]
    for module, functions in FUNCTIONS.items():
        parts.append(f"## {module}\n")
        parts += [entry(function, f"{module}.{function.__name__}", "###") for function in functions]
    parts.append("## Classes\n")
    for kind in CLASSES:
        parts.append(entry(kind, kind.__name__, "###"))
        for name in METHODS if issubclass(kind, WITH_METHODS) else ():
            method = getattr(kind, name, None)
            # Where the family of a codec says more than the base class.
            own = kind is segpresso.Codec or method is not getattr(segpresso.Codec, name, None)
            if method is not None and own:
                parts.append(entry(method, f"{kind.__name__}.{name}", "####"))
    return "\n".join(parts)


def cli() -> str:
    environment = {**os.environ, "COLUMNS": "100", "NO_COLOR": "1", "TERM": "dumb"}
    parts = [CLI_HEAD]
    for command in COMMANDS:
        shown = subprocess.run(
            [sys.executable, "-m", "segpresso", *command.split(), "--help"],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        lines = [line.rstrip() for line in shown.stdout.splitlines()]
        parts.append(f"## segpresso {command}\n")
        parts.append(block("\n".join(lines)))
    return "\n".join(parts)


if __name__ == "__main__":
    (DOCS / "api.md").write_text(api())
    (DOCS / "cli.md").write_text(cli())
