"""The windows of the boundary maps: few patterns make up nearly everything."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from segpresso.errors import InvalidArgumentError
from segpresso.figures._labels import check_labels
from segpresso.figures.boundaries import boundary_map


class FrequentWindows(NamedTuple):
    """The most frequent window patterns of a volume.

    Attributes
    ----------
    patterns : ndarray of bool, shape (n, window y, window x)
        The patterns, the most frequent first; n is `count`, or less if there are not so many.
    shares : ndarray of float64, shape (n,)
        The share of all windows that each pattern has.
    distinct : int
        How many different patterns the volume has.
    """

    patterns: npt.NDArray[np.bool_]
    shares: npt.NDArray[np.float64]
    distinct: int


class WindowCounts(NamedTuple):
    """How often each window pattern occurs.

    Attributes
    ----------
    codes : ndarray of uint64, shape (n,)
        The patterns that occur, ascending: voxels in raster order, the first in the lowest bit.
    counts : ndarray of int64, shape (n,)
        How often each occurs.
    window : tuple of int
        Voxels of a window along (y, x).
    """

    codes: npt.NDArray[np.uint64]
    counts: npt.NDArray[np.int64]
    window: tuple[int, int]

    def most_frequent(self, count: int) -> FrequentWindows:
        """Return the most frequent patterns, at most `count`."""
        best = np.argsort(-self.counts, kind="stable")[:count]
        return FrequentWindows(
            window_patterns(self.codes[best], self.window),
            self.counts[best] / self.counts.sum(),
            len(self.codes),
        )


def window_patterns(
    codes: npt.NDArray[np.uint64], window: tuple[int, int]
) -> npt.NDArray[np.bool_]:
    """Draw codes of windows (n,) as patterns (n, window y, window x).

    Examples
    --------
    >>> window_patterns(np.array([0b0110], np.uint64), (2, 2)).astype(int)
    array([[[0, 1],
            [1, 0]]])
    """
    height, width = window
    bit = np.arange(height * width, dtype=np.uint64)
    patterns = codes[:, None] >> bit & np.uint64(1)
    return patterns.astype(np.bool_).reshape(-1, height, width)


def count_windows(
    volumes: Iterable[npt.ArrayLike], window: tuple[int, int] = (8, 8)
) -> WindowCounts:
    """Count the windows of the boundary maps of all slices of some volumes.

    Windows and errors are those of `frequent_windows`. Volumes are taken one at a time.

    Examples
    --------
    >>> found = count_windows([np.ones((1, 8, 16), int), np.ones((2, 8, 8), int)])
    >>> found.codes.tolist(), found.counts.tolist()
    ([0], [4])
    """
    height, width = window
    if height < 1 or width < 1 or height * width > 64:
        raise InvalidArgumentError(f"a window must have 1 to 64 voxels, not {window!r}")
    found = [_count(check_labels(labels, 3, empty=False), height, width) for labels in volumes]
    if not found:
        raise InvalidArgumentError("there are no volumes")
    codes, place = np.unique(np.concatenate([codes for codes, _ in found]), return_inverse=True)
    counts = np.zeros(len(codes), np.int64)
    np.add.at(counts, place, np.concatenate([counts for _, counts in found]))
    return WindowCounts(codes, counts, window)


def frequent_windows(
    labels_zyx: npt.ArrayLike, window: tuple[int, int] = (8, 8), count: int = 100
) -> FrequentWindows:
    """Find the most frequent windows of the boundary maps of all slices.

    The windows of a slice form a grid that starts at voxel (0, 0); those that reach over the
    far edges are filled up with False. Patterns that are equally frequent come in a fixed order.

    Parameters
    ----------
    labels_zyx : array-like of bool or integers, shape (z, y, x)
        A volume, not empty.
    window : tuple of int
        Voxels of a window along (y, x), at most 64 together.
    count : int
        How many patterns to return at most.

    Returns
    -------
    FrequentWindows
        The patterns, their shares, and the number of distinct patterns.

    Raises
    ------
    InvalidArgumentError
        If the volume is empty, or not of three axes, or not of bool or integers, or if the
        window has no voxels or more than 64, or if `count` is negative.

    References
    ----------
    Matejek et al., MICCAI 2017, figure 3.

    Examples
    --------
    >>> labels = np.ones((3, 16, 16), np.uint8)
    >>> labels[0, :8, 4:] = 2
    >>> found = frequent_windows(labels)
    >>> found.distinct, found.shares.round(3).tolist()
    (3, [0.833, 0.083, 0.083])
    >>> bool(found.patterns[0].any())
    False
    """
    if count < 0:
        raise InvalidArgumentError(f"count must not be negative, not {count!r}")
    return count_windows([labels_zyx], window).most_frequent(count)


def _count(
    labels: npt.NDArray[Any], height: int, width: int
) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.intp]]:
    codes = np.concatenate([_codes(boundary_map(s), height, width).ravel() for s in labels])
    return np.unique(codes, return_counts=True)


def _codes(boundary: npt.NDArray[np.bool_], height: int, width: int) -> npt.NDArray[np.uint64]:
    """Pack the voxels of each window of a slice, in raster order, into one number."""
    ny, nx = boundary.shape
    padded = np.pad(boundary, ((0, -ny % height), (0, -nx % width)))
    codes = np.zeros((padded.shape[0] // height, padded.shape[1] // width), np.uint64)
    for y in range(height):
        for x in range(width):
            codes |= padded[y::height, x::width].astype(np.uint64) << np.uint64(y * width + x)
    return codes
