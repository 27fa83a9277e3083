#!/usr/bin/env python3
"""Makes the tables of the `fast` model, core/src/native/fast/tables.cpp, from label volumes.

Usage: train_fast.py DATA             writes the tables, trained on all volumes
       train_fast.py DATA --leave-out sizes of every volume under tables trained without its family

DATA is a folder of NAME.npy.xz (axes z, y, x). Needs numpy and g++. The tables are a part of the
format: streams written with others cannot be read, so a new set is a new version.
"""

from __future__ import annotations

import argparse
import io
import lzma
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parent.parent
FAST = ROOT / "core/src/native/fast"
# Files for other machines are empty on this one.
KERNELS = ("_scalar", "_avx2", "_avx512", "_neon")

# Volumes that show the same tissue, or kind of picture, are one family.
FAMILIES = {
    "ac4_crop_gt": "snemi",
    "snemi_mini_labels": "snemi",
    "snemi_mini_fragments": "snemi",
    "cremiB_crop_neuron_ids": "cremi",
    "cremiB_crop_fragments": "cremi",
    "neuroglancer64": "fib25",
    "fib25_train2_gt_bodies": "fib25",
    "fib25_train2_ws": "fib25",
    "dvid_seg_multicut": "dvid",
    "dvid_tricky_block64": "dvid",
    "spl_abdominal": "spl",
    "spl_knee": "spl",
    "spl_brain": "spl",
    "voc2012_class_stack375x500": "photographs",
    "bsd500_stack": "photographs",
    "stardist_mask2d": "stardist",
    "plantseg_ovule": "plantseg",
    "urocell_mito_instance": "urocell",
    "ctc_hela_time": "ctc",
    "mni_aal": "mni",
    "isbi2012_membranes": "isbi",
    "jwr_somata": "jwr",
    "pinky40_512": "pinky",
    "allen_ccf2017_25um": "allen",
}
FLAT = {
    "cremiB_crop_neuron_ids",
    "cremiB_crop_fragments",
    "voc2012_class_stack375x500",
    "bsd500_stack",
    "stardist_mask2d",
    "ctc_hela_time",
    "isbi2012_membranes",
    "ac4_crop_gt",
}
CHUNK = (64, 64, 64)
BLOCKS_PER_VOLUME = 6
CHUNKS_PER_VOLUME = 16

# Kinds of symbols as tools/train_fast.cpp numbers them, and how many contexts each has.
EDGE, ROW, SLICE, END, OFFSET, POSITION, LABEL = range(7)
CONTEXTS = {EDGE: 256, ROW: 64, SLICE: 1, END: 2, OFFSET: 32, POSITION: 32, LABEL: 24}
# Those that kinds use; the others use all.
ALL = range(16)
SYMBOLS: dict[int, Sequence[int]] = {
    ROW: range(6),
    SLICE: range(3),
    END: (0, 14, 15),
    OFFSET: range(15),
}
FEATURES = {ROW: 144, SLICE: 1, END: 2, OFFSET: 140 * 16, POSITION: 70 * 32, LABEL: 160}
BESIDE_CLASSES, AROUND_CLASSES, PLACE_CLASSES = 32, 16, 48
HISTORY_CLASSES, WIDTH_CLASSES = 24, 20

# Of the coder; tables of them stay in the caches.
STATES = 256

RECORD = np.dtype([("kind", "<u2"), ("symbol", "<u2"), ("features", "<u2", 4)])

Counts = NDArray[np.float64]
Map = NDArray[np.int64]
Key = Callable[[Map], Map]


def block_shape(name: str) -> tuple[int, int, int]:
    """Shape z, y, x of a file's blocks: flat where slices have little in common."""
    return (6, 512, 512) if name in FLAT else (64, 128, 128)


def cut(volume: NDArray[np.generic], shape: tuple[int, ...]) -> Iterator[NDArray[np.generic]]:
    """All blocks of a volume that hold more than one label."""
    starts = [range(0, size, step) for size, step in zip(volume.shape, shape, strict=True)]
    for z in starts[0]:
        for y in starts[1]:
            for x in starts[2]:
                block = volume[z : z + shape[0], y : y + shape[1], x : x + shape[2]]
                if (block != block[0, 0, 0]).any():
                    yield block


def packed(block: NDArray[np.generic]) -> bytes:
    """Write a block as tools/train_fast.cpp reads it, numbered by first appearance."""
    _, first, inverse = np.unique(block, return_index=True, return_inverse=True)
    number = np.empty(len(first), "<u2")
    number[np.argsort(first)] = np.arange(len(first))
    header = np.array([*block.shape[::-1], len(first)], "<u4")
    return header.tobytes() + number[inverse].tobytes()


def load(path: Path) -> NDArray[np.generic]:
    volume: NDArray[np.generic] = np.load(io.BytesIO(lzma.decompress(path.read_bytes())))
    return volume


