"""What every codec, ours or foreign, looks like to the rest of the package."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar, TypeAlias

import numpy as np
import numpy.typing as npt

from segpresso.errors import InvalidArgumentError

#: Anything whose bytes can be read in place.
BytesLike: TypeAlias = bytes | bytearray | memoryview | npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Limits:
    """What a decoder may use.

    Parameters
    ----------
    max_bytes : int
        Largest decoded array in bytes; 16 GiB unless given. Working memory may take as much again
        (and always 256 MiB). Both are checked before anything is allocated; what exceeds them
        raises `LimitError`.

    Raises
    ------
    InvalidArgumentError
        If it is not a whole number of at least 0.
    """

    max_bytes: int = 1 << 34

    def __post_init__(self) -> None:
        if not isinstance(self.max_bytes, int | np.integer) or self.max_bytes < 0:
            raise InvalidArgumentError(
                f"max_bytes must be a whole number of at least 0, not {self.max_bytes!r}"
            )


class Codec(ABC):
    """One way to store a label array as bytes.

    Attributes
    ----------
    name : str
        Name in the registry.
    suffix : str
        File name suffix, with the dot.
    magic : bytes
        First bytes of every stream; empty if the format has none, and streams must be named.
    axes : str
        Axis order of the arrays: "zyx", "xyz" or "xyzc".
    carries_shape, carries_dtype : bool
        Whether streams tell the shape and the integer width. What they do not tell is an
        argument of `decode` (``shape``, ``dtype``).
    carries_sign : bool
        Whether labels come back signed if they were; else signed labels are stored as their bits.
    wants_second_stage : bool
        Whether a general compressor behind the stream makes it much smaller.
    profiles : tuple of str
        Values of the option ``profile``, which trades size for speed, from the fastest on; empty
        for codecs without that option.
    """

    name: ClassVar[str]
    suffix: ClassVar[str]
    magic: ClassVar[bytes] = b""
    axes: ClassVar[str]
    carries_shape: ClassVar[bool]
    carries_dtype: ClassVar[bool]
    carries_sign: ClassVar[bool] = False
    wants_second_stage: ClassVar[bool]
    profiles: ClassVar[tuple[str, ...]] = ()

    @abstractmethod
    def encode(self, labels: npt.ArrayLike, *args: Any, **options: Any) -> bytes:
        """Compress an array of labels; all codecs take ``threads``."""

    @abstractmethod
    def decode(self, data: BytesLike, *args: Any, **options: Any) -> npt.NDArray[Any]:
        """Restore the array of a stream; all codecs take ``out``, ``threads`` and ``limits``."""

    @abstractmethod
    def describe(self, data: BytesLike, *args: Any, **options: Any) -> dict[str, Any]:
        """Tell what a stream holds, its sections and their bytes, without decoding it."""

    def labels(self, data: BytesLike, *args: Any, **options: Any) -> npt.NDArray[Any]:
        """List the distinct labels of a stream, ascending."""
        return np.unique(self.decode(data, *args, **options))
