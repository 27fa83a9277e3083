"""Segpresso against the programs whose streams it writes: speed and memory, in one run.

Run from the project's root::

    make bench                      # or:
    python -m benchmarks.originals --data FOLDER -o benchmarks/out [--volumes NAME ...]

Repetitions of all programs take turns, so that a busy machine slows all of them; compare speeds
within one run only. The table shows each program's best repetition, the one that others disturbed
least; the CSV file has medians too. What two threads gain is the median over the rounds, in each of
which they run right after one thread. Rows called "machine" are what they can gain there and then:
hashing, reading and filling memory. Both files are written anew after every volume.
"""

from __future__ import annotations

import csv
import platform
import statistics
import tempfile
import time
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
from benchmarks.programs import STREAMS, Stream
from segpresso.benchmark import Contestant, contestants, try_out

DEFAULT_VOLUMES = ("pinky40_512", "spl_knee", "dvid_seg_multicut")

#: What `decompress` may use beyond its input and output, in bytes per voxel.
ALLOWED_BYTES_PER_VOXEL = 2

#: Calls of one stream in a round: two of the original, six of ours, and the machine's measure.
CALLS = 8 + machine.CALLS

Row = dict[str, Any]


def time_in_turns(
    calls: dict[Any, Callable[[], Any]], repetitions: int, step: Callable[[], None]
) -> dict[Any, list[float]]:
    """Seconds of each call, measured round after round."""
    seconds: dict[Any, list[float]] = {key: [] for key in calls}
    for _ in range(repetitions):
        for key, call in calls.items():
            begin = time.perf_counter()
            call()
            seconds[key].append(time.perf_counter() - begin)
            step()
    return seconds


def calls_of(stream: Stream, view: Any, data: bytes) -> dict[Any, Callable[[], Any]]:
    """(operation, program, threads, output) -> what to time."""
    reused = np.empty_like(view)
    reused.fill(0)
    name = stream.original
    calls: dict[Any, Callable[[], Any]] = {
        ("encode", name, 1, ""): lambda: stream.compress_by_original(view),
        ("decode", name, 1, "new"): lambda: stream.decompress_by_original(data, view),
    }
    for operation, output, call in (
        ("encode", "", lambda n: stream.compress(view, n)),
        ("decode", "new", lambda n: stream.decompress(data, view, n, None)),
        ("decode", "reused", lambda n: stream.decompress(data, view, n, reused)),
    ):
        for threads in (1, 2):
            calls[operation, "segpresso", threads, output] = partial(call, threads)
    return calls


def speed_rows(
    stream: Stream, name: str, labels: Any, repetitions: int, step: Callable[[], None]
) -> list[Row]:
    view = stream.input_of(labels)
    data = stream.compress(view, 1)
    if data != stream.compress_by_original(view) or data != stream.compress(view, 2):
        raise AssertionError(f"{name}: {stream.codec} differs from {stream.original}")
    if not np.array_equal(stream.decompress(data, view, 2, None), view):
        raise AssertionError(f"{name}: {stream.codec} is not lossless")
    calls = calls_of(stream, view, data) | machine.controls()
    seconds = time_in_turns(calls, repetitions, step)
    rows = []
    for (operation, program, threads, output), times in seconds.items():
        size = machine.SIZE if program in ("hashlib", "numpy") else labels.size
        speeds = sorted(size / second / 1e6 for second in times)
        single = seconds[operation, program, 1, output]
        gains = [one / here for one, here in zip(single, times, strict=True)]
        rows.append(
            {
                "volume": name,
                "dtype": str(view.dtype),
                "voxels": labels.size,
                "stream": stream.codec,
                "bytes": len(data),
                "operation": operation,
                "program": program,
                "threads": threads,
                "output": output,
                "median_mvoxels_per_second": round(statistics.median(speeds), 1),
                "slowest": round(speeds[0], 1),
                "fastest": round(speeds[-1], 1),
                "times_one_thread": round(statistics.median(gains), 2),
                "repetitions": len(times),
            }
        )
    return rows


def our_contestants() -> list[Contestant]:
    return [one for one in contestants() if one.distribution == "segpresso"]


def memory_rows(name: str, labels: Any, step: Callable[[], None]) -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "labels.npy")
        np.save(path, labels)
        return [row for one in our_contestants() for row in _memory(one, name, labels, path, step)]


