"""Make the seed corpora of the fuzz targets from the frozen streams in tests/vectors.

Usage: make_seed_corpus.py DIRECTORY

Writes one folder per fuzz target. Streams of formats without a header get the parameter bytes in
front that ``core/fuzz/fuzz_compressed_segmentation.cpp`` describes.
"""

import json
import shutil
import struct
import sys
from pathlib import Path

VECTORS = Path(__file__).resolve().parent.parent / "tests" / "vectors"

TARGETS = {
    "vcg_v1": "fuzz_miccai",
    "vcg_v2": "fuzz_packed",
    "cpso_v0": "fuzz_cpso",
    "cpso_v1": "fuzz_cpso",
    "compressed_segmentation": "fuzz_compressed_segmentation",
    "vcg_neuroglancer": "fuzz_block_tables",
}

# Mutating larger inputs is slow and finds no more.
LARGEST_SEED = 16384


def parameter_bytes(vector: dict, stream: dict) -> bytes:
    """Return what the fuzz target needs to know of a stream that does not say it itself."""
    if stream["format"] != "compressed_segmentation":
        return b""
    params = stream["params"]
    type_code = {"uint32": 2, "uint64": 3}[params["dtype"]]
    return bytes(
        [
            *vector["input"]["shape_xyz"],
            *(size - 1 for size in params["block_xyz"]),
            type_code,
            params["channels"] - 1,
        ]
    )


def code_seeds() -> dict[str, bytes]:
    """Return codes of the textbook coders, behind the byte that chooses one."""
    return {
        "lzw": b"\0" + struct.pack("<4I", ord("a"), ord("b"), 256, 258),
        "lz78-narrow": b"\1" + struct.pack("<5I", 0x61, 0x62, 0x162, 0x361, 0),
        "lz78-wide": b"\2" + struct.pack("<3Q", 0x61, 0x161, 2 << 8),
    }


def main() -> None:
    """Write the corpora into the directory that the command line names."""
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    directory = Path(sys.argv[1])
    for target in {*TARGETS.values(), "fuzz_lempel_ziv"}:
        shutil.rmtree(directory / target, ignore_errors=True)
        (directory / target).mkdir(parents=True)
    index = json.loads((VECTORS / "index.json").read_text())
    for vector in index["vectors"]:
        for stream in vector["streams"]:
            target = TARGETS.get(stream["format"])
            if target is None:
                continue
            data = (VECTORS / stream["file"]).read_bytes()
            if len(data) <= LARGEST_SEED:
                seed = parameter_bytes(vector, stream) + data
                (directory / target / stream["file"]).write_bytes(seed)
    for name, seed in code_seeds().items():
        (directory / "fuzz_lempel_ziv" / name).write_bytes(seed)


if __name__ == "__main__":
    main()
