"""Decode the structure of a block of the profile `fast`, slowly, as docs/format_fast.md says."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parents[2]
NONE = 65535
SAME, NEW, VANISHED, END, START = range(5)
MOVES = [0, 1, -1, 2, -2, 3, -3, 4, -4, 5, -8, 9, -24]
MOVE_BITS = [0] * 9 + [2, 2, 4, 4]
STRETCHES = [(4, 3), (12, 4), (28, 5), (60, 6), (124, 7)]


class Tables:
    """The trained tables, from the text of the core's source."""

    def __init__(self) -> None:
        text = (ROOT / "core/src/native/fast/tables.cpp").read_text()
        text = text[text.index("tables{") :]
        numbers = np.array([int(n) for n in re.findall(r"\d+", text)], np.int64)
        self._rest = numbers
        self.beside = self._take(4096)
        self.around = self._take(4096)
        self.place = self._take(512)
        self.history = self._take(4096)
        self.width = self._take(3072)
        self.edge = self._take(23040)
        self.row = self._take(144)
        self.offset = self._take(2240)
        self.position = self._take(2240)
        self.label = self._take(160)
        self.shares = self._take(411 * 16).reshape(411, 16)
        assert len(self._rest) == 0

    def _take(self, count: int) -> NDArray[np.int64]:
        result, self._rest = self._rest[:count], self._rest[count:]
        return result


TABLES = Tables()


def steps(shares: NDArray[np.int64]) -> list[tuple[int, int, int]]:
    """For each state its symbol, the bits that complete the next one, and that without them."""
    symbols = [0] * 256
    place = 0
    for symbol in range(16):
        for _ in range(shares[symbol]):
            symbols[place] = symbol
            place = (place + 163) % 256
    assert place == 0
    rests = [int(share) for share in shares]
    result = []
    for symbol in symbols:
        bits = 9 - rests[symbol].bit_length()
        result.append((symbol, bits, (rests[symbol] << bits) - 256))
        rests[symbol] += 1
    return result


STEPS = [steps(shares) for shares in TABLES.shares]


class Symbols:
    """Section 1."""

    def __init__(self, payload: bytes) -> None:
        self.bits = "".join(f"{byte:08b}" for byte in payload)
        self.next = self.bits.index("1") + 1
        self.states = [self.raw(8), self.raw(8)]

    def of(self, context: int) -> int:
        symbol, bits, state = STEPS[context][self.states.pop(0)]
        self.states.append(state + self.raw(bits))
        return symbol

    def raw(self, count: int) -> int:
        self.next += count
        taken = self.bits[self.next - count : self.next]
        assert len(taken) == count
        return int("0" + taken, 2)


def width_class(n: int) -> int:
    """w(n) of section 4."""
    if n < 0 or n > 16:
        return 6
    return next(i for i, last in enumerate((1, 2, 3, 5, 8, 16)) if n <= last)


