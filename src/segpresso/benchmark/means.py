"""Means over volumes, and how our codec stands against the smallest of all others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from segpresso.benchmark.contestants import Contestant
from segpresso.benchmark.results import Row
from segpresso.experiments.report.means import geometric_mean

#: What others are compared with, where it was measured.
REFERENCE = "crackle:5"


@dataclass(frozen=True)
class Mean:
    """A contestant, alone or before a second stage, on all volumes: geometric means.

    Attributes
    ----------
    name, title : str
        Names in tables and in the picture.
    contestant : Contestant
        Who it is.
    second : str
        The second stage.
    bits_per_voxel, encode_speed, decode_speed : float
        Bits, and voxels per second.
    """

    name: str
    title: str
    contestant: Contestant
    second: str
    bits_per_voxel: float
    encode_speed: float
    decode_speed: float


def means(rows: Iterable[Row]) -> list[Mean]:
    """Return the means of all that were measured on every volume, in the order of the rows."""
    by_name: dict[str, list[Row]] = {}
    volumes = set()
    for row in rows:
        by_name.setdefault(row.name, []).append(row)
        volumes.add((row.volume.name, row.volume.chunk))
    return [
        Mean(
            name,
            found[0].title,
            found[0].contestant,
            found[0].second,
            _mean(found, lambda row: row.bits_per_voxel),
            _mean(found, lambda row: row.encode_speed),
            _mean(found, lambda row: row.decode_speed),
        )
        for name, found in by_name.items()
        if len(found) == len(volumes) and all(row.is_measured for row in found)
    ]


def _mean(rows: Sequence[Row], value: Callable[[Row], float]) -> float:
    found = geometric_mean([value(row) for row in rows])
    assert found is not None
    return found.value


def reference_of(found: Sequence[Mean]) -> Mean:
    """Choose what others are compared with: crackle of order 5 if it is there, else the first."""
    return next((mean for mean in found if mean.name == REFERENCE), found[0])


@dataclass(frozen=True)
class Standing:
    """Our codec on a volume against the smallest of all others.

    Attributes
    ----------
    volume : str
        Name of the volume.
    rival : Row
        The smallest of all others, with whatever second stage.
    ours : dict of str to Row
        Our codec, by profile.
    """

    volume: str
    rival: Row
    ours: dict[str, Row]

    def smaller(self, profile: str) -> float:
        """Return how many times smaller ours is; less than 1 if it is larger."""
        return self.rival.bytes / self.ours[profile].bytes


def against_rivals(rows: Iterable[Row]) -> list[Standing]:
    """Compare our codec with the smallest of all others, for every volume with both."""
    by_volume: dict[str, list[Row]] = {}
    for row in rows:
        if row.is_measured:
            by_volume.setdefault(row.volume.name, []).append(row)
    found = []
    for volume, measured in by_volume.items():
        others = [row for row in measured if not row.contestant.is_native]
        ours = {
            row.contestant.name.partition(":")[2]: row
            for row in measured
            if row.contestant.is_native and row.second == "none"
        }
        if others and ours:
            found.append(Standing(volume, min(others, key=lambda row: row.bytes), ours))
    return found
