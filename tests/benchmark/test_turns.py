"""Turns: fair, complete, compared, and not stopped by anybody's failure."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from segpresso import benchmark
from segpresso.benchmark.repetition import Runner
from segpresso.examples import neuropil
from segpresso.experiments import Data
from tests.benchmark.fakes import Plain, entry

LABELS = neuropil((4, 40, 48), seed=2)
VOLUME = benchmark.whole("made up", LABELS)
QUICK = benchmark.Plan(rounds=3, memory=False)


def measure(
    entries: list[benchmark.Entry],
    plan: benchmark.Plan = QUICK,
    volume: benchmark.Volume = VOLUME,
) -> list[benchmark.Row]:
    return benchmark.measure(volume, entries, plan, lambda *_: None, lambda _: None)


def test_contestants_take_turns() -> None:
    heard: list[str] = []
    entries = [entry(name, lambda name=name: Plain(lambda _: heard.append(name))) for name in "ab"]
    measure(entries)
    assert heard == ["a", "a", "b", "b"] * 3


def test_every_repetition_is_kept() -> None:
    (row,) = measure([entry("plain", Plain)])
    assert len(row.encode_seconds) == len(row.decode_seconds) == QUICK.rounds
    assert row.bytes == LABELS.nbytes
    assert row.bits_per_voxel == 8 * LABELS.itemsize
    assert (row.ratio_dtype, row.ratio_64_bit) == (1.0, 2.0)
    assert row.is_measured


def test_the_time_of_the_codec_counts_for_its_second_stages() -> None:
    alone, behind = measure([entry("plain", Plain, "lzma")])
    assert behind.bytes < alone.bytes
    for one, other in (
        (alone.encode_seconds, behind.encode_seconds),
        (alone.decode_seconds, behind.decode_seconds),
    ):
        assert all(a < b for a, b in zip(one, other, strict=True))


def test_bytes_of_chunks_add_up() -> None:
    chunks = benchmark.in_chunks("made up", LABELS, 16)
    assert len(chunks.pieces) == 9
    (row,) = measure([entry("plain", Plain)], volume=chunks)
    assert row.bytes == LABELS.nbytes
    (cut,) = measure(benchmark.choose(["cpso+none"]), volume=chunks)
    (whole,) = measure(benchmark.choose(["cpso+none"]))
    assert cut.bytes > whole.bytes


class Lossy(Plain):
    def decompress(self, data: Data, **hints: Any) -> npt.NDArray[Any]:
        labels = super().decompress(data, **hints).copy()
        labels.flat[-1] += 1
        return labels


class Idle(Plain):
    """Says that it decodes into an array, and does not."""

    reuses_output = True

    def decompress(self, data: Data, *, out: Any = None, **hints: Any) -> npt.NDArray[Any]:
        return out


class Unreadable(Plain):
    def decompress(self, data: Data, **hints: Any) -> npt.NDArray[Any]:
        raise ValueError("a stream of\nmine?")


class Refusing(Plain):
    def compress(self, data: Data) -> bytes:
        raise TypeError("no")


@pytest.mark.parametrize("kind", [Lossy, Idle])
def test_what_does_not_come_back_is_noticed(kind: type[Plain]) -> None:
    honest, row = measure([entry("honest", Plain), entry("other", kind)])
    assert honest.lossless
    assert not row.lossless
    assert not row.is_measured


def test_failures_are_rows_that_say_why() -> None:
    entries = [
        entry("unreadable", Unreadable, "gzip"),
        entry("refusing", Refusing),
        entry("plain", Plain),
    ]
    unreadable, behind, refusing, plain = measure(entries)
    assert "cannot read its own stream: ValueError: a stream of mine?" in unreadable.problem
    assert not unreadable.lossless
    assert behind.problem == unreadable.problem
    assert refusing.problem == "TypeError: no"
    assert plain.is_measured


def test_who_is_slow_is_measured_less_often() -> None:
    slow = entry("slow", lambda: Plain(lambda _: time.sleep(0.2)))
    plan = benchmark.Plan(rounds=5, seconds=0.9, memory=False)
    row, fast = measure([slow, entry("fast", Plain)], plan)
    assert len(row.encode_seconds) < 5
    assert row.is_measured
    assert len(fast.encode_seconds) == 5


def test_memory_is_measured_in_processes_of_their_own() -> None:
    plan = benchmark.Plan(rounds=1, memory=True)
    labels = neuropil((8, 256, 256), seed=2)
    row, behind = measure(
        benchmark.choose(["cpso+none", "cpso+gzip"]), plan, benchmark.whole("larger", labels)
    )
    assert row.decode_peak is not None
    assert behind.decode_peak is not None
    assert labels.nbytes / 2 < row.decode_peak <= behind.decode_peak < 20 * labels.nbytes


def test_who_needs_too_long_or_crashes_is_left_out() -> None:
    plan = benchmark.Plan(rounds=1, seconds=0.0)
    (row,) = measure(benchmark.choose(["cpso+none"]), plan)
    assert row.problem == "takes longer than 0 s"
    (crashed,) = measure([entry("unknown to other processes", Plain)], benchmark.Plan(rounds=1))
    assert crashed.problem.startswith("crashes: ")
    assert not crashed.encode_seconds


def test_steps_are_told_and_rows_are_kept_after_every_round() -> None:
    told: list[str] = []
    kept: list[list[int]] = []
    entries = [entry("one", Plain), entry("two", Plain)]
    benchmark.measure(
        VOLUME,
        entries,
        QUICK,
        lambda text, left: told.append(text),
        lambda rows: kept.append([len(row.encode_seconds) for row in rows]),
    )
    assert len(told) == benchmark.steps(entries, QUICK) == 6
    assert kept == [[1, 1], [2, 2], [3, 3]]


def test_threads_are_for_those_that_can_use_several() -> None:
    plan = benchmark.Plan(rounds=1, threads=2, memory=False)
    rows = measure(benchmark.choose(["segpresso:fast", "lzma"]), plan)
    assert [row.threads for row in rows] == [2, 1]


def test_output_is_reused_where_the_codec_can() -> None:
    rows = measure(benchmark.choose(["segpresso:fast", "crackle:0+none", "cpso+none"]))
    assert {row.name: row.reuses_output for row in rows} == {
        "segpresso:fast": True,
        "cpso": True,
        "crackle:0": False,
    }


def test_the_largest_piece_makes_room_for_all() -> None:
    pieces = [np.full((2, 3, 4), 7, np.uint16), np.arange(60, dtype=np.uint16).reshape(3, 4, 5)]
    (cpso,) = benchmark.choose(["cpso+none"])
    assert Runner(cpso.contestant, pieces, threads=1).once(["none"])["none"].lossless


def test_second_stages_take_part_in_as_many_rounds_as_planned() -> None:
    plan = benchmark.Plan(rounds=3, memory=False, second_rounds=1)
    volume = benchmark.whole("made up", neuropil((4, 32, 32)))
    entries = benchmark.choose(["cpso"], ["none", "lzma"])
    rows = benchmark.measure(volume, entries, plan, lambda *_: None, lambda _: None)
    assert [(row.second, len(row.encode_seconds)) for row in rows] == [("none", 3), ("lzma", 1)]
