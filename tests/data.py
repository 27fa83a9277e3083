"""Real volumes, where they exist; tests that need them are skipped elsewhere."""

from __future__ import annotations

import io
import lzma
import os
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

#: Folder of real volumes: the environment variable SEGPRESSO_DATA, else beside the project.
DATA = Path(os.environ.get("SEGPRESSO_DATA", Path(__file__).parents[2] / "shared" / "data"))

needs_data = pytest.mark.skipif(
    not DATA.is_dir(), reason=f"needs the real volumes ({DATA} is not a folder)"
)


def volume_names() -> list[str]:
    """Names of all real volumes."""
    return sorted(path.name.removesuffix(".npy.xz") for path in DATA.glob("*.npy.xz"))


def load(name: str) -> npt.NDArray[Any]:
    """Real volume (z, y, x), x fastest."""
    return np.load(io.BytesIO(lzma.decompress((DATA / f"{name}.npy.xz").read_bytes())))
