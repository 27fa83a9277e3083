"""Predictions of the profile `small`: docs/format_small.md sections 2, 3, 5, 6 and 11."""

from __future__ import annotations

import re
import struct
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WORD = 2**32
MASK = 2**64 - 1

# Section 3.
SQUASHED = [
    *(32768, 36843, 40793, 44511, 47911, 50941, 53581, 55834, 57724, 59287, 60565, 61598, 62428),
    *(63090, 63615, 64030, 64357, 64614, 64816, 64974, 65097, 65194, 65269, 65328, 65374, 65410),
    *(65438, 65459, 65476, 65489, 65500, 65508, 65514, 65519, 65523, 65526, 65528, 65530, 65531),
    *(65532, 65533, 65534, 65534, 65535, 65535),
]
# Section 5.
SLOT_BITS = (17, 16, 17, 17, 16, 17, 17, 18, 18, 17, 16, 18, 17, 18, 18)
STEPS = [23405, 13653, 9637, 7447, 6068, 5120, 4428, 3486, 2874, 2275, 1781, 1343, 1011, 738]
STEPS += [534, 359]
ADVANCES = [255, 255, 255, 255, 255, 255, 128, 128, 85, 64, 42, 32, 21, 15, 8, 0]
# Sections 8 and 11.
SETS = 5436
CURVES = 924
DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>@^_`{|}~."


def clamp(value: int, low: int, high: int) -> int:
    return max(low, min(high, value))


def divide(a: int, b: int) -> int:
    """Round towards zero."""
    return a // b if a >= 0 else -(-a // b)


def wrapped(value: int) -> int:
    """Of 32 bits, signed."""
    return (value + WORD // 2) % WORD - WORD // 2


def squash(odds: int) -> int:
    """Section 3."""
    if odds < 0:
        return 65536 - squash(-odds)
    j, part = divmod(odds, 64)
    return SQUASHED[j] + (SQUASHED[j + 1] - SQUASHED[j]) * part // 64


def log_bits(value: int) -> int:
    """The bits of a 32-bit floating point number."""
    return int(struct.unpack("<i", struct.pack("<f", value))[0])


@cache
def stretch_table() -> list[int]:
    """Section 3."""
    return [(log_bits(2 * q + 1) - log_bits(8191 - 2 * q)) >> 15 for q in range(4096)]


class RangeDecoder:
    """Section 2."""

    def __init__(self, data: bytes) -> None:
        self._size = len(data)
        self._data = data + bytes(64)
        self._value = int.from_bytes(self._data[:8], "big")
        self._range = MASK
        self._at = 8

    def decide(self, p: int) -> int:
        bound = (self._range >> 16) * p
        bit = int(self._value < bound)
        if bit:
            self._range = bound
        else:
            self._value -= bound
            self._range -= bound
        if self._range < WORD:
            following = int.from_bytes(self._data[self._at : self._at + 4], "big")
            self._value = self._value << 32 | following
            self._range <<= 32
            self._at += 4
        return bit

    def plain(self, count: int) -> int:
        value = 0
        for _ in range(count):
            value = 2 * value + self.decide(32768)
        return value

    def check_end(self) -> None:
        assert self._size <= self._at <= self._size + 8


class AdaptiveDecoder(RangeDecoder):
    """Section 11. It has millions of decisions, so they are not made by `decide`."""

    def number(self, tree: list[int], bits: int) -> int:
        value, width = self._value, self._range
        node = 1
        for _ in range(bits):
            p = tree[node]
            bound = (width >> 16) * (p if 32 < p < 65504 else clamp(p, 32, 65504))
            if value < bound:
                width = bound
                tree[node] = p + ((65535 - p) >> 6)
                node += node + 1
            else:
                value -= bound
                width -= bound
                tree[node] = p + (-p >> 6)
                node += node
            if width < WORD:
                value = value << 32 | int.from_bytes(self._data[self._at : self._at + 4], "big")
                width <<= 32
                self._at += 4
        self._value, self._range = value, width
        return node - (1 << bits)


@dataclass
class Prior:
    slots: list[array[int]]
    weights: array[int]


@cache
def prior() -> Prior:
    """Section 11."""
    text = (ROOT / "core/src/native/small/prior_data.cpp").read_text()
    digits = "".join(re.findall(r'^"(.*)",$', text, re.MULTILINE))
    value_of = {digit: value for value, digit in enumerate(DIGITS)}
    package = bytearray()
    for at in range(0, len(digits), 5):
        value = 0
        for digit in digits[at : at + 5]:
            value = 85 * value + value_of[digit]
        package += value.to_bytes(4, "big")
    coder = AdaptiveDecoder(bytes(package))
    trained = [
        next(16 * q + 3 for q, odds in enumerate(stretch_table()) if odds >= 208 * v - 3224)
        for v in range(32)
    ]
    slots = []
    for bits in SLOT_BITS:
        kept, tree = [32768] * 2, [32768] * 32
        numbers = (coder.number(kept, 1) and 1 + coder.number(tree, 5) for _ in range(1 << bits))
        slots.append(array("H", [trained[v - 1] if v else 0x8000 for v in numbers]))
    weights = array("h", [909] * 15 + [0]) * SETS
    kept, trees = [32768] * 2, [[32768] * 256 for _ in range(16)]
    for at in range(0, len(weights), 16):
        if coder.number(kept, 1):
            for i, tree in enumerate(trees):
                weights[at + i] = (coder.number(tree, 8) - 128) * 128
    coder.check_end()
    return Prior(slots, weights)


def finished(hashed: int) -> int:
    """The last step of a hash, section 5."""
    hashed %= WORD
    return (hashed ^ hashed >> 15) * 0x2C1B3C6D % WORD


class Predictor:
    """Sections 5 and 6."""

    def __init__(self, coder: RangeDecoder) -> None:
        self._coder = coder
        self._slots = [array("H", table) for table in prior().slots]
        self._weights = array("h", prior().weights)
        curve = [squash(clamp((j - 22) * 128, -2815, 2815)) for j in range(45)]
        self._curves = [list(curve) for _ in range(CURVES)]
        self._noise = [(i * 40503 + 1) % 65536 for i in range(15)]

    def decide(self, hashes: Sequence[int], sets: Sequence[int], curve: int) -> int:
        """Decode a decision from sums for hashes; `know` is added to the last set."""
        places = [finished(h) >> (32 - bits) for h, bits in zip(hashes, SLOT_BITS, strict=True)]
        slots = [table[place] for table, place in zip(self._slots, places, strict=True)]
        stretch = stretch_table()
        inputs = [stretch[slot >> 4] for slot in slots] + [114]
        know = 0
        for context in (3, 6, 11, 13):
            count = slots[context] & 15
            know = 4 * know + (0 if count == 0 else 1 if count < 3 else 2 if count < 8 else 3)
        chosen = [16 * s for s in (*sets[:4], sets[4] + know)]

        weights = self._weights
        total = sum(sum(map(int.__mul__, inputs, weights[at : at + 16])) for at in chosen)
        odds = clamp(wrapped(total) >> 16, -2815, 2815)
        mixed = squash(odds)
        points = self._curves[curve]
        j, f = divmod(odds + 2816, 128)
        refined = points[j] + ((points[j + 1] - points[j]) * f >> 7)
        bit = self._coder.decide(clamp((mixed + refined) >> 1, 1, 65535))

        error = ((65536 if bit else 0) - mixed) >> 5
        steps = [value * error + 16384 >> 15 for value in inputs]
        for at in chosen:
            for i, step in enumerate(steps, at):
                weight = weights[i] + step
                weights[i] = weight if -32768 <= weight <= 32767 else clamp(weight, -32768, 32767)
        j += f >= 64
        points[j] += ((65535 if bit else 0) - points[j]) >> 6
        for i, (place, slot) in enumerate(zip(places, slots, strict=True)):
            self._slots[i][place] = self._moved(i, slot, bit)
        return bit

    def _moved(self, i: int, slot: int, bit: int) -> int:
        q, n = slot >> 4, slot & 15
        r = self._noise[i] = (self._noise[i] * 25173 + 13849) % 65536
        step = (((4095 if bit else 0) - q) * 8 * STEPS[n] + 16384) >> 15
        q += (step + (r >> 5 & 7)) >> 3
        return q << 4 | (n + ((r >> 8) < ADVANCES[n]))