def _memory(
    contestant: Contestant, name: str, labels: Any, path: Path, step: Callable[[], None]
) -> list[Row]:
    rows = []
    for threads in (1, 2):
        trial = try_out(contestant, (), path, threads=threads)
        step()
        if trial.problems or not trial.lossless:
            print(f"{name}: {contestant.name} left out: {trial.problems.get('none', 'lossy')}")
            continue
        for operation, peaks, output in (
            ("encode", trial.encode_peaks, trial.size),
            ("decode", trial.decode_peaks, labels.nbytes),
        ):
            peak = peaks["none"]
            if peak is not None:
                rows.append(
                    {
                        "volume": name,
                        "dtype": str(labels.dtype),
                        "voxels": labels.size,
                        "stream": contestant.name,
                        "operation": operation,
                        "threads": threads,
                        "output_bytes": output,
                        "peak_bytes_beyond_input": peak,
                        "working_bytes_per_voxel": round((peak - output) / labels.size, 3),
                    }
                )
    return rows


def write_csv(path: Path, rows: list[Row]) -> None:
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def speed_table(rows: list[Row]) -> Table:
    """Best runs, ours as multiples of the original's best in the same rounds."""
    table = Table(title="Million voxels per second (multiple of the original program)")
    for column in ("volume", "stream", "operation", "original", "1 thread", "2 threads", "2 / 1"):
        table.add_column(column, justify="left" if column in ("volume", "stream") else "right")
    names = ("volume", "stream", "operation", "program", "threads", "output")
    best = {tuple(row[name] for name in names): row["fastest"] for row in rows}
    gains = {tuple(row[name] for name in names): row["times_one_thread"] for row in rows}
    originals = {stream.codec: stream.original for stream in STREAMS}
    for (volume, stream, operation, program, threads, output), one in best.items():
        if threads != 1 or program == originals[stream]:
            continue
        two = best[volume, stream, operation, program, 2, output]
        operation_name = f"{operation} ({output})" if output else operation
        gain = f"{gains[volume, stream, operation, program, 2, output]:.2f}x"
        if program != "segpresso":
            table.add_row(volume, stream, f"machine: {operation_name}", "", "", "", gain)
            continue
        theirs = best[volume, stream, operation, originals[stream], 1, "new" if output else ""]
        table.add_row(
            volume,
            stream,
            operation_name,
            f"{theirs:.0f}",
            f"{one:.0f} ({one / theirs:.1f}x)",
            f"{two:.0f} ({two / theirs:.1f}x)",
            gain,
        )
    return table


def memory_table(rows: list[Row]) -> Table:
    table = Table(title="Working memory beyond input and output, bytes per voxel")
    for column in ("volume", "stream", "encode", "decode"):
        table.add_column(column, justify="right" if column.endswith("code") else "left")
    worst: dict[tuple[str, str], dict[str, float]] = {}
    for row in rows:
        cell = worst.setdefault((row["volume"], row["stream"]), {})
        operation = row["operation"]
        cell[operation] = max(cell.get(operation, 0.0), row["working_bytes_per_voxel"])
    for (volume, stream), cell in worst.items():
        values = [
            f"{cell[operation]:.2f}"
            + ("" if cell[operation] < ALLOWED_BYTES_PER_VOXEL else " (too much)")
            for operation in ("encode", "decode")
        ]
        table.add_row(volume, stream, *values)
    return table


def main(
    data: DataFolder = Path("data"),
    output: OutputFolder = Path("benchmarks/out"),
    volume: Chosen = None,
    repetitions: Annotated[int, typer.Option(help="Rounds of all programs.")] = 11,
) -> None:
    """Measure and print; see the module's description."""
    console = Console()
    there = volumes.names(data)
    wanted = volume or [name for name in DEFAULT_VOLUMES if name in there] or there
    chosen = there if wanted == ["all"] else wanted
    output.mkdir(parents=True, exist_ok=True)
    console.print(f"{platform.processor() or platform.machine()}, {platform.platform()}")
    speeds: list[Row] = []
    memory: list[Row] = []
    with Progress(console=console, transient=True) as progress:
        steps = len(chosen) * (len(STREAMS) * CALLS * repetitions + 2 * len(our_contestants()))
        task = progress.add_task("measuring", total=steps)
        for name in chosen:
            progress.update(task, description=name)
            labels = volumes.load(data, name)
            for stream in STREAMS:
                try:
                    speeds += speed_rows(
                        stream, name, labels, repetitions, lambda: progress.advance(task)
                    )
                except segpresso.UnsupportedError as error:
                    progress.advance(task, CALLS * repetitions)
                    console.print(f"{name}: {stream.codec} left out: {error}")
            memory += memory_rows(name, labels, lambda: progress.advance(task))
            write_csv(output / "originals_speed.csv", speeds)
            write_csv(output / "originals_memory.csv", memory)
    console.print(speed_table(speeds))
    console.print(memory_table(memory))
    console.print(f"written to {output}/originals_speed.csv and originals_memory.csv")


if __name__ == "__main__":
    typer.run(main)
