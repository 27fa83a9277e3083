"""Damaged streams give a typed error or a well-formed array, and never anything else."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import segpresso
from segpresso.codecs.compresso import Cpso
from tests.codecs.volumes import volume

LIMITS = segpresso.Limits(max_bytes=1 << 24)

STREAMS: list[Any] = [
    ("cpso", {}, {}),
    ("cpso", {"z_index": False}, {}),
    ("cpso", {"connectivity": 6}, {}),
    ("cpso", {"window": (4, 2, 1)}, {}),
    ("cpso", {"window": (3, 5, 2)}, {}),
    ("compresso-miccai", {}, {}),
    ("compresso-v2", {}, {}),
    ("compresso-v2", {"window": (2, 4, 4)}, {}),
    ("compressed_segmentation", {}, {"shape": (11, 9, 4), "dtype": np.uint32}),
    ("neuroglancer-blocks", {}, {}),
]


def small_stream(codec: str, options: dict[str, Any], hints: dict[str, Any]) -> bytes:
    labels = volume("voronoi", (11, 9, 4), np.uint32, seed=3)
    labels[3:5, 2:7, 1] = volume("noise", (2, 5), np.uint32)
    if codec in ("compresso-miccai", "compresso-v2", "neuroglancer-blocks"):
        labels = labels.T
    data = segpresso.compress(labels, codec, **options)
    np.testing.assert_array_equal(segpresso.decompress(data, codec=codec, **hints), labels)
    return data


def decode(data: bytes, codec: str, hints: dict[str, Any]) -> None:
    """Decode, list labels and remap; only typed errors may come out."""
    try:
        decoded = segpresso.decompress(data, codec=codec, limits=LIMITS, threads=1, **hints)
    except segpresso.SegpressoError as error:
        assert str(error)
        assert not isinstance(error, ValueError)
    else:
        assert isinstance(decoded, np.ndarray)
        assert decoded.nbytes <= LIMITS.max_bytes
    if codec == "compressed_segmentation":
        return
    try:
        segpresso.labels(data, codec=codec) if codec != "neuroglancer-blocks" else None
        if codec == "cpso":
            Cpso().remap(data, {0: 1, 7: 200})
    except segpresso.SegpressoError as error:
        assert str(error)


@pytest.mark.parametrize(("codec", "options", "hints"), STREAMS)
def test_every_flipped_bit(codec: str, options: dict[str, Any], hints: dict[str, Any]) -> None:
    data = small_stream(codec, options, hints)
    for bit in range(8 * len(data)):
        damaged = bytearray(data)
        damaged[bit // 8] ^= 1 << bit % 8
        decode(bytes(damaged), codec, hints)


@pytest.mark.parametrize(("codec", "options", "hints"), STREAMS)
def test_every_truncation(codec: str, options: dict[str, Any], hints: dict[str, Any]) -> None:
    data = small_stream(codec, options, hints)
    for length in range(len(data)):
        decode(data[:length], codec, hints)


@pytest.mark.parametrize("codec", ["cpso", "compresso-v2", "neuroglancer-blocks"])
def test_truncations_are_errors(codec: str) -> None:
    data = small_stream(codec, {}, {})
    for length in range(len(data)):
        with pytest.raises((segpresso.TruncatedError, segpresso.CorruptError)):
            segpresso.decompress(data[:length], codec=codec)


@pytest.mark.parametrize("codec", ["cpso", "compresso-miccai", "compresso-v2"])
def test_trailing_bytes_are_errors(codec: str) -> None:
    data = small_stream(codec, {}, {})
    with pytest.raises(segpresso.SegpressoError):
        segpresso.decompress(data + bytes(8), codec=codec)


def test_errors_say_where() -> None:
    data = small_stream("cpso", {}, {})
    with pytest.raises(segpresso.TruncatedError, match="ids") as caught:
        segpresso.decompress(data[:40])
    assert caught.value.section == "ids"
    assert caught.value.offset == 40


def test_a_small_header_cannot_ask_for_much_memory() -> None:
    header = bytearray(segpresso.compress(np.zeros((4, 4, 4), np.uint64), "cpso")[:36])
    header[6:12] = b"\xff" * 6
    with pytest.raises(segpresso.SegpressoError):
        segpresso.decompress(bytes(header))
    paper = np.array([2**20, 2**20, 2**20, 0, 1, 0, 1, 8, 8], "<u8").tobytes() + bytes(8)
    with pytest.raises(segpresso.SegpressoError):
        segpresso.decompress(paper, codec="compresso-miccai")
    huge = np.array([2**63, 2**63, 2**63, 0, 1, 0, 1, 8, 8], "<u8").tobytes() + bytes(8)
    with pytest.raises(segpresso.LimitError):
        segpresso.decompress(huge, codec="compresso-miccai")


def test_limits_are_checked_before_decoding() -> None:
    data = segpresso.compress(np.zeros((100, 100, 100), np.uint32), "cpso")
    with pytest.raises(segpresso.LimitError, match="4000000 bytes"):
        segpresso.decompress(data, limits=segpresso.Limits(max_bytes=3_999_999))
    assert segpresso.decompress(data, limits=segpresso.Limits(max_bytes=4_000_000)).size == 10**6


@pytest.mark.parametrize("value", [0xAA55, 0xAAAA])
def test_a_small_stream_cannot_take_much_working_memory(value: int) -> None:
    # One window value and runs that cover everything: millions of components or runs, one label.
    size = 4096
    count = size * size // 16
    words = [0xFFFF] * (count // 32767) + [2 * (count % 32767) + 1]
    head = segpresso.compress(np.zeros((size, size, 1), np.uint8), "cpso", z_index=False)[:36]
    data = head + b"\x07" + np.array([value, *words], "<u2").tobytes()
    with pytest.raises((segpresso.LimitError, segpresso.CorruptError)):
        segpresso.decompress(data, limits=LIMITS)
