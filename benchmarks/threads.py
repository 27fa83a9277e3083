"""What a second thread gains: the native codec's profiles, beside what the machine itself gains.

Run from the project's root::

    python -m benchmarks.threads --data FOLDER -o benchmarks/out [--volumes NAME ...]

One and two threads take turns, decoding into an array that is used again. A gain is told twice: the
median over the rounds, in each of which two threads run right after one, and the ratio of the
shortest times. On a machine that is shared the two differ: whatever else runs there for a moment
takes nearly nothing from one thread, which has two processors to choose from, and half of the gain
from two. Rows called "machine" are hashing, reading and filling memory (:mod:`benchmarks.machine`),
in the same rounds. ``threads.csv`` is written anew after every volume.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

import segpresso
from benchmarks import machine, volumes
from benchmarks.options import Chosen, DataFolder, OutputFolder
from benchmarks.originals import time_in_turns, write_csv

DEFAULT_VOLUMES = ("pinky40_512", "fib25_train2_ws", "spl_knee")
PROFILES = segpresso.get_codec("segpresso").profiles

#: What is timed in a round.
CALLS = 4 * len(PROFILES) + machine.CALLS

Row = dict[str, Any]


def calls_of(labels: Any, profile: str) -> dict[Any, Callable[[], Any]]:
    """(operation, profile, threads, output) -> what to time."""
    data = segpresso.compress(labels, profile=profile)
    reused = np.zeros_like(labels)
    calls: dict[Any, Callable[[], Any]] = {}
    for threads in (1, 2):
        calls["encode", profile, threads, ""] = partial(
            segpresso.compress, labels, profile=profile, threads=threads
        )
        calls["decode", profile, threads, ""] = partial(
            segpresso.decompress, data, out=reused, threads=threads
        )
    return calls


def rows_of(name: str, labels: Any, rounds: int, step: Callable[[], None]) -> list[Row]:
    calls = machine.controls()
    for profile in PROFILES:
        calls |= calls_of(labels, profile)
    seconds = time_in_turns(calls, rounds, step)
    rows = []
    for (operation, program, threads, output), two in seconds.items():
        if threads != 2:
            continue
        one = seconds[operation, program, 1, output]
        gains = sorted(first / second for first, second in zip(one, two, strict=True))
        rows.append(
            {
                "volume": name,
                "what": program if program in PROFILES else "machine",
                "operation": operation,
                "one_thread_seconds": round(statistics.median(one), 5),
                "two_threads_seconds": round(statistics.median(two), 5),
                "gain": round(statistics.median(gains), 2),
                "gain_of_shortest": round(min(one) / min(two), 2),
                "least_gain": round(gains[0], 2),
                "largest_gain": round(gains[-1], 2),
                "rounds": rounds,
            }
        )
    return rows


def table_of(rows: list[Row]) -> Table:
    """Both gains by volume, and their geometric means."""
    names = list(dict.fromkeys(row["volume"] for row in rows))
    table = Table(title="Times as fast with two threads: median of the rounds / shortest times")
    for column in ("", *names, "geometric mean"):
        table.add_column(column, justify="right" if column else "left")
    for what, operation in dict.fromkeys((row["what"], row["operation"]) for row in rows):
        own = [row for row in rows if (row["what"], row["operation"]) == (what, operation)]
        pairs = [[row["gain"], row["gain_of_shortest"]] for row in own]
        pairs.append([statistics.geometric_mean(gains) for gains in zip(*pairs, strict=True)])
        table.add_row(f"{what}: {operation}", *(f"{a:.2f} / {b:.2f}" for a, b in pairs))
    return table


def main(
    data: DataFolder = Path("data"),
    output: OutputFolder = Path("benchmarks/out"),
    volume: Chosen = None,
    rounds: Annotated[int, typer.Option(help="How often to measure.")] = 11,
) -> None:
    """Measure and print; see the module's description."""
    console = Console()
    chosen = volumes.names(data) if volume == ["all"] else volume or list(DEFAULT_VOLUMES)
    output.mkdir(parents=True, exist_ok=True)
    rows: list[Row] = []
    with Progress(console=console, transient=True) as progress:
        task = progress.add_task("measuring", total=len(chosen) * CALLS * rounds)
        for name in chosen:
            progress.update(task, description=name)
            labels = volumes.load(data, name)
            rows += rows_of(name, labels, rounds, lambda: progress.advance(task))
            write_csv(output / "threads.csv", rows)
    console.print(table_of(rows))
    console.print(f"written to {output}/threads.csv")


if __name__ == "__main__":
    typer.run(main)
