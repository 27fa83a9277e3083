"""Arrays of every kind come back as they were."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import segpresso
from segpresso.codecs.native import memory_order
from tests.codecs.volumes import KINDS, volume
from tests.native.streams import PROFILES

Labels = npt.NDArray[Any]
DTYPES = ("bool", "u1", "i1", "u2", "i2", "u4", "i4", "u8", "i8")
SIZES = st.one_of(st.integers(0, 3), st.integers(1, 24))


@st.composite
def arrays(draw: st.DrawFn) -> Labels:
    """Arrays of 0 to 4 axes, all types, orders and strides."""
    shape = tuple(draw(st.lists(SIZES, min_size=0, max_size=4)))
    while np.prod(shape, dtype=int) > 20_000:
        shape = tuple(max(1, size // 2) for size in shape)
    dtype = np.dtype(draw(st.sampled_from(DTYPES)))
    kinds = KINDS if shape else ("constant", "largest", "noise")
    bits = volume(
        draw(st.sampled_from(kinds)), shape, f"u{dtype.itemsize}", draw(st.integers(0, 99))
    )
    labels = bits.astype(dtype) if dtype.kind == "b" else bits.view(dtype)
    layout = draw(st.sampled_from(["C", "F", "reversed", "strided", "transposed"]))
    if layout == "reversed":
        return labels[tuple(slice(None, None, -1) for _ in shape)]
    if layout == "strided" and shape:
        return np.repeat(labels, 2, axis=-1)[..., ::2]
    if layout == "transposed" and shape:
        axes = draw(st.permutations(range(labels.ndim)))
        return np.ascontiguousarray(labels.transpose(axes)).transpose(np.argsort(axes))
    return np.asarray(labels, order="F" if layout == "F" else "C")


def options_for(draw: st.DrawFn, labels: Labels) -> dict[str, Any]:
    options: dict[str, Any] = {
        "profile": draw(st.sampled_from(PROFILES)),
        "stats": draw(st.booleans()),
        "threads": draw(st.integers(1, 3)),
    }
    if draw(st.booleans()):
        sizes = st.integers(1, 12)
        spatial = min(labels.ndim, 3)
        options["block_shape"] = draw(st.lists(sizes, min_size=spatial, max_size=spatial))
    return options


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_everything_comes_back(data: st.DataObject) -> None:
    labels = data.draw(arrays())
    options = data.draw(st.composite(lambda draw: options_for(draw, labels))())
    stream = segpresso.compress(labels, "segpresso", **options)
    decoded = segpresso.decompress(stream, threads=options["threads"])
    assert decoded.dtype == labels.dtype
    np.testing.assert_array_equal(decoded, labels, strict=True)
    order = memory_order(labels)
    assert decoded.flags.f_contiguous if order == "F" else decoded.flags.c_contiguous
    np.testing.assert_array_equal(segpresso.labels(stream), np.unique(labels), strict=True)
    if not options["stats"]:
        return
    opened = segpresso.open(stream)
    np.testing.assert_array_equal(opened.counts(), np.unique(labels, return_counts=True)[1])
    for label, (begin, end) in zip(opened.labels(), opened.bounding_boxes(), strict=True):
        places = np.argwhere(labels == label) if labels.ndim else np.zeros((1, 0), int)
        np.testing.assert_array_equal(begin, places.min(axis=0))
        np.testing.assert_array_equal(end, places.max(axis=0) + 1)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_any_box_is_that_slice(data: st.DataObject) -> None:
    labels = data.draw(arrays())
    options = data.draw(st.composite(lambda draw: options_for(draw, labels))())
    stream = segpresso.compress(labels, "segpresso", **options)
    bound = st.one_of(st.none(), st.integers(-30, 30))
    box = tuple(
        slice(data.draw(bound), data.draw(bound))
        for _ in range(data.draw(st.integers(0, labels.ndim)))
    )
    np.testing.assert_array_equal(segpresso.decompress(stream, box=box), labels[box], strict=True)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("wanted", DTYPES)
def test_other_types_hold_the_same_numbers(dtype: str, wanted: str) -> None:
    labels = np.array([[0, 1, 1], [1, 0, 0]]).astype(dtype)
    stream = segpresso.compress(labels, "segpresso")
    decoded = segpresso.decompress(stream, dtype=wanted)
    np.testing.assert_array_equal(decoded, labels.astype(wanted), strict=True)
    out = np.zeros((3, 2), wanted).T
    assert segpresso.decompress(stream, out=out) is out
    np.testing.assert_array_equal(out, labels.astype(wanted))


@pytest.mark.parametrize(
    ("labels", "wanted"),
    [
        (np.array([3, 256], np.uint16), "u1"),
        (np.array([3, -1], np.int16), "u4"),
        (np.array([3, -129], np.int16), "i1"),
        (np.array([3, 128], np.int64), "i1"),
        (np.array([3, 2**31], np.uint32), "i2"),
        (np.array([0, 2], np.uint8), "bool"),
        (np.array([-5], np.int8), "uint8"),
        (np.array([200], np.uint8), "int8"),
        (np.array([2**63], np.uint64), "int64"),
    ],
)
def test_labels_that_do_not_fit_are_errors(labels: Labels, wanted: str) -> None:
    stream = segpresso.compress(labels, "segpresso")
    words = f"does not fit the type {np.dtype(wanted)}"
    with pytest.raises(segpresso.UnsupportedError, match=words):
        segpresso.decompress(stream, dtype=wanted)


def test_negative_labels_grow() -> None:
    labels = np.array([-5, 7, -128], np.int8)
    stream = segpresso.compress(labels, "segpresso")
    np.testing.assert_array_equal(segpresso.decompress(stream, dtype="i8"), labels)


def test_whatever_numpy_takes_for_true_is_true() -> None:
    labels = np.array([[255, 0, 1, 2]], np.uint8).view(bool)
    for codec in ("segpresso", "compresso-v2"):
        decoded = segpresso.decompress(segpresso.compress(labels, codec), codec=codec)
        np.testing.assert_array_equal(np.squeeze(decoded), [1, 0, 1, 1])


@pytest.mark.parametrize("shape", [(2**31, 0, 2**31, 0), (0, 2**62)])
def test_sizes_that_decoders_refuse_are_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(segpresso.InvalidArgumentError, match="address space"):
        segpresso.compress(np.zeros(shape, np.uint8), "segpresso")


def test_more_labels_than_sixteen_bits_number() -> None:
    labels = np.random.default_rng(0).permutation(70_000).reshape(7, 100, 100).astype(np.uint64)
    labels *= np.uint64(1 << 40)
    stream = segpresso.compress(labels, "segpresso", stats=True)
    np.testing.assert_array_equal(segpresso.decompress(stream), labels)


def test_noise_costs_little_more_than_its_indices() -> None:
    labels = np.random.default_rng(0).integers(0, 16, (40, 64, 64), np.uint64) * 1_000_003
    for profile in PROFILES:
        stream = segpresso.compress(labels, "segpresso", profile=profile)
        assert len(stream) < 1.01 * labels.size / 2


@pytest.mark.parametrize("profile", PROFILES)
def test_noise_of_many_labels_costs_little_more_than_its_indices(profile: str) -> None:
    # All labels of 14 bits occur, so that the table of labels takes nothing.
    labels = np.random.default_rng(3).integers(0, 1 << 14, (64, 64, 64), np.uint16)
    labels[1:5] = np.random.default_rng(4).permutation(1 << 14).reshape(4, 64, 64)
    stream = segpresso.compress(labels, "segpresso", profile=profile)
    assert len(stream) < 1.01 * labels.size * 14 / 8


def test_an_empty_volume_costs_few_bytes() -> None:
    labels = np.zeros((256, 512, 512), np.uint64)
    assert len(segpresso.compress(labels, "segpresso")) < 60


@pytest.mark.parametrize("order", ["C", "F"])
def test_byte_orders(order: Any) -> None:
    labels = np.asarray(np.arange(60, dtype=">i4").reshape(3, 4, 5) - 7, order=order)
    decoded = segpresso.decompress(segpresso.compress(labels, "segpresso"))
    assert decoded.dtype == np.dtype("=i4")
    np.testing.assert_array_equal(decoded, labels)


@pytest.mark.parametrize(
    ("labels", "options", "words"),
    [
        (np.zeros((1, 1, 1, 1, 1), np.uint8), {}, "up to 4 axes"),
        (np.zeros(3), {}, "integers or booleans"),
        (np.zeros((2, 2), np.uint8), {"profile": "tiny"}, "fast, balanced, small"),
        (np.zeros((2, 2), np.uint8), {"block_shape": (2, 2, 2)}, "2 positive integers"),
        (np.zeros((2, 2), np.uint8), {"block_shape": (0, 2)}, "2 positive integers"),
        (np.zeros((2, 2), np.uint8), {"block_shape": (1 << 20, 1 << 20)}, "at most"),
        (np.zeros((2, 2, 2, 2), np.uint8), {"block_shape": (2, 2, 2, 2)}, "must be 1"),
    ],
)
def test_what_cannot_be_encoded_is_said(labels: Labels, options: Any, words: str) -> None:
    with pytest.raises(segpresso.InvalidArgumentError, match=words):
        segpresso.compress(labels, "segpresso", **options)


@pytest.mark.parametrize("box", [(slice(0, 1, 2),), (3,), (slice(None),) * 3, (slice("a", None),)])
def test_wrong_boxes_are_refused(box: Any) -> None:
    stream = segpresso.compress(np.zeros((4, 4), np.uint8), "segpresso")
    with pytest.raises(segpresso.InvalidArgumentError, match="box"):
        segpresso.decompress(stream, box=box)


def test_describe_tells_sections_that_add_up() -> None:
    labels = volume("voronoi", (30, 40, 50), np.uint16, seed=1)
    stream = segpresso.compress(labels, "segpresso", block_shape=(16, 20, 25), stats=True)
    found = segpresso.get_codec("segpresso").describe(stream)
    assert found["shape"] == labels.shape
    assert found["dtype"] == labels.dtype
    assert found["block_shape"] == (16, 20, 25)
    assert found["blocks"] == sum(found["methods"].values()) == 8
    assert sum(found["sections"].values()) == len(stream)


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("shape", [(64, 128, 128), (4, 512, 512), (1, 1, 300_000)])
def test_large_blocks_where_little_happens(profile: str, shape: tuple[int, int, int]) -> None:
    # Coders end in long stretches of what they were certain of.
    for place in (0, -1, np.prod(shape) // 2):
        labels = np.zeros(shape, np.uint32)
        labels.reshape(-1)[place] = 7
        data = segpresso.compress(labels, "segpresso", profile=profile)
        assert np.array_equal(segpresso.decompress(data), labels)
