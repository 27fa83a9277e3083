"""The decoder written from docs/format.md agrees with the core."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import segpresso
from segpresso import _core
from tests.native import decoder, frozen
from tests.native.streams import Sample, is_short, samples
from tests.native.test_native_round_trips import arrays, options_for


def check_tables(labels: Any, data: bytes) -> decoder.Stream:
    """Compare tables with those of the core; return the stream."""
    stream = decoder.parse(data)
    assert stream.dtype == labels.dtype
    assert stream.shape == labels.shape
    opened = segpresso.open(data)
    assert stream.order == opened.order
    np.testing.assert_array_equal(np.array(stream.labels, labels.dtype), np.unique(labels))
    bytes_ = np.frombuffer(data, np.uint8)
    offset, _ = _core.NativeIndex.locate(bytes_, len(data))
    index = _core.NativeIndex(bytes_[offset:], len(data), 1 << 30)
    for i, block in enumerate(stream.blocks):
        assert sorted(block.entries) == index.labels_of(i).tolist()
        assert (block.begin, block.end) == tuple(map(tuple, index.box_of(i)))
    if stream.counts is not None:
        np.testing.assert_array_equal(stream.counts, opened.counts())
        own = [[stream.own_axes(ends) for ends in box] for box in stream.boxes or ()]
        np.testing.assert_array_equal(
            np.array(own, np.int64).reshape(len(own), 2, labels.ndim), opened.bounding_boxes()
        )
    return stream


def check(labels: Any, data: bytes) -> None:
    """Compare all of a stream with the array."""
    np.testing.assert_array_equal(check_tables(labels, data).decode(), labels, strict=True)


@pytest.mark.parametrize("sample", samples(), ids=lambda sample: sample.name)
def test_samples(sample: Sample) -> None:
    check(sample.labels, sample.data)


@pytest.mark.parametrize("name", frozen.volumes())
def test_frozen_streams(name: str) -> None:
    labels, options = frozen.volumes()[name]
    data = (frozen.STREAMS / f"{name}.segp").read_bytes()
    check(labels, data)
    np.testing.assert_array_equal(segpresso.decompress(data), labels, strict=True)
    today = frozen.encode(labels, **options)
    if today != data:
        check(labels, today)


def test_frozen_streams_are_of_every_method_and_form() -> None:
    files = sorted(frozen.STREAMS.iterdir())
    assert [path.stem for path in files] == sorted(frozen.volumes())
    streams = [decoder.parse(path.read_bytes()) for path in files]
    assert {block.method for stream in streams for block in stream.blocks} == {0, 1, 2, 3, 4}
    assert {is_short(path.read_bytes()) for path in files} == {False, True}


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_any_array(data: st.DataObject) -> None:
    labels = data.draw(arrays())
    options = data.draw(st.composite(lambda draw: options_for(draw, labels))())
    stream = check_tables(labels, segpresso.compress(labels, "segpresso", **options))
    axes = labels if stream.order == "C" else labels.T
    axes = axes.reshape(decoder.xyzw(stream.shape, stream.order)[::-1])
    # Models are slow: some of their blocks must do.
    modelled = [block for block in stream.blocks if block.method > 1]
    for block in [block for block in stream.blocks if block.method < 2] + modelled[:2]:
        if np.prod(block.shape) < 2000:
            np.testing.assert_array_equal(stream.decode_block(block), axes[block.where][0])
