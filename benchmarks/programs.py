"""The original programs and ours behind one interface: the same stream, either way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import compressed_segmentation
import compresso
import numpy as np
import numpy.typing as npt

import segpresso

Labels = npt.NDArray[Any]


@dataclass(frozen=True)
class Stream:
    """A format, and the PyPI package that wrote it first."""

    codec: str
    original: str
    compress_by_original: Callable[[Labels], bytes]
    decompress_by_original: Callable[[bytes, Labels], Labels]

    def input_of(self, labels: Labels) -> Labels:
        """Arrange a volume (z, y, x) so that both programs take it: (x, y, z), x fastest."""
        if self.codec == "compressed_segmentation" and labels.dtype.itemsize < 4:
            labels = labels.astype(np.uint32)
        return labels.T

    def compress(self, view: Labels, threads: int) -> bytes:
        return segpresso.compress(view, self.codec, threads=threads)

    def decompress(self, data: bytes, like: Labels, threads: int, out: Labels | None) -> Labels:
        hints: dict[str, Any] = {}
        if self.codec == "compressed_segmentation":
            hints = {"shape": like.shape, "dtype": like.dtype}
        return segpresso.decompress(data, codec=self.codec, threads=threads, out=out, **hints)


STREAMS = (
    Stream(
        "cpso",
        "compresso",
        compresso.compress,
        lambda data, like: compresso.decompress(data),
    ),
    Stream(
        "compressed_segmentation",
        "compressed-segmentation",
        lambda view: compressed_segmentation.compress(view, order="F"),
        lambda data, like: compressed_segmentation.decompress(
            data, like.shape, like.dtype, order="F"
        ),
    ),
)
