"""The tables that ``segpresso bench`` shows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from segpresso.cli._format import NOTHING, number_text, ratio_text, shape_text, table
from segpresso.codecs import DEFAULT_CODEC, get_codec

if TYPE_CHECKING:
    from segpresso.benchmark import Mean, Row, Standing


def volume_table(rows: Sequence[Row], threads: int) -> Table:
    """Return the table of a volume: the largest first, ours in bold, the smallest in green."""
    volume = rows[0].volume
    cut = f", in {len(volume.pieces)} chunks" if volume.chunk is not None else ""
    result = table(
        [
            "codec",
            ">bytes",
            ">bits/\nvoxel",
            f">vs\n{volume.dtype}",
            ">vs\n64 bit",
            ">encode\nMvox/s",
            ">",
            ">decode\nMvox/s",
            ">",
            "into",
            ">encode\nMB",
            ">decode\nMB",
            ">runs",
            "loss-\nless",
        ],
        title=f"{volume.name}: {shape_text(volume.shape)} {volume.dtype}, "
        f"{volume.voxels / 1e6:.3g} million voxels{cut}",
        caption="Mvox/s: million voxels per second, the median of all runs, second stage "
        f"included, {threads} thread{'s' if threads > 1 else ''} where the codec can; ±: half of "
        "the range.\ninto: a new array or one in use. MB: peak memory beyond what was in use "
        "before, result included.",
    )
    measured = sorted((row for row in rows if row.encode_seconds), key=lambda row: -row.bytes)
    for row in measured:
        style = "bold" if row.contestant.is_native else None
        result.add_row(
            row.name,
            f"{row.bytes:,}",
            number_text(row.bits_per_voxel),
            ratio_text(row.ratio_dtype),
            ratio_text(row.ratio_64_bit),
            number_text(row.encode_speed / 1e6),
            _plus_minus(row.encode_seconds),
            number_text(row.decode_speed / 1e6),
            _plus_minus(row.decode_seconds),
            "in use" if row.reuses_output else "new",
            _megabytes(row.encode_peak),
            _megabytes(row.decode_peak),
            str(len(row.encode_seconds)),
            Text("✓", "bold green") if row.lossless else Text("✗", "bold red"),
            style="bold green" if row is measured[-1] else style,
        )
    return result


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
