"""The decoder written from docs/format.md agrees with the core."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import segpresso
from segpresso import _core
from tests.native import decoder
from tests.native.streams import Sample, samples
from tests.native.test_native_round_trips import arrays, options_for


def check(labels: Any, data: bytes) -> None:
    """Compare tables with those of the core, and blocks with the array."""
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
        own = [
            [[*ends[: labels.ndim]][:: 1 if stream.order == "F" else -1] for ends in box]
            for box in stream.boxes or ()
        ]
        np.testing.assert_array_equal(
            np.array(own, np.int64).reshape(len(own), 2, labels.ndim), opened.bounding_boxes()
        )
    if all(block.method < 2 or block.method in decoder.MODELS for block in stream.blocks):
        np.testing.assert_array_equal(stream.decode(), labels, strict=True)


@pytest.mark.parametrize("sample", samples(), ids=lambda sample: sample.name)
def test_samples(sample: Sample) -> None:
    check(sample.labels, sample.data)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_any_array(data: st.DataObject) -> None:
    labels = data.draw(arrays())
    options = data.draw(st.composite(lambda draw: options_for(draw, labels))())
    check(labels, segpresso.compress(labels, "segpresso", **options))
