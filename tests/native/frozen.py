"""Made-up volumes of every kind whose streams are frozen in tests/vectors/native.

They come from integer arithmetic alone, so that they never change.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

import segpresso
from tests.native.streams import PROFILES
from tests.reference.blocks import cells, noise

VECTORS = Path(__file__).resolve().parents[1] / "vectors"
STREAMS = VECTORS / "native"


def volumes() -> dict[str, tuple[npt.NDArray[Any], dict[str, Any]]]:
    """Return arrays and the options to compress them with, by name."""
    made: dict[str, tuple[npt.NDArray[Any], dict[str, Any]]] = {
        "constant": (np.full((4, 5, 6), 7, np.uint16), {}),
        "empty": (np.zeros((0, 3), np.uint8), {}),
        "no-axes": (np.array(-5, np.int16), {"stats": True}),
    }
    z = np.arange(6)[:, None, None]
    kinds: dict[str, tuple[npt.NDArray[Any], dict[str, Any]]] = {
        "cells": (cells((8, 24, 30), 25).astype(np.uint32), {"stats": True}),
        "slabs": (cells((6, 20, 30), 12) - 5, {"block_shape": (3, 20, 15), "stats": True}),
        "ids": ((cells((6, 16, 20), 9) * 2**33 + z * 2**50).astype(np.uint64), {}),
        "noise": (noise((3, 12, 33), 97).astype(np.uint8), {}),
        "enlarged": (cells((2, 20, 24), 30).repeat(3, 1).repeat(2, 2).astype(np.int16), {}),
        "membranes": (np.diff(cells((5, 30, 21), 14)) != 0, {"stats": True}),
        "fortran": (np.asfortranarray(cells((20, 12, 5), 8).astype(np.uint16)), {}),
        "series": (
            np.stack([cells((3, 10, 14), n) for n in (4, 5, 6)]).astype(np.uint8),
            {"block_shape": (3, 10, 7)},
        ),
        "channel": (
            cells((4, 12, 15), 6).astype(np.uint16)[..., np.newaxis],
            {"block_shape": (4, 7, 15, 1), "stats": True},
        ),
        "written": (cells((6, 14, 18), 7).astype(np.uint16), {"written": True}),
    }
    for profile in PROFILES:
        for kind, (labels, options) in kinds.items():
            made[f"{kind}-{profile}"] = labels, {"profile": profile, **options}
    return made


def encode(labels: npt.NDArray[Any], *, written: bool = False, **options: Any) -> bytes:
    """Compress an array, or have a `Writer` write it: that never makes short streams."""
    if not written:
        return segpresso.compress(labels, "segpresso", **options)
    file = io.BytesIO()
    with segpresso.Writer(file, labels.shape[1:], labels.dtype, **options) as writer:
        writer.write(labels)
    return file.getvalue()
