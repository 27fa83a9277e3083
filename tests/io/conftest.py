"""Small codecs that behave like the real ones towards the file layer, without the core."""

from __future__ import annotations

import struct

import numpy as np
import pytest

from segpresso.codecs import registry
from segpresso.codecs.base import Codec, Limits
from segpresso.errors import InvalidArgumentError, LimitError, TruncatedError, UnsupportedError


class _Raw(Codec):
    """Stores voxels as they are; subclasses differ in what their header tells."""

    wants_second_stage = True

    def encode(self, labels, *, threads=None):
        return self._header(labels) + labels.tobytes(order="F" if self.axes[0] == "x" else "C")

    def describe(self, data):
        shape, dtype, _ = self._parse(bytes(data))
        return {"shape": shape, "dtype": dtype.name}

    def decode(self, data, *, out=None, threads=None, limits=None):
        shape, dtype, start = self._parse(bytes(data))
        size = int(np.prod(shape)) * dtype.itemsize
        if size > (limits or Limits()).max_bytes:
            raise LimitError("too large")
        if len(data) - start < size:
            raise TruncatedError("ends too early", "voxels", len(data))
        voxels = np.frombuffer(data, dtype, offset=start, count=size // dtype.itemsize)
        return voxels.reshape(shape, order="F" if self.axes[0] == "x" else "C").copy(order="K")


class Full(_Raw):
    """Like our own codec: the stream tells everything."""

    name, suffix, magic, axes = "full", ".full", b"full", "zyx"
    carries_shape = carries_dtype = True

    def _header(self, labels):
        return self.magic + struct.pack(
            "<B3s4I",
            labels.ndim,
            labels.dtype.str[1:].encode(),
            *labels.shape,
            *(0,) * (4 - labels.ndim),
        )

    def _parse(self, data):
        if len(data) < 24:
            raise TruncatedError("ends too early", "header", len(data))
        ndim, dtype, *shape = struct.unpack_from("<B3s4I", data, 4)
        return tuple(shape[:ndim]), np.dtype(dtype.rstrip(b"\0").decode()), 24


class WidthOnly(_Raw):
    """Like cpso: unsigned volumes (x, y, z), refuses everything else."""

    name, suffix, magic, axes = "cpso", ".cpso", b"cpso", "xyz"
    carries_shape = carries_dtype = True

    def encode(self, labels, *, threads=None, window=(4, 4, 1)):
        if labels.ndim != 3:
            raise InvalidArgumentError("needs three axes")
        if labels.dtype.kind != "u":
            raise UnsupportedError("unsigned only")
        assert labels.size == 0 or labels.flags.f_contiguous, "copied or in the wrong order"
        return super().encode(labels, threads=threads)

    def _header(self, labels):
        return self.magic + struct.pack("<B3I", labels.itemsize, *labels.shape)

    def _parse(self, data):
        width, *shape = struct.unpack_from("<B3I", data, 4)
        return tuple(shape), np.dtype(f"u{width}"), 17


class NoWidth(_Raw):
    """Like compresso-miccai: the shape is told, the type is not, decoding gives uint64."""

    name, suffix, axes = "miccai", ".cmp1", "zyx"
    carries_shape, carries_dtype = True, False

    def encode(self, labels, *, threads=None):
        if labels.ndim != 3 or labels.dtype.kind != "u":
            raise UnsupportedError("unsigned volumes only")
        return super().encode(labels.astype(np.uint64), threads=threads)

    def _header(self, labels):
        return struct.pack("<3Q", *labels.shape)

    def _parse(self, data):
        return struct.unpack_from("<3Q", data), np.dtype(np.uint64), 24

    def decode(self, data, *, dtype=None, **options):
        labels = super().decode(data, **options)
        return labels if dtype is None else labels.astype(dtype)


class Headerless(_Raw):
    """Like compressed_segmentation: nothing but blocks of 32 or 64-bit labels."""

    name, suffix, axes = "compressed_segmentation", ".cseg", "xyzc"
    carries_shape = carries_dtype = False

    def encode(self, labels, *, threads=None, block_size=(8, 8, 8)):
        if labels.ndim != 4 or labels.dtype not in (np.uint32, np.uint64):
            raise UnsupportedError("uint32 and uint64 with four axes only")
        return bytes(block_size) + labels.tobytes(order="F")

    def decode(
        self, data, *, shape, dtype, block_size=(8, 8, 8), out=None, threads=None, limits=None
    ):
        if bytes(data[:3]) != bytes(block_size):
            raise InvalidArgumentError("another block size")
        return np.frombuffer(data[3:], dtype).reshape(shape, order="F")

    def describe(self, data, **options):
        return {}


@pytest.fixture
def fake_codecs(monkeypatch):
    """Put the codecs above in the place of the registry."""
    known = {codec.name: codec() for codec in (Full, WidthOnly, NoWidth, Headerless)}

    monkeypatch.setattr(registry, "_registry", known)
    return known


@pytest.fixture
def cells():
    """A small made-up segmentation (z, y, x) whose axes cannot be confused."""
    z, y, x = np.indices((3, 5, 7))
    return (z // 2 * 100 + y // 2 * 10 + x // 3).astype(np.uint16)
