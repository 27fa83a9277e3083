"""What the functions of this package accept as labels."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from segpresso.errors import InvalidArgumentError


def check_labels(labels: npt.ArrayLike, ndim: int, *, empty: bool = True) -> npt.NDArray[Any]:
    """Return labels as an array after checking that they can be shown.

    Parameters
    ----------
    labels : array-like of bool or integers
        What the caller gave.
    ndim : int
        How many axes it must have: 2 for a slice, 3 for a volume.
    empty : bool
        Whether it may have no voxels.

    Raises
    ------
    InvalidArgumentError
        If it is of another type or has another number of axes, or none of the voxels needed.

    Examples
    --------
    >>> check_labels([[1, 2]], 2).shape
    (1, 2)
    """
    array = np.asarray(labels)
    if array.dtype.kind not in "biu":
        raise InvalidArgumentError(f"labels must be bool or integers, not {array.dtype}")
    if array.ndim != ndim:
        axes = {2: "(y, x)", 3: "(z, y, x)"}[ndim]
        raise InvalidArgumentError(f"labels must have axes {axes}, not shape {array.shape}")
    if not empty and array.size == 0:
        raise InvalidArgumentError(f"there is nothing to show in labels of shape {array.shape}")
    return array
