"""All contestants on one volume, in turns."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from segpresso.benchmark.contestants import Entry
from segpresso.benchmark.repetition import Runner, problem_of
from segpresso.benchmark.results import Row
from segpresso.benchmark.trial import try_out
from segpresso.benchmark.volumes import Volume
from segpresso.experiments.stages import LossyError


@dataclass(frozen=True)
class Plan:
    """How to measure.

    Attributes
    ----------
    rounds : int
        Repetitions of everything.
    threads : int
        Threads of contestants that can use several.
    seconds : float or None
        What a contestant may spend on a volume, alone and again with each second stage. Who is
        slow is repeated less often; who needs more for once is left out.
    memory : bool
        Whether a process of its own tries everything first: for its memory, and so that a program
        that crashes takes nothing with it.
    second_rounds : int or None
        In how many rounds second stages take part; in all if None.
    """

    rounds: int = 3
    threads: int = 1
    seconds: float | None = 60.0
    memory: bool = True
    second_rounds: int | None = None


@dataclass
class _Turn:
    """A contestant with its rows, and what they will take and have taken."""

    entry: Entry
    rows: dict[str, Row]
    runner: Runner | None = None
    expected: dict[str, float] = field(default_factory=dict)
    spent: dict[str, float] = field(default_factory=dict)

    def stages(self, plan: Plan, done: int) -> list[str]:
        """Return the second stages that have time for another repetition."""
        alone_only = plan.second_rounds is not None and done >= plan.second_rounds
        most = plan.seconds
        return [
            second
            for second, row in self.rows.items()
            if not row.problem
            and self._has_time("none", most)
            and self._has_time(second, most)
            and (second == "none" or not alone_only)
        ]

    def _has_time(self, second: str, most: float | None) -> bool:
        spent = self.spent.get(second, 0.0)
        return most is None or not spent or spent + self.expected[second] <= most

    @property
    def seconds(self) -> float | None:
        """What a repetition takes; None if that is not known yet."""
        open_ones = {"none", *(second for second, row in self.rows.items() if not row.problem)}
        if self.rows and all(row.problem for row in self.rows.values()):
            return 0.0
        if not open_ones <= self.expected.keys():
            return None
        return sum(self.expected[second] for second in open_ones)


Step = Callable[[str, float | None], None]


def steps(entries: Sequence[Entry], plan: Plan) -> int:
    """Tell how often `measure` announces what it does next."""
    return len(entries) * (plan.rounds + plan.memory)


def measure(
    volume: Volume,
    entries: Sequence[Entry],
    plan: Plan,
    step: Step,
    keep: Callable[[list[Row]], None],
) -> list[Row]:
    """Compress and restore a volume by all contestants, round after round.

    Parameters
    ----------
    volume : Volume
        What is compressed.
    entries : sequence of Entry
        Who takes part; all must be installed.
    plan : Plan
        How.
    step : callable
        Told what is done next, and how long this volume will take, if that is known.
    keep : callable
        Given all rows after each round.

    Returns
    -------
    list of Row
        One for each contestant and second stage.

    Examples
    --------
    >>> from segpresso import examples
    >>> from segpresso.benchmark import choose, whole
    >>> volume = whole("made up", examples.neuropil((4, 64, 64)))
    >>> plan = Plan(rounds=1, memory=False)
    >>> rows = measure(volume, choose(["cpso"]), plan, lambda *_: None, lambda _: None)
    >>> [row.name for row in rows if row.is_measured]
    ['cpso', 'cpso+gzip', 'cpso+zstd', 'cpso+lzma', 'cpso+brotli']
    """
    turns = [
        _Turn(entry, {second: Row(volume, entry.contestant, second) for second in entry.seconds})
        for entry in entries
    ]
    if plan.memory:
        _try_all(volume, turns, plan, step)
    rows = [row for turn in turns for row in turn.rows.values()]
    buffer = np.zeros(max(piece.nbytes for piece in volume.pieces), np.uint8)
    for done in range(plan.rounds):
        for turn in turns:
            step(
                f"{volume.name}, round {done + 1}: {turn.entry.contestant.title}",
                _time_left(turns, plan.rounds - done),
            )
            _repeat(volume, turn, plan, buffer, done)
        keep(rows)
    return rows


def _time_left(turns: Sequence[_Turn], rounds: int) -> float | None:
    each = [turn.seconds for turn in turns]
    return None if None in each else rounds * sum(one for one in each if one is not None)


def _try_all(volume: Volume, turns: Sequence[_Turn], plan: Plan, step: Step) -> None:
    """Try everything on the first piece, in processes of their own."""
    times = len(volume.pieces)
    with ExitStack() as stack:
        path = Path(stack.enter_context(tempfile.TemporaryDirectory()), "volume.npy")
        np.save(path, volume.pieces[0])
        for turn in turns:
            contestant = turn.entry.contestant
            step(f"{volume.name}, trial: {contestant.title}", None)
            trial = try_out(
                contestant,
                turn.entry.seconds,
                path,
                threads=plan.threads,
                seconds=plan.seconds,
            )
            turn.expected = {second: times * took for second, took in trial.seconds.items()}
            problems = _too_slow(turn.expected, plan.seconds) | trial.problems
            for second, row in turn.rows.items():
                row.encode_peak = trial.encode_peaks.get(second)
                row.decode_peak = trial.decode_peaks.get(second)
                row.lossless = trial.lossless
                row.problem = problems.get("none") or problems.get(second, "")


def _too_slow(expected: dict[str, float], most: float | None) -> dict[str, str]:
    return {
        second: f"would take about {took:.0f} s"
        for second, took in expected.items()
        if most is not None and took > most
    }


def _repeat(
    volume: Volume, turn: _Turn, plan: Plan, buffer: npt.NDArray[np.uint8], done: int
) -> None:
    stages = turn.stages(plan, done)
    if not stages:
        return
    try:
        if turn.runner is None:
            turn.runner = Runner(turn.entry.contestant, volume.pieces, plan.threads, buffer)
        found = turn.runner.once(stages)
    except Exception as error:  # programs of others raise what they like
        for row in turn.rows.values():
            row.problem = problem_of(error)
            row.lossless &= not isinstance(error, LossyError)
        return
    alone = found["none"].encode + found["none"].decode
    for second, once in found.items():
        took = once.encode + once.decode - (0.0 if second == "none" else alone)
        turn.expected[second] = took
        turn.spent[second] = turn.spent.get(second, 0.0) + took
    method = turn.runner.method
    for second in stages:
        row, once = turn.rows[second], found[second]
        row.threads = plan.threads if method.uses_threads else 1
        row.reuses_output = method.reuses_output
        row.bytes = once.size
        row.encode_seconds.append(once.encode)
        row.decode_seconds.append(once.decode)
        row.lossless &= once.lossless
