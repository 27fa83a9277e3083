"""Compresso's boundary map of a slice."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from segpresso.figures._labels import check_labels


def boundary_map(labels_2d: npt.ArrayLike) -> npt.NDArray[np.bool_]:
    """Mark the voxels at which a segment ends.

    Parameters
    ----------
    labels_2d : array-like of bool or integers, shape (y, x)
        One slice.

    Returns
    -------
    ndarray of bool, shape (y, x)
        True where the label differs from that of the next voxel along x or along y. The last
        column and the last row have no such neighbour.

    Raises
    ------
    InvalidArgumentError
        If the labels are not bool or integers, or have not two axes.

    References
    ----------
    Matejek et al., "Compresso: Efficient Compression of Segmentation Data For Connectomics",
    MICCAI 2017, section 2.

    Examples
    --------
    >>> boundary_map([[1, 1, 2], [1, 3, 2]]).astype(int)
    array([[0, 1, 0],
           [1, 1, 0]])
    """
    labels = check_labels(labels_2d, 2)
    boundary = np.zeros(labels.shape, np.bool_)
    boundary[:, :-1] = labels[:, 1:] != labels[:, :-1]
    boundary[:-1] |= labels[1:] != labels[:-1]
    return boundary
