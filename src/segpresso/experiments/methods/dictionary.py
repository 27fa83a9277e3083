"""The paper's textbook dictionary coders, whose output is an array of codes."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from segpresso import _core
from segpresso.experiments.methods.base import Data, Method, bytes_of

#: More than any volume of the comparison.
_MAX_BYTES = 1 << 40


class Lz78(Method):
    """LZ78, byte by byte: prefix and next byte, in 32 bits if all prefixes have at most 24."""

    name = "LZ78"
    title = "LZ78"

    def compress(self, data: Data) -> npt.NDArray[np.uint32] | npt.NDArray[np.uint64]:
        """Return the codes as uint32 if they fit, else as uint64."""
        codes = _core.lz78_encode(np.frombuffer(bytes_of(data), np.uint8))
        return codes if codes.max() >> 32 else codes.astype(np.uint32)

    def decompress(self, data: Data, **_: Any) -> bytes:
        """Restore the bytes; `data` is the array of codes."""
        assert isinstance(data, np.ndarray)
        return _core.lz78_decode(data.view(np.uint8), data.itemsize, _MAX_BYTES).tobytes()


class Lzw(Method):
    """LZW, byte by byte, 32 bits per code."""

    name = "LZW"
    title = "LZW"

    def compress(self, data: Data) -> npt.NDArray[np.uint32]:
        """Return the codes."""
        return _core.lzw_encode(np.frombuffer(bytes_of(data), np.uint8))

    def decompress(self, data: Data, **_: Any) -> bytes:
        """Restore the bytes; `data` is the array of codes."""
        assert isinstance(data, np.ndarray)
        return _core.lzw_decode(data.view(np.uint8), _MAX_BYTES).tobytes()
