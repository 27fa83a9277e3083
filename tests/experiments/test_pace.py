"""The time that the rest of a matrix will take."""

from __future__ import annotations

import pytest

from segpresso.experiments.cell import Cell
from segpresso.experiments.pace import Pace


def cell(compression: str, dataset: str) -> Cell:
    return Cell("NONE", compression, dataset)


def test_nothing_is_said_before_anything_is_known() -> None:
    assert Pace().seconds_for([cell("LZMA", "ac4")]) is None


def test_slow_methods_are_expected_to_be_slow_again() -> None:
    pace = Pace()
    pace.add(cell("ZOPFLI", "ac4"), 100)
    pace.add(cell("ZOPFLI", "cremi_b"), 200)
    pace.add(cell("LZF", "ac4"), 3)
    assert pace.seconds_for([cell("ZOPFLI", "spl_knee"), cell("LZF", "spl_knee")]) == 153
    assert pace.seconds_for([cell("LZMA", "spl_knee")]) == pytest.approx(101)
    assert pace.seconds_for([]) == 0
