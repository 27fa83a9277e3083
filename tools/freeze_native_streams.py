"""Freeze native streams for the tests: to be run when the format has changed, and only then.

Usage: PYTHONPATH=src:. python tools/freeze_native_streams.py

Writes into tests/vectors what the encoder makes of the volumes of tests/native/frozen.py, as whole
streams (native/NAME.segp), and of the blocks of tests/reference/blocks.py, as payloads of each
model (native-PROFILE/NAME.bin).
"""

from __future__ import annotations

import shutil

import segpresso
from tests.native import decoder, frozen
from tests.native.streams import PROFILES
from tests.reference.blocks import BLOCKS, numbered


def freeze_streams() -> None:
    """Write whole streams."""
    shutil.rmtree(frozen.STREAMS, ignore_errors=True)
    frozen.STREAMS.mkdir()
    for name, (labels, options) in frozen.volumes().items():
        data = frozen.encode(labels, **options)
        (frozen.STREAMS / f"{name}.segp").write_bytes(data)


def freeze_blocks() -> None:
    """Write the payloads of the models."""
    for method, profile in enumerate(PROFILES, 2):
        folder = frozen.VECTORS / f"native-{profile}"
        folder.mkdir(exist_ok=True)
        for name, labels in BLOCKS.items():
            indices = numbered(labels)
            data = segpresso.compress(
                indices, "segpresso", profile=profile, block_shape=indices.shape
            )
            [block] = decoder.parse(data).blocks
            if block.method != method:
                raise RuntimeError(f"{profile}: {name} packs smaller; choose another block")
            (folder / f"{name}.bin").write_bytes(block.payload)


if __name__ == "__main__":
    freeze_streams()
    freeze_blocks()
