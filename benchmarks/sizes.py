"""The native codec's sizes against the smallest of all other compressors, on all volumes.

Run from the project's root::

    python -m benchmarks.sizes --data FOLDER --peers peers.json -o benchmarks/out

``peers.json`` holds what other programs reach, alone and with a second stage behind: for each
volume ``whole`` (bytes by program) of the shape ``whole_shape_zyx``, and ``chunk64``, the sum over
cubes of 64 voxels in the corner ``chunk64_shape_zyx``. Ours are whole streams in memory: blocks,
tables and checksums. All are decoded and compared. ``sizes.csv`` is written anew after every
volume.
"""

from __future__ import annotations

import json
import statistics
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import numpy.typing as npt
import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

import segpresso
from benchmarks import volumes
from benchmarks.options import Chosen, DataFolder, OutputFolder
from benchmarks.originals import write_csv

PROFILES = segpresso.get_codec("segpresso").profiles
CUTS = ("whole", "chunk64")
CHUNK = 64

Labels = npt.NDArray[Any]
Row = dict[str, Any]


def pieces(labels: Labels, cut: str) -> Iterator[Labels]:
    """Yield what is compressed on its own."""
    if cut == "whole":
        yield labels
        return
    for begin in product(*(range(0, size, CHUNK) for size in labels.shape)):
        piece = labels[tuple(slice(at, at + CHUNK) for at in begin)]
        yield np.ascontiguousarray(piece)


def size_of(labels: Labels, cut: str, profile: str, threads: int) -> int:
    total = 0
    for piece in pieces(labels, cut):
        data = segpresso.compress(piece, profile=profile, threads=threads)
        if not np.array_equal(segpresso.decompress(data, threads=threads), piece):
            raise AssertionError(f"{profile} is not lossless")
        total += len(data)
    return total


def rows_of(name: str, labels: Labels, peers: dict[str, Any], threads: int) -> Iterator[Row]:
    for cut, profile in product(CUTS, PROFILES):
        if not peers[cut]:
            continue
        corner = labels[tuple(slice(size) for size in peers[f"{cut}_shape_zyx"])]
        peer, peer_bytes = min(peers[cut].items(), key=lambda item: item[1])
        size = size_of(corner, cut, profile, threads)
        yield {
            "volume": name,
            "dtype": str(corner.dtype),
            "voxels": corner.size,
            "cut": cut,
            "profile": profile,
            "bytes": size,
            "smallest_peer": peer,
            "peer_bytes": peer_bytes,
            "times_smaller": round(peer_bytes / size, 3),
        }


def table_of(rows: list[Row]) -> Table:
    table = Table(title="Times smaller than the smallest of all others")
    table.add_column("volume", no_wrap=True)
    keys = list(product(CUTS, PROFILES))
    for cut, profile in keys:
        table.add_column(f"{profile}\n{cut}", justify="right")
    gains = {(row["volume"], row["cut"], row["profile"]): row["times_smaller"] for row in rows}
    for name in dict.fromkeys(row["volume"] for row in rows):
        cells = [gains.get((name, *key)) for key in keys]
        table.add_row(name, *("" if cell is None else f"{cell:.2f}" for cell in cells))
    table.add_section()
    means = []
    for key in keys:
        values = [gain for (_, *rest), gain in gains.items() if tuple(rest) == key]
        means.append(f"{statistics.geometric_mean(values):.3f}" if values else "")
    table.add_row("[bold]geometric mean", *means)
    return table


def main(
    data: DataFolder,
    peers: Annotated[Path, typer.Option(help="What others reach, see above.")],
    output: OutputFolder = Path("benchmarks/out"),
    volume: Chosen = None,
    threads: Annotated[int, typer.Option("-j", help="Threads of the codec.")] = 2,
) -> None:
    """Measure and print; see the module's description."""
    console = Console()
    reached = json.loads(peers.read_text())
    chosen = list(reached) if volume in (None, ["all"]) else volume
    output.mkdir(parents=True, exist_ok=True)
    rows: list[Row] = []
    with Progress(console=console, transient=True) as progress:
        task = progress.add_task("compressing", total=len(chosen) * len(PROFILES) * len(CUTS))
        for name in chosen:
            progress.update(task, description=name)
            for row in rows_of(name, volumes.load(data, name), reached[name], threads):
                rows.append(row)
                progress.advance(task)
            write_csv(output / "sizes.csv", rows)
    console.print(table_of(rows))
    console.print(f"written to {output}/sizes.csv")


if __name__ == "__main__":
    typer.run(main)
