"""Decode the structure of a block of the profile `small`, slowly, as docs/format_small.md says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import isqrt

import numpy as np
from numpy.typing import NDArray

from .small_predictor import Predictor, RangeDecoder, clamp, divide
from .small_rows import NONE, Edge, Row, Slice, shift_class

HERE = [(-1, 0), (0, -1), (-1, -1), (1, -1), (-2, 0), (0, -2), (-2, -1), (2, -1), (-1, -2)]
HERE += [(1, -2), (-3, 0), (3, -1), (-2, -2), (2, -2), (-3, -1), (0, -3), (-4, 0), (4, -1)]
HERE += [(-3, -2), (3, -2), (1, -3), (-1, -3), (-5, 0), (5, -1), (-6, 0), (6, -1)]
BEFORE = [(0, 0), (1, 0), (0, 1), (-1, 0), (0, -1), (1, 1), (-1, 1), (1, -1), (-1, -1), (2, 0)]
BEFORE += [(0, 2), (-2, 0), (0, -2), (3, 0), (2, 2), (-2, 2), (4, 0), (-3, 0)]
WIDE = [(dx, 0) for dx in range(-5, 0)]
WIDE += [(dx, dy) for dy in (-1, -2) for dx in range(-4, 5)] + [(dx, -3) for dx in range(-3, 4)]
NOVEL, BACKGROUND, NEXT, NEAR, NUMBER, BREAK, BREAK_BITS = range(1, 8)


# Section 5.
FACTORS = (0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D, 0x27D4EB2F, 0x165667B1, 0xD3A2646D, 0xFD7046C5)
NUMBER_FACTOR, KIND_FACTOR, LABEL_FACTOR = 0xB55A4F09, 0x5851F42D, 0x9E3779B1


def bit_of(dx: int, second: bool) -> int:
    """Return the bit of a place in a pair of rows."""
    return 1 << (8 + dx if dx < 0 else 16 + dx) + 8 * second


def mask(places: Sequence[tuple[int, int]], rows: Sequence[int]) -> int:
    """Return the bits of places in a pair of rows of these distances."""
    return sum(bit_of(dx, dy == rows[1]) for dx, dy in set(places) if dy in rows)


def here(places: Sequence[tuple[int, int]]) -> tuple[int, int]:
    return mask(places, (0, -1)), mask(places, (-2, -3))


H = [here(HERE[:k]) for k in range(len(HERE) + 1)]
WIDE_BITS = here(HERE + WIDE)
UPPER = [mask(BEFORE[:k], (0, -1)) for k in range(len(BEFORE) + 1)]
LOWER = [mask(BEFORE[:k], (1, 2)) for k in range(len(BEFORE) + 1)]
# Words 2 and 3.
B = [upper | lower >> 3 for upper, lower in zip(UPPER, LOWER, strict=True)]
FAR = [sum(bit_of(dx, True) << 2 for dx, dy in BEFORE[:k] if dy == -2) for k in range(19)]
TWO_UPPER = mask(BEFORE[:9], (0, -1))
TWO_LOWER = bit_of(0, True) | sum(bit_of(dx, False) for dx in (-1, 0, 1))
T = [
    mask(BEFORE[:k], (0, -1)) | sum(bit_of(dx, False) << 2 for dx, dy in BEFORE[:k] if dy == 1)
    for k in range(10)
]
# Parts of words 4 to 6.
RANK, SLICE, AGREEMENT, SEEN = 7, 3 << 3, 15 << 5, 1 << 9
CASE, OFFSET, PHASE = 7 << 10, 63 << 13, 0xFFF << 19
DEVIATION, LABEL = 0xFF, 0xFFFF << 8
FIRST = H[6][0] | H[6][1]
EDGES = 2**32 - 1 - FIRST
CONTEXTS = [
    (*H[4], 0, 0, RANK | CASE | OFFSET, 0, 0),
    (*H[18], 0, 0, RANK | SLICE, 0, 0),
    (*H[6], B[9], 0, RANK | PHASE | AGREEMENT, 0, 0),
    (*H[4], B[18], FAR[18], RANK, 0, 0),
    (*H[10], B[5], 0, RANK | PHASE | SEEN, 0, FIRST),
    (*H[6], B[5], T[9], RANK | PHASE, 0, 0),
    (*H[14], B[13], FAR[13], RANK, 0, 0),
    (*H[8], B[5], T[5], RANK, LABEL, 0),
    (*H[4], 0, 0, RANK | CASE | OFFSET | PHASE, 0, 0),
    (*H[4], B[3], 0, RANK | CASE, DEVIATION, 0),
    (*H[4], 0, 0, RANK | CASE | OFFSET, 0, 0),
    (*H[10], 0, 0, RANK | CASE | OFFSET, 0, 0),
    (*H[4], B[1], 0, RANK, 0, EDGES),
    (*WIDE_BITS, 0, 0, RANK, 0, 0),
    (*H[8], B[18], T[9] | FAR[18], RANK, 0, 0),
]


@dataclass
class Passage:
    """Section 7, at a voxel."""

    case: int
    offset: int
    edge: Edge = field(default_factory=Edge)
    offset_before: int | None = None
    shift_before: int | None = None


def places_near() -> list[tuple[int, int, int]]:
    """Section 9, step 4: (dx, dy, 1 in the slice before)."""
    places = [
        (dx * dx + dy * dy, 1 - g, dy, dx)
        for g, limit in ((1, 144), (0, 64))
        for dy in range(-12, 13)
        for dx in range(-12, 13)
        if dx * dx + dy * dy <= limit and (g or dy < 0 or (dy == 0 and dx < 0))
    ]
    return [(dx, dy, 1 - here) for _, here, dy, dx in sorted(places)]


PLACES_NEAR = places_near()


class Decoder:
    """Sections 4 and 7 to 10."""

    def __init__(self, payload: bytes, shape_zyx: tuple[int, int, int], labels: int) -> None:
        self.coder = RangeDecoder(payload)
        self.predictor = Predictor(self.coder)
        self.depth, self.height, self.width = shape_zyx
        self.count = labels
        self.agreement = self.breaks = self.novelty = self.escapes = self.known = 0
        self.background = 0
        self.axes = [(0, 0)] * 3  # period and origin of x, y, z

    def decode(self) -> NDArray[np.uint16]:
        self._traits()
        before = two_before = Slice.missing(self.width, self.height)
        slices = []
        for z in range(self.depth):
            self.z = z
            self.before, self.two_before = before, two_before
            current = Slice(self.height, before.row(0).without_history())
            self.seen: set[int] = set()
            for y in range(self.height):
                self._row(current, y)
            slices.append([[row[x] for x in range(self.width)] for row in current.rows])
            before, two_before = current, before
        self.coder.check_end()
        return np.array(slices, np.uint16)

    def _traits(self) -> None:
        """Section 10."""
        if not self.coder.decide(61440):
            self.background = min(self.coder.plain(16), self.count - 1)
        if self.coder.decide(1024):
            for axis in range(3):
                period = self.coder.plain(4)
                origin = self.coder.plain(4)
                self.axes[axis] = (period, origin % period if period else 0)

    def _row(self, current: Slice, y: int) -> None:
        """Section 4."""
        self.y = y
        self.current = current
        self.n, self.nn, self.n3 = (current.row(y - d) for d in (1, 2, 3))
        self.p = {d: self.before.row(y + d) for d in (-2, -1, 0, 1, 2)}
        self.q = {d: self.two_before.row(y + d) for d in (-1, 0, 1)}
        self.c = Row(self.width, self.n[0])
        self.last_edge = -32
        self.row_agreement = self.agreement >> 12
        self.seen_above = frozenset(self.seen)
        x = 0
        while x < self.width:
            kind = self._quiet(x) if self.c[x - 1] == self.n[x] else None
            x = self._voxel(x) if kind is None else self._run(x, kind)
        self.c.finish()
        current.rows.append(self.c)

    def _quiet(self, x: int) -> str | None:
        n, p = self.n, self.p[0]
        if n[0] == NONE:
            return None
        if any(x + d in n.edges for d in range(4)) or any(x + d in p.edges for d in (1, 2)):
            return None
        if self.p[1][x] != p[x]:
            return None
        if p[x] == n[x]:
            return "as before"
        return "unlike" if x not in p.edges and self.p[-1][x] == p[x] else None

    def _put(self, x: int, index: int) -> None:
        """Make a voxel known, and the edge at it."""
        self.c[x] = index
        self.seen.add(index)
        if x == 0 or self.c[x - 1] == index:
            return
        distance = self.n.nearest(x, 20, self.c[x - 1], index, both_first=False)
        if distance is None:
            self.c.edges[x] = Edge().moved(0, 1)
        else:
            self.c.edges[x] = self.n.edges[x + distance].continued(-distance)
        self.last_edge = x

    def _run(self, x: int, kind: str) -> int:
        end = x
        while end < self.width and self._quiet(end) == kind:
            end += 1
        run = Run(self, x, end, unlike=kind == "unlike")
        index = self.n[x]
        if run.is_whole():
            self.breaks = max(self.breaks - 1, 0)
            place = end
        else:
            self.breaks = min(self.breaks + 8, 31)
            place = end - 1 - min(run.distance(), end - 1 - x)
        for i in range(x, place):
            self._put(i, index)
        if place == end:
            return end
        self._put(place, self._escape(place, [index], in_run=True))
        return place + 1

    def _voxel(self, x: int) -> int:
        n, p = self.n, self.p
        passage = self._passage(x)
        refused: list[int] = []
        self.first = 0
        candidates = [self.c[x - 1], n[x], n[x + 1], n[x - 1], p[0][x], p[0][x + 1], p[1][x]]
        for r in [*candidates, n[x + 2], p[1][x + 1]]:
            if r == NONE or r in refused:
                continue
            if self._candidate(x, r, len(refused), passage):
                target = 65535 if r == p[0][x] else 0
                self.agreement += divide(target - self.agreement, 256)
                self._put(x, r)
                return x + 1
            refused.append(r)
        self._put(x, self._escape(x, refused, in_run=False))
        return x + 1

    def _passage(self, x: int) -> Passage:
        n, p = self.n, self.p
        if self.c[x - 1] != n[x]:
            e = next((x - d for d in range(17) if x - d in n.edges), None)
            if e is None:
                return Passage(2, 17)
            passage = Passage(0 if n[e - 1] == self.c[x - 1] else 1, x - e, n.edges[e])
        else:
            e = next((x + d for d in range(1, 25) if x + d in n.edges), None)
            if e is None:
                return Passage(4, 18)
            passage = Passage(3, x - e, n.edges[e])
        before = p[-1].nearest(e, 10, n[e - 1], n[e], both_first=False)
        passage.offset_before = before
        if before is not None:
            a = e + before
            passage.shift_before = p[0].nearest(a, 8, p[-1][a - 1], p[-1][a], both_first=True)
        return passage

    def _words(self, x: int, r: int) -> tuple[int, int, int, int]:
        """Words 0 to 3."""

        def pair(first: Row, second: Row) -> int:
            a, b = first.equal(x, r), second.equal(x, r)
            return (a & 0xFF) | (b & 0xFF) << 8 | (a >> 8) << 16 | (b >> 8) << 24

        p, q = self.p, self.q
        before = pair(p[0], p[-1]) & UPPER[18] | (pair(p[1], p[2]) & LOWER[18]) >> 3
        two_before = pair(q[0], q[-1]) & TWO_UPPER | (pair(q[1], p[-2]) & TWO_LOWER) << 2
        return pair(self.c, self.n), pair(self.nn, self.n3), before, two_before

    def _edges(self, x: int) -> int:
        """Word 6 but for the first candidate."""
        n, p, below = self.n, self.p[0], self.p[1]
        bits = 0
        for d in range(6):
            at = x - 2 + d
            bits |= (at in n.edges) << d | (at in p.edges) << 8 + d
            if 0 <= at < self.width:
                bits |= (n[0] != NONE and n[at] != p[at]) << 17 + d | (p[at] != below[at]) << 26 + d
        return bits

    def _phase(self, x: int) -> int:
        phase = 0
        for i, (place, (period, origin)) in enumerate(
            zip((x, self.y, self.z), self.axes, strict=True)
        ):
            if period:
                phase += (place + period - origin) % period << 4 * i
        return phase

    def _candidate(self, x: int, r: int, rank: int, passage: Passage) -> int:
        """Section 8.1."""
        near = self._words(x, r)
        edge, case, offset = passage.edge, passage.case, passage.offset
        i = min(rank, 6)
        near_start = min(self.z, 2)
        ag = self.row_agreement
        seen = int(r in self.seen_above)
        if passage.shift_before is None:
            deviation = 50 + offset
        else:
            deviation = clamp(offset - passage.shift_before, -40, 40)
        s1 = edge.history & 31
        ob = shift_class(passage.offset_before)
        m3 = sum(edge.move(k) << 6 * k for k in range(3))
        m5 = sum(edge.move(k) << 6 * k for k in range(5))
        m4_shifts = clamp(sum(edge.shifts[:4]), -31, 31) % 256
        m8_shifts = clamp(sum(edge.shifts), -63, 63) % 256
        circumstances = i | near_start << 3 | ag << 5 | seen << 9 | case << 10
        circumstances |= offset + 32 << 13 | self._phase(x) << 19
        words = (*near, circumstances, deviation + 64 | r << 8, self._edges(x) | self.first)
        numbers = [0] * 15
        numbers[0] = m4_shifts | s1 << 8 | m8_shifts << 16
        numbers[8:12] = edge.history, ob | s1 << 5, m3, m5
        hashes = [
            number * NUMBER_FACTOR
            + sum((w & m) * f for w, m, f in zip(words, masks, FACTORS, strict=True))
            for number, masks in zip(numbers, CONTEXTS, strict=True)
        ]
        if rank == 0:
            self.first = words[0] & H[6][0] | words[1] & H[6][1]

        def bits(*rows: tuple[Row, int]) -> int:
            return sum((row[x + dx] == r) << k for k, (row, dx) in enumerate(rows))

        p0, q0 = self.p[0], self.q[0]
        beside = bits((self.c, -1), (self.n, -1), (self.n, 0), (self.n, 1))
        behind = bits((p0, -1), (p0, 0), (p0, 1), (self.p[-1], 0))
        below = bits((self.p[1], 0))
        further = bits((q0, -1), (q0, 0), (q0, 1))
        i3 = min(i, 3)
        sets = (
            i3 * 256 + beside * 16 + behind,
            1052 + i3 * 256 + (behind + 16 * below) * 8 + further,
            2116
            + ((ag >> 1) * 7 + i) * 12
            + near_start * 4
            + (2 if r == self.background else 0)
            + seen,
            2860
            + (i3 * 5 + case) * 50
            + (clamp(offset, -14, 10) + 14) * 2
            + (passage.offset_before is not None),
            3900 + i3 * 256,
        )
        curve = i * 128 + beside * 8 + (p0[x] == r) + 2 * (p0[x + 1] == r) + 4 * below
        return self.predictor.decide(hashes, sets, curve)

    def other(self, kind: int, numbers: Sequence[int]) -> int:
        """Section 8.3."""
        hashes = [numbers[i % len(numbers)] * NUMBER_FACTOR + kind * KIND_FACTOR for i in range(15)]
        sets = [first + kind for first in (1044, 2108, 2852, 3892)] + [5180]
        return self.predictor.decide(hashes, sets, 916 + kind)

    def _escape(self, x: int, refused: list[int], in_run: bool) -> int:
        """Section 9."""
        index, way = self._escaped(x, list(refused), in_run)
        self.escapes = self.escapes * 4 % 16 + way
        return index

    def _escaped(self, x: int, refused: list[int], in_run: bool) -> tuple[int, int]:
        c, n, p = self.c[x - 1], self.n[x], self.p[0][x]
        fate = 2 if p == NONE else int(p in self.seen or p in refused)
        facts = in_run + 2 * fate + 8 * (c == self.background) + 16 * (n == self.background)
        facts += 32 * (c == n)
        last, nov = self.escapes, self.novelty
        if self.known < self.count:
            start = min(self.z, 2) | fate << 2 | min(self.known, 15) << 8
            numbers = [facts | nov >> 12 << 8, nov >> 11, facts, last | facts << 4]
            bit = self.known == 0 or self.other(NOVEL, [*numbers, last | nov >> 13 << 4, start])
            self.novelty += divide((65535 if bit else 0) - nov, 16)
            if bit:
                self.known += 1
                return self.known - 1, 1
        if self.background < self.known and self.background not in refused:
            numbers = [facts, c | facts << 16, last | facts << 4, fate | in_run << 4]
            if self.other(BACKGROUND, numbers):
                return self.background, 2
            refused.append(self.background)
        m = max(self.seen, default=-1) + 1
        if m < self.known and m not in refused:
            if self.other(NEXT, [facts, last, nov >> 12, last | facts << 4]):
                return m, 3
            refused.append(m)
        rank = 0
        for index, dx, dy, g in self._near(x):
            if index == NONE or index in refused:
                continue
            if self.other(NEAR, self._near_numbers(index, dx, dy, g, rank)):
                return index, 0
            refused.append(index)
            rank += 1
            if rank == 10:
                break
        return self._number(c, n, p), 0

    def _near(self, x: int) -> Iterator[tuple[int, int, int, int]]:
        for dx, dy, g in PLACES_NEAR:
            if 0 <= x + dx < self.width and 0 <= self.y + dy < self.height:
                if g:
                    row = self.before.row(self.y + dy)
                else:
                    row = self.current.row(self.y + dy) if dy else self.c
                yield row[x + dx], dx, dy, g

    def _near_numbers(self, index: int, dx: int, dy: int, g: int, rank: int) -> list[int]:
        def side(d: int) -> int:
            return 0 if d < 0 else 1 if d == 0 else 2

        r = isqrt(dx * dx + dy * dy)
        seen = int(index in self.seen)
        numbers = [rank, r | g << 4, index, seen | rank << 1 | g << 5]
        numbers.append(side(dy) | side(dx) << 2 | g << 4 | r << 5)
        return [*numbers, rank | r << 4 | seen << 8 | self.escapes << 9]

    def _number(self, c: int, n: int, p: int) -> int:
        count = (self.known - 1).bit_length()
        node = 1
        for j in range(count - 1, -1, -1):
            least = (2 * node + 1 << j) - (1 << count)
            bit = 0
            if least < self.known:
                numbers = [node, *(node + label * LABEL_FACTOR for label in (c, n, p))]
                numbers += [node + (c + n * LABEL_FACTOR) * LABEL_FACTOR, node | count << 20]
                bit = self.other(NUMBER, numbers)
            node = 2 * node + bit
        return node - (1 << count)


class Run:
    """Section 8.2, and the decisions on where a run breaks."""

    def __init__(self, block: Decoder, x: int, end: int, unlike: bool) -> None:
        self.block = block
        self.x, self.end, self.u = x, end, int(unlike)
        self.r = block.n[x]
        self.size = min((end - x).bit_length(), 9)
        edges = block.n.edges
        self.gap = next((d for d in range(31) if end + d in edges), 31)
        self.edge = edges[end + self.gap] if self.gap < 31 else Edge()
        self.s1, self.s2 = self.edge.history & 31, self.edge.history >> 5 & 31

    def _on(self, row: Row) -> int:
        count = 0
        while count < 8 and row[self.end + count] == self.r:
            count += 1
        return count

    def is_whole(self) -> int:
        block, x, end, r, u, size = self.block, self.x, self.end, self.r, self.u, self.size
        stays = block.p[0][x] == r and block.q[0][x] == r
        thick = all(block.nn[at] == r for at in (x, x + (end - x) // 2, end - 1))
        fine = size + 16 * u + 256
        coarse = min(size, 3) + 16 * u + 256
        bg = r == block.background
        ag = block.row_agreement
        breaks = block.breaks
        run = min(x - block.last_edge, 31)
        on0, on1 = self._on(block.p[0]), self._on(block.p[1])
        s1, s2, gap = self.s1, self.s2, self.gap
        numbers = [
            fine | breaks << 10,
            fine | stays << 10 | thick << 11,
            coarse | min(end - x, 63) << 10,
            fine | bg << 10,
            coarse | r << 10,
            fine | (x == 0) << 10 | (end == block.width) << 11,
            fine | ag << 10,
            fine | run << 10,
            fine | min(block.z, 2) << 10 | min(block.y, 2) << 12,
            coarse | breaks >> 3 << 10 | ag << 12 | bg << 16,
            coarse | s1 << 10,
            coarse | s1 << 10 | s2 << 15,
            coarse | on0 << 10 | on1 << 14,
            coarse | on0 << 10 | on1 << 14 | s1 << 18,
            coarse | gap << 10 | s1 << 15 | bg << 20,
        ]
        hashes = [number * NUMBER_FACTOR for number in numbers]
        sets = [1024 + 10 * u + size, 2076 + gap, 2788 + 4 * ag + (breaks >> 3), 3860 + s1, 4924]
        return block.predictor.decide(hashes, sets, 896 + 10 * u + size)

    def distance(self) -> int:
        """How far the first other voxel lies before the end of the run."""
        block = self.block
        on0 = self._on(block.p[0])
        width = 0
        while width < (self.end - 1 - self.x).bit_length():
            numbers = [width | self.gap << 8 | self.s1 << 16, width | self.size << 8]
            numbers += [width | on0 << 8, width | self.edge.move(0) << 8 | self.gap << 16]
            if block.other(BREAK, numbers):
                break
            width += 1
        if width == 0:
            return 0
        value = 1
        for j in range(width - 2, -1, -1):
            value = 2 * value + block.other(BREAK_BITS, [(width << 8) + j, (width << 8) + value])
        return value


def decode_small(
    payload: bytes, shape_zyx: tuple[int, int, int], labels: int
) -> NDArray[np.uint16]:
    """Return the indices of a block, shape z, y, x."""
    return Decoder(payload, shape_zyx, labels).decode()
