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
ROWS = ("n", "nn", "n3", "p", "pn", "ps", "q", "qn")
DIRECTIONS = ((1, 0), (0, 1), (-1, 0), (0, -1), (1, 1), (-1, 1), (1, -1), (-1, -1))
TABLES = {"label": (6, 13), "run": (6, 11), "rare": (3, 9)}


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
        for group, (tables, bits) in TABLES.items():
            self._slots[group] = [self._table(numbers, 2**bits) for _ in range(tables)]
        self._coder = coder
        self._squash = squash()

    @staticmethod
    def _table(numbers: Iterator[int], size: int) -> list[list[int]]:
        table = []
        for _ in range(size):
            logit = next(numbers)
            table.append([256 * logit, 9362 if logit else 16384])
        return table

    def decide(self, group: str, *contexts: int) -> bool:
        bits = TABLES[group][1]
        slots = [
            table[(context * 0x9E3779B1 % WORD) >> (32 - bits)]
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
    return sum(ends[row] << (4 * ROWS.index(row)) for row in rows)


def mixed(ends: int, kind: int) -> int:
    return ends ^ (kind * 0x2545F491 % WORD)


class Decoder:
    """Sections 3 to 7."""

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
            y = self.y - {"n": 1, "nn": 2, "n3": 3}[row]
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
            while ahead < 8 and self.at(row, x + ahead) == label:
                ahead += 1
            return 7 + ahead
        back = 0
        while back < 7 and self.at(row, x - 1 - back) != label:
            back += 1
        return 7 - back

    def quiet(self, x: int) -> int:
        n, p = self.at("n", x), self.at("p", x)
        if not (self.at("n", x - 1) == n == self.at("n", x + 1)):
            return 0
        if not (p == self.at("p", x + 1) == self.at("ps", x)):
            return 0
        if p == n:
            return 1
        return 2 if self.at("p", x - 1) == self.at("pn", x) == p else 0

    def row(self) -> None:
        row = self.volume[self.z, self.y]
        west = self.at("n", 0)
        start = x = 0
        if self.known == 0:
            self.known = 1
            self.largest = 0
            west, x = 0, 1
        while x < self.width:
            kind = self.quiet(x)
            changes = False
            if kind and self.at("n", x) == west:
                length = 1
                while x + length < self.width and self.quiet(x + length) == kind:
                    length += 1
                same = self.run(west, x, length, kind)
                row[x : x + same] = west
                x += same
                if same == length:
                    continue
                changes = True
            if not changes and self.label(west, x, 0, west, start):
                row[x] = west
                x += 1
                continue
            west = self.other(west, x, start)
            self.largest = max(self.largest, west)
            row[x] = west
            start = x
            x += 1

    def run(self, west: int, x: int, length: int, kind: int) -> int:
        """Section 5."""
        ends = self.ends(west, x + length)
        log = length.bit_length() - 1
        kinds = 2 * kind + self.related
        background = int(west == self.background)
        if self.model.decide(
            "run",
            mixed(only(ends, "n", "nn"), (2 * min(log, 3) + background) * 8 + kinds),
            mixed(only(ends, "p", "ps"), (4 * min(log, 3) + (self.broken >> 3)) * 8 + kinds),
            ((32 * min(log, 9) + self.broken) * 2 + background) * 8 + kinds,
            mixed(only(ends, "n", "p", "q"), kinds),
            mixed(only(ends, "n", "nn", "n3"), 8 * min(log, 4) + kinds),
            (2 * min(length, 63) + background) * 8 + kinds,
        ):
            self.broken = max(self.broken - 1, 0)
            return length
        self.broken = min(self.broken + 8, 31)
        found = 0
        while found < log and self.model.decide(
            "run",
            mixed(only(ends, "n", "nn"), 0x1000 + found),
            0x100000 + 16 * found + min(log, 15),
        ):
            found += 1
        distance = (1 << found) + self.coder.raw(found) - 1
        return max(length - 1 - distance, 0)

    def label(self, label: int, x: int, rank: int, west: int, start: int) -> bool:
        """Section 6."""
        ends = self.ends(label, x)
        kind = 2 * rank + self.related
        near = 0
        bit = 0
        for row, first, last in (
            ("n", -2, 2),
            ("nn", -1, 1),
            ("p", -1, 1),
            ("ps", -1, 1),
            ("pn", 0, 0),
            ("q", 0, 0),
        ):
            for step in range(first, last + 1):
                near |= int(self.at(row, x + step) == label) << bit
                bit += 1
        beside = 2 * (self.at("n", x) == west) + (label == self.background)
        return self.model.decide(
            "label",
            12 * near + kind,
            mixed(only(ends, "n", "nn", "n3"), kind),
            mixed(only(ends, "n", "p", "ps", "q"), kind),
            mixed(only(ends, "n", "nn", "p", "pn"), kind),
            mixed(only(ends, "n", "pn", "q", "qn"), kind),
            (beside * 8 + min(7, x - start)) * 12 + kind,
        )

    def other(self, west: int, x: int, start: int) -> int:
        refused = [west]
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
            label = self.at(row, x + step)
            if label == NONE or label in refused:
                continue
            if self.label(label, x, min(5, len(refused)), west, start):
                return label
            refused.append(label)
        return self.elsewhere(refused, west, x)

    def elsewhere(self, refused: list[int], west: int, x: int) -> int:
        """Section 7."""
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
