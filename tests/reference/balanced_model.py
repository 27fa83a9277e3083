"""Decode the structure of a block of the profile `balanced`, slowly, as its document says."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parents[2]
NONE = 65535
WORD = 2**32
ROWS = ("n", "n2", "p", "ps", "n3", "pn", "q", "qn")  # by their byte
DIRECTIONS = ((1, 0), (0, 1), (-1, 0), (0, -1), (1, 1), (-1, 1), (1, -1), (-1, -1))
#: Number of tables, logarithm of their slots, slots for steps.
TABLES = {"stretch": (4, 14, 16), "label": (4, 13, 16), "quiet": (4, 11, 16), "rare": (3, 10, 0)}


def squash() -> list[int]:
    upper = [
        min(65504, math.floor(65536 / (1 + math.exp(-(i - 175.5) / 16)) + 0.5))
        for i in range(176, 353)
    ]
    return [65536 - upper[351 - i - 176] for i in range(176)] + upper


def times(a: int, b: int) -> int:
    return (a * b + 16384) >> 15


class RangeDecoder:
    """Section 1."""

    def __init__(self, data: bytes) -> None:
        self._data = data + bytes(64)
        self._at = 8
        self._value = int.from_bytes(self._data[:8], "big")
        self._range = 2**64 - 1

    def decide(self, probability: int) -> bool:
        bound = (self._range >> 16) * probability
        one = self._value < bound
        if one:
            self._range = bound
        else:
            self._value -= bound
            self._range -= bound
        if self._range < WORD:
            self._range *= WORD
            self._value = self._value * WORD + int.from_bytes(
                self._data[self._at : self._at + 4], "big"
            )
            self._at += 4
        return one

    def raw(self, count: int) -> int:
        value = 0
        for _ in range(count):
            value = 2 * value + self.decide(32768)
        return value


class Model:
    """Section 2."""

    def __init__(self, coder: RangeDecoder) -> None:
        text = (ROOT / "core/src/native/balanced/trained_logits.inc").read_text()
        numbers = iter(int(n) for n in re.findall(r"-?\d+", text.split("\n", 1)[1]))
        self._slots: dict[str, list[list[list[int]]]] = {}
        for group, (tables, bits, steps) in TABLES.items():
            self._slots[group] = [self._table(numbers, 2**bits + steps) for _ in range(tables)]
        self._coder = coder
        self._squash = squash()

    @staticmethod
    def _table(numbers: Iterator[int], size: int) -> list[list[int]]:
        table = []
        for _ in range(size):
            logit = next(numbers)
            table.append([256 * logit, 9362 if logit else 16384])
        return table

    def decide(self, group: str, *contexts: int, step: int = 0) -> bool:
        bits = TABLES[group][1]
        slots = [
            table[((context * 0x9E3779B97F4A7C15 % 2**64) >> (64 - bits)) + step]
            for table, context in zip(self._slots[group], contexts, strict=False)
        ]
        logit = min(max(sum(slot[0] for slot in slots), -45056), 45055)
        probability = self._squash[(logit + 45056) >> 8]
        one = self._coder.decide(probability)
        error = ((65536 if one else 0) - probability) >> 1
        variance = probability * (65536 - probability) >> 17
        for slot in slots:
            logit, rate = slot
            slot[0] = min(max(logit + times(times(error, rate), 4096), -32768), 32767)
            slot[1] = max(rate - times(rate, times(rate, variance)), 1024)
        return one


def only(ends: dict[str, int], *rows: str) -> int:
    return sum(ends[row] << (8 * ROWS.index(row)) for row in rows)


def mixed(ends: int, number: int) -> int:
    return ends ^ (number * 0xD6E8FEB86659FD93 % 2**64)


class Decoder:
    """Sections 3 to 8."""

    def __init__(self, payload: bytes, shape: tuple[int, int, int], labels: int) -> None:
        self.background = int.from_bytes(payload[:2], "little")
        self.coder = RangeDecoder(payload[2:])
        self.model = Model(self.coder)
        self.depth, self.height, self.width = shape
        self.volume = np.zeros(shape, np.int64)
        self.labels = labels
        self.known = 0
        self.broken = 0
        self.new = 0
        self.next = 0

    def decode(self) -> NDArray[np.int64]:
        for z in range(self.depth):
            self.slice(z)
        return self.volume

    def slice(self, z: int) -> None:
        self.z = z
        self.related = int(z > 0 and self.model.decide("rare", 0x5000, 0x5001, 0x5002))
        self.largest = -1
        for y in range(self.height):
            self.y = y
            self.row()

    def at(self, row: str, x: int) -> int:
        """Section 3: the number at x in a row."""
        x = min(max(x, 0), self.width - 1)
        if row[0] == "n":
            y = self.y - {"n": 1, "n2": 2, "n3": 3}[row]
            if y >= 0:
                return int(self.volume[self.z, y, x])
            return int(self.volume[self.z - 1, 0, x]) if self.z > 0 else 0
        z = self.z - (1 if row[0] == "p" else 2)
        if z < 0 or not self.related:
            return NONE
        y = self.y + {"": 0, "n": -1, "s": 1}[row[1:]]
        return int(self.volume[z, min(max(y, 0), self.height - 1), x])

    def ends(self, label: int, x: int) -> dict[str, int]:
        return {row: self.end(row, label, x) for row in ROWS}

    def end(self, row: str, label: int, x: int) -> int:
        if self.at(row, x) == label:
            ahead = 1
            while ahead < 6 and self.at(row, x + ahead) == label:
                ahead += 1
            return 7 + ahead
        back = 1
        while back < 6 and self.at(row, x - back) != label:
            back += 1
        return 8 - back

    def row(self) -> None:
        """Section 4."""
        row = self.volume[self.z, self.y]
        self.west = self.at("n", 0)
        self.start = self.x = 0
        self.moved = 6
        self.edge: int | None = None
        if self.known == 0:
            self.known = 1
            self.largest = 0
            self.west, self.x = 0, 1
        while self.x < self.width:
            refused = [self.west]
            is_west = True
            if self.at("n", self.x) == self.west:
                end = self.x
                while end < self.width and self.at("n", end) == self.west:
                    end += 1
                kind = self.plain(end)
                if kind:
                    count, follows = self.stretch(end, kind)
                    row[self.x : self.x + count] = self.west
                    self.x += count
                    if follows == "east":
                        self.begin(self.at("n", end), end)
                        continue
                    if self.x == self.width:
                        break
                    self.edge = end
                    if follows == "unknown":
                        continue
                    if end < self.width:
                        refused.append(self.at("n", end))
                    is_west = False
                else:
                    length, kind = self.find_quiet(end)
                    if length:
                        count = self.quiet(length, kind)
                        row[self.x : self.x + count] = self.west
                        self.x += count
                        if count == length:
                            continue
                        is_west = False
            if is_west and self.wests(row):
                continue
            label = self.other(refused)
            near = self.edge is not None and abs(self.x - self.edge) < 8
            near = near and self.at("n", self.edge or 0) == label
            self.begin(label, self.edge if near else None)

    def begin(self, label: int, edge: int | None) -> None:
        """Section 4.6."""
        if edge is None:
            self.moved = 5
        else:
            by = self.x - edge
            self.moved = 0 if by == 0 else 1 if by == -1 else 2 if by < 0 else 3 if by == 1 else 4
        self.volume[self.z, self.y, self.x] = self.west = label
        self.largest = max(self.largest, label)
        self.start = self.x
        self.edge = None
        self.x += 1

    def plain(self, end: int) -> int:
        if self.at("p", self.x) == NONE:
            return 2
        for s in range(self.x, min(self.x + 3, end - 1) + 1):
            if self.at("p", s) == self.west:
                return int(all(self.at("p", i) == self.west for i in range(s, end - 3)))
        return 0

    def stretch(self, end: int, kind: int) -> tuple[int, str]:
        """Section 5: how many voxels are W, and what follows."""
        length = end - self.x
        has_edge = end < self.width
        ends = self.ends(self.west, end)
        easts = self.ends(self.at("n", end), end) if has_edge else dict.fromkeys(ROWS, 0)
        number = 4 * kind + 2 * self.related + has_edge

        contexts = (
            mixed(only(ends, "n2", "n3"), 8 * number + self.moved),
            mixed(only(ends, "p", "ps", "q"), 8 * number),
            mixed(only(ends, "n2", "p", "pn"), 8 * number),
            mixed(16 * only(easts, "n", "n2", "p"), 8 * number),
        )

        def decide(step: int) -> bool:
            return self.model.decide("stretch", *contexts, step=step)

        if not decide(0):
            self.broken = min(self.broken + 8, 31)
            by = 1
            while by < 4 and by < length and not decide(1 + by):
                by += 1
            if by == 4 and by < length:
                by += self.distance(length - 4, 0x60 + number, ends["p"])
            step = 9 if by < 3 else 10
            count = length - by
        elif has_edge and decide(1):
            self.broken = min(self.broken + 1, 31)
            most = min(4, self.width - end)
            by = 1
            while by < most and not decide(4 + by):
                by += 1
            count = length + by
            if by == most:
                return count, "unknown"
            step = 10 + by
        else:
            self.broken = max(self.broken - 1, 0)
            step = 8
            count = length
        return count, "east" if has_edge and decide(step) else "other"

    def find_quiet(self, end: int) -> tuple[int, int]:
        """Section 4.3: length and kind."""
        x = self.x
        label = self.at("p", x)
        most = end - x - 1
        kind = 1 if label == self.west else 2
        if most <= 0 or self.at("n", x - 1) != self.west:
            return 0, 0
        if kind == 2 and self.at("p", x - 1) != label:
            return 0, 0

        def count(row: str, limit: int) -> int:
            found = 0
            while found < limit and self.at(row, x + found) == label:
                found += 1
            return found

        length = min(count("p", most + 1) - 1, count("ps", most))
        return (length if kind == 1 else min(length, count("pn", most))), kind

    def quiet(self, length: int, kind: int) -> int:
        """Section 6: how many voxels are W."""
        ends = self.ends(self.west, self.x + length)
        kind = 2 * kind + self.related
        k = (
            min(length.bit_length() - 1, 3)
            + 4 * self.broken
            + 128 * (self.west == self.background)
            + 256 * min(length, 63)
            + 16384 * kind
        )
        if self.model.decide(
            "quiet",
            mixed(only(ends, "n", "n2"), k & 0x1C083),
            mixed(only(ends, "p", "ps"), k & 0x1C063),
            mixed(0, k),
            mixed(only(ends, "n", "p", "q"), k & 0x1C000),
        ):
            self.broken = max(self.broken - 1, 0)
            return length
        self.broken = min(self.broken + 8, 31)
        return length - 1 - self.distance(length - 1, 0x20 + kind, ends["n"])

    def distance(self, most: int, kind: int, context: int) -> int:
        """Section 6."""
        log = (most + 1).bit_length() - 1
        found = 0
        while found < log:
            which = 0x10000 + (32 * kind + found) * 256
            if not self.model.decide("rare", which + log, which + context):
                break
            found += 1
        return min((1 << found) + self.coder.raw(found) - 1, most)

    def wests(self, row: NDArray[np.int64]) -> bool:
        """Section 4.4: whether all voxels that are asked for are W."""
        contexts = self.label_contexts(self.west, 0)
        for step in range(min(3, self.width - self.x)):
            if not self.model.decide("label", *contexts, step=step):
                return False
            row[self.x] = self.west
            self.x += 1
        return True

    def label_contexts(self, label: int, rank: int) -> tuple[int, ...]:
        """Section 7."""
        ends = self.ends(label, self.x)
        k = (
            min(7, self.x - self.start)
            + 8 * (label == self.background)
            + 16 * (self.at("n", self.x) == self.west)
            + 32 * self.related
            + 64 * rank
        )
        return (
            mixed(only(ends, "n", "n2", "n3"), k & 0x1E0),
            mixed(only(ends, "p", "ps", "q"), k & 0x1E0),
            mixed(only(ends, "n", "p", "pn"), k & 0x1E0),
            mixed(only(ends, "n"), k),
        )

    def other(self, refused: list[int]) -> int:
        """Section 4.5."""
        for row, step in (
            ("n", 0),
            ("n", 1),
            ("n", -1),
            ("p", 0),
            ("p", 1),
            ("ps", 0),
            ("n", 2),
            ("ps", 1),
            ("pn", 0),
        ):
            label = self.at(row, self.x + step)
            if label == NONE or label in refused:
                continue
            if self.model.decide("label", *self.label_contexts(label, min(5, len(refused)))):
                return label
            refused.append(label)
        return self.elsewhere(refused, self.west, self.x)

    def elsewhere(self, refused: list[int], west: int, x: int) -> int:
        """Section 8."""
        rare: Callable[..., bool] = lambda *contexts: self.model.decide("rare", *contexts)  # noqa: E731
        related = self.related
        b = int(west == self.background)
        p = self.at("p", x)
        t = 0 if p == NONE else 1 if p == self.background else 2
        if self.known < self.labels:
            c = len(refused)
            if rare(
                0x1000 + (2 * c + related) * 6 + 2 * t + b,
                0x1000 + (self.broken >> 2) * 8 + (self.new >> 1),
                0x1000 + 2 * self.new + related,
            ):
                self.new = min(self.new + 3, 15)
                self.known += 1
                return self.known - 1
            self.new = max(self.new - 1, 0)
        if self.background < self.known and self.background not in refused:
            if rare(0x2000 + 2 * len(refused) + b, 0x2000 + west, 0x2000 + 2 * t + related):
                return self.background
            refused.append(self.background)
        m = self.largest + 1
        if m < self.known and m not in refused:
            if rare(
                0x3000 + related, 0x3000 + self.next, 0x3000 + 2 * min(len(refused), 7) + related
            ):
                self.next = min(self.next + 3, 15)
                return m
            self.next = max(self.next - 1, 0)
            refused.append(m)
        asked = 0
        for r in range(1, 11):
            for v, (dx, dy) in enumerate(DIRECTIONS):
                px, py = x + r * dx, self.y + r * dy
                if not (0 <= px < self.width and 0 <= py < self.height):
                    continue
                for h in range(2 if py < self.y else 1):
                    if h == 0 and not related:
                        continue
                    label = int(self.volume[self.z - 1 + h, py, px])
                    if label in refused:
                        continue
                    if rare(
                        0x4000 + (16 * h + r) * 16 + asked,
                        0x4000 + 16 * h + asked,
                        0x4000 + 16 * v + asked,
                    ):
                        return label
                    refused.append(label)
                    asked += 1
                    if asked == 12:
                        return self.any()
        return self.any()

    def any(self) -> int:
        return min(self.coder.raw((self.known - 1).bit_length()), self.known - 1)


def decode_balanced(payload: bytes, shape: tuple[int, int, int], labels: int) -> NDArray[np.int64]:
    """Return the numbers (z, y, x) of a block's voxels."""
    return Decoder(payload, shape, labels).decode()
