"""Segpresso against every other compressor of label volumes that is installed.

`contestants` lists what there is to compare, `measure` compares it on a volume, in turns, so that
whatever else the machine does slows all alike. `draw` makes a picture of the results, and `means`
and `against_rivals` tables.
"""

from __future__ import annotations

from segpresso.benchmark.contestants import (
    SECOND_STAGES,
    Contestant,
    Entry,
    choose,
    contestants,
    installed,
    missing,
)
from segpresso.benchmark.means import Mean, Standing, against_rivals, means, reference_of
from segpresso.benchmark.picture import draw, picture
from segpresso.benchmark.results import Row, spread, write_csv
from segpresso.benchmark.trial import Trial, try_out
from segpresso.benchmark.turns import Plan, measure, steps
from segpresso.benchmark.volumes import Volume, in_chunks, whole

__all__ = [
    "SECOND_STAGES",
    "Contestant",
    "Entry",
    "Mean",
    "Plan",
    "Row",
    "Standing",
    "Trial",
    "Volume",
    "against_rivals",
    "choose",
    "contestants",
    "draw",
    "in_chunks",
    "installed",
    "means",
    "measure",
    "missing",
    "picture",
    "reference_of",
    "spread",
    "steps",
    "try_out",
    "whole",
    "write_csv",
]
