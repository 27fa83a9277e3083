"""Every compressor of the comparison, alone and behind every encoding, loses nothing."""

from __future__ import annotations

import lzma
import sys
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import segpresso
from segpresso import experiments as C  # noqa: N812 (as in the paper's programs)
from segpresso.codecs import registry
from segpresso.codecs.compresso import Cpso
from segpresso.examples import neuropil
from tests.codecs.volumes import volume

NAMES = sorted({*C.encodings(), *C.compressions()})
BYTEWISE = [name for name in C.compressions() if not C.get_method(name).volumes_only]
IMAGES = ["PNG", "JPEG2000", "X264"]

Volume = npt.NDArray[Any]


def there_and_back(method: C.Method, labels: Volume) -> Volume:
    data = method.compress(labels)
    restored = method.decompress(data, shape=labels.shape, dtype=labels.dtype)
    if not isinstance(restored, np.ndarray):
        restored = np.frombuffer(restored, labels.dtype).reshape(labels.shape)
    return restored


def test_all_methods_of_the_paper_are_there() -> None:
    names = "NONE BROTLI BZ2 ZLIB LZ78 LZF LZMA LZO LZW ZOPFLI ZSTD PNG JPEG2000 X264"
    assert " ".join(C.compressions()) == names
    assert {
        "NONE",
        "COMPRESSO",
        "COMPRESSO2",
        "CPSO",
        "NEUROGLANCER",
        "COMPRESSED_SEGMENTATION",
        "CRACKLE",
    } <= set(C.encodings())
    assert "LZMA" in dir(C)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", ["constant", "noise", "extremes", "voronoi", "all different"])
@pytest.mark.parametrize("shape", [(3, 17, 20), (1, 1, 1), (5, 1, 9), (2, 64, 3)])
def test_64_bit_volumes_come_back(name: str, kind: str, shape: tuple[int, int, int]) -> None:
    labels = volume(kind, shape, "u8", 4)
    if name.startswith("COMPRESSO"):  # their words for boundary voxels cannot hold the largest
        labels = np.minimum(labels, np.uint64(2**64 - 7))
    np.testing.assert_array_equal(there_and_back(C.get_method(name), labels), labels)


@pytest.mark.parametrize("name", IMAGES)
@pytest.mark.parametrize("bits", [1, 8, 16, 17, 24, 25, 32, 33, 48, 49, 64])
def test_images_have_planes_for_all_bits(name: str, bits: int) -> None:
    labels = np.random.default_rng(bits).integers(0, 2**bits, (3, 10, 12), np.uint64)
    labels[0, 0, 0] = 2**bits - 1
    np.testing.assert_array_equal(there_and_back(C.get_method(name), labels), labels)


@pytest.mark.parametrize("encoding", C.encodings())
@pytest.mark.parametrize("compression", BYTEWISE)
def test_all_pairs_lose_nothing(encoding: str, compression: str) -> None:
    labels = neuropil((4, 40, 50)).astype(np.uint64)
    first, second = C.get_method(encoding), C.get_method(compression)
    stream = second.compress(first.compress(labels))
    restored = first.decompress(second.decompress(stream), shape=labels.shape, dtype=labels.dtype)
    if not isinstance(restored, np.ndarray):
        restored = np.frombuffer(restored, labels.dtype).reshape(labels.shape)
    np.testing.assert_array_equal(restored, labels)


@settings(max_examples=30, deadline=None)
@given(st.binary(max_size=2000), st.sampled_from(BYTEWISE))
def test_bytes_come_back(data: bytes, name: str) -> None:
    method = C.get_method(name)
    assert method.decompress(method.compress(data)) == data


def test_two_stages_read_as_in_the_papers_programs() -> None:
    labels = neuropil((4, 32, 32)).astype(np.uint64)
    stream = C.LZMA.compress(C.COMPRESSO.compress(labels))
    assert stream == lzma.compress(segpresso.compress(labels, "compresso-miccai"))
    np.testing.assert_array_equal(C.COMPRESSO.decompress(C.LZMA.decompress(stream)), labels)


