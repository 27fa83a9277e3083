"""The made-up volume: the same everywhere, of any shape, and like segmented cortex."""

import hashlib
import itertools

import numpy as np
import pytest

from segpresso.errors import InvalidArgumentError
from segpresso.examples import neuropil


@pytest.fixture(scope="module")
def default():
    return neuropil()


def test_labels_are_the_same_on_every_machine():
    labels = neuropil((12, 70, 90), seed=3)
    digest = hashlib.sha256(labels.astype("<u4").tobytes()).hexdigest()
    assert digest == "da6244f4dcf66d9695a8873f5f5e582d76343f86b349592f5db4b10091ca792e"


def test_seeds_make_different_volumes():
    assert (neuropil((4, 40, 40), seed=1) != neuropil((4, 40, 40), seed=2)).mean() > 0.5


@pytest.mark.parametrize(
    "shape",
    [
        (0, 0, 0),
        (0, 8, 8),
        (8, 0, 8),
        (8, 8, 0),
        (1, 1, 1),
        (1, 1, 777),
        (777, 1, 1),
        (1, 100, 100),
        (2, 4, 4),
        (3, 5, 7),
        (33, 65, 17),
    ],
)
def test_any_shape_is_filled(shape):
    labels = neuropil(shape)
    assert labels.shape == shape
    assert labels.dtype == np.uint32
    assert labels.flags.c_contiguous
    assert labels.size == 0 or labels.any()


def test_tiny_volumes_of_many_seeds_are_filled():
    assert all(neuropil((1, 2, 2), seed=seed).any() for seed in range(50))


@pytest.mark.parametrize("shape", [(4, 4), (4, 4, 4, 4), (), (4, -1, 4)])
def test_impossible_shapes_are_refused(shape):
    with pytest.raises(InvalidArgumentError, match="shape"):
        neuropil(shape)


def test_negative_seeds_are_refused():
    with pytest.raises(InvalidArgumentError, match="seed"):
        neuropil((1, 1, 1), seed=-1)


def test_boundaries_are_as_dense_as_in_cortex(default):
    assert 0.026 < (default[:, :, 1:] != default[:, :, :-1]).mean() < 0.048
    assert 0.033 < (default[:, 1:] != default[:, :-1]).mean() < 0.062
    assert 0.068 < (default[1:] != default[:-1]).mean() < 0.126


def test_background_is_rare(default):
    assert 0.004 < (default == 0).mean() < 0.012


def test_labels_are_sparse_and_large(default):
    distinct = np.unique(default)
    assert 100 < len(distinct) < 1000
    assert distinct[-1] > 50_000_000
    assert distinct[-1] < 100_000_000


def test_few_segments_are_large_and_many_are_small(default):
    sizes = np.sort(np.unique(default[default != 0], return_counts=True)[1])[::-1]
    share = np.cumsum(sizes) / sizes.sum()
    assert share[len(sizes) // 10] > 0.5
    assert sizes[0] > 100 * sizes[-len(sizes) // 4]


def test_segments_run_through_the_slices(default):
    slices = [set(np.unique(s)) for s in default]
    shared = [len(a & b) / len(a) for a, b in itertools.pairwise(slices)]
    assert np.mean(shared) > 0.9


def test_blocks_refined_together_do_not_change_the_labels(monkeypatch):
    labels = neuropil((9, 60, 50))
    monkeypatch.setattr("segpresso.examples._PAIRS_AT_ONCE", 1000)
    assert (neuropil((9, 60, 50)) == labels).all()


def test_dropped_seeds_would_not_have_won(monkeypatch):
    labels = neuropil((16, 96, 96))
    monkeypatch.setattr("segpresso.examples._WARP_STRETCH", 4.0)
    assert (neuropil((16, 96, 96)) != labels).mean() < 1e-4
