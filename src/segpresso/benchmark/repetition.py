"""One repetition of a contestant on a volume: there and back, alone and with second stages."""

from __future__ import annotations

import textwrap
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from segpresso.benchmark.contestants import SECOND_STAGES, Contestant
from segpresso.experiments.methods import Method, bytes_of
from segpresso.experiments.stages import LossyError

_T = TypeVar("_T")


@dataclass
class Once:
    """A repetition: bytes of all streams, seconds of both directions, and whether all came back."""

    size: int = 0
    encode: float = 0.0
    decode: float = 0.0
    lossless: bool = True


class Runner:
    """A contestant that is ready to be measured.

    Parameters
    ----------
    contestant : Contestant
        Who it is.
    pieces : list of ndarray
        Contiguous volumes (z, y, x), compressed one by one.
    threads : int
        Threads that it may use.
    buffer : ndarray of uint8, optional
        Memory to decode into, for contestants that can; made unless it is given and large enough.

    Examples
    --------
    >>> from segpresso.benchmark import choose
    >>> (entry,) = choose(["cpso+lzma"])
    >>> found = Runner(entry.contestant, [np.ones((4, 5, 6), np.uint8)], threads=1).once(["lzma"])
    >>> found["lzma"].lossless
    True
    """

    def __init__(
        self,
        contestant: Contestant,
        pieces: Iterable[npt.NDArray[Any]],
        threads: int,
        buffer: npt.NDArray[np.uint8] | None = None,
    ) -> None:
        self.method = contestant.method(threads)
        self._inputs = [contestant.input_of(piece) for piece in pieces]
        self._stages = {name: make() for name, make in SECOND_STAGES.items()}
        most = max(piece.nbytes for piece in self._inputs) if self.method.reuses_output else 0
        if buffer is None or buffer.size < most:
            buffer = np.zeros(most, np.uint8)
        self._buffer = buffer

    def once(self, seconds: Iterable[str]) -> dict[str, Once]:
        """Compress and restore everything.

        The label codec works once for all of its second stages; its time counts for each.

        Parameters
        ----------
        seconds : iterable of str
            Second stages, "none" for none.

        Returns
        -------
        dict of str to Once
            By second stage; "none", the codec alone, is always there.
        """
        found = {second: Once() for second in ("none", *seconds)}
        for piece in self._inputs:
            data, encoding = _timed(self.method.compress, piece)
            for second, once in found.items():
                once.encode += encoding
                if second == "none":
                    once.size += len(data)
                else:
                    _go_through(self._stages[second], bytes(data), once)
            out = self._out(piece)
            restored, decoding = _timed(decode, self.method, bytes(data), piece, out)
            lossless = np.array_equal(restored, piece)
            for once in found.values():
                once.decode += decoding
                once.lossless &= lossless
        return found

    def _out(self, piece: npt.NDArray[Any]) -> npt.NDArray[Any] | None:
        """Return memory in use, without what another repetition has left there."""
        if not self.method.reuses_output:
            return None
        out = self._buffer[: piece.nbytes]
        out.fill(0xA5)
        return out.view(piece.dtype).reshape(piece.shape)


def decode(
    method: Method,
    data: bytes,
    like: npt.NDArray[Any],
    out: npt.NDArray[Any] | None = None,
) -> npt.NDArray[Any]:
    """Restore a volume from what a method made of it.

    Raises
    ------
    LossyError
        If the method cannot read its own stream.
    """
    hints: dict[str, Any] = {} if out is None else {"out": out}
    try:
        restored = method.decompress(data, shape=like.shape, dtype=like.dtype, **hints)
    except Exception as error:  # programs of others raise what they like
        raise LossyError(f"cannot read its own stream: {problem_of(error)}") from error
    if isinstance(restored, np.ndarray):
        return restored
    return np.frombuffer(restored, like.dtype).reshape(like.shape)


def problem_of(error: Exception) -> str:
    """Say in one line what a contestant raised; some print the arrays they were given."""
    kind = "" if isinstance(error, LossyError) else f"{type(error).__name__}: "
    return textwrap.shorten(f"{kind}{error}", 200, placeholder=" ...")


def _go_through(stage: Method, data: bytes, once: Once) -> None:
    packed, packing = _timed(stage.compress, data)
    unpacked, unpacking = _timed(stage.decompress, packed)
    once.size += len(packed)
    once.encode += packing
    once.decode += unpacking
    once.lossless &= bytes_of(unpacked) == bytes_of(data)


def _timed(function: Callable[..., _T], *arguments: Any) -> tuple[_T, float]:
    begin = time.perf_counter()
    result = function(*arguments)
    return result, time.perf_counter() - begin
