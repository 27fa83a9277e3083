"""The windows of the boundary maps: few patterns make up nearly everything."""

from __future__ import annotations

from typing import NamedTuple

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
    labels = check_labels(labels_zyx, 3, empty=False)
    height, width = window
    if height < 1 or width < 1 or height * width > 64:
        raise InvalidArgumentError(f"a window must have 1 to 64 voxels, not {window!r}")
    if count < 0:
        raise InvalidArgumentError(f"count must not be negative, not {count!r}")
    codes = np.concatenate([_codes(boundary_map(s), height, width).ravel() for s in labels])
    distinct, frequency = np.unique(codes, return_counts=True)
    best = np.argsort(-frequency, kind="stable")[:count]
    bit = np.arange(height * width, dtype=np.uint64)
    patterns = distinct[best, None] >> bit & np.uint64(1)
    return FrequentWindows(
        patterns.astype(np.bool_).reshape(-1, height, width),
        frequency[best] / len(codes),
        len(distinct),
    )


def _codes(boundary: npt.NDArray[np.bool_], height: int, width: int) -> npt.NDArray[np.uint64]:
    """Pack the voxels of each window of a slice, in raster order, into one number."""
    ny, nx = boundary.shape
    padded = np.pad(boundary, ((0, -ny % height), (0, -nx % width)))
    codes = np.zeros((padded.shape[0] // height, padded.shape[1] // width), np.uint64)
    for y in range(height):
        for x in range(width):
            codes |= padded[y::height, x::width].astype(np.uint64) << np.uint64(y * width + x)
    return codes
