"""A made-up label volume that looks, and compresses, like segmented brain tissue.

Space is bent by smooth noise and then shared out among *seeds*, balls of given centre and
radius: a place belongs to the ball whose surface is nearest (an additively weighted Voronoi
diagram). The balls are strung along winding lines that grow where there is room: a few cell
bodies with their dendrites, dendrites with spines, then ever thinner axons. All balls of one
neurite share a label, so that the boundaries come out curved, wide profiles round and narrow
ones squeezed between them. Fine noise that is new in every slice frays the outlines, as
automatic segmentation does, and where two segments are equally near it opens thin gaps of
background. Slices are 2.5 times as thick as a pixel is wide.

Refining blocks from the whole volume down to 2 x 4 x 4 voxels, and dropping at each step the
seeds too far away to win, makes the work proportional to the area of the boundaries. Only
operations that IEEE 754 rounds exactly are used, and PCG64's raw bits: the labels are the same
on every machine.

Against an automatic segmentation of mouse cortex (512 x 512 x 512, 16 x 16 x 40 nm), in
fractions of neighbours that differ and bits per voxel:

==============================  ======  ======================  ======================
..                              cortex  neuropil(64, 512, 512)  neuropil(64, 256, 256)
==============================  ======  ======================  ======================
neighbours in x that differ     0.037   0.036                   0.034
neighbours in y                 0.048   0.039                   0.039
neighbours in z                 0.097   0.089                   0.083
background                      0.008   0.007                   0.007
segments in a slice             240     193                     57
compresso 3.3                   0.655   0.637                   0.627
compresso 3.3, then xz          0.214   0.206                   0.207
crackle-codec 0.55              0.275   0.268                   0.225
crackle-codec 0.55, order 5     0.227   0.223                   0.182
==============================  ======  ======================  ======================

The streams are ``compresso.compress(labels.T, steps=(4, 4, 1))`` and
``crackle.compress(labels.T, markov_model_order=0 or 5)``; the seed is 0. Like crops of the real
volume, other seeds differ from this one by up to a third.
"""

from __future__ import annotations

import itertools
import math
import operator
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from segpresso.errors import InvalidArgumentError

__all__ = ["neuropil"]

_Floats: TypeAlias = npt.NDArray[np.float32]
_Doubles: TypeAlias = npt.NDArray[np.float64]
_Indices: TypeAlias = npt.NDArray[np.int64]
_Booleans: TypeAlias = npt.NDArray[np.bool_]

_SLICE_THICKNESS = 2.5  # a slice is 40 nm thick, a pixel 16 nm wide: lengths are in pixels
_MARGIN = 24.0  # neurites are also placed this far outside, or the faces would look cut
_CELL = 4.0  # pixels per cell of the grid that tells which space is taken

_WARP_PERIOD = 64  # lattice points; one is 1 slice by 2 x 2 voxels
_WARP_OCTAVES = ((32, 14.0), (16, 7.0), (8, 3.0), (4, 0.8))  # (wavelength in points, pixels)
_WARP_STRETCH = 1.25  # by how much the warp lengthens distances, nearly everywhere
_ROUGHNESS = 0.8  # pixels by which a segment's outline strays from the smooth surface
_GAP = 1.2  # widest gap, in pixels of score difference, that becomes background
_PAIRS_AT_ONCE = 1 << 19  # (block, seed) pairs refined together: bounds the memory


