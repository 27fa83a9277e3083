"""A slow decoder of native streams, written from docs/format.md alone.

The decoders of blocks that a model codes, written from the documents of the models, are in
tests/reference. What a stream must not hold is not looked for, but for checksums.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import prod
from typing import Any

import numpy as np
import numpy.typing as npt

from tests.native.crc32c import crc32c
from tests.reference.balanced_model import decode_balanced
from tests.reference.fast_model import decode_fast
from tests.reference.small_model import decode_small

Indices = npt.NDArray[np.integer[Any]]


@dataclass
class Bit:
    """A model of 5.1."""

    p: int = 32768
    n: int = 0


class RangeDecoder:
    """Section 5.1."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0
        self.range = 0xFFFFFFFF
        self.code = 0
        for _ in range(4):
            self.code = self.code << 8 | self.next()

    def next(self) -> int:
        byte = self.data[self.at] if self.at < len(self.data) else 0
        self.at += 1
        assert self.at <= len(self.data) + 4
        return byte

    def normalise(self) -> None:
        while self.range < 1 << 24:
            self.range <<= 8
            self.code = self.code << 8 | self.next()

    def bit(self, m: Bit) -> int:
        bound = (self.range >> 16) * m.p
        r = 65536 // (m.n + 2)
        bit = int(self.code < bound)
        if bit:
            self.range = bound
            m.p += ((65536 - m.p) * r) >> 16
        else:
            self.code -= bound
            self.range -= bound
            m.p -= (m.p * r) >> 16
        m.n = min(m.n + 1, 30)
        self.normalise()
        return bit

    def raw(self, k: int) -> int:
        value = 0
        for _ in range(k):
            self.range >>= 1
            one = int(self.code >= self.range)
            self.code -= one * self.range
            value = 2 * value + one
            self.normalise()
        return value

    def uniform(self, k: int) -> int:
        self.range //= k
        value = min(self.code // self.range, k - 1)
        self.code -= self.range * value
        self.normalise()
        return value


@dataclass
class Integer:
    """A model of 5.2."""

    zero: Bit = field(default_factory=Bit)
    length: list[Bit] = field(default_factory=lambda: [Bit() for _ in range(64)])
    leading: list[Bit] = field(default_factory=lambda: [Bit() for _ in range(256)])

    def decode(self, coder: RangeDecoder) -> int:
        if coder.bit(self.zero):
            return 0
        node = 1
        for _ in range(6):
            node = 2 * node + coder.bit(self.length[node])
        k = node - 64
        v = 1
        for _ in range(min(k, 2)):
            v = 2 * v + coder.bit(self.leading[4 * k + v])
        rest = k - min(k, 2)
        return v << rest | coder.raw(rest)


@dataclass
class Block:
    method: int
    begin: tuple[int, ...]  # x, y, z, w
    end: tuple[int, ...]
    entries: list[int]  # by index
    payload: bytes = b""

    @property
    def shape(self) -> tuple[int, int, int]:
        """Sizes along z, y, x."""
        x, y, z = (b - a for a, b in zip(self.begin[:3], self.end[:3], strict=True))
        return z, y, x

    @property
    def where(self) -> tuple[slice, ...]:
        """The place in an array of axes w, z, y, x."""
        return tuple(map(slice, self.begin[::-1], self.end[::-1]))


@dataclass
class Stream:
    dtype: np.dtype[Any]
    shape: tuple[int, ...]
    order: Any
    labels: list[int]  # of entries
    blocks: list[Block]
    counts: list[int] | None = None
    boxes: list[tuple[list[int], list[int]]] | None = None

    def decode(self) -> npt.NDArray[Any]:
        sizes = xyzw(self.shape, self.order)
        array = np.zeros(sizes[::-1], self.dtype)
        for block in self.blocks:
            array[block.where] = self.decode_block(block)
        # Axes of size 1 have no part in the order of voxels.
        if self.order == "C":
            return array.reshape(self.shape)
        return array.reshape(self.shape[::-1]).T

    def own_axes(self, vector: list[int]) -> list[int]:
        """Return numbers along x, y, z and w in the order of the array's axes."""
        roles = axis_roles(self.shape, self.order)
        return [vector[roles.index(axis)] for axis in range(len(self.shape))]

    def decode_block(self, block: Block) -> npt.NDArray[Any]:
        """Return the labels (z, y, x) of a block."""
        labels = np.array([self.labels[entry] for entry in block.entries], self.dtype)
        return labels[indices_of(block)]


def xyzw(shape: tuple[int, ...], order: str) -> tuple[int, ...]:
    own = tuple(shape[axis] for axis in axis_roles(shape, order))
    return own + (1,) * (4 - len(own))


def axis_roles(shape: tuple[int, ...], order: str) -> list[int]:
    """Tell which axes of the array are x, y, z and w."""
    by_speed = list(range(len(shape)))[:: 1 if order == "F" else -1]
    long = [axis for axis in by_speed if shape[axis] != 1]
    return long + [axis for axis in by_speed if axis not in long]


def varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        value |= (data[at] & 127) << shift
        shift += 7
        at += 1
        if data[at - 1] < 128:
            return value, at


def parse(data: bytes) -> Stream:
    """Read everything but the structure of blocks."""
    assert data[:4] == b"segp"
    return parse_short(data) if data[4] & 128 else parse_long(data)


def parse_short(data: bytes) -> Stream:
    """Section 1.2."""
    assert len(data) <= 65536
    assert int.from_bytes(data[-4:], "little") == crc32c(data[:-4])
    flags = data[4] & 127
    assert flags & 12 == 4
    length, at = varint(data, 5)
    payload = data[at + length : -4]
    stream, grid, _, lengths = read_index(data[at : at + length], flags, len(payload))
    assert len(stream.blocks) == prod(grid.counts) <= 1
    assert len(payload) == sum(lengths)
    for block in stream.blocks:
        block.payload = payload
    return stream


def parse_long(data: bytes) -> Stream:
    """Section 1.1."""
    assert data[4] == 1
    assert data[-4:] == b"pges"
    length = int.from_bytes(data[-12:-8], "little")
    checked = data[len(data) - 12 - length : -8]
    assert int.from_bytes(data[-8:-4], "little") == crc32c(checked)
    stream, grid, statistics_bytes, lengths = read_index(checked[:-4])
    offset = 5

    def take(size: int) -> bytes:
        nonlocal offset
        payload = data[offset : offset + size]
        checksum = data[offset + size : offset + size + 4]
        assert int.from_bytes(checksum, "little") == crc32c(payload)
        offset += size + 4
        return payload

    for block, size in zip(stream.blocks, lengths, strict=True):
        if block.method:
            block.payload = take(size)
    if statistics_bytes is not None:
        read_statistics(RangeDecoder(take(statistics_bytes)), grid, stream)
    assert offset == len(data) - 12 - length
    return stream


def read_index(
    index: bytes, flags: int | None = None, known_bytes: int | None = None
) -> tuple[Stream, Grid, int | None, list[int]]:
    """Section 4; short streams know the flags and the bytes of the payload.

    Also return the bytes of the statistics, if there are any, and of the blocks.
    """
    kind = index[0]
    name = "uib"[kind >> 2 & 3]
    dtype = np.dtype(bool) if name == "b" else np.dtype(f"{name}{1 << (kind & 3)}")
    order = "F" if kind >> 7 else "C"
    at = 1
    shape = []
    for _ in range(kind >> 4 & 7):
        size, at = varint(index, at)
        shape.append(size)
    if flags is None:
        flags = index[at]
        at += 1
    sizes = xyzw(tuple(shape), order)
    block = [max(1, size) for size in sizes[:3]]
    if not flags & 4:
        for axis in range(3):
            block[axis], at = varint(index, at)
    statistics_bytes = None
    if flags & 8:
        statistics_bytes, at = varint(index, at)

    coder = RangeDecoder(index[at:])
    labels = read_labels(coder, dtype, ascending=not flags & 16)
    grid = Grid(sizes, (*block, 1))
    blocks, lengths = read_blocks(coder, grid, len(labels), known_bytes)
    return Stream(dtype, tuple(shape), order, labels, blocks), grid, statistics_bytes, lengths


def read_labels(coder: RangeDecoder, dtype: np.dtype[Any], ascending: bool) -> list[int]:
    """Section 5.3, and the labels of the keys."""
    half = 1 << (8 * dtype.itemsize - 1) if dtype.kind == "i" else 0
    difference, gaps = Integer(), [Integer() for _ in range(3)]
    key, c = half, 0
    keys = []
    for i in range(Integer().decode(coder)):
        if i == 0 or not ascending:
            f = difference.decode(coder)
            key = (key + (f // 2 if f % 2 == 0 else -(f + 1) // 2)) % 2**64
        else:
            gap = gaps[c].decode(coder)
            c = 0 if gap == 0 else 1 if gap < 8 else 2
            key += gap + 1
        keys.append(key)
    return [key - half for key in keys]


@dataclass
class Grid:
    sizes: tuple[int, ...]
    block: tuple[int, ...]

    @property
    def counts(self) -> list[int]:
        return [-(-size // block) for size, block in zip(self.sizes, self.block, strict=True)]

    def place(self, index: int) -> list[int]:
        place = []
        for count in self.counts:
            place.append(index % count)
            index //= count
        return place

    def box(self, index: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
        begin = tuple(p * b for p, b in zip(self.place(index), self.block, strict=True))
        ends = zip(begin, self.block, self.sizes, strict=True)
        return begin, tuple(min(a + b, size) for a, b, size in ends)


def read_blocks(
    coder: RangeDecoder, grid: Grid, count: int, known_bytes: int | None
) -> tuple[list[Block], list[int]]:
    """Sections 5.4 and 5.5."""
    method = [[Bit() for _ in range(8)] for _ in range(5)]
    held = [[[Bit(), Bit()] for _ in range(8)] for _ in range(2)]
    u_model, v_model = [Integer(), Integer()], Integer()
    e_model, f_model = Integer(), Integer()
    b_model = [Integer() for _ in range(5)]
    order = Order()
    blocks: list[Block] = []
    lengths = []
    unseen = list(range(count))
    last = 0
    steps = np.cumprod([1, *grid.counts[:2]]).tolist()
    total = prod(grid.counts)
    for index in range(total):
        node = 1
        for _ in range(3):
            node = 2 * node + coder.bit(method[last][node])
        last = node - 8
        constant = int(last == 0)

        masks: dict[int, int] = {}
        for axis in range(3):
            if grid.place(index)[axis] > 0:
                for entry in blocks[index - steps[axis]].entries:
                    masks[entry] = masks.get(entry, 0) | 1 << axis
        entries: list[int] = []
        h = 0
        for entry in sorted(masks):
            h = coder.bit(held[constant][masks[entry]][h])
            if h:
                entries.append(entry)
                if constant:
                    break
        if not (constant and entries):
            fresh = []
            if unseen:
                final = index == total - 1
                number = len(unseen) if final else u_model[constant].decode(coder)
                at = 0
                for _ in range(number):
                    at += 0 if final else v_model.decode(coder)
                    fresh.append(unseen.pop(at))
            entries += fresh
            passed = set(masks) | set(fresh) | set(unseen)
            elsewhere = [entry for entry in range(count) if entry not in passed]
            if elsewhere and not (constant and entries):
                number = 1 if constant else e_model.decode(coder)
                at = 0
                for _ in range(number):
                    at += f_model.decode(coder)
                    entries.append(elsewhere[at])
                    at += 1
        entries.sort()
        begin, end = grid.box(index)
        voxels = prod(b - a for a, b in zip(begin, end, strict=True))
        length = 0
        if last == 1:
            length = -(-voxels * (len(entries) - 1).bit_length() // 8)
        elif last > 1:
            entries = order.decode(coder, entries)
            length = b_model[last].decode(coder) if known_bytes is None else known_bytes
        blocks.append(Block(last, begin, end, entries))
        lengths.append(length)
    assert not unseen
    return blocks, lengths


class Order:
    """Section 5.5."""

    def __init__(self) -> None:
        self.d = Bit()
        self.r = [Bit() for _ in range(3)]
        self.s = [Integer(), Integer()]
        self.q = 0

    def decode(self, coder: RangeDecoder, entries: list[int]) -> list[int]:
        left = list(entries)
        d = coder.bit(self.d)
        at = 0
        order = []
        while left:
            if len(left) == 1:
                at = 0
            elif not d:
                at = coder.uniform(len(left))
            else:
                back = 0 if at == 0 else 1 if at == len(left) else coder.bit(self.r[self.q])
                distance = self.s[back].decode(coder)
                self.q = 1 if back else 0 if distance == 0 else 2
                at = at - 1 - distance if back else at + distance
            order.append(left.pop(at))
        return order


def read_statistics(coder: RangeDecoder, grid: Grid, stream: Stream) -> None:
    """Section 6."""
    p = [[Integer(), Integer()] for _ in range(4)]
    q = [[Integer(), Integer()] for _ in range(4)]
    n = Integer()
    stream.counts, stream.boxes = [], []
    for entry in range(len(stream.labels)):
        holding = [block for block in stream.blocks if entry in block.entries]
        begins, ends = [], []
        for a in range(4):
            first = min(block.begin[a] for block in holding)
            last = max(block.begin[a] for block in holding)
            end = max(block.end[a] for block in holding)
            room = min(end, first + grid.block[a]) - first
            begin = first + (p[a][first == 0].decode(coder) if room > 1 else 0)
            room = end - max(begin, last)
            touches = end == grid.sizes[a]
            begins.append(begin)
            ends.append(end - (q[a][touches].decode(coder) if room > 1 else 0))
        m = prod(b - a for a, b in zip(begins, ends, strict=True))
        below = m.bit_length() - 1 - n.decode(coder)
        stream.counts.append(1 << below | coder.raw(below))
        stream.boxes.append((begins, ends))
    assert coder.at >= len(coder.data)


def indices_of(block: Block) -> Indices:
    """Section 3: indices (z, y, x) of a block."""
    if block.method == 0:
        return np.zeros(block.shape, np.uint8)
    if block.method == 1:
        b = (len(block.entries) - 1).bit_length()
        bits = np.unpackbits(np.frombuffer(block.payload, np.uint8), bitorder="little")
        values = bits[: prod(block.shape) * b].reshape(-1, b) @ (1 << np.arange(b))
        return values.reshape(block.shape)
    if block.method == 2:
        return decode_fast(block.payload, block.shape)
    if block.method == 3:
        return decode_balanced(block.payload, block.shape, len(block.entries))
    assert block.method == 4
    return decode_small(block.payload, block.shape, len(block.entries))
