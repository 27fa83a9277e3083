"""PNG files and folders of them (one slice per file), through Pillow."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from segpresso.errors import UnsupportedError
from segpresso.io._errors import reading
from segpresso.io._labels import LabelArray
from segpresso.io.atomic import atomic_file, atomic_folder

#: Grey levels of 2 and 4 bits are spread over 0..255 by Pillow; labels are what was stored.
_SPREAD = {"L;2": 85, "L;4": 17}


def read_png(path: Path, dataset: str | None = None) -> npt.NDArray[Any]:
    """Read one slice, (y, x): grey levels, or the indices of a palette image."""
    from PIL import PngImagePlugin

    # Not Image.open: it refuses large images, and a slice of a connectome is one.
    with path.open("rb") as file, PngImagePlugin.PngImageFile(file) as image:
        stored = image.tile[0][3] if image.tile else image.mode
        if image.mode not in ("1", "L", "P", "I", "I;16"):
            raise UnsupportedError(f"a colour image ({image.mode}), not labels")
        pixels: npt.NDArray[Any] = np.array(image)
    if image.mode == "I":  # how older versions of Pillow present 16 bits
        pixels = pixels.astype(np.uint16)
    if stored in _SPREAD:
        pixels //= np.uint8(_SPREAD[stored])
    return pixels


def write_png(path: Path, labels: LabelArray) -> None:
    """Write one slice, (y, x), of bool, uint8 or uint16."""
    if labels.ndim != 2:
        raise UnsupportedError(
            f"a PNG file holds one slice (y, x), not shape {labels.shape}: "
            "write a folder (a path that ends with '/'), or labels[0]"
        )
    _check_storable(labels)
    with atomic_file(path) as temporary:
        _save(temporary, labels)


def read_png_folder(path: Path, dataset: str | None = None) -> npt.NDArray[Any]:
    """Read all .png files of a folder as slices, (z, y, x), in natural order (2 before 10)."""
    files = sorted((f for f in path.iterdir() if _is_png(f)), key=_natural)
    if not files:
        raise UnsupportedError("no .png file in this folder")
    volume: npt.NDArray[Any] | None = None
    for z, file in enumerate(files):
        with reading(file):
            slice_yx = read_png(file)
        if volume is None:
            volume = np.empty((len(files), *slice_yx.shape), slice_yx.dtype)
        if slice_yx.shape != volume.shape[1:]:
            raise UnsupportedError(
                f"{file.name} has shape {slice_yx.shape}, {files[0].name} has {volume.shape[1:]}"
            )
        if slice_yx.dtype != volume.dtype:  # a mixture of 8 and 16 bits is common
            volume = volume.astype(np.promote_types(volume.dtype, slice_yx.dtype), copy=False)
        volume[z] = slice_yx
    assert volume is not None
    return volume


def write_png_folder(path: Path, labels: LabelArray) -> None:
    """Write slices `00000.png`, `00001.png`, ... into a new or empty folder."""
    if labels.ndim != 3:
        raise UnsupportedError(f"a PNG folder holds (z, y, x), not shape {labels.shape}")
    _check_storable(labels)
    with atomic_folder(path) as temporary:
        for z, slice_yx in enumerate(labels):
            _save(temporary / f"{z:05}.png", slice_yx)


def _check_storable(labels: LabelArray) -> None:
    if labels.size == 0:
        raise UnsupportedError(f"PNG cannot hold an array of shape {labels.shape}")
    if labels.dtype not in (np.bool_, np.uint8, np.uint16):
        raise UnsupportedError(
            f"PNG holds bool, uint8 and uint16, not {labels.dtype} "
            f"(these labels go from {labels.min()} to {labels.max()}; convert them if that fits)"
        )


def _save(path: Path, slice_yx: LabelArray) -> None:
    from PIL import Image

    Image.fromarray(slice_yx).save(path)


def _is_png(path: Path) -> bool:
    return path.suffix.lower() == ".png" and not path.name.startswith(".")


def _natural(path: Path) -> list[tuple[int, str]]:
    """Sort key: digits as numbers, everything else as text."""
    parts = re.split(r"(\d+)", path.name)
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in parts]
