"""General compressors of bytes, with the settings of the Compresso paper's experiments."""

from __future__ import annotations

import bz2
import lzma
import struct
import zlib
from abc import abstractmethod
from typing import Any

import numpy.typing as npt

from segpresso.experiments.methods.base import Data, Method, bytes_of
from segpresso.io._extras import require


class Bytewise(Method):
    """A compressor of bytes."""

    def compress(self, data: Data) -> bytes:
        """Compress bytes, or the buffer of an array in raster order."""
        return self._compress(bytes_of(data))

    def decompress(
        self,
        data: Data,
        *,
        shape: tuple[int, ...] | None = None,
        dtype: npt.DTypeLike | None = None,
    ) -> bytes:
        """Restore the bytes."""
        return self._decompress(bytes_of(data))

    @abstractmethod
    def _compress(self, data: memoryview) -> bytes: ...

    @abstractmethod
    def _decompress(self, data: memoryview) -> bytes: ...


class Identity(Method):
    """Nothing: the data as they are."""

    name = "NONE"
    title = "none"

    def compress(self, data: Data) -> Data:
        """Return the data."""
        return data

    def decompress(self, data: Data, **_: Any) -> Data:
        """Return the data."""
        return data


class Brotli(Bytewise):
    """Brotli, quality 11 unless told otherwise."""

    name = "BROTLI"
    title = "Brotli"
    levels = range(12)

    def _compress(self, data: memoryview) -> bytes:
        quality = 11 if self.level is None else self.level
        return bytes(require("brotli", "experiments").compress(bytes(data), quality=quality))

    def _decompress(self, data: memoryview) -> bytes:
        return bytes(require("brotli", "experiments").decompress(bytes(data)))


class Bzip2(Bytewise):
    """bzip2, level 9 unless told otherwise."""

    name = "BZ2"
    title = "bzip2"
    levels = range(1, 10)

    def _compress(self, data: memoryview) -> bytes:
        return bz2.compress(data, self.level or 9)

    def _decompress(self, data: memoryview) -> bytes:
        return bz2.decompress(data)


class Zlib(Bytewise):
    """zlib, level 6 unless told otherwise."""

    name = "ZLIB"
    title = "zlib"
    levels = range(10)

    def _compress(self, data: memoryview) -> bytes:
        return zlib.compress(data, -1 if self.level is None else self.level)

    def _decompress(self, data: memoryview) -> bytes:
        return zlib.decompress(data)


class Lzma(Bytewise):
    """LZMA in an .xz container, preset 6 unless told otherwise."""

    name = "LZMA"
    title = "LZMA"
    levels = range(10)

    def _compress(self, data: memoryview) -> bytes:
        return lzma.compress(data, preset=self.level)

    def _decompress(self, data: memoryview) -> bytes:
        return lzma.decompress(data)


class Zstandard(Bytewise):
    """Zstandard, level 3 unless told otherwise."""

    name = "ZSTD"
    title = "Zstandard"
    levels = range(-7, 23)

    def _compress(self, data: memoryview) -> bytes:
        zstandard = require("zstandard", "experiments")
        level = 3 if self.level is None else self.level
        return bytes(zstandard.ZstdCompressor(level=level).compress(data))

    def _decompress(self, data: memoryview) -> bytes:
        zstandard = require("zstandard", "experiments")
        return bytes(zstandard.ZstdDecompressor().decompress(data))


class Zopfli(Bytewise):
    """Zopfli, which searches for the smallest zlib stream."""

    name = "ZOPFLI"
    title = "Zopfli"

    def _compress(self, data: memoryview) -> bytes:
        return bytes(require("imagecodecs", "experiments").zopfli_encode(data))

    def _decompress(self, data: memoryview) -> bytes:
        return zlib.decompress(data)


class Lzf(Bytewise):
    """LibLZF; the length stands in front, since the stream does not tell it."""

    name = "LZF"
    title = "LZF"

    def _compress(self, data: memoryview) -> bytes:
        length = struct.pack("<Q", len(data))
        if len(data) == 0:
            return length
        return length + bytes(require("imagecodecs", "experiments").lzf_encode(data))

    def _decompress(self, data: memoryview) -> bytes:
        (length,) = struct.unpack_from("<Q", data)
        if length == 0:
            return b""
        return bytes(require("imagecodecs", "experiments").lzf_decode(bytes(data[8:]), out=length))


class Lzo(Bytewise):
    """LZO1X-1; the length stands in front, since the stream does not tell it."""

    name = "LZO"
    title = "LZO"

    def _compress(self, data: memoryview) -> bytes:
        compressor = require("lzallright", "experiments").LZOCompressor()
        return struct.pack("<Q", len(data)) + bytes(compressor.compress(data))

    def _decompress(self, data: memoryview) -> bytes:
        (length,) = struct.unpack_from("<Q", data)
        compressor = require("lzallright", "experiments").LZOCompressor()
        return bytes(compressor.decompress(bytes(data[8:]), length))
