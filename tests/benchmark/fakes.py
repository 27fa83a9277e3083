"""Contestants that can be told what to do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from segpresso.benchmark import Contestant, Entry
from segpresso.experiments import Data, Method, bytes_of


class Plain(Method):
    """The voxels as they are, after a word to whoever listens."""

    name = "PLAIN"
    title = "plain"
    volumes_only = True

    def __init__(self, listen: Callable[[str], None] = lambda _: None) -> None:
        super().__init__()
        self.listen = listen

    def compress(self, data: Data) -> bytes:
        self.listen("encode")
        return bytes(bytes_of(data))

    def decompress(
        self,
        data: Data,
        *,
        shape: tuple[int, ...] | None = None,
        dtype: npt.DTypeLike | None = None,
    ) -> npt.NDArray[Any]:
        self.listen("decode")
        assert shape is not None
        return np.frombuffer(bytes(bytes_of(data)), dtype).reshape(shape)


def entry(name: str, make: Callable[[], Method], *seconds: str) -> Entry:
    """A contestant made of a method."""
    fake = Contestant(name, name, "fake", make, "fake", None, wants_second_stage=bool(seconds))
    return Entry(fake, ("none", *seconds))
