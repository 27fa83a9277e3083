"""Neuroglancer "precomputed" folders: unsharded segmentations.

Source of the format: docs/neuroglancer "precomputed" volume specification. A folder has an
`info` file and one folder per scale, with one file per chunk named after the range of voxels
in it. Arrays are (x, y, z, channel), x fastest, in the chunks and (channel, z, y, x) here.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from segpresso.codecs import get_codec
from segpresso.errors import CorruptError, InvalidArgumentError, UnsupportedError
from segpresso.io._errors import reading
from segpresso.io._labels import LabelArray
from segpresso.io.atomic import atomic_folder
from segpresso.io.second_stage import SecondStage, get_second_stage

Triple: TypeAlias = tuple[int, int, int]

#: What CloudVolume appends to the names of chunks that it compresses.
_CHUNK_SUFFIXES = {".gz": "gzip", ".br": "brotli", ".zst": "zstd"}
_DTYPES = ("uint8", "uint16", "uint32", "uint64", "int8", "int16", "int32", "int64")
#: Chunks that we write: what Neuroglancer fetches at once, 64^3 voxels.
_CHUNK_SIZE = (64, 64, 64)


@dataclass(frozen=True)
class Scale:
    """One resolution of a volume, as its `info` file describes it; sizes are (x, y, z)."""

    key: str
    encoding: str
    dtype: np.dtype[Any]
    channels: int
    size: Triple
    chunk_size: Triple
    voxel_offset: Triple
    block_size: Triple | None

    def chunks(self) -> Iterator[tuple[Triple, Triple]]:
        """Yield first and last + 1 voxel of every chunk, counted from the volume's corner."""
        starts = (range(0, n, step) for n, step in zip(self.size, self.chunk_size, strict=True))
        for x, y, z in product(*starts):
            begin = (x, y, z)
            ends = (
                min(b + c, n) for b, c, n in zip(begin, self.chunk_size, self.size, strict=True)
            )
            yield begin, _triple(tuple(ends))

    def chunk_name(self, begin: Triple, end: Triple) -> str:
        """Return the file name of a chunk: its range of voxels in the whole coordinate system."""
        return "_".join(
            f"{b + offset}-{e + offset}"
            for b, e, offset in zip(begin, end, self.voxel_offset, strict=True)
        )


def read_precomputed(
    path: Path, dataset: str | None = None, *, missing_is_zero: bool = False
) -> npt.NDArray[Any]:
    """Read one scale of a volume.

    Parameters
    ----------
    path : Path
        The folder with `info`.
    dataset : str, optional
        Key of the scale; by default the first, that is finest, whose folder is there.
    missing_is_zero : bool
        Whether chunks without a file are background, as some writers leave them out. By
        default they are errors: a copy that is not complete must not look like one that is.

    Returns
    -------
    ndarray
        (z, y, x), or (channel, z, y, x) if there are several channels.

    Raises
    ------
    CorruptError
        If `info` or a chunk is wrong or missing.
    UnsupportedError
        If the scale is sharded, or its encoding is one of images.
    InvalidArgumentError
        If there is no scale `dataset`.
    """
    info = _load_info(path)
    scale = _parse_scale(info, _choose_scale(path, info["scales"], dataset))
    if scale.encoding not in _DECODERS:
        raise UnsupportedError(f"encoding {scale.encoding!r} is not one of {', '.join(_DECODERS)}")
    volume = np.zeros((scale.channels, *scale.size[::-1]), scale.dtype)
    xyzc = volume.T
    for begin, end in scale.chunks():
        name = scale.chunk_name(begin, end)
        found = _find_chunk(path / scale.key, name)
        if found is None:
            if missing_is_zero:
                continue
            raise CorruptError(f"{path}: chunk {scale.key}/{name} is missing")
        with reading(found):
            size = tuple(e - b for b, e in zip(begin, end, strict=True))
            place = tuple(slice(b, e) for b, e in zip(begin, end, strict=True))
            xyzc[place] = _decode(found, scale, (*size, scale.channels))
    return volume if scale.channels > 1 else volume[0]


def write_precomputed(path: Path, labels: LabelArray) -> None:
    """Write a new folder with one scale, `1_1_1`, encoding raw; (z, y, x) or (c, z, y, x)."""
    if labels.dtype.name not in _DTYPES:
        raise UnsupportedError(f"precomputed volumes cannot hold {labels.dtype}")
    # One channel comes back without its axis: what reads differently is not written.
    if labels.ndim == 2 or (labels.ndim == 4 and labels.shape[0] == 1) or labels.size == 0:
        raise UnsupportedError(f"precomputed volumes cannot hold the shape {labels.shape}")
    czyx = labels if labels.ndim == 4 else labels[np.newaxis]
    info = _info(czyx)
    scale = _parse_scale(info, info["scales"][0])
    with atomic_folder(path) as temporary:
        (temporary / "info").write_text(json.dumps(info, indent=2) + "\n")
        folder = temporary / scale.key
        folder.mkdir()
        for begin, end in scale.chunks():
            place = tuple(slice(b, e) for b, e in zip(begin, end, strict=True))
            chunk = czyx.T[place].astype(scale.dtype.newbyteorder("<"), copy=False)
            (folder / scale.chunk_name(begin, end)).write_bytes(chunk.tobytes(order="F"))


