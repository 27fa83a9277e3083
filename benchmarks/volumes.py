"""The label volumes that benchmarks run on."""

from __future__ import annotations

import io
import lzma
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

import segpresso

#: Used where there is no folder of real volumes.
MADE_UP = "neuropil 128x512x512"


def names(folder: Path) -> list[str]:
    """Names of the real volumes in `folder`, or that of a made-up one if it has none."""
    found = sorted(path.name.removesuffix(".npy.xz") for path in folder.glob("*.npy.xz"))
    return found or [MADE_UP]


def load(folder: Path, name: str) -> npt.NDArray[Any]:
    """Volume (z, y, x), x fastest."""
    if name == MADE_UP:
        return segpresso.examples.neuropil((128, 512, 512))
    return np.load(io.BytesIO(lzma.decompress((folder / f"{name}.npy.xz").read_bytes())))
