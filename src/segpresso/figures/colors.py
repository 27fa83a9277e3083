"""A colour for every label, the same one in every picture."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from segpresso.figures._labels import check_labels

_BACKGROUND = (22, 24, 31)

# Oklab to linear sRGB: https://bottosson.github.io/posts/oklab/
_LAB_TO_CUBE_ROOTS = np.array(
    [
        [1.0, 0.3963377774, 0.2158037573],
        [1.0, -0.1055613458, -0.0638541728],
        [1.0, -0.0894841775, -1.2914855480],
    ]
)
_CONES_TO_RGB = np.array(
    [
        [4.0767416621, -3.3077115913, 0.2309699292],
        [-1.2684380046, 2.6097574011, -0.3413193965],
        [-0.0041960863, -0.7034186147, 1.7076147010],
    ]
)


def colorize(labels_2d: npt.ArrayLike, seed: int = 0) -> npt.NDArray[np.uint8]:
    """Paint a slice, each label in a colour of its own.

    Colours are hashes of the labels, so a label keeps its colour from slice to slice and from
    volume to volume. They are drawn in Oklab, where equal steps look equal: hues differ, while
    no segment glares and none sinks into the dark background.

    Parameters
    ----------
    labels_2d : array-like of bool or integers, shape (y, x)
        One slice; 0 is background.
    seed : int
        Another seed gives other colours.

    Returns
    -------
    ndarray of uint8, shape (y, x, 3)
        Red, green and blue (sRGB).

    Raises
    ------
    InvalidArgumentError
        If the labels are not bool or integers, or have not two axes.

    Examples
    --------
    >>> colorize([[0, 7, 7]]).tolist()[0][0]
    [22, 24, 31]
    >>> bool((colorize([[0, 7, 7]])[0, 2] == colorize([[7]])[0, 0]).all())
    True
    """
    labels = check_labels(labels_2d, 2)
    distinct, inverse = np.unique(labels, return_inverse=True)
    palette = _colors(_hash(distinct.astype(np.uint64), seed))
    palette[distinct == 0] = _BACKGROUND
    return palette[inverse.reshape(labels.shape)]


def _hash(values: npt.NDArray[np.uint64], seed: int) -> npt.NDArray[np.uint64]:
    """Spread the bits of a label over 64 (SplitMix64)."""
    h = values + np.array(seed * 0x9E3779B97F4A7C15 + 0x9E3779B97F4A7C15 & (1 << 64) - 1, np.uint64)
    h = (h ^ (h >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    h = (h ^ (h >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return h ^ (h >> np.uint64(31))


def _colors(hashes: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint8]:
    """Turn hashes (n,) into colours (n, 3) of any hue, middling lightness and some chroma."""
    part = [(hashes >> np.uint64(s) & np.uint64(0xFFFF)) / 65536.0 for s in (0, 16, 32)]
    hue, lightness, chroma = 2 * np.pi * part[0], 0.58 + 0.28 * part[1], 0.06 + 0.08 * part[2]
    lab = np.stack([lightness, chroma * np.cos(hue), chroma * np.sin(hue)], axis=1)
    linear = (lab @ _LAB_TO_CUBE_ROOTS.T) ** 3 @ _CONES_TO_RGB.T
    linear = np.clip(linear, 0.0, 1.0)
    srgb = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    rgb: npt.NDArray[np.uint8] = np.rint(255 * srgb).astype(np.uint8)
    return rgb
