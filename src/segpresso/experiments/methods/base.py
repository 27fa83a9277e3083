"""What every compressor of the comparison looks like."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar, Self, TypeAlias

import numpy as np
import numpy.typing as npt

from segpresso.errors import InvalidArgumentError

#: What goes through the stages: a volume (z, y, x) of unsigned integers, codes, or bytes.
Data: TypeAlias = npt.NDArray[Any] | bytes


class Method(ABC):
    """A compressor with the settings of the comparison.

    Its streams are those of the experiment, not files: only what it compressed itself is to be
    given back to it.

    Parameters
    ----------
    level : int, optional
        How hard to try, for methods that can be told; the library's own default unless given.

    Attributes
    ----------
    name : str
        Name on the command line and in `segpresso.experiments`.
    title : str
        Name in tables.
    levels : range, optional
        Levels that can be chosen; None if there are none.
    volumes_only : bool
        Whether it takes volumes alone, and makes bytes of them: no two of these can follow each
        other.
    uses_threads : bool
        Whether it works in several threads if told so.
    reuses_output : bool
        Whether `decompress` takes ``out``, a volume (z, y, x) to decode into.
    threads : int
        Threads that it may use; 1 unless set.

    Raises
    ------
    InvalidArgumentError
        If the method has no such level.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    levels: ClassVar[range | None] = None
    volumes_only: ClassVar[bool] = False
    uses_threads: ClassVar[bool] = False
    reuses_output: ClassVar[bool] = False

    threads: int = 1

    def __init__(self, level: int | None = None) -> None:
        if level is not None and (self.levels is None or level not in self.levels):
            allowed = (
                "has no levels"
                if self.levels is None
                else f"takes levels from {self.levels.start} to {self.levels.stop - 1}"
            )
            raise InvalidArgumentError(f"{self.name} {allowed}, not {level}")
        self.level = level

    def __repr__(self) -> str:
        return self.name if self.level is None else f"{self.name}:{self.level}"

    def with_level(self, level: int) -> Self:
        """Return the same method at another level."""
        return type(self)(level)

    @abstractmethod
    def compress(self, data: Data) -> Data:
        """Compress a volume (z, y, x) or bytes."""

    @abstractmethod
    def decompress(
        self,
        data: Data,
        *,
        shape: tuple[int, ...] | None = None,
        dtype: npt.DTypeLike | None = None,
    ) -> Data:
        """Restore what was compressed; methods for bytes return bytes.

        `shape` and `dtype` are those of the volume, for streams that do not tell them.
        """


def bytes_of(data: Data) -> memoryview:
    """Return the bytes of an array in raster order, or of bytes; copied only if strides differ."""
    if isinstance(data, np.ndarray):
        return memoryview(np.ascontiguousarray(data).reshape(-1).view(np.uint8).data)
    return memoryview(data)


def volume_of(data: Data, name: str) -> npt.NDArray[Any]:
    """Return data as a volume.

    Raises
    ------
    InvalidArgumentError
        If it is not a volume (z, y, x).
    """
    if not isinstance(data, np.ndarray) or data.ndim != 3:
        raise _not_a_volume(name)
    return data


def check_pair(first: Method, second: Method) -> None:
    """Check that a method can follow another, before any data are read.

    Raises
    ------
    InvalidArgumentError
        If it cannot.
    """
    if first.volumes_only and second.volumes_only:
        raise _not_a_volume(second.name)


def _not_a_volume(name: str) -> InvalidArgumentError:
    return InvalidArgumentError(f"{name} takes volumes (z, y, x), not the output of an encoding")
