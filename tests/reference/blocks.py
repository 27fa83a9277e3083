"""Made-up blocks whose coded structures are frozen in tests/vectors/native-*."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def cells(shape: tuple[int, int, int], number: int) -> NDArray[np.int64]:
    """Give each voxel the nearest of some points that a linear congruence scatters."""
    z, y, x = np.indices(shape)
    best = np.full(shape, 1 << 40)
    result = np.zeros(shape, np.int64)
    state = 1
    for label in range(number):
        point = []
        for size in shape:
            state = (state * 1103515245 + 12345) % (1 << 31)
            point.append((state >> 8) % size)
        distance = (z - point[0]) ** 2 + (y - point[1]) ** 2 + (x - point[2]) ** 2
        result[distance < best] = label
        best = np.minimum(best, distance)
    return result


def noise(shape: tuple[int, int, int], labels: int) -> NDArray[np.int64]:
    """Scramble the voxels' numbers."""
    n = np.arange(np.prod(shape)).reshape(shape)
    return (n * 2654435761 >> 13) % 97 % labels


def framed(volume: NDArray[np.int64]) -> NDArray[np.int64]:
    """Put voxels of one label around it, so that even noise does not pack smaller."""
    return np.pad(volume, ((0, 1), (5, 19), (7, 20)))


def boxes() -> NDArray[np.int64]:
    """Long runs, a repeated slice and far places."""
    volume = np.zeros((6, 20, 400), np.int64)
    volume[2:, 3:9, 20:350] = 1
    volume[4:] = volume[3]
    volume[5, 0, 399] = 7
    return volume


def islands() -> NDArray[np.int64]:
    """Long runs with another label inside in every other slice, and an object that stays."""
    volume = np.zeros((5, 12, 300), np.int64)
    volume[:, 2:11, 20:30] = 1
    volume[1::2, 4:9, 100:140] = 2
    volume[3, 4:9, 160:165] = 3
    return volume


BLOCKS = {
    "cells": cells((9, 40, 50), 40),
    "few-cells": cells((12, 30, 70), 6),
    "noise": framed(noise((3, 12, 33), 5)),
    "many": framed(noise((2, 9, 70), 97)),
    "boxes": boxes(),
    "islands": islands(),
    "new-labels": cells((5, 30, 30), 15) + 20 * np.arange(5)[:, None, None],
}


def numbered(labels: NDArray[np.int64]) -> NDArray[np.uint16]:
    """Number labels by first appearance."""
    _, first, inverse = np.unique(labels, return_index=True, return_inverse=True)
    number = np.empty(len(first), np.uint16)
    number[np.argsort(first)] = np.arange(len(first))
    return number[inverse].reshape(labels.shape)
