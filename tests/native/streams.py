"""Small streams of many kinds, and their parts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

import segpresso
from segpresso import _core
from tests.codecs.volumes import volume
from tests.native.crc32c import crc32c

PROFILES = ("fast", "balanced", "small")
FRONT = b"segp\x01"
END = b"pges"


@dataclass(frozen=True)
class Sample:
    name: str
    labels: npt.NDArray[Any]
    data: bytes


def samples() -> list[Sample]:
    """Short streams and others, with and without statistics, of many blocks, of all methods."""
    rng = np.random.default_rng(5)
    cells = volume("voronoi", (6, 9, 18), np.uint32, seed=3)
    signed = cells.astype(np.int32).astype(np.int64) * 3
    made: list[tuple[str, npt.NDArray[Any], dict[str, Any]]] = [
        ("constant", np.full((4, 5, 6), 7, np.uint16), {}),
        ("empty", np.zeros((0, 3), np.uint8), {}),
        ("noise", rng.integers(0, 200, (5, 6, 7), np.uint8), {"stats": True}),
        ("bool", volume("two labels", (3, 40), np.uint8).astype(bool), {"block_shape": (2, 16)}),
        ("signed", signed, {"block_shape": (4, 5, 9), "stats": True}),
        ("series", volume("sparse", (2, 3, 9, 9), np.uint64), {"stats": True}),
        ("ids", volume("all different", (3, 4, 5), np.uint32), {}),
        ("scalar", np.array(300, np.int16), {"stats": True}),
    ]
    for profile in PROFILES:
        made.append((profile, cells, {"profile": profile, "block_shape": (4, 5, 12)}))
        made.append((f"{profile} alone", cells, {"profile": profile}))
    return [
        Sample(name, labels, segpresso.compress(labels, "segpresso", **options))
        for name, labels, options in made
    ]


def is_short(data: bytes) -> bool:
    """Tell streams of one checksum from others."""
    return data[4] >= 128


@dataclass
class Parts:
    """A stream, taken apart."""

    front: bytes
    blocks: bytes
    footer: bytes

    @classmethod
    def of(cls, data: bytes) -> Parts:
        if is_short(data):
            assert data[5] < 128  # of the index: one byte is enough
            return cls(data[:5], data[6 + data[5] : -4], data[6 : 6 + data[5]])
        length = int.from_bytes(data[-12:-8], "little")
        return cls(FRONT, data[5 : -12 - length], data[-12 - length : -12])

    def put_together(self) -> bytes:
        """Return the stream with its marks and the checksum of the footer."""
        size = len(self.footer)
        if is_short(self.front):
            length = bytes([size % 128 + 128, size // 128])
            return with_checksum(self.front + length + self.footer + self.blocks)
        return FRONT + self.blocks + with_checksum(self.footer + size.to_bytes(4, "little")) + END


def with_checksum(data: bytes) -> bytes:
    return data + crc32c(data).to_bytes(4, "little")


def with_right_checksums(data: bytes) -> bytes:
    """Return a stream whose checksums are right, if its index can be read."""
    if is_short(data):
        return with_checksum(data[:-4])
    stream = bytearray(Parts.of(data).put_together())
    footer = np.frombuffer(bytes(stream), np.uint8)
    offset, _ = _core.NativeIndex.locate(footer, len(stream))
    try:
        index = _core.NativeIndex(footer[offset:], len(stream), 1 << 20)
    except segpresso.SegpressoError:
        return bytes(stream)
    extents = [index.extent_of(block) for block in range(index.describe()["blocks"])]
    for start, size in [*extents, index.statistics_extent()]:
        if size:
            end = start + size - 4
            stream[end : end + 4] = crc32c(bytes(stream[start:end])).to_bytes(4, "little")
    return bytes(stream)


class Store:
    """Bytes that only ranges are read of, which it counts; they may be changed."""

    def __init__(self, data: bytes) -> None:
        self.data = bytearray(data)
        self.size = len(data)
        self.reads: list[tuple[int, int]] = []

    def read(self, offset: int, size: int, /) -> bytes:
        self.reads.append((offset, size))
        return bytes(self.data[offset : offset + size])