def sample(volume: NDArray[np.generic], name: str) -> bytes:
    """Take some blocks of the shape that files have and some chunks."""
    random = np.random.default_rng(1)
    parts: list[bytes] = []
    for shape, most in ((block_shape(name), BLOCKS_PER_VOLUME), (CHUNK, CHUNKS_PER_VOLUME)):
        blocks = list(cut(volume, shape))
        chosen = random.permutation(len(blocks))[:most]
        parts += [packed(blocks[i]) for i in chosen]
    return b"".join(parts)


def build(folder: Path, tables: Path) -> Path:
    """Compile tools/train_fast.cpp with some tables."""
    program = folder / "train_fast"
    core = ROOT / "core/src"
    sources = [*FAST.glob("encoder*.cpp"), FAST / "state_tables.cpp", core / "base/cpu.cpp"]
    sources += [core / f"labels/boundary_row{kind}.cpp" for kind in ("", *KERNELS)]
    include = [f"-I{core}", f"-I{ROOT / 'core/include'}"]
    subprocess.run(
        ["g++", "-std=c++20", "-O2", *include, str(ROOT / "tools/train_fast.cpp"), str(tables)]
        + [str(source) for source in sources]
        + ["-o", str(program)],
        check=True,
    )
    return program


def cluster(counts: Counts, clusters: int) -> Map:
    """Put features with alike distributions of symbols together.

    k-means where the distance is what coding with the cluster's distribution costs more (the
    Kullback-Leibler divergence), begun with distant features as k-means++ does.
    """
    weight = counts.sum(1)
    used = np.flatnonzero(weight > 0)
    result = np.zeros(len(counts), np.int64)
    if len(used) <= clusters:
        result[used] = np.arange(len(used))
        return result
    rows = counts[used]
    base = counts.sum(0) / counts.sum() + 1e-6
    random = np.random.default_rng(0)
    own = ((np.log(rows + 0.5 * base) - np.log(weight[used] + 0.5)[:, None]) * rows).sum(1)
    centres = [base / base.sum()]
    distance = own - rows @ np.log(centres[0] + 1e-7)
    while len(centres) < clusters:
        chance = np.maximum(distance, 0) + 1e-12
        chosen = rows[random.choice(len(rows), p=chance / chance.sum())]
        centres.append((chosen + 2 * base) / (chosen.sum() + 2))
        distance = np.minimum(distance, own - rows @ np.log(centres[-1] + 1e-7))
    centre = np.array(centres)
    for _ in range(15):
        nearest = (-(rows @ np.log(centre + 1e-7).T)).argmin(1)
        sums = np.zeros((clusters, rows.shape[1]))
        np.add.at(sums, nearest, rows)
        centre = (sums + 0.5 * base) / (sums.sum(1, keepdims=True) + 0.5)
    result[:] = np.bincount(nearest, weights=weight[used], minlength=clusters).argmax()
    result[used] = nearest
    return result


def rounded(probability: Counts) -> Map:
    """Share the states out so that coding costs least; each symbol that there is has one."""
    least = probability > 0
    shares: Map = np.maximum(least, np.round(probability * STATES)).astype(np.int64)
    while shares.sum() > STATES:
        loss = probability * np.log(np.maximum(shares, 1) / np.maximum(shares - 1, 0.5))
        shares[np.where(shares > 1, loss, np.inf).argmin()] -= 1
    while shares.sum() < STATES:
        gain = probability * np.log((shares + 1) / np.maximum(shares, 1))
        shares[gain.argmax()] += 1
    return shares