def neuropil(shape: tuple[int, int, int] = (64, 256, 256), seed: int = 0) -> npt.NDArray[np.uint32]:
    """Make a volume of labels that resembles segmented cortex.

    Parameters
    ----------
    shape : tuple of int
        Voxels along (z, y, x), x being the fastest axis; any of them may be 0.
    seed : int
        Which volume to make, 0 or greater. The same seed gives the same volume on every
        machine; volumes of different shape are not crops of one another.

    Returns
    -------
    ndarray of uint32, shape (z, y, x)
        Sparse labels of up to eight digits; 0 is background.

    Raises
    ------
    InvalidArgumentError
        If `shape` has not three numbers or one is negative, or `seed` is negative.

    Notes
    -----
    Takes time in proportion to the voxels, about 0.4 s per million, and three times the memory
    of the result.

    Examples
    --------
    >>> labels = neuropil((16, 64, 64))
    >>> labels.shape, labels.dtype
    ((16, 64, 64), dtype('uint32'))
    >>> bool((labels == neuropil((16, 64, 64), seed=0)).all())
    True
    """
    if len(shape) != 3:
        raise InvalidArgumentError(f"shape must be (z, y, x), not {shape!r}")
    nz, ny, nx = (operator.index(n) for n in shape)
    if min(nz, ny, nx) < 0:
        raise InvalidArgumentError(f"shape must not be negative, not {shape!r}")
    if operator.index(seed) < 0:
        raise InvalidArgumentError(f"seed must not be negative, not {seed!r}")
    if min(nz, ny, nx) == 0:
        return np.zeros((nz, ny, nx), np.uint32)
    random = _Random(seed)
    texture = _Texture.make(random)
    tissue = _Tissue(random, (nz, ny, nx))
    tissue.grow()
    return _draw(tissue.seeds(), texture, (nz, ny, nx))


class _Random:
    """Uniform numbers straight from PCG64's bits, which numpy promises never to change."""

    def __init__(self, seed: int) -> None:
        self._bits = np.random.PCG64(seed)

    def uniform(self, *shape: int) -> _Doubles:
        """Numbers in [0, 1)."""
        raw = np.asarray(self._bits.random_raw(math.prod(shape)), np.uint64)
        return ((raw >> np.uint64(11)).astype(np.float64) * 2.0**-53).reshape(shape)

    def between(self, low: float, high: float) -> float:
        return low + (high - low) * float(self.uniform(1)[0])

    def bell(self, *shape: int) -> _Doubles:
        """Nearly normal numbers of variance 1, without the logarithms that differ by machine."""
        u = self.uniform(4, *shape)
        bell: _Doubles = (u[0] + u[1] + u[2] + u[3] - 2.0) * math.sqrt(3.0)
        return bell


def _unit(vectors: _Doubles) -> _Doubles:
    z, y, x = vectors[..., 0], vectors[..., 1], vectors[..., 2]
    unit: _Doubles = vectors / (np.sqrt(z * z + y * y + x * x) + 1e-9)[..., None]
    return unit


