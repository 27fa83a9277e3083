"""Whatever goes in comes out, by the core's decoders and by slow ones written apart from it."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import segpresso
from segpresso.codecs.compresso import Cpso
from tests.codecs import oracle
from tests.codecs.volumes import DTYPES, volumes

Labels = npt.NDArray[Any]

WINDOWS = st.one_of(
    st.sampled_from([(4, 4, 1), (8, 8, 1), (4, 4, 4), (1, 1, 1), (64, 1, 1), (1, 64, 1)]),
    st.tuples(st.integers(1, 9), st.integers(1, 9), st.integers(1, 5)).filter(
        lambda window: np.prod(window) <= 64
    ),
)
WHOLE_BYTE_WINDOWS = WINDOWS.filter(lambda window: np.prod(window) % 8 == 0)
BLOCKS = st.one_of(
    st.just((8, 8, 8)), st.tuples(st.integers(1, 9), st.integers(1, 9), st.integers(1, 9))
)
THREADS = st.integers(1, 3)


def storable_by_the_paper(labels: Labels) -> bool:
    return labels.size == 0 or int(labels.max()) < 2**64 - 6


@settings(max_examples=250, deadline=None)
@given(volumes(), WINDOWS, st.sampled_from([4, 6]), st.booleans(), st.booleans(), THREADS)
def test_cpso(
    labels: Labels,
    window: tuple[int, int, int],
    connectivity: int,
    z_index: bool,
    neuroglancer_safe: bool,
    threads: int,
) -> None:
    try:
        data = segpresso.compress(
            labels,
            "cpso",
            window=window,
            connectivity=connectivity,
            z_index=z_index,
            neuroglancer_safe=neuroglancer_safe,
            threads=threads,
        )
    except segpresso.UnsupportedError as error:
        assert "larger window" in str(error)
        return
    decoded = segpresso.decompress(data, threads=threads)
    assert decoded.dtype == labels.dtype
    np.testing.assert_array_equal(decoded, labels)
    np.testing.assert_array_equal(oracle.decode_cpso(data), labels)
    np.testing.assert_array_equal(segpresso.labels(data), np.unique(labels))


@settings(max_examples=150, deadline=None)
@given(volumes(), st.data())
def test_cpso_slices(labels: Labels, data: st.DataObject) -> None:
    stream = segpresso.compress(
        labels, "cpso", window=data.draw(WINDOWS.filter(lambda w: np.prod(w) > 8))
    )
    size_z = labels.shape[2]
    if labels.size == 0:
        return
    begin = data.draw(st.integers(0, size_z))
    end = data.draw(st.integers(begin, size_z))
    np.testing.assert_array_equal(
        segpresso.decompress(stream, z=(begin, end)), labels[:, :, begin:end]
    )


@settings(max_examples=100, deadline=None)
@given(volumes(), st.booleans(), st.data())
def test_cpso_remap(labels: Labels, z_index: bool, data: st.DataObject) -> None:
    top = int(np.iinfo(labels.dtype).max)
    new_labels = st.one_of(st.integers(0, min(top, 20)), st.integers(top - 9, top))
    present = np.unique(labels).tolist()
    mapping = data.draw(st.dictionaries(st.sampled_from(present or [0]), new_labels))
    stream = segpresso.compress(labels, "cpso", window=(8, 8, 1), z_index=z_index)
    codec = Cpso()
    remapped = codec.remap(stream, mapping)
    expected = labels.copy()
    for old, new in mapping.items():
        expected[labels == old] = new
    np.testing.assert_array_equal(codec.decode(remapped), expected)
    np.testing.assert_array_equal(oracle.decode_cpso(remapped), expected)


@settings(max_examples=150, deadline=None)
@given(volumes().filter(storable_by_the_paper), WINDOWS, THREADS)
def test_compresso_miccai(labels: Labels, window: tuple[int, int, int], threads: int) -> None:
    data = segpresso.compress(labels, "compresso-miccai", window=window, threads=threads)
    decoded = segpresso.decompress(data, codec="compresso-miccai", threads=threads)
    assert decoded.dtype == np.uint64
    np.testing.assert_array_equal(decoded, labels)
    np.testing.assert_array_equal(oracle.decode_miccai(data), labels)
    narrow = segpresso.decompress(data, codec="compresso-miccai", dtype=labels.dtype)
    assert narrow.dtype == labels.dtype
    np.testing.assert_array_equal(narrow, labels)
    np.testing.assert_array_equal(
        segpresso.labels(data, codec="compresso-miccai"), np.unique(labels)
    )


@settings(max_examples=150, deadline=None)
@given(volumes().filter(storable_by_the_paper), WHOLE_BYTE_WINDOWS, THREADS)
def test_compresso_v2(labels: Labels, window: tuple[int, int, int], threads: int) -> None:
    data = segpresso.compress(labels, "compresso-v2", window=window, threads=threads)
    decoded = segpresso.decompress(data, codec="compresso-v2", threads=threads)
    assert decoded.dtype == labels.dtype
    np.testing.assert_array_equal(decoded, labels)
    np.testing.assert_array_equal(oracle.decode_v2(data), labels)
    np.testing.assert_array_equal(segpresso.labels(data, codec="compresso-v2"), np.unique(labels))


@settings(max_examples=150, deadline=None)
@given(volumes(), BLOCKS, st.integers(0, 3), st.booleans(), THREADS)
def test_compressed_segmentation(
    labels: Labels, block: tuple[int, int, int], channels: int, channels_last: bool, threads: int
) -> None:
    name = "compressed_segmentation"
    if channels:
        axis = -1 if channels_last else 0
        labels = np.stack([np.roll(labels, c) for c in range(channels)], axis)
    options: dict[str, Any] = {"block_size": block, "channels_last": channels_last}
    data = segpresso.compress(labels, name, threads=threads, **options)
    decoded = segpresso.decompress(
        data, codec=name, shape=labels.shape, dtype=labels.dtype, threads=threads, **options
    )
    assert decoded.dtype == labels.dtype
    np.testing.assert_array_equal(decoded, labels)
    if labels.dtype.itemsize >= 4 and labels.size < 3000:
        four = labels if labels.ndim == 4 else labels[..., None]
        four = four if channels_last or labels.ndim < 4 else np.moveaxis(four, 0, -1)
        np.testing.assert_array_equal(
            oracle.decode_compressed_segmentation(data, four.shape, four.dtype, block), four
        )


@settings(max_examples=100, deadline=None)
@given(volumes(), THREADS)
def test_neuroglancer_blocks(labels: Labels, threads: int) -> None:
    name = "neuroglancer-blocks"
    data = segpresso.compress(labels, name, threads=threads)
    decoded = segpresso.decompress(data, codec=name, threads=threads)
    assert decoded.dtype == np.uint64
    np.testing.assert_array_equal(decoded, labels)
    np.testing.assert_array_equal(oracle.decode_block_tables(data), labels)


@settings(max_examples=60, deadline=None)
@given(volumes().filter(storable_by_the_paper), st.data())
def test_decoding_into_an_array_of_any_layout(labels: Labels, data: st.DataObject) -> None:
    codec = data.draw(st.sampled_from(segpresso.codecs()))
    buffer = np.zeros([2 * size for size in labels.shape], labels.dtype)
    out = buffer.transpose(data.draw(st.permutations(range(3))))
    out = out[tuple(slice(size - 1, None, -1) if size else slice(0) for size in labels.shape)]
    out = out[tuple(slice(size) for size in labels.shape)]
    if out.shape != labels.shape:
        return
    window = {"window": (8, 8, 1)} if codec == "cpso" else {}
    stream = segpresso.compress(labels, codec, **window)
    assert segpresso.decompress(stream, codec=codec, out=out) is out
    np.testing.assert_array_equal(out, labels)


@pytest.mark.parametrize("codec", segpresso.codecs())
@pytest.mark.parametrize("dtype", DTYPES)
def test_bytes_do_not_depend_on_threads(codec: str, dtype: np.dtype[Any]) -> None:
    labels = segpresso.examples.neuropil((40, 96, 80), seed=1)
    _, dense = np.unique(labels, return_inverse=True)
    labels = dense.reshape(labels.shape).astype(dtype).T
    streams = {segpresso.compress(labels, codec, threads=threads) for threads in (1, 2, 3, 8)}
    assert len(streams) == 1
