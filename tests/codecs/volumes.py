"""Label volumes of every kind that the tests use."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from hypothesis import strategies as st

DTYPES = tuple(np.dtype(name) for name in ("u1", "u2", "u4", "u8"))

KINDS = (
    "constant",
    "largest",
    "all different",
    "two labels",
    "few labels",
    "noise",
    "extremes",
    "voronoi",
    "checkerboard",
    "columns",
    "slices",
    "frame",
    "sparse",
)


def volume(
    kind: str, shape: tuple[int, ...], dtype: npt.DTypeLike, seed: int = 0
) -> npt.NDArray[Any]:
    """Make a volume of a kind; `shape` may have any number of axes."""
    rng = np.random.default_rng(seed)
    dtype = np.dtype(dtype)
    top = int(np.iinfo(dtype).max)
    size = int(np.prod(shape))
    if kind == "constant":
        return np.full(shape, min(top, 4321), dtype)
    if kind == "largest":
        return np.full(shape, top - seed % 9, dtype)
    if kind == "all different":
        return (np.arange(size, dtype=np.uint64) * np.uint64(3)).astype(dtype).reshape(shape)
    if kind in ("two labels", "few labels", "noise"):
        count = {"two labels": 2, "few labels": 5, "noise": top}[kind]
        return rng.integers(0, count, shape, dtype, endpoint=kind == "noise")
    if kind == "extremes":
        return (np.uint64(top) - rng.integers(0, 12, shape).astype(np.uint64)).astype(dtype)
    if kind == "voronoi":
        return voronoi(shape, dtype, rng)
    if kind == "checkerboard":
        return (np.indices(shape).sum(axis=0) % 2 * min(top, 77777)).astype(dtype)
    if kind == "columns":
        return (np.indices(shape)[0] // 2 if shape else np.zeros(shape)).astype(dtype)
    if kind == "slices":
        return (np.indices(shape)[-1] if shape else np.zeros(shape)).astype(dtype)
    labels = np.zeros(shape, dtype)
    if kind == "frame":
        for axis in range(len(shape)):
            for side, label in ((slice(None, 1), 1), (slice(-1, None), 2)):
                labels[(slice(None),) * axis + (side,)] = label + axis
        return labels
    chosen = rng.random(shape) < 0.05
    labels[chosen] = rng.integers(1, 9, int(chosen.sum()))
    return labels


def voronoi(
    shape: tuple[int, ...], dtype: npt.DTypeLike, rng: np.random.Generator
) -> npt.NDArray[Any]:
    """Cells around a few random points, labels anywhere in the type's range."""
    top = int(np.iinfo(dtype).max)
    points = rng.random((6, len(shape))) * np.array(shape)
    cell_labels = rng.integers(0, top, 6, np.uint64, endpoint=True).astype(dtype)
    grid = np.indices(shape).reshape(len(shape), -1).T
    distances = ((grid[:, None, :] - points[None]) ** 2).sum(axis=-1)
    return cell_labels[distances.argmin(axis=1)].reshape(shape)


SHAPES = st.one_of(
    st.sampled_from([(1, 1, 1), (0, 3, 2), (3, 0, 2), (2, 3, 0), (64, 5, 1), (3, 66, 2)]),
    st.tuples(st.integers(1, 70), st.integers(1, 12), st.integers(1, 6)),
    st.tuples(st.integers(1, 9), st.integers(1, 20), st.integers(1, 20)),
)


@st.composite
def volumes(draw: st.DrawFn, dtypes: tuple[np.dtype[Any], ...] = DTYPES) -> npt.NDArray[Any]:
    """Volumes of all kinds, shapes, types and memory layouts."""
    shape = draw(SHAPES)
    labels = volume(
        draw(st.sampled_from(KINDS)),
        shape,
        draw(st.sampled_from(dtypes)),
        draw(st.integers(0, 1000)),
    )
    layout = draw(st.sampled_from(["C", "F", "reversed", "strided", "transposed"]))
    if layout == "reversed":
        return np.ascontiguousarray(labels[::-1, :, ::-1])[::-1, :, ::-1]
    if layout == "strided":
        return np.repeat(np.repeat(labels, 2, axis=0), 3, axis=2)[::2, :, ::3]
    if layout == "transposed":
        return np.ascontiguousarray(labels.transpose(1, 2, 0)).transpose(2, 0, 1)
    return np.asarray(labels, order=layout)