@dataclass(frozen=True)
class _Texture:
    """Noise in periodic tiles: how space is bent, how outlines fray, where gaps open."""

    warp: _Floats  # (point z, y, x, axis), pixels
    rough: _Floats  # (z, y, x), within -1 to 1
    gap: _Floats  # (z, y, x), pixels of score difference

    @classmethod
    def make(cls, random: _Random) -> _Texture:
        n = _WARP_PERIOD
        warp = np.zeros((n, n, n, 3))
        for wavelength, amplitude in _WARP_OCTAVES:
            for axis in range(3):
                shape = (n // wavelength,) * 3
                warp[..., axis] += amplitude * _smooth_noise(random, shape, (wavelength,) * 3)
        rough = 0.65 * _smooth_noise(random, (32, 16, 16), (1, 4, 4))
        rough += 0.35 * _smooth_noise(random, (32, 32, 32), (1, 2, 2))
        gap = _smooth_noise(random, (16, 8, 8), (2, 8, 8)) - 0.43
        gap += 0.5 * _smooth_noise(random, (32, 64, 64), (1, 1, 1))
        gap = _GAP * np.minimum(1.0, 2.0 * gap)
        return cls(warp.astype(np.float32), rough.astype(np.float32), gap.astype(np.float32))


def _smooth_noise(
    random: _Random, shape: tuple[int, int, int], factors: tuple[int, int, int]
) -> _Doubles:
    """Value noise within -1 to 1, periodic, `shape` random values upsampled by `factors`."""
    noise = 2.0 * random.uniform(*shape) - 1.0
    for axis, factor in enumerate(factors):
        t = np.arange(factor) / factor
        weight = np.tile(t * t * (3.0 - 2.0 * t), noise.shape[axis])
        weight = weight.reshape([-1 if a == axis else 1 for a in range(3)])
        here = np.repeat(noise, factor, axis)
        there = np.repeat(np.roll(noise, -1, axis), factor, axis)
        noise = here + (there - here) * weight
    return noise


@dataclass(frozen=True)
class _Seeds:
    """Balls whose weighted Voronoi cells, joined by label, are the segments."""

    centre: _Floats  # (seed, axis), pixels
    radius: _Floats  # (seed,)
    segment: _Indices  # (seed,), ascending from 0
    label: npt.NDArray[np.uint32]  # (segment,)
    roughness: _Floats  # (segment,)


@dataclass
class _Tissue:
    """Cell bodies, dendrites with spines and axons, grown where there is room."""

    random: _Random
    shape: tuple[int, int, int]
    _centres: list[_Doubles] = field(default_factory=list)
    _radii: list[_Doubles] = field(default_factory=list)
    _segments: int = 0
    _lengths: list[tuple[int, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.size = np.array(self.shape) * (_SLICE_THICKNESS, 1.0, 1.0) + 2 * _MARGIN
        cells = np.ceil(self.size / _CELL).astype(np.int64)
        self.taken = np.zeros(tuple(cells), np.bool_)
        self.volume = float(self.size[0] * self.size[1] * self.size[2])

    def grow(self) -> None:
        """Thick things first: what is thin finds its way between them."""
        for _ in range(round(self.volume / 18e6)):
            self._cell_body()
        for _ in range(round(self.volume / 4e5)):
            radius = self.random.between(14, 28)
            self._dendrite(self._somewhere(), None, radius, self._segments)
        for thick, thin, room in ((14.0, 9.0, 2.0e5), (10.0, 6.0, 6e4), (6.0, 3.0, 5e4)):
            for _ in range(round(self.volume / room)):
                length = self.random.between(150, 700)
                radius = self.random.between(thin, thick)
                path, radii = self._path(self._somewhere(), None, length, radius)
                self._claim(path, radii, self._segments, shortest=55.0)

    def seeds(self) -> _Seeds:
        """Everything grown so far, sorted by segment, with labels drawn at random."""
        random = self.random
        # Luck may leave a tiny volume without any: one segment then fills it.
        if not self._centres:
            self._add(self.size[None] / 2, np.array([10.0]), 0)
        segment = np.concatenate([np.full(n, s) for s, n in self._lengths])
        order = np.argsort(segment, kind="stable")
        segment = np.unique(segment[order], return_inverse=True)[1]
        count = int(segment[-1]) + 1
        step = max(1, 97_000_000 // count)
        label = 900_000 + np.arange(count) * step + (random.uniform(count) * step).astype(np.int64)
        label = label[np.argsort(random.uniform(count), kind="stable")]
        return _Seeds(
            centre=(np.concatenate(self._centres)[order] - _MARGIN).astype(np.float32),
            radius=np.concatenate(self._radii)[order].astype(np.float32),
            segment=segment.astype(np.int64),
            label=label.astype(np.uint32),
            roughness=(_ROUGHNESS * (2 * random.uniform(count) - 1)).astype(np.float32),
        )

    def _somewhere(self) -> _Doubles:
        return self.random.uniform(3) * self.size

    def _cell_body(self) -> None:
        segment = self._segments
        radius = self.random.between(55, 80)
        start = self._somewhere()
        path, radii = self._path(start, None, 1.2 * radius, radius, step=0.3)
        if not self._claim(path, radii, segment, shortest=0.5 * radius):
            return
        for _ in range(4):
            direction = _unit(self.random.bell(3))
            self._dendrite(
                start + radius * direction, direction, self.random.between(12, 20), segment
            )

    def _dendrite(
        self,
        start: _Doubles,
        direction: _Doubles | None,
        radius: float,
        segment: int,
    ) -> None:
        length = self.random.between(200, 700)
        path, radii = self._path(start, direction, length, radius)
        kept = self._claim(path, radii, segment, shortest=3 * radius)
        for _ in range(int(kept / 70.0)):
            point = int(self.random.between(0, len(path)))
            self._spine(path[point], float(radii[point]), segment)

    def _spine(self, root: _Doubles, radius: float, segment: int) -> None:
        direction = _unit(self.random.bell(3))
        reach = radius + self.random.between(8, 24)
        t = radius + 3.0 * np.arange(max(3, int((reach - radius) / 3.0)))
        path = root + t[:, None] * direction
        radii = np.full(len(t), 3.0)
        radii[-2:] = self.random.between(5, 9)
        self._claim(path, radii, segment, shortest=6.0)

    def _path(
        self,
        start: _Doubles,
        direction: _Doubles | None,
        length: float,
        radius: float,
        step: float = 0.7,
    ) -> tuple[_Doubles, _Doubles]:
        """Draw a winding line from `start`, or through it where no direction is given."""
        pace = max(3.0, step * radius)
        n = max(2, int(length / pace))
        turns = 0.4 * math.sqrt(pace / (radius + 12.0)) * self.random.bell(n, 3)
        first = self.random.bell(3) * (0.9, 0.8, 1.8) if direction is None else 1.7 * direction
        steps = pace * _unit(first + np.cumsum(turns, axis=0))
        path = np.cumsum(steps, axis=0)
        path += start - (path[n // 2] if direction is None else path[0])
        knots = self.random.uniform(n // 4 + 2)
        at = np.arange(n) / 4.0
        low = at.astype(np.int64)
        t = at - low
        swell = knots[low] + (knots[low + 1] - knots[low]) * t * t * (3 - 2 * t)
        return path, radius * (0.65 + 0.7 * swell)

    def _claim(
        self,
        path: _Doubles,
        radii: _Doubles,
        segment: int,
        shortest: float,
    ) -> float:
        """Keep the longest free stretch of a path; returns its length, 0 if it is too short."""
        free = self._is_free(path, radii)
        edges = np.flatnonzero(np.diff(free.astype(np.int8), prepend=0, append=0))
        if len(edges) == 0:
            return 0.0
        begins, ends = edges[::2], edges[1::2]
        best = int(np.argmax(ends - begins))
        begin, end = int(begins[best]), int(ends[best])
        z, y, x = (path[1] - path[0]).tolist()
        length = (end - begin) * math.sqrt(z * z + y * y + x * x)
        if length < shortest:
            return 0.0
        self._add(path[begin:end], radii[begin:end], segment)
        return length

    def _is_free(self, path: _Doubles, radii: _Doubles) -> _Booleans:
        """Whether the middle of each ball and six points near its surface are untaken."""
        reach = 0.4 * radii[:, None]
        free = np.asarray(((path >= 0) & (path < self.size)).all(axis=1), np.bool_)
        for offset in (*np.eye(3), *-np.eye(3), np.zeros(3)):
            cell = ((path + reach * offset) / _CELL).astype(np.int64)
            cell = np.clip(cell, 0, np.array(self.taken.shape) - 1)
            free &= ~self.taken[cell[:, 0], cell[:, 1], cell[:, 2]]
        return free

    def _add(self, path: _Doubles, radii: _Doubles, segment: int) -> None:
        self._centres.append(path)
        self._radii.append(radii)
        self._lengths.append((segment, len(path)))
        self._segments = max(self._segments, segment + 1)
        reach = int(radii.max() / _CELL) + 1
        ball = np.stack(np.meshgrid(*[np.arange(-reach, reach + 1)] * 3, indexing="ij"), -1)
        ball = ball.reshape(-1, 3)
        distance = (ball * ball).sum(axis=1) * _CELL * _CELL
        limit = np.array(self.taken.shape) - 1
        cells = (path / _CELL).astype(np.int64)
        for cell, radius in zip(cells, radii, strict=True):
            here = np.clip(cell + ball[distance <= radius * radius], 0, limit)
            self.taken[here[:, 0], here[:, 1], here[:, 2]] = True


@dataclass(frozen=True)
class _Blocks:
    """Blocks of one size, and for each the seeds that may own a voxel of it.

    A block of size s is s // 2 slices of s x s voxels. Block b may belong to
    ``seed[first[b]:first[b + 1]]``, ascending, hence grouped by segment.
    """

    size: int
    origin: _Indices  # (block, axis), voxels
    first: _Indices  # (block + 1,)
    seed: _Indices  # (pair,)

    def owner(self) -> _Indices:
        """Tell the block of each pair."""
        return np.repeat(np.arange(len(self.origin)), np.diff(self.first))

    def select(self, keep: _Booleans) -> _Blocks:
        """Only some blocks, with their pairs."""
        counts = np.diff(self.first)
        pairs = np.repeat(keep, counts)
        return _Blocks(self.size, self.origin[keep], _starts(counts[keep]), self.seed[pairs])

    def children(self, shape: tuple[int, int, int]) -> _Blocks:
        """Halve every block along each axis, less those outside the volume."""
        half = self.size // 2
        corner = np.array([(z, y, x) for z in (0, 1) for y in (0, 1) for x in (0, 1)])
        origin = (self.origin[:, None] + corner * np.array([half // 2, half, half])).reshape(-1, 3)
        parent = np.repeat(np.arange(len(self.origin)), 8)
        inside = (origin < shape).all(axis=1)
        origin, parent = origin[inside], parent[inside]
        counts = np.diff(self.first)[parent]
        first = _starts(counts)
        pair = np.arange(first[-1]) + np.repeat(self.first[parent] - first[:-1], counts)
        return _Blocks(half, origin, first, self.seed[pair])

    def parts(self) -> Iterator[_Blocks]:
        """Deal out the same blocks in portions of bounded work."""
        cuts = np.unique(np.searchsorted(self.first, np.arange(0, self.first[-1], _PAIRS_AT_ONCE)))
        cuts = np.unique(np.append(cuts, [0, len(self.origin)]))
        for a, b in itertools.pairwise(cuts.tolist()):
            pairs = slice(self.first[a], self.first[b])
            yield _Blocks(
                self.size, self.origin[a:b], self.first[a : b + 1] - self.first[a], self.seed[pairs]
            )


def _starts(counts: _Indices) -> _Indices:
    return np.concatenate(([0], np.cumsum(counts)))


def _draw(seeds: _Seeds, texture: _Texture, shape: tuple[int, int, int]) -> npt.NDArray[np.uint32]:
    nz, ny, nx = shape
    padded = np.zeros((-(-nz // 2) * 2, -(-ny // 4) * 4, -(-nx // 4) * 4), np.uint32)
    size = 8
    while size < max(2 * nz, ny, nx):
        size *= 2
    everything = np.arange(len(seeds.radius))
    root = _Blocks(size, np.zeros((1, 3), np.int64), np.array([0, len(everything)]), everything)
    todo = [root]
    while todo:
        blocks = _prune(todo.pop(), seeds, texture)
        segment = seeds.segment[blocks.seed]
        first_segment = segment[blocks.first[:-1]]
        uniform = first_segment == segment[blocks.first[1:] - 1]
        _fill(padded, blocks.origin[uniform], blocks.size, seeds.label[first_segment[uniform]])
        mixed = blocks.select(~uniform)
        if len(mixed.origin) == 0:
            continue
        if mixed.size == 4:
            _fill_mixed(padded, mixed, seeds, texture)
        else:
            todo.extend(mixed.children(shape).parts())
    return np.ascontiguousarray(padded[:nz, :ny, :nx])


def _warped(texture: _Texture, voxel: _Indices) -> _Floats:
    """Where voxels (..., axis) lie in the unbent space, in pixels."""
    point = voxel // (1, 2, 2) % _WARP_PERIOD
    position = voxel.astype(np.float32) * np.array([_SLICE_THICKNESS, 1, 1], np.float32)
    bent: _Floats = position + texture.warp[point[..., 0], point[..., 1], point[..., 2]]
    return bent


def _score(position: _Floats, centre: _Floats, radius: _Floats) -> _Floats:
    """Distance to a ball's surface, negative inside; the least score owns the place."""
    d = position - centre
    z, y, x = d[..., 0], d[..., 1], d[..., 2]
    score: _Floats = np.sqrt(z * z + y * y + x * x) - radius
    return score


def _prune(blocks: _Blocks, seeds: _Seeds, texture: _Texture) -> _Blocks:
    """Drop the seeds that cannot win anywhere in their block."""
    half = blocks.size // 2
    offset = np.array([half // 2, half, half])
    reach = math.sqrt((_SLICE_THICKNESS * (half // 2)) ** 2 + 2 * half**2) * _WARP_STRETCH
    owner = blocks.owner()
    middle = _warped(texture, blocks.origin + offset)[owner]
    score = _score(middle, seeds.centre[blocks.seed], seeds.radius[blocks.seed])
    best = np.minimum.reduceat(score, blocks.first[:-1])
    keep = score <= best[owner] + np.float32(2 * reach + 2 * _ROUGHNESS + _GAP)
    counts = np.bincount(owner[keep], minlength=len(blocks.origin))
    return _Blocks(blocks.size, blocks.origin, _starts(counts), blocks.seed[keep])


def _fill(
    padded: npt.NDArray[np.uint32], origin: _Indices, size: int, label: npt.NDArray[np.uint32]
) -> None:
    if size == 4:
        _tiles(padded)[origin[:, 0] // 2, :, origin[:, 1] // 4, :, origin[:, 2] // 4] = label[
            :, None, None, None
        ]
        return
    for (z, y, x), value in zip(origin.tolist(), label.tolist(), strict=True):
        padded[z : z + size // 2, y : y + size, x : x + size] = value


def _tiles(padded: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint32]:
    nz, ny, nx = padded.shape
    return padded.reshape(nz // 2, 2, ny // 4, 4, nx // 4, 4)


def _fill_mixed(
    padded: npt.NDArray[np.uint32], blocks: _Blocks, seeds: _Seeds, texture: _Texture
) -> None:
    """Blocks of 2 x 4 x 4 voxels: scores at the corners, interpolated to the voxels."""
    corner = np.array([(z, y, x) for z in (0, 2) for y in (0, 4) for x in (0, 4)])
    owner = blocks.owner()
    position = _warped(texture, blocks.origin[:, None] + corner)
    centre, radius = seeds.centre[blocks.seed], seeds.radius[blocks.seed]
    score = _score(position[owner], centre[:, None], radius[:, None])

    segment = seeds.segment[blocks.seed]
    new = np.append(True, (segment[1:] != segment[:-1]) | (owner[1:] != owner[:-1]))
    score = np.minimum.reduceat(score, np.flatnonzero(new), axis=0)
    segment, owner = segment[new], owner[new]
    first = np.searchsorted(owner, np.arange(len(blocks.origin)))

    voxel = np.array([(z, y, x) for z in range(2) for y in range(4) for x in range(4)])
    z, y, x = np.moveaxis(blocks.origin[:, None] + voxel, -1, 0)
    place = (z % 32 * 64 + y % 64) * 64 + x % 64
    fine = _interpolate(score)
    fine += seeds.roughness[segment][:, None] * texture.rough.reshape(-1)[place][owner]
    # The segment rides in the low bits of its score, so that one minimum finds both.
    key = ((fine * np.float32(1024)).astype(np.int64) << 32) | segment[:, None]
    best = np.minimum.reduceat(key, first, axis=0)
    key[key == best[owner]] = np.iinfo(np.int64).max
    second = np.minimum.reduceat(key, first, axis=0)
    label = seeds.label[best & 0xFFFFFFFF]
    distance = (second >> 32) - (best >> 32)
    label[distance < texture.gap.reshape(-1)[place] * 1024] = 0
    o = blocks.origin
    _tiles(padded)[o[:, 0] // 2, :, o[:, 1] // 4, :, o[:, 2] // 4] = label.reshape(-1, 2, 4, 4)


def _interpolate(corners: _Floats) -> _Floats:
    """(n, 8) scores at the corners of blocks to (n, 32) at their voxels."""
    s = corners.reshape(-1, 2, 2, 2)
    t = np.arange(4, dtype=np.float32) / np.float32(4)
    s = s[..., :1] + (s[..., 1:] - s[..., :1]) * t
    s = s[:, :, :1] + (s[:, :, 1:] - s[:, :, :1]) * t[:, None]
    t = np.arange(2, dtype=np.float32)[:, None, None] / np.float32(2)
    s = s[:, :1] + (s[:, 1:] - s[:, :1]) * t
    return s.reshape(-1, 32)
