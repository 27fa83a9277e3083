"""Black-and-grey pictures of masks, one or many of them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

#: Colours (red, green, blue) of what is marked, captions included, and of what is not.
INK = (31, 35, 40)
_TILE = (236, 239, 243)


def mosaic(
    patterns: npt.NDArray[np.bool_], pixels: int, side: int, gap: int = 3
) -> npt.NDArray[np.uint8]:
    """Draw patterns as a square of tiles in reading order.

    Parameters
    ----------
    patterns : ndarray of bool, shape (n, y, x)
        At most ``side * side`` patterns.
    pixels : int
        Height and width of the picture.
    side : int
        Tiles in a row.
    gap : int
        Least distance of tiles.

    Returns
    -------
    ndarray of uint8, shape (pixels, pixels, 3)

    Examples
    --------
    >>> mosaic(np.zeros((3, 8, 8), bool), 64, 2).shape
    (64, 64, 3)
    """
    edge = patterns.shape[1]
    zoom = int((pixels / side - gap) / edge)
    image = np.full((pixels, pixels, 3), 255, np.uint8)
    for i, pattern in enumerate(patterns):
        row, column = divmod(i, side)
        y, x = (round(k * (pixels - zoom * edge) / (side - 1)) for k in (row, column))
        tile = np.repeat(np.repeat(pattern, zoom, axis=0), zoom, axis=1)
        image[y : y + zoom * edge, x : x + zoom * edge] = black_on_grey(tile)
    return image


def black_on_grey(mask: npt.NDArray[np.bool_]) -> npt.NDArray[np.uint8]:
    """Draw a mask of any shape; colours are on a new last axis.

    Examples
    --------
    >>> black_on_grey(np.array([True]))
    array([[31, 35, 40]], dtype=uint8)
    """
    return np.array([_TILE, INK], np.uint8)[mask.astype(np.intp)]
