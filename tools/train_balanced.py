#!/usr/bin/env python3
"""Makes the first model of the balanced profile, core/src/native/balanced/trained_logits.inc.

Usage: train_balanced.py DATA [--without NAME ...] [-o FILE]

DATA is a folder of NAME.npy.xz (axes z, y, x). Needs numpy and g++. The model is a part of the
format: streams written with another one cannot be read, so a new one is a new version.
"""

from __future__ import annotations

import argparse
import io
import lzma
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

ROOT = Path(__file__).resolve().parent.parent
OUTPUT = ROOT / "core/src/native/balanced/trained_logits.inc"

#: Voxels of each volume that are learned from, and the shape (z, y, x) of the pieces.
VOXELS = 1_600_000
PIECE = (64, 128, 128)
#: Where neighbouring slices have little in common, slices are taken as large as this.
FLAT_PIECE = (4, 512, 512)


def load(path: Path) -> npt.NDArray[Any]:
    return np.load(io.BytesIO(lzma.decompress(path.read_bytes())))


def is_flat(labels: npt.NDArray[Any]) -> bool:
    sample = labels[:: max(1, len(labels) // 8)]
    across = np.mean(sample[:, :, 1:] != sample[:, :, :-1])
    between = np.mean(labels[1::7] != labels[:-1:7][: len(labels[1::7])]) if len(labels) > 1 else 1
    return bool(between > 6 * across)


def pieces(labels: npt.NDArray[Any], random: np.random.Generator) -> Iterator[npt.NDArray[Any]]:
    """Yield pieces with edges, spread over the volume."""
    shape = FLAT_PIECE if is_flat(labels) else PIECE
    shape = tuple(min(size, have) for size, have in zip(shape, labels.shape, strict=True))
    corners = [
        range(0, have - size + 1, size) for size, have in zip(shape, labels.shape, strict=True)
    ]
    places = [(z, y, x) for z in corners[0] for y in corners[1] for x in corners[2]]
    random.shuffle(places)
    left = VOXELS
    for z, y, x in places:
        piece = labels[z : z + shape[0], y : y + shape[1], x : x + shape[2]]
        if (piece[..., 1:] != piece[..., :-1]).mean() < 0.001:
            continue
        yield piece
        left -= piece.size
        if left <= 0:
            return


def block_bytes(piece: npt.NDArray[Any]) -> bytes:
    """Return a piece as tools/train_balanced.cpp reads it, numbered by first appearance."""
    _, first, inverse = np.unique(piece, return_index=True, return_inverse=True)
    rank = np.empty(len(first), np.uint16)
    rank[np.argsort(first)] = np.arange(len(first))
    header = np.array([*piece.shape[::-1], len(first)], np.uint32)
    return header.tobytes() + rank[inverse].tobytes()


def train(blocks: list[bytes]) -> npt.NDArray[np.int8]:
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder) / "train"
        sources = [ROOT / "tools/train_balanced.cpp"]
        sources += [
            ROOT / "core/src/native/balanced" / f"{name}.cpp" for name in ("model", "coder_scalar")
        ]
        sources += [ROOT / "core/src/base/cpu.cpp"]
        sources += sorted((ROOT / "core/src/labels").glob("boundary_row*.cpp"))
        options = ["-O3", "-std=c++20", f"-I{ROOT}/core/src", f"-I{ROOT}/core/include"]
        subprocess.run(["g++", *options, *sources, "-o", program], check=True)
        done = subprocess.run([program], input=b"".join(blocks), capture_output=True, check=True)
    return np.frombuffer(done.stdout, np.int8)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path, help="folder of NAME.npy.xz volumes")
    parser.add_argument("--without", nargs="*", default=[], help="volumes to leave out")
    parser.add_argument("-o", "--output", type=Path, default=OUTPUT)
    arguments = parser.parse_args()
    random = np.random.default_rng(0)
    blocks: list[bytes] = []
    for path in sorted(arguments.data.glob("*.npy.xz")):
        name = path.name.removesuffix(".npy.xz")
        if name in arguments.without:
            continue
        taken = [block_bytes(piece) for piece in pieces(load(path), random)]
        print(f"{name}: {len(taken)} pieces", flush=True)
        blocks += taken
    random.shuffle(blocks)
    logits = train(blocks)
    lines = [",".join(map(str, logits[i : i + 40])) for i in range(0, len(logits), 40)]
    text = "// Made by tools/train_balanced.py; logits in 1/16.\n" + ",\n".join(lines) + "\n"
    arguments.output.write_text(text)
    print(f"{np.count_nonzero(logits):,} of {len(logits):,} slots are learned")


if __name__ == "__main__":
    main()
