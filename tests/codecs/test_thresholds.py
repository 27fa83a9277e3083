"""Sizes at which a stream changes its shape: each is tested on both sides."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

import segpresso
from segpresso.codecs.compresso import Cpso
from tests.codecs import oracle
from tests.codecs.volumes import volume


def blank_windows(count: int, window: tuple[int, int, int]) -> npt.NDArray[np.uint8]:
    """A row (x, y, z) of `count` empty windows, followed by one with a boundary."""
    labels = np.zeros(((count + 1) * window[0], window[1], 1), np.uint8)
    labels[-1] = 1
    return labels


@pytest.mark.parametrize("count", [126, 127, 128, 253, 254, 255, 380, 381])
def test_runs_in_8_bit_words_are_cut_at_127(count: int) -> None:
    labels = blank_windows(count, (4, 2, 1))
    data = segpresso.compress(labels, "cpso", window=(4, 2, 1))
    np.testing.assert_array_equal(segpresso.decompress(data), labels)
    np.testing.assert_array_equal(oracle.decode_cpso(data), labels)
    words = segpresso.get_codec("cpso").describe(data)["sections"]["windows"]
    assert words == -(-count // 127) + 1


@pytest.mark.parametrize("count", [32766, 32767, 32768, 65472, 65534, 65535])
def test_runs_in_16_bit_words_are_cut_at_32767(count: int) -> None:
    labels = np.zeros((256 * 4, -(-count // 256) * 4 + 4, 1), np.uint8)
    flat = np.zeros(labels.shape[0] // 4 * (labels.shape[1] // 4), bool)
    flat[count] = True
    y, x = divmod(int(np.flatnonzero(flat)[0]), 256)
    labels[4 * x + 1, 4 * y + 1] = 1
    data = segpresso.compress(labels, "cpso", window=(4, 4, 1))
    np.testing.assert_array_equal(segpresso.decompress(data), labels)
    np.testing.assert_array_equal(segpresso.decompress(data, z=(0, 1)), labels)


def distinct_windows(count: int) -> npt.NDArray[np.uint8]:
    """A volume (x, y, 1) with exactly `count` distinct 8 x 1 window values."""
    patterns = np.arange(256, dtype=np.uint16)
    # Rows apart from each other by blank rows would add boundaries: one row per slice instead.
    slices = []
    for pattern in patterns[:count]:
        bits = (int(pattern) >> np.arange(8)) & 1
        row = np.concatenate([[0], np.cumsum(bits)]).astype(np.uint8)
        slices.append(np.concatenate([row, row[-1:].repeat(7)]))
    return np.stack(slices, axis=-1)[:, None, :]


@pytest.mark.parametrize(("count", "fits"), [(127, True), (128, True), (129, False), (130, False)])
def test_windows_of_8_bits_allow_128_values(count: int, fits: bool) -> None:
    labels = distinct_windows(count)
    if fits:
        data = segpresso.compress(labels, "cpso", window=(8, 1, 1))
        assert segpresso.get_codec("cpso").describe(data)["windows"] == count
        np.testing.assert_array_equal(segpresso.decompress(data), labels)
    else:
        with pytest.raises(segpresso.UnsupportedError, match="distinct windows"):
            segpresso.compress(labels, "cpso", window=(8, 1, 1))


def bit_patterns(count: int) -> npt.NDArray[np.uint8]:
    """A volume (x, y, z) with at least `count` distinct 16 x 1 window values."""
    patterns = np.arange(count, dtype=np.uint32)
    bits = (patterns[:, None] >> np.arange(16)) & 1
    rows = np.concatenate([np.zeros((count, 1), np.uint32), np.cumsum(bits, axis=1)], axis=1)
    return rows.astype(np.uint8).T[:, None, :]


@pytest.mark.parametrize(("count", "fits"), [(32768, True), (32769, False)])
def test_windows_of_16_bits_allow_32768_values(count: int, fits: bool) -> None:
    labels = bit_patterns(count)
    if fits:
        data = segpresso.compress(labels, "cpso", window=(16, 1, 1))
        assert segpresso.get_codec("cpso").describe(data)["windows"] == count
        np.testing.assert_array_equal(segpresso.decompress(data), labels)
    else:
        with pytest.raises(segpresso.UnsupportedError, match="distinct windows"):
            segpresso.compress(labels, "cpso", window=(16, 1, 1))


def test_too_many_windows_of_the_default_size_fall_back_to_larger_ones() -> None:
    rng = np.random.default_rng(0)
    noise = [rng.random((1024, 1024, 2)) < density for density in (0.5, 0.3, 0.15, 0.6)]
    columns = rng.integers(0, 2, (1024, 512, 2)).repeat(2, axis=1)
    rows = rng.integers(0, 2, (512, 1024, 2)).repeat(2, axis=0)
    labels = np.concatenate([*noise, columns, rows, rng.integers(0, 3, (1024, 1024, 2))], axis=2)
    labels = labels.astype(np.uint8)
    with pytest.raises(segpresso.UnsupportedError):
        segpresso.compress(labels, "cpso", window=(4, 4, 1))
    data = segpresso.compress(labels, "cpso")
    assert segpresso.get_codec("cpso").describe(data)["window"] == (8, 8, 1)
    np.testing.assert_array_equal(segpresso.decompress(data), labels)


@pytest.mark.parametrize(("count", "width"), [(126, 1), (127, 1), (128, 2), (129, 2)])
def test_word_width_of_v2_depends_on_the_number_of_values(count: int, width: int) -> None:
    labels = distinct_windows(count).transpose(2, 1, 0)
    data = segpresso.compress(labels, "compresso-v2", window=(1, 1, 8))
    values = int(np.frombuffer(data, "<u8", 9)[6])
    assert values == count
    assert data[75] == width
    np.testing.assert_array_equal(segpresso.decompress(data, codec="compresso-v2"), labels)


@pytest.mark.parametrize(("run", "width"), [(127, 1), (128, 2), (32767, 2), (32768, 3), (40000, 3)])
def test_word_width_of_v2_depends_on_the_longest_run(run: int, width: int) -> None:
    labels = blank_windows(run, (8, 1, 1)).transpose(2, 1, 0)
    data = segpresso.compress(labels, "compresso-v2", window=(1, 1, 8))
    assert data[75] == width
    np.testing.assert_array_equal(segpresso.decompress(data, codec="compresso-v2"), labels)


@pytest.mark.parametrize(
    ("x", "y", "width"), [(126, 1, 1), (127, 1, 1), (128, 1, 2), (256, 127, 2), (256, 128, 4)]
)
def test_width_of_the_z_index(x: int, y: int, width: int) -> None:
    labels = np.random.default_rng(x).integers(0, 2, (x, y, 3)).astype(np.uint8)
    data = segpresso.compress(labels, "cpso", window=(8, 8, 1))
    assert segpresso.get_codec("cpso").describe(data)["sections"]["z index"] == 2 * 3 * width
    np.testing.assert_array_equal(segpresso.decompress(data, z=(1, 3)), labels[:, :, 1:])


@pytest.mark.parametrize("dtype", ["u1", "u2", "u4", "u8"])
@pytest.mark.parametrize("below_top", [0, 1, 5, 6, 7, 8, 9])
def test_labels_near_the_largest_are_escaped(dtype: str, below_top: int) -> None:
    top = int(np.iinfo(dtype).max)
    labels = np.array([[0, 1, 2], [3, top - below_top, 4], [5, 6, 7]], dtype)[..., None]
    data = segpresso.compress(labels, "cpso")
    np.testing.assert_array_equal(segpresso.decompress(data), labels)
    codec = Cpso()
    back = codec.remap(codec.remap(data, {top - below_top: 9}), {9: top - below_top})
    assert back == data


@pytest.mark.parametrize(
    ("count", "bits"),
    [(1, 0), (2, 1), (3, 2), (4, 2), (5, 4), (16, 4), (17, 8), (256, 8), (257, 16), (65536, 16)],
)
def test_bits_per_index_of_compressed_segmentation(count: int, bits: int) -> None:
    block = (64, 64, 16)
    labels = (np.arange(np.prod(block)) % count).astype(np.uint32).reshape(block)
    options = {"block_size": block}
    data = segpresso.compress(labels, "compressed_segmentation", **options)
    assert data[4 + 3] == bits
    decoded = segpresso.decompress(
        data, codec="compressed_segmentation", shape=block, dtype=np.uint32, **options
    )
    np.testing.assert_array_equal(decoded, labels)


def test_more_than_65536_labels_in_a_block_are_refused() -> None:
    labels = np.arange(65537, dtype=np.uint32).reshape(-1, 1, 1)
    with pytest.raises(segpresso.UnsupportedError, match="smaller blocks"):
        segpresso.compress(labels, "compressed_segmentation", block_size=(65537, 1, 1))


@pytest.mark.parametrize(
    ("dtype", "shape", "block_size"),
    [
        ("u1", (1003, 130, 131), (8, 8, 8)),
        ("u2", (1003, 130, 65), (8, 8, 8)),
        ("u4", (1203, 61, 60), (8, 8, 8)),
        ("u4", (1203, 61, 60), (5, 9, 3)),
        ("u4", (1203, 61, 60), (700, 4, 4)),
        ("u4", (17, 522, 500), (8, 8, 8)),
        ("u8", (603, 61, 60), (8, 8, 8)),
    ],
)
def test_volumes_of_16_mebibytes_are_decoded_in_pieces(
    dtype: str, shape: tuple[int, int, int], block_size: tuple[int, int, int]
) -> None:
    assert np.prod(shape) * np.dtype(dtype).itemsize >= 1 << 24
    rng = np.random.default_rng(len(dtype))
    top = int(np.iinfo(dtype).max)
    labels = np.asfortranarray(volume("voronoi", shape, dtype))
    labels[: shape[0] // 4] = top  # uniform blocks, then blocks of 2, 4 and 8 bits per index
    for part, count in ((3, 3), (4, 14), (5, 100)):
        chosen = labels[shape[0] * part // 6 :, : shape[1] // 2]
        chosen[...] = top - rng.integers(0, count, chosen.shape).astype(dtype)
    options = {"block_size": block_size}
    data = segpresso.compress(labels, "compressed_segmentation", **options)
    for threads in (1, 2):
        decoded = segpresso.decompress(
            data,
            codec="compressed_segmentation",
            shape=shape,
            dtype=dtype,
            threads=threads,
            **options,
        )
        np.testing.assert_array_equal(decoded, labels)
    # Into the middle of a larger array, whose other voxels stay as they are.
    around = np.full(tuple(size + 2 for size in shape), 7, dtype, order="F")
    inside = around[1:-1, 1:-1, 1:-1]
    segpresso.decompress(data, codec="compressed_segmentation", out=inside, **options)
    np.testing.assert_array_equal(inside, labels)
    inside[...] = 7
    assert (around == 7).all()
