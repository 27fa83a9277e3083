"""How small a volume became."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Sizes:
    """The size of a compressed volume against what it would take otherwise.

    Parameters
    ----------
    shape : tuple of int
        Shape of the volume.
    dtype : numpy.dtype
        Its type.
    stored_bytes : int
        Bytes that it takes compressed.
    """

    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    stored_bytes: int

    @property
    def voxels(self) -> int:
        """Number of voxels."""
        return math.prod(self.shape)

    @property
    def raw_bytes(self) -> int:
        """Bytes of the voxels in their own type."""
        return self.voxels * self.dtype.itemsize

    @property
    def ratio_dtype(self) -> float | None:
        """How many times smaller than the voxels in their own type; None without voxels."""
        return self.raw_bytes / self.stored_bytes if self.voxels and self.stored_bytes else None

    @property
    def ratio_64_bit(self) -> float | None:
        """How many times smaller than voxels of 64 bits, as the Compresso paper counts."""
        return self.voxels * 8 / self.stored_bytes if self.voxels and self.stored_bytes else None

    @property
    def bits_per_voxel(self) -> float | None:
        """Bits that a voxel takes; None without voxels."""
        return self.stored_bytes * 8 / self.voxels if self.voxels else None

    def record(self) -> dict[str, Any]:
        """Return all of it for JSON."""
        return {
            "shape": list(self.shape),
            "dtype": self.dtype.name,
            "voxels": self.voxels,
            "raw_bytes": self.raw_bytes,
            "bytes": self.stored_bytes,
            "ratio_dtype": self.ratio_dtype,
            "ratio_64_bit": self.ratio_64_bit,
            "bits_per_voxel": self.bits_per_voxel,
        }