def _info(czyx: LabelArray) -> dict[str, Any]:
    return {
        "@type": "neuroglancer_multiscale_volume",
        "type": "segmentation",
        "data_type": czyx.dtype.name,
        "num_channels": czyx.shape[0],
        "scales": [
            {
                "key": "1_1_1",
                "size": list(czyx.shape[:0:-1]),
                "resolution": [1, 1, 1],
                "voxel_offset": [0, 0, 0],
                "chunk_sizes": [list(_CHUNK_SIZE)],
                "encoding": "raw",
            }
        ],
    }


def _load_info(path: Path) -> dict[str, Any]:
    with reading(path / "info"):
        info = json.loads((path / "info").read_text())
        if not (isinstance(info, dict) and isinstance(info.get("scales"), list)):
            raise CorruptError("no list of scales")
    return info


def _choose_scale(path: Path, scales: list[dict[str, Any]], dataset: str | None) -> dict[str, Any]:
    with reading(path / "info"):
        keys = [str(scale["key"]) for scale in scales]
    if dataset is not None and dataset not in keys:
        raise InvalidArgumentError(f"{path}: no scale {dataset!r}; there is {', '.join(keys)}")
    for key, scale in zip(keys, scales, strict=True):
        # Copies of a volume often have some of its scales only.
        if key == dataset or (dataset is None and (path / key).is_dir()):
            return scale
    raise CorruptError(f"{path}: no folder of any scale ({', '.join(keys)}) is there")


def _parse_scale(info: dict[str, Any], scale: dict[str, Any]) -> Scale:
    if scale.get("sharding") is not None:
        raise UnsupportedError(f"scale {scale['key']} is sharded; only unsharded ones can be read")
    if info["data_type"] not in _DTYPES:
        raise UnsupportedError(f"data type {info['data_type']!r} is no integer type")
    block_size = scale.get("compressed_segmentation_block_size")
    parsed = Scale(
        key=str(scale["key"]),
        encoding=str(scale["encoding"]),
        dtype=np.dtype(info["data_type"]),
        channels=int(info.get("num_channels", 1)),
        size=_triple(scale["size"]),
        chunk_size=_triple(scale["chunk_sizes"][0]),
        voxel_offset=_triple(scale.get("voxel_offset", (0, 0, 0))),
        block_size=_triple(block_size) if block_size else None,
    )
    if min(parsed.size) < 0 or min(parsed.chunk_size) < 1 or parsed.channels < 1:
        raise CorruptError(f"sizes of scale {parsed.key} are impossible")
    return parsed


def _triple(values: Any) -> Triple:
    x, y, z = (int(value) for value in values)
    return x, y, z


def _find_chunk(folder: Path, name: str) -> Path | None:
    paths = (folder / (name + suffix) for suffix in ("", *_CHUNK_SUFFIXES))
    return next((path for path in paths if path.is_file()), None)


def _decode(path: Path, scale: Scale, shape: tuple[int, ...]) -> npt.NDArray[Any]:
    raw_bytes = int(np.prod(shape)) * scale.dtype.itemsize
    data = path.read_bytes()
    stage = _second_stage(path, data, scale, raw_bytes)
    if stage is not None:
        # A stream may be larger than its voxels, but only somewhat.
        data = stage.decompress(data, 4 * raw_bytes + (1 << 20))
    chunk = _DECODERS[scale.encoding](data, scale, shape)
    if chunk.shape != shape:
        raise CorruptError(f"holds {chunk.shape}, not the {shape} of its name")
    return chunk


def _second_stage(path: Path, data: bytes, scale: Scale, raw_bytes: int) -> SecondStage | None:
    if path.suffix in _CHUNK_SUFFIXES:
        return get_second_stage(_CHUNK_SUFFIXES[path.suffix])
    gzip = get_second_stage("gzip")
    # Copies from a bucket keep the plain name. Raw voxels of the right length are just that,
    # even if they happen to start with the magic number of gzip.
    is_raw = scale.encoding == "raw" and len(data) == raw_bytes
    return gzip if data.startswith(gzip.magic) and not is_raw else None


def _decode_raw(data: bytes, scale: Scale, shape: tuple[int, ...]) -> npt.NDArray[Any]:
    voxels = np.frombuffer(data, scale.dtype.newbyteorder("<"))
    return voxels.reshape(shape, order="F")


def _decode_compresso(data: bytes, scale: Scale, shape: tuple[int, ...]) -> npt.NDArray[Any]:
    if scale.channels != 1:
        raise UnsupportedError("encoding compresso has one channel")
    chunk = get_codec("cpso").decode(data)
    if chunk.dtype.itemsize != scale.dtype.itemsize:
        raise CorruptError(f"holds {chunk.dtype}, not the {scale.dtype} of its info")
    # The stream knows only the width; whether labels are signed is told by info.
    return np.asarray(chunk).view(scale.dtype).reshape(*chunk.shape, 1)


def _decode_blocks(data: bytes, scale: Scale, shape: tuple[int, ...]) -> npt.NDArray[Any]:
    if scale.block_size is None:
        raise CorruptError("info has no compressed_segmentation_block_size")
    return get_codec("compressed_segmentation").decode(
        data, shape=shape, dtype=scale.dtype, block_size=scale.block_size
    )


_DECODERS: dict[str, Callable[[bytes, Scale, tuple[int, ...]], npt.NDArray[Any]]] = {
    "raw": _decode_raw,
    "compresso": _decode_compresso,
    "compressed_segmentation": _decode_blocks,
}
