"""Real volumes: lossless in every codec, and exchanged with the original programs."""

from __future__ import annotations

import lzma
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

import segpresso
from tests.data import load, needs_data, volume_names

pytestmark = needs_data

# The original programs need minutes for the larger ones; `make test-all` exchanges them too.
SLOW_VOXELS = 40_000_000


@pytest.fixture(params=volume_names(), scope="module")
def labels(request: pytest.FixtureRequest) -> npt.NDArray[Any]:
    """A real volume (z, y, x)."""
    volume = load(request.param)
    if volume.size > SLOW_VOXELS and not request.config.getoption("--slow"):
        volume = volume[: max(1, volume.shape[0] * SLOW_VOXELS // volume.size)]
    return volume


@pytest.mark.parametrize("codec", segpresso.codecs())
def test_lossless(labels: npt.NDArray[Any], codec: str) -> None:
    if codec == "compressed_segmentation":
        for part, data in segmentation_parts(labels):
            decoded = segpresso.decompress(data, codec=codec, shape=part.T.shape, dtype=part.dtype)
            np.testing.assert_array_equal(decoded.T, part)
        return
    view = labels.T if segpresso.get_codec(codec).axes == "xyz" else labels
    data = segpresso.compress(view, codec)
    decoded = segpresso.decompress(data, codec=codec, out=np.empty_like(view))
    np.testing.assert_array_equal(decoded, view)


def test_exchange_with_pypi_compresso(labels: npt.NDArray[Any]) -> None:
    original = pytest.importorskip("compresso")
    view = labels.T
    theirs = original.compress(np.asfortranarray(view))
    ours = segpresso.compress(view, "cpso")
    assert ours == theirs
    np.testing.assert_array_equal(original.decompress(ours), view)
    np.testing.assert_array_equal(segpresso.decompress(theirs), view)


def test_exchange_with_pypi_compressed_segmentation(labels: npt.NDArray[Any]) -> None:
    original = pytest.importorskip("compressed_segmentation")
    wide = labels if labels.dtype.itemsize >= 4 else labels.astype(np.uint32)
    for part, ours in segmentation_parts(wide):
        view = part.T
        theirs = original.compress(np.asfortranarray(view), order="F")
        assert ours == theirs
        decoded = original.decompress(ours, view.shape, view.dtype, order="F")
        np.testing.assert_array_equal(decoded, view)


def segmentation_parts(labels: npt.NDArray[Any]) -> list[tuple[npt.NDArray[Any], bytes]]:
    """Slabs, as thick as compressed_segmentation's 24-bit offsets allow, and their streams."""
    parts = 1
    while True:
        step = -(-labels.shape[0] // parts)
        slabs = [labels[z : z + step] for z in range(0, labels.shape[0], step)]
        try:
            return [(slab, segpresso.compress(slab.T, "compressed_segmentation")) for slab in slabs]
        except segpresso.UnsupportedError:
            parts *= 2


@pytest.mark.parametrize(("name", "ratio"), [("spl_knee", 1553.2), ("spl_abdominal", 480.8)])
def test_ratios_of_the_paper(name: str, ratio: float) -> None:
    labels = load(name)
    data = segpresso.compress(labels.astype(np.uint64), "compresso-miccai")
    compressed = lzma.compress(data, format=lzma.FORMAT_XZ, preset=6)
    assert round(labels.size * 8 / len(compressed), 1) == ratio
