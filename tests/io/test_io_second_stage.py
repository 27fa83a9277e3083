"""General compressors: lossless, deterministic, bounded, and strict about what they read."""

import bz2
import contextlib
import gzip
import lzma

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segpresso.errors import (
    CorruptError,
    InvalidArgumentError,
    LimitError,
    SegpressoError,
    TruncatedError,
)
from segpresso.io.second_stage import (
    get_second_stage,
    second_stage_of_magic,
    second_stage_of_suffix,
    second_stages,
)

SUFFIXES = {"lzma": ".xz", "zstd": ".zst", "gzip": ".gz", "brotli": ".br"}
COMPRESSORS = list(SUFFIXES)
STREAM = bytes(range(256)) * 40


def test_the_names_are_those_of_the_documentation():
    assert second_stages() == ["none", *COMPRESSORS]


def test_unknown_names_list_the_known_ones():
    with pytest.raises(InvalidArgumentError, match="'bzip'; there is none, lzma"):
        get_second_stage("bzip")


@pytest.mark.parametrize("name", ["none", *COMPRESSORS])
@given(data=st.binary(max_size=3000))
def test_bytes_come_back(name, data):
    stage = get_second_stage(name)
    packed = stage.compress(data)
    assert stage.decompress(packed, len(data)) == data
    assert stage.compress(data) == packed


@pytest.mark.parametrize(("name", "suffix"), SUFFIXES.items())
def test_suffixes_and_magic_numbers_tell_the_stage(name, suffix):
    stage = get_second_stage(name)
    assert stage.suffix == suffix
    assert second_stage_of_suffix(suffix.upper()) is stage
    expected = "none" if name == "brotli" else name  # brotli has no magic number
    assert second_stage_of_magic(stage.compress(STREAM)).name == expected


@pytest.mark.parametrize("name", COMPRESSORS)
def test_every_cut_is_truncated(name):
    stage = get_second_stage(name)
    packed = stage.compress(STREAM)
    for length in range(len(packed)):
        with pytest.raises(TruncatedError):
            stage.decompress(packed[:length], 1 << 20)


@pytest.mark.parametrize("name", COMPRESSORS)
def test_rubbish_is_corrupt(name):
    with pytest.raises(CorruptError, match=name):
        get_second_stage(name).decompress(b"\xff" * 500, 1 << 20)


@pytest.mark.parametrize("name", COMPRESSORS)
def test_rubbish_after_the_end_is_corrupt(name):
    stage = get_second_stage(name)
    for rubbish in (b"?", b"?" * 100_000):
        with pytest.raises(SegpressoError):
            stage.decompress(stage.compress(STREAM) + rubbish, 1 << 20)


@pytest.mark.parametrize("name", COMPRESSORS)
@given(place=st.integers(0, 10_000), bits=st.integers(1, 255))
def test_damage_never_escapes_as_a_library_error(name, place, bits):
    stage = get_second_stage(name)
    packed = bytearray(stage.compress(STREAM))
    packed[place % len(packed)] ^= bits
    with contextlib.suppress(SegpressoError):
        stage.decompress(bytes(packed), 1 << 20)


@pytest.mark.parametrize("name", ["none", *COMPRESSORS])
def test_the_limit_is_exact(name):
    stage = get_second_stage(name)
    packed = stage.compress(STREAM)
    assert stage.decompress(packed, len(STREAM)) == STREAM
    with pytest.raises(LimitError):
        stage.decompress(packed, len(STREAM) - 1)


def bomb(name, size):
    import brotli
    import zstandard

    return {
        "lzma": lambda: lzma.compress(bytes(size), preset=0),
        "zstd": lambda: zstandard.compress(bytes(size), 1),
        "gzip": lambda: gzip.compress(bytes(size)),
        "brotli": lambda: brotli.compress(bytes(size), quality=3),
    }[name]()


@pytest.mark.parametrize("name", COMPRESSORS)
def test_a_bomb_is_stopped_long_before_it_is_unpacked(name):
    import tracemalloc

    packed = bomb(name, 1 << 28)
    tracemalloc.start()
    try:
        with pytest.raises(LimitError):
            get_second_stage(name).decompress(packed, 1 << 16)
        assert tracemalloc.get_traced_memory()[1] < 1 << 26
    finally:
        tracemalloc.stop()


def test_an_xz_stream_that_demands_too_much_memory_is_refused(monkeypatch):
    monkeypatch.setattr("segpresso.io.second_stage._LZMA_MEMORY", 1 << 20)
    with pytest.raises(LimitError, match=r"(?i)memory"):
        get_second_stage("lzma").decompress(lzma.compress(STREAM, preset=9), 1 << 20)


@pytest.mark.parametrize("name", ["lzma", "zstd", "gzip"])
def test_streams_after_each_other_are_one(name):
    stage = get_second_stage(name)
    packed = stage.compress(STREAM) + stage.compress(b"more")
    assert stage.decompress(packed, 1 << 20) == STREAM + b"more"


def test_files_of_other_programs_are_read():
    assert get_second_stage("gzip").decompress(gzip.compress(STREAM), 1 << 20) == STREAM
    assert get_second_stage("lzma").decompress(lzma.compress(STREAM, preset=9), 1 << 20) == STREAM
    with pytest.raises(CorruptError):
        get_second_stage("gzip").decompress(bz2.compress(STREAM), 1 << 20)


def test_gzip_streams_hold_no_time():
    assert get_second_stage("gzip").compress(STREAM)[4:8] == bytes(4)
