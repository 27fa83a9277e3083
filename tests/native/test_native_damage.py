"""Damaged and malicious streams: typed errors, never wrong labels, never harm."""

from __future__ import annotations

import numpy as np
import pytest

import segpresso
from tests.native.streams import FRONT, Parts, Sample, is_short, samples, with_right_checksums

SAMPLES = samples()
LIMITS = segpresso.Limits(max_bytes=1 << 20)
each_sample = pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)


@each_sample
def test_every_flipped_bit_is_an_error(sample: Sample) -> None:
    for bit in range(8 * len(sample.data)):
        damaged = bytearray(sample.data)
        damaged[bit // 8] ^= 1 << bit % 8
        with pytest.raises(segpresso.SegpressoError):
            segpresso.decompress(bytes(damaged), codec="segpresso", threads=1)
        with pytest.raises(segpresso.SegpressoError):
            segpresso.open(bytes(damaged)).verify()


@each_sample
def test_every_truncation_is_an_error(sample: Sample) -> None:
    for length in range(len(sample.data)):
        with pytest.raises((segpresso.TruncatedError, segpresso.CorruptError)):
            segpresso.decompress(sample.data[:length], codec="segpresso", threads=1)


@each_sample
def test_every_missing_piece_is_an_error(sample: Sample) -> None:
    for start in range(len(sample.data)):
        shorter = sample.data[:start] + sample.data[start + 1 :]
        with pytest.raises(segpresso.SegpressoError):
            segpresso.decompress(shorter, codec="segpresso", threads=1)


@each_sample
def test_appended_bytes_are_an_error(sample: Sample) -> None:
    for more in (b"\0", b"pges", sample.data):
        with pytest.raises(segpresso.SegpressoError):
            segpresso.decompress(sample.data + more, codec="segpresso")


@pytest.mark.parametrize(
    "sample", [sample for sample in SAMPLES if not is_short(sample.data)], ids=lambda one: one.name
)
def test_an_unfinished_stream_says_so(sample: Sample) -> None:
    unfinished = sample.data[: 5 + len(Parts.of(sample.data).blocks)]
    with pytest.raises(segpresso.TruncatedError, match="cut off, or not finished"):
        segpresso.decompress(unfinished, codec="segpresso")


def test_samples_are_of_both_forms() -> None:
    assert {is_short(sample.data) for sample in SAMPLES} == {False, True}


def use(data: bytes) -> None:
    """Do all that can be done with a stream; only typed errors may come out."""
    try:
        volume = segpresso.open(data, limits=LIMITS, threads=1)
        volume.labels()
    except segpresso.SegpressoError:
        return
    for ask in (volume.counts, volume.bounding_boxes, volume.verify, volume.read):
        try:
            ask()
        except segpresso.SegpressoError as error:
            assert str(error)


@each_sample
def test_right_checksums_over_any_changed_byte_do_no_harm(sample: Sample) -> None:
    places = (
        range(4, len(sample.data) - 4) if is_short(sample.data) else range(5, len(sample.data) - 12)
    )
    for at in places:
        for value in (0x00, 0x7F, 0x80, 0xFF, sample.data[at] ^ 1):
            damaged = bytearray(sample.data)
            damaged[at] = value
            use(with_right_checksums(bytes(damaged)))


@each_sample
def test_right_checksums_over_random_tables_do_no_harm(sample: Sample) -> None:
    rng = np.random.default_rng(11)
    parts = Parts.of(sample.data)
    for _ in range(300):
        footer = bytearray(parts.footer)
        start = int(rng.integers(0, len(footer)))
        footer[start:] = rng.bytes(int(rng.integers(0, 200)))
        use(with_right_checksums(Parts(parts.front, parts.blocks, bytes(footer)).put_together()))


def test_a_small_stream_cannot_tell_of_a_huge_volume_for_nothing() -> None:
    # 2^20 blocks of 2^20 voxels each: more bytes than can be addressed are refused, others are
    # bounded by what the tables hold.
    sizes = b"\x80\x80\x80\x80\x01" * 3
    for shape in (sizes, b"\x80\x80\x40" * 3):
        footer = b"\x32" + shape + b"\x01" + b"\x01\x01\x01" + b"\xff" * 40
        short = b"\x32" + shape + b"\xff" * 40
        for data in (
            Parts(FRONT, b"", footer).put_together(),
            Parts(b"segp\x85", b"", short).put_together(),
        ):
            with pytest.raises(segpresso.SegpressoError):
                segpresso.decompress(data)


@pytest.mark.parametrize("flags", [0x81, 0x87, 0x8D, 0xA5, 0xC5])
def test_short_streams_with_other_flags_are_of_later_versions(flags: int) -> None:
    data = segpresso.compress(np.zeros((3, 4), np.uint8))
    assert data[4] == 0x85
    other = with_right_checksums(data[:4] + bytes([flags]) + data[5:])
    with pytest.raises(segpresso.UnsupportedError, match=f"flags {flags - 128} of a short stream"):
        segpresso.decompress(other, codec="segpresso")


def test_short_streams_are_not_long() -> None:
    data = segpresso.compress(np.arange(200, dtype=np.uint8).reshape(10, 20))
    for more in (70000, 65537 - len(data)):
        longer = with_right_checksums(data[:-4] + bytes(more) + data[-4:])
        with pytest.raises(segpresso.CorruptError, match="at most 65536 bytes"):
            segpresso.decompress(longer)


def test_other_versions_are_told_apart_from_damage() -> None:
    data = bytearray(SAMPLES[0].data)
    data[4] = 2
    with pytest.raises(segpresso.UnsupportedError, match="version 2"):
        segpresso.decompress(bytes(data))
    with pytest.raises(segpresso.CorruptError, match="no stream of segpresso"):
        segpresso.decompress(b"x" + bytes(data[1:]), codec="segpresso")


def test_limits_are_checked_before_decoding() -> None:
    data = segpresso.compress(np.zeros((100, 100, 100), np.uint32), "segpresso")
    with pytest.raises(segpresso.LimitError, match="4000000 bytes"):
        segpresso.decompress(data, limits=segpresso.Limits(max_bytes=3_999_999))
    small = segpresso.decompress(
        data, box=(slice(0, 1),), limits=segpresso.Limits(max_bytes=40_000)
    )
    assert small.nbytes == 40_000
