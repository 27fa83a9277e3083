"""Train the tables that the profile `small` begins with (docs/format_small.md section 11).

Usage: train_small.py [--leave-out] DATA

DATA is a folder of NAME.npy.xz. Of each volume, pieces of all over it are taken, up to four million
voxels, and the model codes all pieces in a fixed random order. What it knows then is written to
core/src/native/small/prior_data.cpp.

With --leave-out nothing is written: a part of each volume is coded untrained, with the training of
all volumes of other origins, and with that of all, and the bytes are printed.
"""

import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

import segpresso

ROOT = Path(__file__).resolve().parent.parent
CORE = ROOT / "core"
SMALL = CORE / "src" / "native" / "small"
DATA = SMALL / "prior_data.cpp"

# Volumes by their origin.
FAMILIES = (
    ("ac4_crop_gt",),
    ("cremiB_crop_neuron_ids", "cremiB_crop_fragments"),
    ("neuroglancer64",),
    ("stardist_mask2d",),
    ("spl_abdominal", "spl_knee", "spl_brain"),
    ("urocell_mito_instance",),
    ("mni_aal",),
    ("pinky40_512",),
    ("voc2012_class_stack375x500",),
    ("snemi_mini_labels", "snemi_mini_fragments"),
    ("dvid_seg_multicut", "dvid_tricky_block64"),
    ("plantseg_ovule",),
    ("fib25_train2_gt_bodies", "fib25_train2_ws"),
    ("ctc_hela_time",),
    ("isbi2012_membranes",),
    ("jwr_somata",),
    ("bsd500_stack",),
    ("allen_ccf2017_25um",),
)

TRAINING_VOXELS = 4_000_000
MEASURED_VOXELS = 400_000
PIECE_ZYX = (32, 128, 128)
# As in train_small.cpp.
GROUPS = 3

# Needs no escapes in a string, and none of "?", which could make a trigraph.
DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>@^_`{|}~."
DIGITS_IN_LINE = 95


def build_trainer(directory: Path) -> Path:
    """Compile the trainer into ``directory``."""
    trainer = directory / "train_small"
    sources = [*sorted(SMALL.glob("*.cpp")), CORE / "src/base/cpu.cpp"]
    sources += sorted((CORE / "src/labels").glob("boundary_row*.cpp"))
    subprocess.run(
        ["c++", "-std=c++20", "-O3", f"-I{CORE / 'include'}", f"-I{CORE / 'src'}"]
        + [str(path) for path in [ROOT / "tools" / "train_small.cpp", *sources]]
        + ["-o", str(trainer)],
        check=True,
    )
    return trainer


def read(path: Path) -> np.ndarray:
    """Return a volume (z, y, x)."""
    labels = segpresso.read(path)
    return labels.reshape(-1, *labels.shape[-2:])


def middle(labels: np.ndarray, voxels: int) -> np.ndarray:
    """Return about ``voxels`` voxels from the middle of a volume."""
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


def shuffle(items: list[Any]) -> None:
    """Put items in an order that is random but always the same (xorshift)."""
    state = 88172645463325252
    mask = 2**64 - 1
    for i in range(len(items) - 1, 0, -1):
        state ^= state << 13 & mask
        state ^= state >> 7
        state ^= state << 17 & mask
        other = state % (i + 1)
        items[i], items[other] = items[other], items[i]


def pieces(labels: np.ndarray, group: int) -> list[bytes]:
    """Cut up to ``TRAINING_VOXELS`` of a volume into blocks that have more than one label."""
    depth, height, width = PIECE_ZYX
    corners = [
        (z, y, x)
        for z in range(0, labels.shape[0], depth)
        for y in range(0, labels.shape[1], height)
        for x in range(0, labels.shape[2], width)
    ]
    shuffle(corners)
    blocks = []
    left = TRAINING_VOXELS
    for z, y, x in corners:
        piece = labels[z : z + depth, y : y + height, x : x + width]
        if piece.min() == piece.max():
            continue
        blocks.append(block_bytes(piece, group))
        left -= piece.size
        if left <= 0:
            break
    return blocks


def block_bytes(labels: np.ndarray, group: int = 0) -> bytes:
    """Return a block as the trainer reads it."""
    _, first, inverse = np.unique(labels, return_index=True, return_inverse=True)
    order = np.empty(first.size, dtype=np.uint16)
    order[np.argsort(first)] = np.arange(first.size)
    header = np.array([*reversed(labels.shape), first.size, group], dtype="<u4")
    return header.tobytes() + order[inverse.ravel()].astype("<u2").tobytes()


def train(trainer: Path, families: Iterable[list[list[bytes]]]) -> bytes:
    """Return the package that the model makes of what it learned from the volumes' blocks."""
    blocks = [block for family in families for volume in family for block in volume]
    shuffle(blocks)
    data = b"".join(blocks)
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


def leave_out(
    trainer: Path, directory: Path, families: list[list[list[bytes]]], parts: dict[str, bytes]
) -> None:
    """Print what training is worth to the ``parts`` of families it has and has not seen."""

    def package(name: str, chosen: Iterable[list[list[bytes]]]) -> Path:
        file = directory / name
        file.write_bytes(train(trainer, chosen))
        return file

    untrained = directory / "untrained"
    untrained.write_bytes(b"")
    whole = package("all", families)
    ratios = []
    print(f"{'volume':34}{'untrained':>10}{'others':>10}{'all':>10}")
    for i, names in enumerate(FAMILIES):
        others = package("others", families[:i] + families[i + 1 :])
        for name in names:
            sizes = [
                int(subprocess.run([trainer, "measure", prior], input=parts[name],
                                   stdout=subprocess.PIPE, check=True).stdout)
                for prior in (untrained, others, whole)
            ]  # fmt: skip
            ratios.append([size / sizes[0] for size in sizes])
            print(f"{name:34}" + "".join(f"{n:10}" for n in sizes), flush=True)
    means = np.exp(np.mean(np.log(ratios), axis=0))
    print(f"{'geometric mean, of untrained':34}" + "".join(f"{mean:10.3f}" for mean in means))


def main() -> None:
    """Train, or show what training does."""
    arguments = [argument for argument in sys.argv[1:] if argument != "--leave-out"]
    if len(arguments) != 1:
        sys.exit(__doc__)
    families = []
    parts = {}
    for i, names in enumerate(FAMILIES):
        family = []
        for name in names:
            labels = read(Path(arguments[0]) / f"{name}.npy.xz")
            family.append(pieces(labels, i % GROUPS))
            parts[name] = block_bytes(middle(labels, MEASURED_VOXELS))
        families.append(family)
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        trainer = build_trainer(directory)
        if "--leave-out" in sys.argv:
            leave_out(trainer, directory, families, parts)
        else:
            write_package(train(trainer, families))


if __name__ == "__main__":
    main()
