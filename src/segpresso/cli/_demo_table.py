"""The table that ``segpresso demo`` shows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich import box
from rich.table import Table
from rich.text import Text

from segpresso.cli._format import human_bytes, number_text, ratio_text, shape_text

if TYPE_CHECKING:
    from segpresso.benchmark import Row

_NUMBERS = (
    "bytes",
    "vs\n64 bit",
    "vs\n{dtype}",
    "bits/\nvoxel",
    "encode\nMvox/s",
    "decode\nMvox/s",
)


def demo_table(rows: Sequence[Row], distinct: int, threads: int) -> Table:
    """Return the table of all codecs, the smallest row in green.

    Parameters
    ----------
    rows : sequence of Row
        What was measured.
    distinct : int
        Number of labels in the volume.
    threads : int
        Threads that the codecs were allowed.
    """
    volume = rows[0].volume
    result = Table(
        box=box.HORIZONTALS,
        padding=0,
        show_edge=False,
        title=f"{volume.name}: {shape_text(volume.shape)} {volume.dtype}, "
        f"{volume.voxels / 1e6:.3g} million voxels, {distinct:,} labels, "
        f"{human_bytes(volume.voxels * volume.dtype.itemsize)}",
        caption="Mvox/s: million voxels per second of the codec alone, with "
        f"{threads} thread{'s' if threads > 1 else ''}; LZMA is not in it; "
        "decoded into an array in use",
        title_style="bold",
        title_justify="left",
        caption_justify="left",
        header_style="bold",
    )
    result.add_column("codec", overflow="fold")
    result.add_column("2nd\nstage", no_wrap=True)
    for name in _NUMBERS:
        result.add_column(name.format(dtype=volume.dtype), justify="right", no_wrap=True)
    result.add_column("loss-\nless", justify="center", no_wrap=True)
    smallest = min((row.bytes for row in rows if row.encode_seconds), default=0)
    for i, row in enumerate(rows):
        family = row.contestant.family
        ends_section = i + 1 == len(rows) or rows[i + 1].contestant.family != family
        _add(result, row, is_smallest=row.bytes == smallest, end=ends_section)
    return result


def _add(result: Table, row: Row, *, is_smallest: bool, end: bool) -> None:
    title, is_alone = row.contestant.title, row.second == "none"
    if not row.encode_seconds:
        if is_alone:
            result.add_row(title, "-", Text("cannot", "yellow"), end_section=end)
        return
    result.add_row(
        title if is_alone else "",
        "-" if is_alone else row.second.upper(),
        f"{row.bytes:,}",
        ratio_text(row.ratio_64_bit),
        ratio_text(row.ratio_dtype),
        number_text(row.bits_per_voxel),
        number_text(row.encode_speed / 1e6) if is_alone else "",
        number_text(row.decode_speed / 1e6) if is_alone else "",
        Text("✓", "bold green") if row.lossless else Text("✗", "bold red"),
        style="bold green" if is_smallest else "bold" if row.contestant.is_native else None,
        end_section=end,
    )