class Decoder:
    """Sections 2 to 5. Runs are lists [start, label, history]."""

    def __init__(self, payload: bytes, shape_zyx: tuple[int, int, int]) -> None:
        self.symbols = Symbols(payload)
        self.depth, self.height, self.width = shape_zyx
        self.seen = 1

    def decode(self) -> NDArray[np.uint16]:
        slices: list[list[list[int]]] = []
        for z in range(self.depth):
            kind = self.symbols.of(320)
            assert kind <= 2
            assert z > 0 or kind == 2
            if kind == 1:
                slices.append(slices[-1])
                continue
            self.related = kind == 0
            before = [0] * self.height if z == 0 else self.row_symbols
            self.previous = slices[-1] if self.related else []
            slices.append(self._slice(before))
        return np.array(slices, np.uint16)

    def _slice(self, before: list[int]) -> list[list[int]]:
        reference = self._runs(self.previous[0]) if self.related else [[0, 0, 0xDDD]]
        rows: list[list[int]] = []
        self.row_symbols: list[int] = []
        for y in range(self.height):
            c = min(self.row_symbols[-1], 2) if y else 2
            p = (2 if before[y] == 0 else 1) if self.related else 0
            e = sum(len(reference) > n for n in (1, 3, 7))
            f = self._p(0, y) == reference[0][1]
            last = self._p(self.width - 1, y) == reference[-1][1]
            symbol = self.symbols.of(256 + TABLES.row[(((c * 3 + p) * 4 + e) * 2 + f) * 2 + last])
            self.row_symbols.append(symbol)
            if symbol == 0:
                reference = [[s, r, h * 16 & 0xFFF] for s, r, h in reference]
            elif symbol == 1:
                reference = self._runs(self.previous[y])
            else:
                reference = self._coded_row(reference, y, symbol - 2)
            row: list[int] = []
            for run, following in zip(reference, [*reference[1:], [self.width]], strict=True):
                row += [run[1]] * (following[0] - run[0])
            assert len(row) == self.width
            rows.append(row)
        return rows

    @staticmethod
    def _runs(row: list[int]) -> list[list[int]]:
        return [[x, row[x], 0xDDD] for x in range(len(row)) if x == 0 or row[x] != row[x - 1]]

    def _p(self, x: int, y: int) -> int:
        inside = self.related and 0 <= x < self.width and 0 <= y < self.height
        return self.previous[y][x] if inside else NONE

    def _mask(self, places: list[tuple[int, int]], left: int, right: int) -> int:
        mask = 0
        for i, (x, y) in enumerate(places):
            mask |= (self._p(x, y) == left) << i | (self._p(x, y) == right) << i + 6
        return mask

    def _beside(self, x: int, left: int, right: int) -> int:
        places = [(x - 3 + i, self.y) for i in range(6)]
        return int(TABLES.beside[self._mask(places, left, right)])

    def _around(self, x: int, left: int, right: int) -> int:
        places = [(x - 1 + i, self.y + d) for d in (-1, 1) for i in range(3)]
        return int(TABLES.around[self._mask(places, left, right)])

    def _coded_row(self, reference: list[list[int]], y: int, ends: int) -> list[list[int]]:
        self.y = y
        self.reference = reference
        self.j = 1
        self.row = [[0, reference[0][1], 0]]
        if ends & 1:
            self.state = START
            self.row[0][1] = self._label(0, 0)
        self.state = self._settled()
        while self.j < len(reference):
            start, label, history = reference[self.j]
            if self.state != SAME and label == self.row[-1][1]:
                self.j += 1
                self.state = SAME
                continue
            symbol = self.symbols.of(int(self._edge_context()))
            if symbol < 13:
                distance = MOVES[symbol] + self.symbols.raw(MOVE_BITS[symbol])
                self.row.append([start + distance, label, (history * 16 + symbol) & 0xFFF])
                self.j += 1
                self.state = SAME
            elif symbol == 13:
                self.j += 1
                self.state = VANISHED
            else:
                self._new_run(symbol)
                self.state = self._settled()
        if ends & 2:
            symbol = self.symbols.of(321)
            while symbol != 0:
                self.state = END
                self._new_run(symbol)
                symbol = self.symbols.of(322)
        return self.row

    def _settled(self) -> int:
        return SAME if self.row[-1][1] == self.reference[self.j - 1][1] else NEW

    def _run(self, runs: list[list[int]], i: int) -> list[int]:
        return runs[i] if 0 <= i < len(runs) else [self.width, NONE, 0]

    def _edge_context(self) -> int:
        start, label, history = self.reference[self.j]
        left = self.row[-1][1]
        t = self._run(self.reference, self.j + 1)[0]
        u = self.reference[self.j - 1][0] if self.state == SAME else min(start, self.row[-1][0])
        width = TABLES.width[(self.state * 32 + min(t - start, 31)) * 32 + min(start - u, 31)]
        beside = self._beside(start, left, label)
        place = TABLES.place[beside * 16 + self._around(start, left, label)]
        return int(TABLES.edge[(place * 24 + TABLES.history[history]) * 20 + width])

    def _new_run(self, symbol: int) -> None:
        assert symbol in (14, 15)
        s, r, _ = self._run(self.reference, self.j)
        q, c, _ = self.row[-1]
        if symbol == 14:
            g = next(
                x
                for x in range(q + 1, min(self.width, q + 129))
                if self._p(x, self.y) not in (self._p(x - 1, self.y), c)
            )
            v = (s - g > -4) + (s - g > 0) + (s - g > 3)
            label = self._p(g, self.y)
            feature = (self.state * 7 + width_class(g - q)) * 4 + v
            offset = TABLES.offset[feature * 16 + self._around(g, c, label)]
            x = g + self.symbols.of(323 + int(offset)) - 7
        else:
            feature = (self.state * 7 + width_class(s - q)) * 2 + self.related
            context = TABLES.position[feature * 32 + self._beside(s, c, r)]
            position = self.symbols.of(355 + int(context))
            if position < 4:
                x = q + 1 + position
            elif position < 10:
                x = s + position - 7
            else:
                stretches = [*STRETCHES, (252, self.width.bit_length())]
                begin, bits = stretches[position - 10]
                x = q + 1 + begin + self.symbols.raw(bits)
            label = self._label(x, position)
        assert q < x < self.width
        self.row.append([x, label, 0xFFF])

    def _label(self, x: int, position: int) -> int:
        feature = (self.state * 16 + position) * 2 + self.related
        symbol = self.symbols.of(387 + int(TABLES.label[feature]))
        if symbol == 14:
            self.seen += 1
            return self.seen - 1
        if symbol == 15:
            return self.symbols.raw((self.seen - 1).bit_length())
        last = len(self.row) - 1
        guesses = [
            self._run(self.reference, self.j - 1)[1],
            self._run(self.row, last - 1)[1],
            self._p(x, self.y),
            self._p(x, self.y + 1),
            self._run(self.reference, self.j)[1],
            self._run(self.reference, self.j + 1)[1],
            self._p(x + 3, self.y),
            self._p(x, self.y - 1),
            self._p(x - 4, self.y),
            self._run(self.reference, self.j - 2)[1],
            self._run(self.row, last - 2)[1],
            self._p(x + 7, self.y),
            self._p(x - 8, self.y),
            0,
        ]
        assert guesses[symbol] < self.seen
        return guesses[symbol]


def decode_fast(payload: bytes, shape_zyx: tuple[int, int, int]) -> NDArray[np.uint16]:
    """Return the indices of a block, shape z, y, x."""
    return Decoder(payload, shape_zyx).decode()
