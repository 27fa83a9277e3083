"""What the functions take, and what they say to everything else."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import segpresso
from segpresso.codecs.compresso import Cpso

ALL = segpresso.codecs()
UNSIGNED_ONLY = [codec for codec in ALL if codec != "segpresso"]
# Where the stream tells no type, the codec cannot know whose fault it is.
NOT_HELD = (segpresso.UnsupportedError, segpresso.CorruptError)


def hints(codec: str, labels: Any) -> dict[str, Any]:
    if codec == "compressed_segmentation":
        return {"shape": labels.shape, "dtype": labels.dtype}
    return {}


@pytest.mark.parametrize("codec", ALL)
@pytest.mark.parametrize("bad", [np.zeros((2, 2, 2)), np.array(["a"]), np.zeros(3, complex)])
def test_what_is_not_integer_is_refused(codec: str, bad: Any) -> None:
    with pytest.raises(ValueError, match="labels must be integers"):
        segpresso.compress(bad, codec)


@pytest.mark.parametrize("codec", UNSIGNED_ONLY)
def test_negative_labels_are_refused_with_a_way_out(codec: str) -> None:
    labels = np.array([[[-1, 2]]], np.int32)
    with pytest.raises(segpresso.InvalidArgumentError, match=r"labels\.view\('u4'\)"):
        segpresso.compress(labels, codec)
    data = segpresso.compress(labels.view(np.uint32), codec)
    decoded = segpresso.decompress(data, codec=codec, **{**hints(codec, labels), "dtype": "u4"})
    np.testing.assert_array_equal(decoded.view(np.int32), labels)


@pytest.mark.parametrize("codec", ALL)
@pytest.mark.parametrize("dtype", ["bool", "i1", "i2", "i4", "i8", ">u2", ">i4", ">u8"])
def test_signed_boolean_and_big_endian_labels(codec: str, dtype: str) -> None:
    labels = np.random.default_rng(0).integers(0, 2, (5, 6, 7)).astype(dtype)
    native = labels.dtype.newbyteorder("=")
    data = segpresso.compress(labels, codec)
    decoded = segpresso.decompress(data, codec=codec, **{**hints(codec, labels), "dtype": native})
    assert decoded.dtype == native
    np.testing.assert_array_equal(decoded, labels)


@pytest.mark.parametrize("codec", ALL)
def test_unaligned_arrays(codec: str) -> None:
    raw = np.zeros(4 * 60 + 1, np.uint8)
    labels = raw[1:].view(np.uint32).reshape(3, 4, 5)
    assert not labels.flags.aligned
    labels[1] = 9
    data = segpresso.compress(labels, codec)
    decoded = segpresso.decompress(data, codec=codec, **hints(codec, labels))
    np.testing.assert_array_equal(decoded, labels)


@pytest.mark.parametrize("codec", ALL)
def test_fewer_axes_are_one_slice(codec: str) -> None:
    image = np.arange(12, dtype=np.uint32).reshape(3, 4)
    data = segpresso.compress(image, codec)
    decoded = segpresso.decompress(data, codec=codec, **hints(codec, image))
    np.testing.assert_array_equal(decoded.squeeze(), image)


@pytest.mark.parametrize("codec", ALL)
def test_too_many_axes(codec: str) -> None:
    with pytest.raises(segpresso.InvalidArgumentError, match="axes"):
        segpresso.compress(np.zeros((2, 2, 2, 2, 2), np.uint8), codec)


@pytest.mark.parametrize("codec", ALL)
def test_labels_that_do_not_fit_the_wanted_type(codec: str) -> None:
    labels = np.full((3, 3, 3), 300, np.uint32)
    data = segpresso.compress(labels, codec)
    with pytest.raises(NOT_HELD, match="does not fit"):
        segpresso.decompress(data, codec=codec, **{**hints(codec, labels), "dtype": "u1"})


@pytest.mark.parametrize("codec", ALL)
@pytest.mark.parametrize(("label", "dtype"), [(200, "i1"), (2**31 + 5, "i4"), (2, "bool")])
def test_labels_that_do_not_fit_a_signed_type_or_bool(codec: str, label: int, dtype: str) -> None:
    labels = np.full((3, 3, 3), label, np.uint64)
    labels[1] = 1
    data = segpresso.compress(labels, codec)
    wanted = {**hints(codec, labels), "dtype": dtype}
    if codec == "compressed_segmentation":
        if dtype == "i4":
            return  # a stream of 32-bit labels would hold the same bits
        data = segpresso.compress(labels.astype(np.uint32), codec)
    with pytest.raises(NOT_HELD, match="does not fit"):
        segpresso.decompress(data, codec=codec, **wanted)


@pytest.mark.parametrize("codec", ALL)
@pytest.mark.parametrize("wrap", [bytes, bytearray, memoryview, lambda b: np.frombuffer(b, "u1")])
def test_streams_in_any_buffer(codec: str, wrap: Any) -> None:
    labels = np.arange(60, dtype=np.uint32).reshape(3, 4, 5)
    data = wrap(segpresso.compress(labels, codec))
    decoded = segpresso.decompress(data, codec=codec, **hints(codec, labels))
    np.testing.assert_array_equal(decoded, labels)


def test_unknown_codec() -> None:
    with pytest.raises(segpresso.InvalidArgumentError, match="no codec is named 'zip'"):
        segpresso.compress(np.zeros(3, np.uint8), "zip")


@pytest.mark.parametrize("data", [b"x", b"PK\x03\x04", bytes(100)])
def test_unrecognised_streams(data: bytes) -> None:
    with pytest.raises(segpresso.CorruptError, match="codec="):
        segpresso.decompress(data)


@pytest.mark.parametrize(
    "options",
    [
        {"window": (9, 8, 1)},
        {"window": (0, 4, 4)},
        {"window": (4, 4)},
        {"window": "abc"},
        {"window": (-4, 4, 1)},
        {"connectivity": 8},
        {"threads": 0},
        {"threads": 2.0},
        {"connectivity": -1},
        {"window": (4.9, 4.2, 1.7)},
        {"window": "441"},
    ],
)
def test_bad_options_of_cpso(options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"window|connectivity|threads"):
        segpresso.compress(np.zeros((4, 4, 4), np.uint8), "cpso", **options)


@pytest.mark.parametrize("block", [(0, 8, 8), (8, 8), (2**20, 2**20, 1), (2**31, 2**31, 4)])
def test_bad_block_sizes(block: Any) -> None:
    with pytest.raises(segpresso.InvalidArgumentError, match="block"):
        segpresso.compress(
            np.zeros((4, 4, 4), np.uint32), "compressed_segmentation", block_size=block
        )


def test_options_of_other_codecs_are_type_errors() -> None:
    with pytest.raises(TypeError, match="block_size"):
        segpresso.compress(np.zeros(3, np.uint8), "cpso", block_size=(8, 8, 8))


def test_slices_need_an_index() -> None:
    labels = np.zeros((8, 8, 4), np.uint8)
    data = segpresso.compress(labels, "cpso", z_index=False)
    with pytest.raises(segpresso.UnsupportedError, match="z index"):
        segpresso.decompress(data, z=(1, 2))
    assert segpresso.decompress(data, z=(0, 4)).shape == (8, 8, 4)
    with pytest.raises(ValueError, match="not within"):
        segpresso.decompress(segpresso.compress(labels, "cpso"), z=(2, 5))


def test_headerless_streams_need_shape_and_dtype() -> None:
    data = segpresso.compress(np.zeros((8, 8, 4), np.uint32), "compressed_segmentation")
    with pytest.raises(ValueError, match="give both"):
        segpresso.decompress(data, codec="compressed_segmentation")
    out = np.empty((8, 8, 4), np.uint32)
    assert segpresso.decompress(data, codec="compressed_segmentation", out=out) is out


def test_out_is_checked() -> None:
    data = segpresso.compress(np.zeros((4, 4, 4), np.uint16), "cpso")
    frozen = np.zeros((4, 4, 4), np.uint16)
    frozen.flags.writeable = False
    for out in (
        np.zeros((4, 4, 5), np.uint16),
        np.zeros((4, 4, 4), float),
        np.zeros((4, 4, 4), ">u2"),
        np.lib.stride_tricks.as_strided(np.zeros(4, np.uint16), (4, 4, 4), (0, 0, 2)),
        [1],
        frozen,
    ):
        with pytest.raises(segpresso.InvalidArgumentError, match="out"):
            segpresso.decompress(data, out=out)
    with pytest.raises(segpresso.InvalidArgumentError, match="but dtype=uint32"):
        segpresso.decompress(data, dtype=np.uint32, out=np.zeros((4, 4, 4), np.uint16))


def test_out_must_not_overlap_the_stream() -> None:
    data = segpresso.compress(np.zeros((4, 4, 4), np.uint16), "cpso")
    buffer = np.zeros(1000, np.uint8)
    buffer[: len(data)] = np.frombuffer(data, np.uint8)
    with pytest.raises(segpresso.InvalidArgumentError, match="overlaps"):
        segpresso.decompress(buffer[: len(data)], out=buffer[:128].view("u2").reshape(4, 4, 4))


@pytest.mark.parametrize("mapping", [{2.7: 9}, {2: 9.9}, {"a": 1}, {2**64: 1}, {1: -1}])
def test_remapping_takes_integers_only(mapping: Any) -> None:
    data = segpresso.compress(np.zeros((4, 4, 4), np.uint16), "cpso")
    with pytest.raises(segpresso.InvalidArgumentError, match="label"):
        Cpso().remap(data, mapping)


def test_remapping_nothing_changes_nothing() -> None:
    labels = np.array([2**32 + 5, 2**32 + 9, 7], np.uint64).reshape(3, 1, 1)
    data = segpresso.compress(labels, "cpso", neuroglancer_safe=True)
    assert Cpso().remap(data, {}) == data
    safe = segpresso.compress(labels + np.uint64(1), "cpso", neuroglancer_safe=True)
    mapping = {int(label): int(label) + 1 for label in labels.flat}
    assert Cpso().remap(data, mapping, neuroglancer_safe=True) == safe


@pytest.mark.parametrize("shape", [(2**63, 0, 0), (0, 2**63, 2**63), (2**40, 2**40, 0)])
def test_impossible_empty_volumes(shape: tuple[int, ...]) -> None:
    header = np.array([*shape, 0, 0, 0, 1, 8, 8], "<u8").tobytes()
    with pytest.raises(segpresso.SegpressoError):
        segpresso.decompress(header, codec="compresso-miccai")
    with pytest.raises(segpresso.SegpressoError):
        segpresso.decompress(header[:24], codec="neuroglancer-blocks")


@pytest.mark.parametrize("limit", [-1, 1.5, None, "1GB"])
def test_bad_limits(limit: Any) -> None:
    with pytest.raises(segpresso.InvalidArgumentError, match="max_bytes"):
        segpresso.Limits(limit)


def test_more_threads_than_the_machine_allows_is_no_error() -> None:
    labels = np.zeros((256, 256, 64), np.uint8)
    data = segpresso.compress(labels, "cpso", threads=10**9)
    np.testing.assert_array_equal(segpresso.decompress(data, threads=100_000), labels)


def test_slices_of_an_empty_volume() -> None:
    data = segpresso.compress(np.zeros((0, 5, 4), np.uint8), "cpso")
    assert segpresso.decompress(data, z=(1, 3)).shape == (0, 5, 2)


def test_describe_tells_what_the_stream_holds() -> None:
    labels = np.zeros((20, 10, 5), np.uint16)
    labels[3:9, 2:5, 1:4] = 7
    data = segpresso.compress(labels, "cpso")
    found = segpresso.get_codec("cpso").describe(data)
    assert found["shape"] == (20, 10, 5)
    assert found["dtype"] == np.uint16
    assert found["window"] == (4, 4, 1)
    assert sum(found["sections"].values()) == len(data)
    for codec in ("compresso-miccai", "compresso-v2", "neuroglancer-blocks"):
        data = segpresso.compress(labels.T, codec)
        found = segpresso.get_codec(codec).describe(data)
        assert found["shape"] == (5, 10, 20)
        assert sum(found["sections"].values()) == len(data)
    data = segpresso.compress(labels, "compressed_segmentation")
    found = segpresso.get_codec("compressed_segmentation").describe(data, shape=labels.shape)
    assert found["channels"] == 1
    assert sum(found["sections"].values()) == len(data)


def test_the_type_stub_names_what_the_core_has() -> None:
    import ast
    from pathlib import Path

    from segpresso import _core

    stub = Path(segpresso.__file__).with_name("_core.pyi").read_text()
    named = {
        node.name
        for node in ast.parse(stub).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
    }
    assert named == {name for name in dir(_core) if callable(getattr(_core, name))}
    assert _core.version == segpresso.__version__


@pytest.mark.parametrize("codec", ALL)
@pytest.mark.parametrize("limits", [0, 10, False, {}, "1GiB"])
def test_limits_of_another_kind_are_refused(codec: str, limits: Any) -> None:
    labels = np.zeros((2, 3, 4), np.uint32)
    data = segpresso.compress(labels, codec)
    with pytest.raises(segpresso.InvalidArgumentError, match="limits must be"):
        segpresso.decompress(data, codec=codec, limits=limits, **hints(codec, labels))


@pytest.mark.parametrize("codec", ALL)
def test_limits_may_be_beyond_all_memory(codec: str) -> None:
    labels = np.zeros((2, 3, 4), np.uint32)
    data = segpresso.compress(labels, codec)
    limits = segpresso.Limits(max_bytes=2**70)
    decoded = segpresso.decompress(data, codec=codec, limits=limits, **hints(codec, labels))
    np.testing.assert_array_equal(decoded, labels)
