"""The programs of others, as methods: each with the settings that its authors chose."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from segpresso.errors import InvalidArgumentError
from segpresso.experiments.methods import Data, Method, bytes_of
from segpresso.experiments.methods.base import volume_of
from segpresso.experiments.methods.encodings import Crackle
from segpresso.io._extras import require

#: The extra that brings the libraries.
EXTRA = "bench"

#: Its buffers are counted in 32 bits, with some space for headers.
_MOST_BLOSC_BYTES = 2**31 - 1 - 32


class Compresso(Method):
    """The PyPI package compresso; its streams are those of the codec ``cpso``."""

    name = "COMPRESSO"
    title = "compresso"
    volumes_only = True

    def compress(self, data: Data) -> bytes:
        """Compress a volume (z, y, x)."""
        return bytes(require("compresso", EXTRA).compress(volume_of(data, self.name).T))

    def decompress(self, data: Data, **_: Any) -> npt.NDArray[Any]:
        """Restore the volume."""
        labels: npt.NDArray[Any] = require("compresso", EXTRA).decompress(bytes(bytes_of(data)))
        return labels.T


class Cseg(Method):
    """The PyPI package compressed-segmentation, for labels of 32 and 64 bits."""

    name = "CSEG"
    title = "compressed-segmentation"
    volumes_only = True

    def compress(self, data: Data) -> bytes:
        """Compress a volume (z, y, x)."""
        volume = volume_of(data, self.name)
        return bytes(require("compressed_segmentation", EXTRA).compress(volume.T, order="F"))

    def decompress(
        self,
        data: Data,
        *,
        shape: tuple[int, ...] | None = None,
        dtype: npt.DTypeLike | None = None,
    ) -> npt.NDArray[Any]:
        """Restore the volume."""
        if shape is None or dtype is None:
            raise InvalidArgumentError(f"{self.name} needs shape=... and dtype=... to decompress")
        labels: npt.NDArray[Any] = require("compressed_segmentation", EXTRA).decompress(
            bytes(bytes_of(data)), shape[::-1], np.dtype(dtype), order="F"
        )
        return labels.T


class CracklePins(Crackle):
    """Crackle with pins through slices."""

    name = "CRACKLE_PINS"
    title = "Crackle, pins"
    pins = 1


class CracklePinsSlow(Crackle):
    """Crackle with pins that it takes longer to find."""

    name = "CRACKLE_PINS_SLOW"
    title = "Crackle, best pins"
    pins = 2


class Blosc2(Method):
    """C-Blosc2: the bytes of labels shuffled, then Zstandard."""

    name = "BLOSC2"
    title = "Blosc2"
    levels = range(10)
    volumes_only = True
    uses_threads = True
    reuses_output = True

    def compress(self, data: Data) -> bytes:
        """Compress a volume (z, y, x)."""
        volume = volume_of(data, self.name)
        if volume.nbytes > _MOST_BLOSC_BYTES:
            raise InvalidArgumentError(f"{self.name} takes 2 GiB at most, not {volume.nbytes}")
        return bytes(
            require("imagecodecs", EXTRA).blosc2_encode(
                bytes_of(volume),
                level=5 if self.level is None else self.level,
                compressor="zstd",
                shuffle="shuffle",
                typesize=volume.itemsize,
                numthreads=self.threads,
            )
        )

    def decompress(
        self,
        data: Data,
        *,
        shape: tuple[int, ...] | None = None,
        dtype: npt.DTypeLike | None = None,
        out: npt.NDArray[Any] | None = None,
    ) -> npt.NDArray[Any]:
        """Restore the volume."""
        if shape is None or dtype is None:
            raise InvalidArgumentError(f"{self.name} needs shape=... and dtype=... to decompress")
        volume = np.empty(shape, dtype) if out is None else out
        require("imagecodecs", EXTRA).blosc2_decode(
            bytes_of(data), out=volume.reshape(-1).view(np.uint8), numthreads=self.threads
        )
        return volume
