"""Streams of one block and one checksum (docs/format.md section 1.2)."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

import segpresso
from segpresso import _core
from tests.native.streams import Parts, Store, is_short, with_checksum

CELLS = np.repeat(np.arange(12, dtype=np.uint16).reshape(3, 4), 5).reshape(3, 4, 5)
NOISE = np.random.default_rng(3).integers(0, 16, (4, 5, 6), np.uint8)


@pytest.mark.parametrize(
    ("labels", "options"),
    [
        (np.zeros((0, 3), np.uint8), {}),
        (np.full((4, 5, 6), 7, np.uint16), {}),
        (np.array(-5, np.int16), {}),
        (NOISE, {}),
        (CELLS, {}),
        (CELLS[None], {"profile": "fast"}),
        (np.asfortranarray(CELLS), {"profile": "small"}),
    ],
)
def test_arrays_of_one_block_are_short(labels: Any, options: dict[str, Any]) -> None:
    data = segpresso.compress(labels, **options)
    assert is_short(data)
    sections = segpresso.get_codec("segpresso").describe(data)["sections"]
    parts = Parts.of(data)
    assert sections == {
        "front": 5,
        "blocks": len(parts.blocks),
        "block checksums": 0,
        "statistics": 0,
        "index": len(data) - 5 - len(parts.blocks),
    }


@pytest.mark.parametrize(
    ("labels", "options"),
    [
        (CELLS, {"stats": True}),
        (CELLS, {"block_shape": (2, 4, 5)}),
        (np.stack([CELLS, CELLS]), {}),
    ],
)
def test_others_are_not(labels: Any, options: dict[str, Any]) -> None:
    assert not is_short(segpresso.compress(labels, **options))


@pytest.mark.parametrize(("voxels", "size"), [(65519, 65536), (65520, 65549)])
def test_they_have_at_most_65536_bytes(voxels: int, size: int) -> None:
    labels = np.random.default_rng(1).integers(0, 256, voxels, np.uint8)
    data = segpresso.compress(labels)
    assert len(data) == size
    assert is_short(data) == (size <= 65536)
    np.testing.assert_array_equal(segpresso.decompress(data), labels)


def test_a_long_stream_with_a_short_front_is_damaged() -> None:
    labels = np.random.default_rng(0).integers(0, 2**16, (64, 64, 64), np.uint16)
    data = bytearray(segpresso.compress(labels))
    for flags in (0x84, 0x85, 0x96):
        data[4] = flags
        with pytest.raises(segpresso.CorruptError, match="at most 65536 bytes"):
            segpresso.decompress(bytes(data))


def test_every_flipped_bit_of_the_front_of_a_long_stream_is_an_error() -> None:
    labels = np.random.default_rng(0).integers(0, 2**16, (64, 64, 64), np.uint16)
    whole = segpresso.compress(labels)
    for bit in range(40):
        data = bytearray(whole)
        data[bit // 8] ^= 1 << bit % 8
        with pytest.raises(segpresso.SegpressoError):
            segpresso.decompress(bytes(data), codec="segpresso")


@pytest.mark.parametrize("labels", [NOISE, CELLS], ids=["packed", "modelled"])
def test_payloads_that_change_after_opening_are_noticed(labels: npt.NDArray[Any]) -> None:
    data = segpresso.compress(labels)
    store = Store(data)
    volume = segpresso.open(store)
    store.data[len(data) - 5] ^= 1  # the payload's last byte
    for read in (volume.read, volume.verify):
        with pytest.raises(segpresso.CorruptError, match="checksum"):
            read()


def test_an_index_that_changes_after_opening_is_noticed_by_verify() -> None:
    for options in ({}, {"stats": True}):
        data = segpresso.compress(CELLS, **options)
        for bit in range(8 * len(data)):
            store = Store(data)
            volume = segpresso.open(store)
            volume.verify()
            store.data[bit // 8] ^= 1 << bit % 8
            with pytest.raises(segpresso.SegpressoError):
                volume.verify()


def refuse(data: bytes, words: str) -> None:
    with pytest.raises((segpresso.CorruptError, segpresso.TruncatedError), match=words):
        segpresso.decompress(data, codec="segpresso")


@pytest.mark.parametrize(
    "labels",
    [np.zeros((0, 3), np.uint8), np.full((4, 5, 6), 7, np.uint16), NOISE],
    ids=["empty", "constant", "packed"],
)
def test_payloads_of_another_length_are_refused(labels: npt.NDArray[Any]) -> None:
    parts = Parts.of(segpresso.compress(labels))
    refuse(Parts(parts.front, parts.blocks + b"\0", parts.footer).put_together(), "shorter")
    if parts.blocks:
        refuse(Parts(parts.front, parts.blocks[:-1], parts.footer).put_together(), "longer")


def test_several_blocks_are_refused() -> None:
    series = Parts.of(segpresso.compress(np.full((2, 3, 4, 5), 7, np.uint16)))
    head = series.footer[:5] + series.footer[6:]  # without the flags
    assert series.footer[5] == 0x05
    refuse(Parts(b"segp\x85", b"", head).put_together(), "several blocks")


def test_an_index_longer_than_the_stream_is_refused() -> None:
    for length in (b"\x09", b"\xff\x7f", b"\xff" * 9 + b"\x7f"):
        refuse(with_checksum(b"segp\x85" + length + b"\x01\x00"), "longer|exceeds")


def test_the_core_looks_at_the_front_itself() -> None:
    data = np.frombuffer(with_checksum(b"SEGP\x85\x00"), np.uint8)
    with pytest.raises(segpresso.CorruptError, match="no stream of segpresso"):
        _core.NativeIndex(data, data.size, 1 << 20)
