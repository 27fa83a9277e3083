"""The table that ``segpresso demo`` shows."""

from __future__ import annotations

from collections.abc import Sequence

from rich import box
from rich.table import Table
from rich.text import Text

from segpresso.cli._arrays import Labels
from segpresso.cli._bench import Row
from segpresso.cli._format import human_bytes, number_text, ratio_text, shape_text
from segpresso.codecs import DEFAULT_CODEC
from segpresso.codecs.arrays import thread_count

_NUMBERS = (
    "bytes",
    "vs\n64 bit",
    "vs\n{dtype}",
    "bits/\nvoxel",
    "encode\nMvox/s",
    "decode\nMvox/s",
)


def demo_table(
    rows: Sequence[Row], labels: Labels, distinct: int, title: str, threads: int | None
) -> Table:
    """Return the table of all codecs, the smallest row in green.

    Parameters
    ----------
    rows : sequence of Row
        What was measured.
    labels : ndarray
        The volume.
    distinct : int
        Number of its labels.
    title : str
        Its name.
    threads : int or None
        Threads that the codecs were allowed.
    """
    number = thread_count(threads)
    result = Table(
        box=box.HORIZONTALS,
        padding=0,
        show_edge=False,
        title=f"{title}: {shape_text(labels.shape)} {labels.dtype}, "
        f"{labels.size / 1e6:.3g} million voxels, {distinct:,} labels, "
        f"{human_bytes(labels.nbytes)}",
        caption="Mvox/s: million voxels per second of the codec alone, with "
        f"{number} thread{'s' if number > 1 else ''}; LZMA is not in it",
        title_style="bold",
        title_justify="left",
        caption_justify="left",
        header_style="bold",
    )
    result.add_column("codec", overflow="fold")
    result.add_column("2nd\nstage", no_wrap=True)
    for name in _NUMBERS:
        result.add_column(name.format(dtype=labels.dtype), justify="right", no_wrap=True)
    result.add_column("loss-\nless", justify="center", no_wrap=True)
    done = [row for row in rows if row.problem is None]
    smallest = min((row.sizes.stored_bytes for row in done), default=0)
    for i, row in enumerate(rows):
        ends_section = i + 1 == len(rows) or rows[i + 1].codec != row.codec
        _add(result, row, is_smallest=row.sizes.stored_bytes == smallest, end=ends_section)
    return result


def _add(result: Table, row: Row, *, is_smallest: bool, end: bool) -> None:
    if row.problem is not None:
        result.add_row(row.name, "-", Text("cannot", "yellow"), end_section=end)
        return
    is_alone = row.second == "none"
    result.add_row(
        row.name if is_alone else "",
        "-" if is_alone else row.second.upper(),
        f"{row.sizes.stored_bytes:,}",
        ratio_text(row.sizes.ratio_64_bit),
        ratio_text(row.sizes.ratio_dtype),
        number_text(row.sizes.bits_per_voxel),
        number_text(row.encode_speed) if is_alone else "",
        number_text(row.decode_speed) if is_alone else "",
        Text("✓", "bold green") if row.lossless else Text("✗", "bold red"),
        style="bold green" if is_smallest else "bold" if row.codec == DEFAULT_CODEC else None,
        end_section=end,
    )
