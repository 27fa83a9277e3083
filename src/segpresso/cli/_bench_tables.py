"""The tables that ``segpresso bench`` shows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from segpresso.cli._format import NOTHING, number_text, ratio_text, shape_text, table
from segpresso.codecs import DEFAULT_CODEC, get_codec

if TYPE_CHECKING:
    from segpresso.benchmark import Mean, Row, Standing


#: Narrower terminals get fewer columns; the CSV file has all.
_WIDE = 120
_NAME_WIDTH = 20


def volume_table(rows: Sequence[Row], threads: int, width: int) -> Table:
    """Return the table of a volume: the largest first, ours in bold, the smallest in green.

    Parameters
    ----------
    rows : sequence of Row
        What was measured on the volume.
    threads : int
        Threads of those that can use several.
    width : int
        Characters that a line may have.
    """
    volume = rows[0].volume
    cut = f", in {len(volume.pieces)} chunks" if volume.chunk is not None else ""
    columns = [
        column for column in _columns(volume.dtype.name) if width >= _WIDE or not column.is_extra
    ]
    memory = " MB: peak memory beyond what was in use before, result included."
    result = table(
        [*(column.title for column in columns), "loss-\nless"],
        title=f"{volume.name}: {shape_text(volume.shape)} {volume.dtype}, "
        f"{volume.voxels / 1e6:.3g} million voxels{cut}",
        caption="Mvox/s: million voxels per second, the median of all runs, second stage "
        f"included, {threads} thread{'s' if threads > 1 else ''} where the codec can. into: a new "
        "array or one in use."
        + (f" ±: half of the range.{memory}" if width >= _WIDE else " bench.csv has more."),
    )
    result.columns[0].min_width = _NAME_WIDTH
    measured = sorted((row for row in rows if row.encode_seconds), key=lambda row: -row.bytes)
    for row in measured:
        style = "bold" if row.contestant.is_native else None
        result.add_row(
            *(column.show(row) for column in columns),
            Text("✓", "bold green") if row.lossless else Text("✗", "bold red"),
            style="bold green" if row is measured[-1] else style,
        )
    return result


@dataclass(frozen=True)
class _Column:
    """A column, and what it shows of a row; extra ones need a wide terminal."""

    title: str
    show: Callable[[Row], str]
    is_extra: bool = False


def _columns(dtype: str) -> list[_Column]:
    return [
        _Column("codec", lambda row: row.name),
        _Column(">bytes", lambda row: f"{row.bytes:,}"),
        _Column(">bits/\nvoxel", lambda row: number_text(row.bits_per_voxel)),
        _Column(f">vs\n{dtype}", lambda row: ratio_text(row.ratio_dtype)),
        _Column(">vs\n64 bit", lambda row: ratio_text(row.ratio_64_bit), True),
        _Column(">encode\nMvox/s", lambda row: number_text(row.encode_speed / 1e6)),
        _Column(">", lambda row: _plus_minus(row.encode_seconds), True),
        _Column(">decode\nMvox/s", lambda row: number_text(row.decode_speed / 1e6)),
        _Column(">", lambda row: _plus_minus(row.decode_seconds), True),
        _Column("into", lambda row: "in use" if row.reuses_output else "new"),
        _Column(">encode\nMB", lambda row: _megabytes(row.encode_peak), True),
        _Column(">decode\nMB", lambda row: _megabytes(row.decode_peak), True),
        _Column(">runs", lambda row: str(len(row.encode_seconds)), True),
    ]


def _plus_minus(seconds: Sequence[float]) -> str:
    from segpresso.benchmark import spread

    return f"±{spread(seconds):.0%}" if len(seconds) > 1 else ""


def _megabytes(size: int | None) -> str:
    return NOTHING if size is None else f"{size / 1e6:,.1f}"


def mean_table(found: Sequence[Mean], reference: Mean, volumes: int) -> Table:
    """Return the table of geometric means, relative to a reference."""
    result = table(
        ["codec", ">bits/\nvoxel", ">times\nsmaller", ">encode\ntimes as fast", ">decode\n"],
        title=f"Geometric means over {volumes} volumes, relative to {reference.name}",
    )
    for mean in sorted(found, key=lambda mean: -mean.bits_per_voxel):
        result.add_row(
            mean.name,
            number_text(mean.bits_per_voxel),
            ratio_text(reference.bits_per_voxel / mean.bits_per_voxel),
            ratio_text(mean.encode_speed / reference.encode_speed),
            ratio_text(mean.decode_speed / reference.decode_speed),
            style="bold" if mean.contestant.is_native else None,
        )
    return result


def standing_table(standings: Sequence[Standing]) -> Table:
    """Return the table of our sizes relative to the smallest of all others."""
    measured = {name for one in standings for name in one.ours}
    profiles = [name for name in get_codec(DEFAULT_CODEC).profiles if name in measured]
    result = table(
        ["volume", "smallest of all others", ">bytes", *(f">{profile}" for profile in profiles)],
        title="How many times smaller Segpresso is",
    )
    for one in standings:
        sizes = (
            ratio_text(one.smaller(name)) if name in one.ours else NOTHING for name in profiles
        )
        result.add_row(one.volume, one.rival.name, f"{one.rival.bytes:,}", *sizes)
    if len(standings) > 1:
        result.add_section()
        result.add_row(
            "geometric mean", "", "", *(_mean(standings, name) for name in profiles), style="bold"
        )
    return result


def _mean(standings: Sequence[Standing], profile: str) -> str:
    """Return the geometric mean of a profile, if it was measured on all volumes."""
    from segpresso.experiments.report.means import geometric_mean

    if any(profile not in one.ours for one in standings):
        return NOTHING
    found = geometric_mean([one.smaller(profile) for one in standings])
    return ratio_text(found.value if found else None)