def test_codes_have_the_widths_of_the_papers_programs() -> None:
    labels = neuropil((4, 64, 64)).astype(np.uint64)
    assert C.LZ78.compress(labels).dtype == np.uint32
    assert C.LZW.compress(labels).dtype == np.uint32
    assert C.LZW.compress(b"abababa").tolist() == [97, 98, 256, 258]


@pytest.mark.parametrize(
    ("low", "high"), [("LZMA:0", "LZMA:9"), ("ZSTD:1", "ZSTD:19"), ("BZ2:1", "BZ2:9")]
)
def test_levels_can_be_chosen(low: str, high: str) -> None:
    labels = neuropil((8, 128, 128)).astype(np.uint64)
    sizes = [len(C.get_method(name).compress(labels)) for name in (low, high)]
    assert sizes[1] < sizes[0]
    assert repr(C.get_method(low)) == low


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("LZMA:10", "LZMA takes levels from 0 to 9, not 10"),
        ("LZO:1", "LZO has no levels, not 1"),
        ("LZMA:", "a level is a whole number, not ''"),
        ("LZMA:six", "a level is a whole number, not 'six'"),
        ("RAR", "no method is named 'RAR'; there are NONE, BROTLI"),
    ],
)
def test_what_does_not_exist_is_said(name: str, message: str) -> None:
    with pytest.raises(segpresso.InvalidArgumentError, match=message):
        C.get_method(name)
    with pytest.raises(AttributeError):
        _ = C.RAR


@pytest.mark.parametrize("name", [*IMAGES, "COMPRESSO", "CPSO", "CRACKLE"])
def test_what_takes_volumes_cannot_follow_an_encoding(name: str) -> None:
    stream = C.COMPRESSO.compress(neuropil((2, 16, 16)))
    with pytest.raises(segpresso.InvalidArgumentError, match="not the output of an encoding"):
        C.get_method(name).compress(stream)


LIBRARIES = ("av", "brotli", "crackle", "imagecodecs", "lzallright", "zstandard")
WITH_LIBRARIES = ["BROTLI", "CRACKLE", "JPEG2000", "LZF", "LZO", "PNG", "X264", "ZOPFLI", "ZSTD"]


@pytest.fixture
def no_libraries(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in LIBRARIES:
        monkeypatch.setitem(sys.modules, module, None)


@pytest.mark.usefixtures("no_libraries")
@pytest.mark.parametrize("name", WITH_LIBRARIES)
def test_missing_libraries_are_named_with_the_extra(name: str) -> None:
    with pytest.raises(ImportError, match=r"pip install 'segpresso\[experiments\]'"):
        C.get_method(name).compress(neuropil((2, 16, 16)).astype(np.uint64))


@pytest.mark.usefixtures("no_libraries")
@pytest.mark.parametrize("name", [name for name in NAMES if name not in WITH_LIBRARIES])
def test_all_others_need_no_library(name: str) -> None:
    labels = neuropil((2, 16, 16)).astype(np.uint64)
    np.testing.assert_array_equal(there_and_back(C.get_method(name), labels), labels)


@pytest.mark.parametrize("name", ["lzma", "crackle", "compresso", "cpso"])
def test_codecs_of_others_do_not_take_over_names(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Theirs(Cpso):
        def encode(self, *_: Any, **__: Any) -> bytes:
            return b"theirs"

    labels = neuropil((2, 16, 16)).astype(np.uint64)
    names, stream = C.encodings(), C.get_method(name).compress(labels)
    theirs = Theirs()
    monkeypatch.setattr(theirs, "name", name, raising=False)
    monkeypatch.setitem(registry._codecs(), "theirs", theirs)
    assert C.encodings() == names
    assert C.get_method(name).compress(labels) == stream
    monkeypatch.setattr(theirs, "name", "no-other")
    assert C.get_method("NO_OTHER").compress(labels) == b"theirs"
