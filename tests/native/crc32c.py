"""CRC-32C, bit by bit: written from its definition, apart from the core."""

from __future__ import annotations

_TABLE = []
for _byte in range(256):
    _state = _byte
    for _ in range(8):
        _state = (_state >> 1) ^ (0x82F63B78 if _state & 1 else 0)
    _TABLE.append(_state)


def crc32c(data: bytes) -> int:
    state = 0xFFFFFFFF
    for byte in data:
        state = (state >> 8) ^ _TABLE[(state ^ byte) & 0xFF]
    return state ^ 0xFFFFFFFF
