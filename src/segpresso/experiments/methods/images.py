"""Image and video compressors: labels cut into planes of as many bits as a sample has.

The paper's programs kept 24 or 48 bits of a label; here there are as many planes as the largest
label of the volume needs.
"""

from __future__ import annotations

import io
import struct
from abc import abstractmethod
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from segpresso.errors import InvalidArgumentError
from segpresso.experiments.methods.base import Data, Method, bytes_of, volume_of
from segpresso.io._extras import require

Volume = npt.NDArray[np.unsignedinteger[Any]]


def _pack(files: Sequence[bytes]) -> bytes:
    """Put files behind their number and sizes, 64 bits each."""
    return struct.pack(f"<{1 + len(files)}Q", len(files), *map(len, files)) + b"".join(files)


def _unpack(data: memoryview) -> list[bytes]:
    (count,) = struct.unpack_from("<Q", data)
    sizes = struct.unpack_from(f"<{count}Q", data, 8)
    ends = 8 + 8 * count + np.cumsum(sizes)
    return [bytes(data[end - size : end]) for size, end in zip(sizes, ends.tolist(), strict=True)]


def _voxels_of(data: Data, name: str) -> Volume:
    volume = volume_of(data, name)
    if volume.dtype.kind != "u" or volume.size == 0:
        raise InvalidArgumentError(f"{name} takes volumes of unsigned integers that have voxels")
    return volume


def _planes_needed(volume: Volume, bits: int) -> int:
    return max(1, -(-int(volume.max()).bit_length() // bits))


def _split(volume: Volume, bits: int, count: int) -> list[npt.NDArray[Any]]:
    """Cut labels into planes of `bits` bits each, the lowest first."""
    dtype = np.uint16 if bits == 16 else np.uint8
    wide = volume.astype(np.uint64, copy=False)
    return [(wide >> np.uint64(bits * plane)).astype(dtype) for plane in range(count)]


def _join(planes: Sequence[npt.NDArray[Any]], bits: int) -> npt.NDArray[np.uint64]:
    labels = np.zeros(planes[0].shape, np.uint64)
    for number, plane in enumerate(planes):
        labels |= plane.astype(np.uint64) << np.uint64(bits * number)
    return labels


class Slices(Method):
    """One image of 16-bit samples per slice: colours, and transparency for the last 16 bits."""

    volumes_only = True

    def compress(self, data: Data) -> bytes:
        """Compress a volume (z, y, x)."""
        volume = _voxels_of(data, self.name)
        count = max(3, _planes_needed(volume, 16))
        return _pack(
            [self._encode(np.stack(_split(section, 16, count), axis=-1)) for section in volume]
        )

    def decompress(self, data: Data, **_: Any) -> npt.NDArray[np.uint64]:
        """Restore the volume."""
        sections = []
        for file in _unpack(bytes_of(data)):
            image = self._decode(file)
            sections.append(_join([image[..., p] for p in range(image.shape[-1])], 16))
        return np.stack(sections)

    @abstractmethod
    def _encode(self, image: npt.NDArray[np.uint16]) -> bytes: ...

    @abstractmethod
    def _decode(self, file: bytes) -> npt.NDArray[np.uint16]: ...


class Png(Slices):
    """PNG of 16 bits per sample."""

    name = "PNG"
    title = "PNG"
    levels = range(10)

    def _encode(self, image: npt.NDArray[np.uint16]) -> bytes:
        return bytes(require("imagecodecs", "experiments").png_encode(image, level=self.level))

    def _decode(self, file: bytes) -> npt.NDArray[np.uint16]:
        image: npt.NDArray[np.uint16] = require("imagecodecs", "experiments").png_decode(file)
        return image


class Jpeg2000(Slices):
    """JPEG 2000, reversible."""

    name = "JPEG2000"
    title = "JPEG 2000"

    def _encode(self, image: npt.NDArray[np.uint16]) -> bytes:
        codecs = require("imagecodecs", "experiments")
        return bytes(codecs.jpeg2k_encode(image, level=0, reversible=True))

    def _decode(self, file: bytes) -> npt.NDArray[np.uint16]:
        image: npt.NDArray[np.uint16] = require("imagecodecs", "experiments").jpeg2k_decode(file)
        return image


class X264(Method):
    """H.264 without loss (High 4:4:4, crf 0, preset slow): a film of all slices per 24 bits."""

    name = "X264"
    title = "x264"
    volumes_only = True

    def compress(self, data: Data) -> bytes:
        """Compress a volume (z, y, x)."""
        volume = _voxels_of(data, self.name)
        count = -(-_planes_needed(volume, 8) // 3)
        planes = _split(volume, 8, 3 * count)
        return _pack(
            [self._film(np.stack(planes[3 * i : 3 * i + 3], axis=1)) for i in range(count)]
        )

    def decompress(self, data: Data, **_: Any) -> npt.NDArray[np.uint64]:
        """Restore the volume."""
        av = require("av", "experiments")
        planes: list[npt.NDArray[Any]] = []
        for file in _unpack(bytes_of(data)):
            with av.open(io.BytesIO(file)) as container:
                frames = np.stack([frame.to_ndarray() for frame in container.decode(video=0)])
            planes.extend(frames[:, plane] for plane in range(3))
        return _join(planes, 8)

    @staticmethod
    def _film(frames: npt.NDArray[np.uint8]) -> bytes:
        """Encode frames (z, plane, y, x)."""
        av = require("av", "experiments")
        file = io.BytesIO()
        with av.open(file, "w", format="mp4") as container:
            stream = container.add_stream("libx264", rate=len(frames))
            stream.height, stream.width = frames.shape[2:]
            stream.pix_fmt = "yuv444p"
            stream.options = {"crf": "0", "preset": "slow"}
            stream.profile = "High 4:4:4 Predictive"
            for image in frames:
                frame = av.VideoFrame.from_ndarray(image, format="yuv444p")
                container.mux(stream.encode(frame))
            container.mux(stream.encode())
        return file.getvalue()
