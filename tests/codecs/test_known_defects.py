"""What the original programs get wrong, ours get right or refuse."""

from __future__ import annotations

import numpy as np
import pytest

import segpresso


def noise(low: int, high: int, dtype: str = "u8") -> np.ndarray:
    return np.random.default_rng(0).integers(low, high, (3, 9, 6), dtype)


@pytest.mark.parametrize("codec", ["compresso-miccai", "compresso-v2"])
@pytest.mark.parametrize("low", [2**31 - 10, 2**32 - 5, 2**40, 2**63, 2**64 - 40])
def test_large_labels_at_indeterminate_voxels(codec: str, low: int) -> None:
    labels = noise(low, low + 30)
    data = segpresso.compress(labels, codec)
    np.testing.assert_array_equal(segpresso.decompress(data, codec=codec), labels)


@pytest.mark.parametrize("codec", ["compresso-miccai", "compresso-v2"])
def test_largest_label_in_components(codec: str) -> None:
    labels = np.full((2, 12, 12), 2**64 - 1, np.uint64)
    labels[:, 4:8] = 5
    data = segpresso.compress(labels, codec)
    np.testing.assert_array_equal(segpresso.decompress(data, codec=codec), labels)


@pytest.mark.parametrize("codec", ["compresso-miccai", "compresso-v2"])
def test_labels_that_would_wrap_onto_codes_are_refused(codec: str) -> None:
    labels = noise(2**64 - 6, 2**64 - 1)
    with pytest.raises(segpresso.UnsupportedError, match="cpso holds all"):
        segpresso.compress(labels, codec)


def test_one_slice_without_boundary() -> None:
    labels = np.zeros((1, 2, 2), np.uint64)
    data = segpresso.compress(labels, "compresso-miccai")
    np.testing.assert_array_equal(segpresso.decompress(data, codec="compresso-miccai"), labels)


@pytest.mark.parametrize("window", [(1, 2, 2), (1, 5, 5), (1, 3, 7), (2, 8, 8)])
def test_windows_that_v2_cannot_store_are_refused(window: tuple[int, int, int]) -> None:
    with pytest.raises(segpresso.InvalidArgumentError):
        segpresso.compress(noise(0, 5), "compresso-v2", window=window)


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_cpso_refuses_sizes_above_65535(axis: int) -> None:
    shape = [1, 1, 1]
    shape[axis] = 70000
    with pytest.raises(segpresso.UnsupportedError, match="65535"):
        segpresso.compress(np.zeros(shape, np.uint8), "cpso")
    shape[axis] = 65535
    labels = np.zeros(shape, np.uint8)
    np.testing.assert_array_equal(segpresso.decompress(segpresso.compress(labels, "cpso")), labels)


def test_labels_of_small_windows_are_listed() -> None:
    labels = np.arange(5, dtype=np.uint8).repeat(8).reshape(40, 1, 1)
    assert segpresso.labels(segpresso.compress(labels, "cpso", window=(4, 2, 1))).tolist() == [
        0,
        1,
        2,
        3,
        4,
    ]


def test_neuroglancer_safe_streams_escape_labels_from_2_to_32_minus_7() -> None:
    labels = noise(2**32 - 20, 2**32 + 20)
    plain = segpresso.compress(labels, "cpso")
    safe = segpresso.compress(labels, "cpso", neuroglancer_safe=True)
    assert len(safe) > len(plain)
    for data in (plain, safe):
        np.testing.assert_array_equal(segpresso.decompress(data), labels)
    # A reader that keeps 32 bits of a word must see only words below 2^32 that are not labels.
    found = segpresso.get_codec("cpso").describe(safe)
    start = found["sections"]["header"] + found["sections"]["ids"] + found["sections"]["values"]
    words = iter(np.frombuffer(safe, "<u8", found["locations"], start).tolist())
    for word in words:
        assert word < 2**32
        if word == 6:
            assert next(words) >= 2**32 - 7


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("channels", [1, 2, 3])
def test_compressed_segmentation_takes_any_order_and_channels(order: str, channels: int) -> None:
    labels = np.random.default_rng(1).integers(0, 9, (10, 9, 8, channels)).astype(np.uint32)
    name = "compressed_segmentation"
    data = segpresso.compress(np.asarray(labels, order=order), name)
    decoded = segpresso.decompress(data, codec=name, shape=labels.shape, dtype=labels.dtype)
    np.testing.assert_array_equal(decoded, labels)


def test_compressed_segmentation_takes_views() -> None:
    whole = np.random.default_rng(2).integers(0, 9, (20, 18, 16)).astype(np.uint64)
    view = whole[::2, ::-1, 3::3]
    name = "compressed_segmentation"
    data = segpresso.compress(view, name)
    decoded = segpresso.decompress(data, codec=name, shape=view.shape, dtype=view.dtype)
    np.testing.assert_array_equal(decoded, view)


def test_compressed_segmentation_refuses_what_24_bit_offsets_cannot_address() -> None:
    labels = np.arange(128 * 256 * 600, dtype=np.uint32).reshape(128, 256, 600)
    with pytest.raises(segpresso.UnsupportedError, match="in chunks"):
        segpresso.compress(labels, "compressed_segmentation")
