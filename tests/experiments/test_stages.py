"""Sizes, ratios and speeds as the paper defines them, and checks that nothing is lost."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from segpresso import experiments as C  # noqa: N812 (as in the paper's programs)
from segpresso.examples import neuropil
from segpresso.experiments import Data, Method, Part
from segpresso.experiments.stages import STAGES, LossyError, first_slices, measure


class Cropped(Method):
    """Loses the last byte."""

    name = "CROPPED"
    title = "cropped"

    def compress(self, data: Data) -> bytes:
        return np.asarray(data).tobytes()

    def decompress(self, data: Data, **_: Any) -> bytes:
        return bytes(data)[:-1]


class Reversed(Method):
    """Gives something else back."""

    name = "REVERSED"
    title = "reversed"

    def compress(self, data: Data) -> Data:
        return data

    def decompress(self, data: Data, **_: Any) -> Data:
        return data[::-1]


class Smoothing(Method):
    """Changes what it is given, and gives back what became of it."""

    name = "SMOOTHING"
    title = "smoothing"

    def compress(self, data: Data) -> bytes:
        labels = np.asarray(data)
        labels //= 2
        return labels.tobytes()

    def decompress(self, data: Data, **_: Any) -> bytes:
        return bytes(data)


class Forgetful(Method):
    """Gives something else back from the second time on."""

    name = "FORGETFUL"
    title = "forgetful"

    def __init__(self) -> None:
        super().__init__()
        self.times = 0

    def compress(self, data: Data) -> Data:
        return data

    def decompress(self, data: Data, **_: Any) -> Data:
        self.times += 1
        return data if self.times == 1 else data[::-1]


def parts() -> list[Part]:
    return [
        Part("a", neuropil((3, 32, 40)).astype(np.uint16)),
        Part("b", neuropil((2, 20, 24), seed=1).astype(np.uint16)),
    ]


@pytest.mark.parametrize("first", ["NONE", "COMPRESSO", "COMPRESSED_SEGMENTATION", "LZMA", "LZW"])
@pytest.mark.parametrize("second", ["NONE", "ZLIB", "LZ78"])
def test_bytes_of_all_volumes_add_up(first: str, second: str) -> None:
    measured = measure(C.get_method(first), C.get_method(second), parts(), runs=2)
    voxels = 3 * 32 * 40 + 2 * 20 * 24
    assert (measured.voxels, measured.given_bytes, measured.parts) == (voxels, 2 * voxels, 2)
    expected = 0
    for part in parts():
        stream = C.get_method(second).compress(
            C.get_method(first).compress(part.labels.astype(np.uint64))
        )
        expected += stream.nbytes if isinstance(stream, np.ndarray) else len(stream)
    assert measured.compressed_bytes == expected
    summary = measured.summary()
    assert summary["ratio"] == 8 * voxels / expected
    assert summary["ratio_given"] == 2 * voxels / expected
    assert summary["bits_per_voxel"] == 8 * expected / voxels
    assert all(len(times) == 2 and min(times) > 0 for times in measured.seconds.values())


def test_speeds_are_means_over_runs_of_64_bit_megabytes() -> None:
    measured = measure(C.NONE, C.NONE, parts(), runs=2)
    for stage in STAGES:
        measured.seconds[stage] = [1.0, 2.0]
    megabytes = 8 * measured.voxels / 1e6
    speed = measured.summary()["speed"]
    assert speed["encode"]["megabytes_per_second"] == pytest.approx(0.75 * megabytes)
    assert speed["encode"]["stddev"] == pytest.approx(0.25 * megabytes)
    assert speed["total_compress"]["megabytes_per_second"] == pytest.approx(0.375 * megabytes)
    assert speed["encode"]["voxels_per_second"] == pytest.approx(0.75 * measured.voxels)


@pytest.mark.parametrize("method", [Cropped(), Reversed()])
def test_what_is_not_lossless_is_said(method: Method) -> None:
    with pytest.raises(LossyError, match="do not give the labels back"):
        measure(C.NONE, method, parts())


@pytest.mark.parametrize("dtype", [np.uint16, np.uint64])
def test_a_method_that_changes_its_input_is_lossy(dtype: type[np.unsignedinteger[Any]]) -> None:
    labels = neuropil((3, 32, 40)).astype(dtype)
    before = labels.copy()
    with pytest.raises(LossyError, match="a: SMOOTHING and NONE do not give the labels back"):
        measure(Smoothing(), C.NONE, [Part("a", labels)])
    np.testing.assert_array_equal(labels, before)


def test_every_run_is_checked() -> None:
    (part,) = parts()[:1]
    measure(C.NONE, Forgetful(), [part], runs=1)
    with pytest.raises(LossyError):
        measure(C.NONE, Forgetful(), [part], runs=2)


@pytest.mark.parametrize(
    ("count", "slices"), [(None, [3, 2]), (1, [1]), (3, [3]), (4, [3, 1]), (9, [3, 2])]
)
def test_the_first_slices_of_all_volumes(count: int | None, slices: list[int]) -> None:
    assert [len(part.labels) for part in first_slices(parts(), count)] == slices
