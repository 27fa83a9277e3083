"""Every codec on one volume: sizes, speeds, and whether the volume comes back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, TypeVar

import numpy as np

from segpresso.cli._arrays import Labels, difference
from segpresso.cli._background import in_background
from segpresso.cli._sizes import Sizes
from segpresso.cli._timing import Stopwatch, megavoxels_per_second
from segpresso.cli._ui import Step
from segpresso.codecs import DEFAULT_CODEC, codecs, get_codec
from segpresso.errors import SegpressoError
from segpresso.io import get_second_stage, pack, unpack
from segpresso.io.sidecar import describe

_T = TypeVar("_T")

_SECOND = "lzma"
#: The first run pays for fresh memory and idle processors; the best of these does not.
_RUNS = 3
_SECONDS = 2.0


@dataclass(frozen=True)
class Row:
    """What one codec, alone or before a second stage, did to the volume.

    Attributes
    ----------
    profile : str or None
        Profile of the codec, if it has several.
    problem : str or None
        Why the codec cannot hold this volume; then nothing else is meaningful.
    lossless : bool
        Whether decoding gave the volume back, in type, shape and every voxel.
    encode_speed, decode_speed : float or None
        Million voxels per second of the codec, without the second stage.
    """

    codec: str
    profile: str | None
    second: str
    sizes: Sizes
    lossless: bool = False
    encode_speed: float | None = None
    decode_speed: float | None = None
    problem: str | None = None

    @property
    def name(self) -> str:
        """Codec and profile."""
        return " ".join(filter(None, (self.codec, self.profile)))

    def record(self) -> dict[str, Any]:
        """Return all of it for JSON."""
        names = {"codec": self.codec, "profile": self.profile, "second": self.second}
        if self.problem is not None:
            return {**names, "problem": self.problem}
        return {
            **names,
            **self.sizes.record(),
            "encode_mvoxels_per_s": self.encode_speed,
            "decode_mvoxels_per_s": self.decode_speed,
            "lossless": self.lossless,
        }


def variants() -> list[tuple[str, str | None]]:
    """List all codecs, each with all of its profiles; the default codec comes last.

    Examples
    --------
    >>> variants()[-1]
    ('segpresso', 'small')
    """
    ordered = sorted(codecs(), key=lambda name: name == DEFAULT_CODEC)
    return [(name, profile) for name in ordered for profile in get_codec(name).profiles or [None]]


def measure(labels: Labels, threads: int | None, step: Step) -> list[Row]:
    """Compress a volume with every codec, alone and with LZMA behind it, and restore it.

    Parameters
    ----------
    labels : ndarray
        The volume.
    threads : int or None
        Threads that a codec may use; all processors if None.
    step : callable
        Told what is done next.

    Returns
    -------
    list of Row
        Two per codec, or one if it gains nothing by a second stage or has a problem.
    """
    measured = []
    for name, profile in variants():
        step(f"{name}: encoding and decoding")
        measured.append(_measure(labels, name, profile, threads))
    # Only sizes are wanted of the second stage: it may use all processors.
    tasks = [in_background(partial(_second, *pair)) for pair in measured if pair[1]]
    packed = iter([_wait(task, step) for task in tasks])
    return [row for alone, stream in measured for row in _with_second(alone, stream, packed)]


def _wait(task: Future[Row], step: Step) -> Row:
    step("LZMA")
    return task.result()


def _with_second(alone: Row, stream: bytes, packed: Iterator[Row]) -> list[Row]:
    return [alone, next(packed)] if stream else [alone]


def _measure(
    labels: Labels, name: str, profile: str | None, threads: int | None
) -> tuple[Row, bytes]:
    codec = get_codec(name)
    row = Row(name, profile, "none", Sizes(labels.shape, labels.dtype, 0))
    options = {} if profile is None else {"profile": profile}
    try:
        stream, encoding = _best(lambda: pack(labels, name, threads=threads, **options))
        sidecar = describe(stream, labels, codec)
        known: dict[str, Any] = {}
        if sidecar is not None:
            known = {"shape": sidecar.shape, "dtype": np.dtype(sidecar.dtype), **sidecar.options}
        decoded, decoding = _best(
            lambda: unpack(stream, codec=name, second="none", threads=threads, **known)
        )
    except SegpressoError as error:
        return replace(row, problem=str(error)), b""
    done = replace(
        row,
        sizes=replace(row.sizes, stored_bytes=len(stream)),
        lossless=decoded.dtype == labels.dtype and difference(decoded, labels) is None,
        encode_speed=megavoxels_per_second(labels.size, encoding),
        decode_speed=megavoxels_per_second(labels.size, decoding),
    )
    return done, stream if codec.wants_second_stage else b""


def _second(alone: Row, stream: bytes) -> Row:
    stage = get_second_stage(_SECOND)
    stored = stage.compress(stream)
    back = stage.decompress(stored, max_bytes=len(stream))
    return replace(
        alone,
        second=_SECOND,
        sizes=replace(alone.sizes, stored_bytes=len(stored)),
        lossless=alone.lossless and back == stream,
    )


def _best(work: Callable[[], _T]) -> tuple[_T, float]:
    """Return the result and the shortest time of a few runs, of one if it takes long."""
    best = float("inf")
    for _ in range(_RUNS):
        with Stopwatch() as watch:
            result = work()
        best = min(best, watch.seconds)
        if watch.seconds > _SECONDS:
            break
    return result, best
