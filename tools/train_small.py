"""Train the tables that the profile `small` begins with (docs/format_small.md section 11).

Usage: train_small.py [--leave-out] FAMILY...

A family is one or more label volumes of the same origin, their files separated by commas. Two
million voxels from the middle of each volume are cut into pieces, and the model codes all pieces in
a fixed random order. What it knows then is written to core/src/native/small/prior_data.cpp.

With --leave-out nothing is written: each family is coded untrained, with the training of all other
families, and with that of all, and the bytes are printed.
"""

import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

import numpy as np

import segpresso

ROOT = Path(__file__).resolve().parent.parent
CORE = ROOT / "core"
SMALL = CORE / "src" / "native" / "small"
DATA = SMALL / "prior_data.cpp"

TRAINING_VOXELS = 2_000_000
MEASURED_VOXELS = 400_000
PIECE_ZYX = (32, 128, 128)

# Needs no escapes in a string, and none of "?", which could make a trigraph.
DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>@^_`{|}~."
DIGITS_IN_LINE = 95


def build_trainer(directory: Path) -> Path:
    """Compile the trainer into ``directory``."""
    trainer = directory / "train_small"
    sources = [*sorted(SMALL.glob("*.cpp")), CORE / "src/base/cpu.cpp"]
    subprocess.run(
        ["c++", "-std=c++20", "-O3", f"-I{CORE / 'include'}", f"-I{CORE / 'src'}"]
        + [str(path) for path in [ROOT / "tools" / "train_small.cpp", *sources]]
        + ["-o", str(trainer)],
        check=True,
    )
    return trainer


def middle(path: str, voxels: int) -> np.ndarray:
    """Return about ``voxels`` voxels (z, y, x) from the middle of a volume."""
    labels = segpresso.read(path)
    labels = labels.reshape(-1, *labels.shape[-2:])
    height, width = (min(size, 256) for size in labels.shape[1:])
    depth = min(labels.shape[0], max(1, voxels // (height * width)))
    first_z, first_y, first_x = (
        (size - part) // 2 for size, part in zip(labels.shape, (depth, height, width), strict=True)
    )
    plane = labels[:, first_y : first_y + height, first_x : first_x + width]
    if depth > 1 and np.mean(plane[1:11] != plane[:-1][:10]) > 0.5:
        # Unrelated slices: some of everywhere.
        return plane[:: labels.shape[0] // depth][:depth]
    return plane[first_z : first_z + depth]


def pieces(labels: np.ndarray) -> list[np.ndarray]:
    """Cut a volume."""
    depth, height, width = PIECE_ZYX
    return [
        labels[z : z + depth, y : y + height, x : x + width]
        for z in range(0, labels.shape[0], depth)
        for y in range(0, labels.shape[1], height)
        for x in range(0, labels.shape[2], width)
    ]


def shuffle(items: list[np.ndarray]) -> None:
    """Put items in an order that is random but always the same (xorshift)."""
    state = 88172645463325252
    mask = 2**64 - 1
    for i in range(len(items) - 1, 0, -1):
        state ^= state << 13 & mask
        state ^= state >> 7
        state ^= state << 17 & mask
        other = state % (i + 1)
        items[i], items[other] = items[other], items[i]


def block_bytes(labels: np.ndarray) -> bytes:
    """Return a block as the trainer reads it."""
    _, first, inverse = np.unique(labels, return_index=True, return_inverse=True)
    order = np.empty(first.size, dtype=np.uint16)
    order[np.argsort(first)] = np.arange(first.size)
    header = np.array([*reversed(labels.shape), first.size], dtype="<u4")
    return header.tobytes() + order[inverse.ravel()].astype("<u2").tobytes()


def train(trainer: Path, volumes: Iterable[np.ndarray]) -> bytes:
    """Return the package that the model makes of what it learned."""
    blocks = [piece for volume in volumes for piece in pieces(volume)]
    shuffle(blocks)
    data = b"".join(map(block_bytes, blocks))
    return subprocess.run([trainer, "train"], input=data, stdout=subprocess.PIPE, check=True).stdout


def write_package(package: bytes) -> None:
    """Write the package as C++."""
    padded = package + bytes(-len(package) % 4)
    digits = []
    for at in range(0, len(padded), 4):
        value = int.from_bytes(padded[at : at + 4], "big")
        digits.append("".join(DIGITS[value // 85**power % 85] for power in range(4, -1, -1)))
    text = "".join(digits)
    lines = [text[at : at + DIGITS_IN_LINE] for at in range(0, len(text), DIGITS_IN_LINE)]
    DATA.write_text(
        "// Written by tools/train_small.py: not to be edited.\n"
        '#include <array>\n\n#include "native/small/prior.hpp"\n\n// clang-format off\n'
        "namespace segpresso::native::small {\nnamespace {\n\n"
        f"constexpr std::array<const char*, {len(lines)}> lines = {{\n"
        + "".join(f'"{line}",\n' for line in lines)
        + "};\n\n}  // namespace\n\nconst std::span<const char* const> prior_digits = lines;\n\n"
        "}  // namespace segpresso::native::small\n"
    )


def leave_out(trainer: Path, directory: Path, families: list[list[str]]) -> None:
    """Print what training is worth to families it has and has not seen."""
    volumes = {path: middle(path, TRAINING_VOXELS) for family in families for path in family}

    def package(name: str, paths: Iterable[str]) -> Path:
        file = directory / name
        file.write_bytes(train(trainer, (volumes[path] for path in paths)))
        return file

    untrained = directory / "untrained"
    untrained.write_bytes(b"")
    whole = package("all", volumes)
    ratios = []
    print(f"{'volume':34}{'untrained':>10}{'others':>10}{'all':>10}")
    for family in families:
        others = package("others", (path for path in volumes if path not in family))
        for path in family:
            data = block_bytes(middle(path, MEASURED_VOXELS))
            sizes = [
                int(subprocess.run([trainer, "measure", prior], input=data,
                                   stdout=subprocess.PIPE, check=True).stdout)
                for prior in (untrained, others, whole)
            ]  # fmt: skip
            ratios.append([size / sizes[0] for size in sizes])
            print(f"{Path(path).name.split('.')[0]:34}" + "".join(f"{n:10}" for n in sizes))
    means = np.exp(np.mean(np.log(ratios), axis=0))
    print(f"{'geometric mean, of untrained':34}" + "".join(f"{mean:10.3f}" for mean in means))


def main() -> None:
    """Train, or show what training does."""
    names = [name for name in sys.argv[1:] if name != "--leave-out"]
    if not names:
        sys.exit(__doc__)
    families = [name.split(",") for name in names]
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        trainer = build_trainer(directory)
        if "--leave-out" in sys.argv:
            leave_out(trainer, directory, families)
        else:
            volumes = (middle(path, TRAINING_VOXELS) for family in families for path in family)
            write_package(train(trainer, volumes))


if __name__ == "__main__":
    main()
