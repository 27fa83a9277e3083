"""A repetition in a process of its own: for memory, and to see who crashes or takes too long."""

from __future__ import annotations

import time
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import numpy as np

from segpresso.benchmark.contestants import SECOND_STAGES, Contestant, contestants
from segpresso.benchmark.memory import Watch
from segpresso.benchmark.repetition import decode, problem_of
from segpresso.experiments.process import CrashError, TooSlowError, call
from segpresso.experiments.stages import LossyError

#: The time of a second stage is guessed from that of a part of the stream, if it is longer.
_PART_BYTES = 1 << 18


@dataclass
class Trial:
    """What a process found out.

    Attributes
    ----------
    size : int
        Bytes of the stream, without a second stage.
    seconds : dict of str to float
        Time there and back, by second stage; "none" is the contestant alone.
    encode_peaks, decode_peaks : dict of str to (int or None)
        Peak bytes beyond what was in use, results included.
    problems : dict of str to str
        Why a second stage, or the contestant ("none"), cannot be measured.
    lossless : bool
        Whether the volume came back.
    """

    size: int = 0
    seconds: dict[str, float] = field(default_factory=dict)
    encode_peaks: dict[str, int | None] = field(default_factory=dict)
    decode_peaks: dict[str, int | None] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)
    lossless: bool = True


def try_out(
    contestant: Contestant,
    stages: Sequence[str],
    path: Path,
    *,
    threads: int = 1,
    seconds: float | None = None,
) -> Trial:
    """Let a contestant compress and restore a volume in a process of its own.

    Parameters
    ----------
    contestant : Contestant
        One of `contestants`.
    stages : sequence of str
        Second stages.
    path : Path
        The volume, an .npy file.
    threads : int
        Threads that it may use.
    seconds : float, optional
        What the contestant may take, and each second stage; who takes much longer is ended.
    """
    limit = None if seconds is None else seconds * (1 + len(stages))
    try:
        return call(_there, contestant.name, stages, path, threads, seconds, seconds=limit)
    except TooSlowError:
        return Trial(problems={"none": f"takes longer than {limit:g} s"})
    except CrashError as error:
        return Trial(problems={"none": f"crashes: {error}"})


def _there(name: str, stages: Sequence[str], path: Path, threads: int, most: float | None) -> Trial:
    warnings.simplefilter("ignore")
    contestant = next(one for one in contestants() if one.name == name)
    trial = Trial()
    try:
        _try(contestant, stages, path, threads, most, trial)
    except Exception as error:  # programs of others raise what they like
        trial.problems["none"] = problem_of(error)
        trial.lossless = not isinstance(error, LossyError)
    return trial


def _try(
    contestant: Contestant,
    stages: Sequence[str],
    path: Path,
    threads: int,
    most: float | None,
    trial: Trial,
) -> None:
    method = contestant.method(threads)
    small = np.ones((8, 8, 8), np.dtype(f"u{contestant.narrowest}"))
    decode(method, bytes(method.compress(small)), small)  # libraries and threads are there now
    volume = contestant.input_of(np.load(path))
    watch = Watch()
    begin = time.perf_counter()
    data, encode_peak = watch.peak_of(lambda: bytes(method.compress(volume)))
    restored, decode_peak = watch.peak_of(lambda: decode(method, data, volume))
    trial.lossless = np.array_equal(restored, volume)
    del restored
    trial.size = len(data)
    trial.seconds["none"] = time.perf_counter() - begin
    trial.encode_peaks["none"], trial.decode_peaks["none"] = encode_peak, decode_peak
    if most is not None and trial.seconds["none"] > most:
        return
    for second in stages:
        if second == "none":
            continue
        guess = _guess(second, data)
        if most is not None and guess > most:
            trial.problems[second] = f"would take about {guess:.0f} s"
            continue
        stage = SECOND_STAGES[second]()
        begin = time.perf_counter()
        packed, packing = watch.peak_of(partial(stage.compress, data))
        _, unpacking = watch.peak_of(partial(stage.decompress, packed))
        trial.seconds[second] = time.perf_counter() - begin
        trial.encode_peaks[second] = _larger(encode_peak, packing)
        trial.decode_peaks[second] = _larger(decode_peak, unpacking)


def _guess(second: str, data: bytes) -> float:
    if len(data) < 2 * _PART_BYTES:
        return 0.0
    begin = time.perf_counter()
    SECOND_STAGES[second]().compress(data[:_PART_BYTES])
    return (time.perf_counter() - begin) * len(data) / _PART_BYTES


def _larger(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else max(one, other)
