"""Slow decoders in plain numpy, written from the formats' descriptions and not from the core."""

from __future__ import annotations

import struct
from collections import deque
from collections.abc import Iterator
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt

MASK64 = (1 << 64) - 1
CPSO_HEADER = struct.Struct("<4sBBHHHBBBQIQB")
NEIGHBOURS = ((0, 0, -1), (0, 0, 1), (0, -1, 0), (0, 1, 0), (-1, 0, 0), (1, 0, 0))

Zyx = tuple[int, int, int]


def unpack_windows(values: npt.NDArray[Any], shape: Zyx, window: Zyx) -> npt.NDArray[np.bool_]:
    """Boundary map (z, y, x) of window values in raster order."""
    grid = [-(-size // step) for size, step in zip(shape, window, strict=True)]
    voxels = int(np.prod(window))
    bits = values.astype(np.uint64)[:, None] >> np.arange(voxels, dtype=np.uint64) & np.uint64(1)
    boxes = bits.reshape(*grid, *window).transpose(0, 3, 1, 4, 2, 5)
    whole = boxes.reshape([count * step for count, step in zip(grid, window, strict=True)])
    return whole[: shape[0], : shape[1], : shape[2]].astype(bool)


def components(boundary: npt.NDArray[np.bool_], connectivity: int) -> npt.NDArray[np.int64]:
    """Number non-boundary components 1, 2, ... by flood fill; per slice if 4-connected."""
    numbers = np.zeros(boundary.shape, np.int64)
    steps = NEIGHBOURS if connectivity == 6 else NEIGHBOURS[:4]
    count, slice_of_count = 0, -1
    for start in map(tuple, np.argwhere(~boundary)):
        if connectivity == 4 and start[0] != slice_of_count:
            count, slice_of_count = 0, start[0]
        if numbers[start]:
            continue
        count += 1
        numbers[start] = count
        queue = deque([start])
        while queue:
            here = queue.popleft()
            for step in steps:
                there = tuple(a + b for a, b in zip(here, step, strict=True))
                inside = all(0 <= a < n for a, n in zip(there, boundary.shape, strict=True))
                if inside and not boundary[there] and not numbers[there]:
                    numbers[there] = count
                    queue.append(there)
    return numbers


def fill_boundary(
    labels: npt.NDArray[Any],
    boundary: npt.NDArray[np.bool_],
    connectivity: int,
    locations: Iterator[int],
    first_label_word: int,
) -> None:
    """Give boundary voxels their labels, in raster order."""
    backward = ((0, 0, 1), (0, 1, 0), (1, 0, 0))[: 3 if connectivity == 6 else 2]
    for z, y, x in np.argwhere(boundary):
        for dz, dy, dx in backward:
            there = (z - dz, y - dy, x - dx)
            if min(there) >= 0 and not boundary[there]:
                labels[z, y, x] = labels[there]
                break
        else:
            word = next(locations)
            if word < 6:
                dz, dy, dx = NEIGHBOURS[word]
                labels[z, y, x] = labels[z + dz, y + dy, x + dx]
            elif word == 6 and first_label_word == 7:
                labels[z, y, x] = next(locations)
            else:
                labels[z, y, x] = (word - first_label_word) & MASK64


def expand(words: list[int], count: int, odd_is_run: bool) -> npt.NDArray[np.int64]:
    """Window indices of run-length words."""
    indices = np.zeros(count, np.int64)
    at = 0
    for word in words:
        if bool(word & 1) == odd_is_run:
            at += word >> 1
        else:
            indices[at] = word >> 1
            at += 1
    return indices


def window_count(shape: Zyx, window: Zyx) -> int:
    return int(np.prod([-(-size // step) for size, step in zip(shape, window, strict=True)]))


def decode_cpso(data: bytes) -> npt.NDArray[Any]:
    """Labels (x, y, z) of a cpso stream."""
    fields = CPSO_HEADER.unpack_from(data)
    version, width, (x, y, z), (wx, wy, wz) = fields[1], fields[2], fields[3:6], fields[6:9]
    ids, values, locations, connectivity = fields[9:]
    label_type = f"<u{width}"
    if x * y * z == 0:
        return np.zeros((x, y, z), label_type)
    voxels = wx * wy * wz
    window_width = next(w for w in (1, 2, 4, 8) if voxels <= 8 * w)
    window_type = f"<u{window_width}"
    largest = 2 * x * y
    index_width = 1 if largest < 255 else 2 if largest < 65535 else 4
    at = 36

    def take(kind: str, count: int) -> npt.NDArray[Any]:
        nonlocal at
        part = np.frombuffer(data, kind, count, at)
        at += part.nbytes
        return part

    id_list = take(label_type, ids)
    value_list = take(window_type, values)
    location_list = take(label_type, locations)
    tail = 2 * z * index_width if version == 1 else 0
    words = take(window_type, (len(data) - at - tail) // window_width).tolist()
    shape, window = (z, y, x), (wz, wy, wx)
    indices = expand(words, window_count(shape, window), odd_is_run=True)
    boundary = unpack_windows(value_list[indices], shape, window)
    numbers = components(boundary, connectivity)
    result = np.zeros(shape, label_type)
    first = 0
    for slices in [slice(None)] if connectivity == 6 else [slice(k, k + 1) for k in range(z)]:
        count = int(numbers[slices].max(initial=0))
        table = np.concatenate([np.zeros(1, label_type), id_list[first : first + count]])
        result[slices] = table[numbers[slices]]
        first += count
    fill_boundary(result, boundary, connectivity, iter(location_list.tolist()), 7)
    return result.transpose(2, 1, 0)


def decode_paper(
    shape: Zyx,
    window: Zyx,
    ids: list[int],
    values: npt.NDArray[Any],
    locations: list[int],
    indices: npt.NDArray[np.int64],
) -> npt.NDArray[np.uint64]:
    """Labels (z, y, x) of what v1 and v2 store."""
    boundary = unpack_windows(values[indices], shape, window)
    numbers = components(boundary, 4)
    result = np.zeros(shape, np.uint64)
    remaining = iter(ids)
    for z in range(shape[0]):
        found, first, inverse = np.unique(numbers[z], return_index=True, return_inverse=True)
        table = np.zeros(len(found), np.uint64)
        for component in np.argsort(first):
            table[component] = (next(remaining) - 1) & MASK64
        result[z] = table[inverse].reshape(shape[1:])
    fill_boundary(result, boundary, 4, iter(locations), 6)
    return result


def decode_miccai(data: bytes) -> npt.NDArray[np.uint64]:
    head = np.frombuffer(data, "<u8", 9).tolist()
    shape, counts, window = tuple(head[:3]), head[3:6], tuple(head[6:9])
    if 0 in shape:
        return np.zeros(shape, np.uint64)
    body = np.frombuffer(data, "<u8", sum(counts), 72)
    ids, values, locations = np.split(body, np.cumsum(counts)[:2])
    words = np.frombuffer(data, "<u4", -1, 72 + body.nbytes).tolist()
    indices = expand(words, window_count(shape, window), odd_is_run=True)
    return decode_paper(shape, window, ids.tolist(), values, locations.tolist(), indices)


def decode_v2(data: bytes) -> npt.NDArray[Any]:
    at = 0

    def take(count: int, width: int) -> list[int]:
        nonlocal at
        begin, at = at, at + count * width
        return [int.from_bytes(data[i : i + width], "little") for i in range(begin, at, width)]

    head = take(9, 8)
    widths = take(5, 1)
    shape, window = tuple(head[:3]), tuple(head[3:6])
    dtype = f"u{widths[4]}"
    if 0 in shape:
        return np.zeros(shape, dtype)
    values = np.array(take(head[6], widths[0]), np.uint64)
    ids, locations = take(head[7], widths[1]), take(head[8], widths[2])
    words = take((len(data) - at) // widths[3], widths[3])
    indices = expand(words, window_count(shape, window), odd_is_run=False)
    return decode_paper(shape, window, ids, values, locations, indices).astype(dtype)


def decode_compressed_segmentation(
    data: bytes, shape: tuple[int, ...], dtype: npt.DTypeLike, block: tuple[int, int, int]
) -> npt.NDArray[Any]:
    words = np.frombuffer(data, "<u4").tolist()
    per_label = np.dtype(dtype).itemsize // 4
    result = np.zeros(shape, dtype)
    grid = [-(-size // step) for size, step in zip(shape, block, strict=False)]
    for c in range(shape[3]):
        channel = words[words[c] :]
        for x, y, z in product(*map(range, shape[:3])):
            at = (x // block[0], y // block[1], z // block[2])
            header = 2 * (at[0] + grid[0] * (at[1] + grid[1] * at[2]))
            bits, table = channel[header] >> 24, channel[header] & 0xFFFFFF
            index = 0
            if bits:
                voxel = (
                    x % block[0] + block[0] * (y % block[1] + block[1] * (z % block[2]))
                ) * bits
                word = channel[channel[header + 1] + voxel // 32]
                index = word >> (voxel % 32) & ((1 << bits) - 1)
            label = channel[table + index * per_label]
            if per_label == 2:
                label |= channel[table + index * 2 + 1] << 32
            result[x, y, z, c] = label
    return result


def decode_block_tables(data: bytes) -> npt.NDArray[np.uint64]:
    words = np.frombuffer(data, "<u8").tolist()
    shape = tuple(words[:3])
    result = np.zeros(shape, np.uint64)
    at = 3
    for origin in product(*(range(0, size, 64) for size in shape)):
        chunk = words[at : at + words[at]]
        at += chunk[0]
        padded, real = chunk[1:4], chunk[4:7]
        grid = [size // 8 for size in padded]
        for z, y, x in product(*map(range, real)):
            block = x // 8 + grid[2] * (y // 8 + grid[1] * (z // 8))
            header = chunk[7 + block]
            table, bits, values = header >> 40, header >> 32 & 255, header & 0xFFFFFFFF
            index = 0
            if bits:
                per_word = 64 // bits
                voxel = x % 8 + 8 * (y % 8 + 8 * (z % 8))
                shift = (per_word - 1 - voxel % per_word) * bits
                index = chunk[values + voxel // per_word] >> shift & ((1 << bits) - 1)
            result[origin[0] + z, origin[1] + y, origin[2] + x] = chunk[table + index]
    return result
