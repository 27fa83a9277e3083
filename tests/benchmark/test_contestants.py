"""Who takes part: how they are chosen, what is missing, and that they give volumes back."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

import segpresso
from segpresso import benchmark
from segpresso.benchmark.repetition import Runner
from tests.codecs.volumes import volume

ENTRIES = benchmark.installed(benchmark.choose())


def names(entries: list[benchmark.Entry]) -> list[str]:
    return [entry.contestant.name for entry in entries]


def test_all_rivals_and_all_of_ours_take_part() -> None:
    families = {one.family for one in benchmark.contestants()}
    assert set(segpresso.codecs()) <= families
    assert {"crackle", "compresso", "cseg", "zstd", "lzma", "brotli", "blosc2"} <= families
    profiles = segpresso.get_codec("segpresso").profiles
    assert [f"segpresso:{profile}" for profile in profiles] == names(benchmark.choose())[:3]


def test_names_are_unique_and_every_kind_is_ours_or_a_rivals() -> None:
    everyone = benchmark.contestants()
    assert len({one.name for one in everyone}) == len(everyone)
    assert [one.name for one in everyone if one.is_native] == names(benchmark.choose(["segpresso"]))


def test_label_codecs_have_all_second_stages_and_others_none() -> None:
    stages = {entry.contestant.name: entry.seconds for entry in benchmark.choose()}
    assert stages["crackle:5"] == ("none", "gzip", "zstd", "lzma", "brotli")
    for name in ("segpresso:small", "zstd:19", "blosc2:5"):
        assert stages[name] == ("none",)


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        (["segpresso"], ["segpresso:fast", "segpresso:balanced", "segpresso:small"]),
        (["zstd:19", "crackle:5"], ["crackle:5", "zstd:19"]),
        (["cpso", "cpso+lzma"], ["cpso"]),
    ],
)
def test_contestants_are_chosen_by_family_or_mode(chosen: list[str], expected: list[str]) -> None:
    assert names(benchmark.choose(chosen)) == expected


def test_a_second_stage_can_be_chosen_for_one_or_for_all() -> None:
    (entry,) = benchmark.choose(["cpso+lzma"])
    assert entry.seconds == ("lzma",)
    (entry,) = benchmark.choose(["cpso+lzma", "cpso+none"])
    assert entry.seconds == ("none", "lzma")
    cpso, zstd = benchmark.choose(["zstd:3", "cpso"], ["gzip", "none"])
    assert (cpso.seconds, zstd.seconds) == (("none", "gzip"), ("none",))


@pytest.mark.parametrize("chosen", [["jpeg"], ["cpso+rar"], ["crackle:99"]])
def test_unknown_names_are_errors_that_list_the_known_ones(chosen: list[str]) -> None:
    with pytest.raises(segpresso.InvalidArgumentError, match=r"there are .*(crackle|lzma)"):
        benchmark.choose(chosen)


def test_what_is_not_installed_is_left_out_with_the_extra_that_brings_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for module in ("crackle", "brotli"):
        monkeypatch.setitem(sys.modules, module, None)
    chosen = benchmark.choose(["crackle", "cpso", "zstd"])
    lacking = benchmark.missing(chosen)
    assert set(lacking) == {"crackle", "+brotli"}
    assert all("pip install 'segpresso[bench]'" in reason for reason in lacking.values())
    left = benchmark.installed(chosen)
    assert names(left) == ["cpso", "zstd:3", "zstd:19"]
    assert left[0].seconds == ("none", "gzip", "zstd", "lzma")


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.contestant.name)
@pytest.mark.parametrize("dtype", ["u1", "u2", "u4", "u8"])
@pytest.mark.parametrize("kind", ["constant", "voronoi"])
def test_all_give_volumes_of_all_types_back(entry: benchmark.Entry, dtype: str, kind: str) -> None:
    labels: npt.NDArray[Any] = np.ascontiguousarray(volume(kind, (6, 24, 33), dtype, 4))
    runner = Runner(entry.contestant, [labels, labels[:3, ::-1, :17].copy()], threads=2)
    found = runner.once(entry.seconds)
    assert set(found) == {"none", *entry.seconds}
    assert all(once.lossless and once.size > 0 for once in found.values())