class Tables:
    """Maps and probabilities, trained on the records of some volumes, all of equal weight."""

    def __init__(self, records: list[NDArray[np.void]]) -> None:
        self._records = records
        self.beside = self._edge_map(lambda f: f[:, 0], 4096, BESIDE_CLASSES)
        self.around = self._edge_map(lambda f: f[:, 1], 4096, AROUND_CLASSES)
        self.place = self._edge_map(self._places, BESIDE_CLASSES * AROUND_CLASSES, PLACE_CLASSES)
        self.history = self._edge_map(lambda f: f[:, 2], 4096, HISTORY_CLASSES)
        self.width = self._edge_map(lambda f: f[:, 3], 3072, WIDTH_CLASSES)
        edges = PLACE_CLASSES * HISTORY_CLASSES * WIDTH_CLASSES
        counts = {EDGE: self._count(EDGE, self._edges, edges)}
        counts |= {kind: self._count(kind, self._other(kind), FEATURES[kind]) for kind in FEATURES}
        self.maps = {
            kind: np.arange(len(count))
            if len(count) <= CONTEXTS[kind]
            else cluster(count, CONTEXTS[kind])
            for kind, count in counts.items()
        }
        self.shares = np.concatenate(
            [
                self._shares(counts[kind], self.maps[kind], CONTEXTS[kind], SYMBOLS.get(kind, ALL))
                for kind in CONTEXTS
            ]
        )

    def _places(self, features: Map) -> Map:
        return self.beside[features[:, 0]] * AROUND_CLASSES + self.around[features[:, 1]]

    def _edges(self, features: Map) -> Map:
        place = self.place[self._places(features)]
        shape = self.history[features[:, 2]] * WIDTH_CLASSES + self.width[features[:, 3]]
        return place * (HISTORY_CLASSES * WIDTH_CLASSES) + shape

    def _other(self, kind: int) -> Key:
        if kind == OFFSET:
            return lambda f: f[:, 0] * AROUND_CLASSES + self.around[f[:, 1]]
        if kind == POSITION:
            return lambda f: f[:, 0] * BESIDE_CLASSES + self.beside[f[:, 1]]
        return lambda f: f[:, 0]

    def _edge_map(self, key: Key, features: int, classes: int) -> Map:
        return cluster(self._count(EDGE, key, features), classes)

    def _count(self, kind: int, key: Key, features: int) -> Counts:
        """Symbols of a kind by feature, each volume weighted as 10000 symbols."""
        result = np.zeros((features, 16))
        for records in self._records:
            mine = records[records["kind"] == kind]
            index = key(mine["features"].astype(np.int64)) * 16 + mine["symbol"]
            count = np.bincount(index, minlength=features * 16).reshape(features, 16)
            result += count * (1e4 / len(records))
        return result

    @staticmethod
    def _shares(counts: Counts, contexts: Map, number: int, symbols: Sequence[int]) -> Map:
        """How many of the coder's states stand for each symbol."""
        sums = np.zeros((number, 16))
        np.add.at(sums, contexts, counts)
        base = sums.sum(0) / max(sums.sum(), 1e-9) + 1e-4
        base /= base.sum()
        probability = np.zeros((number, 16))
        probability[:, symbols] = ((sums + 4 * base) / (sums.sum(1, keepdims=True) + 4))[:, symbols]
        probability /= probability.sum(1, keepdims=True)
        return np.array([rounded(row) for row in probability])

    def write(self, path: Path) -> None:
        """Write them as C++."""

        def numbers(values: Map) -> str:
            lines = [values[i : i + 32] for i in range(0, len(values), 32)]
            return "{" + ",\n".join(",".join(map(str, line)) for line in lines) + "}"

        maps = [self.beside, self.around, self.place, self.history, self.width]
        maps += [self.maps[kind] for kind in (EDGE, ROW, OFFSET, POSITION, LABEL)]
        models = ",\n".join("{" + numbers(shares) + "}" for shares in self.shares)
        path.write_text(
            "// Made by tools/train_fast.py. A part of the format.\n"
            '#include "native/fast/tables.hpp"\n\n'
            "// clang-format off\n"
            "namespace segpresso::native::fast {\n\n"
            "const Tables tables{\n"
            + ",\n".join(numbers(values) for values in maps)
            + ",\n{{\n"
            + models
            + "}}};\n\n}  // namespace segpresso::native::fast\n// clang-format on\n"
        )


def sizes(program: Path, volume: NDArray[np.generic], shape: tuple[int, ...]) -> int:
    """Bytes of all blocks of a volume."""
    total = 0
    for block in cut(volume, shape):
        output = subprocess.run(
            [program, "sizes"], input=packed(block), capture_output=True, check=True
        )
        total += int(output.stdout)
    return total


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("--leave-out", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        program = build(folder, FAST / "tables.cpp")
        records = {}
        for name in FAMILIES:
            blocks = sample(load(arguments.data / f"{name}.npy.xz"), name)
            symbols = subprocess.run(
                [program, "symbols"], input=blocks, capture_output=True, check=True
            )
            records[name] = np.frombuffer(symbols.stdout, RECORD)
        if not arguments.leave_out:
            Tables(list(records.values())).write(FAST / "tables.cpp")
            return
        for family in dict.fromkeys(FAMILIES.values()):
            members = [name for name in FAMILIES if FAMILIES[name] == family]
            others = [records[name] for name in FAMILIES if name not in members]
            Tables(others).write(folder / "tables.cpp")
            left_out = build(folder, folder / "tables.cpp")
            for name in members:
                # No more than peers were measured on: 150 million voxels, a corner for chunks.
                volume = load(arguments.data / f"{name}.npy.xz")
                volume = volume[: max(1, 150_000_000 // (volume.shape[1] * volume.shape[2]))]
                whole = sizes(left_out, volume, block_shape(name))
                chunks = sizes(left_out, volume[:256, :256, :256], CHUNK)
                print(f"{name} {whole} {chunks}", flush=True)


if __name__ == "__main__":
    main()
