"""Numbers as people read them, and the tables they stand in."""

from __future__ import annotations

from collections.abc import Sequence

from rich import box
from rich.table import Table
from rich.text import Text

NOTHING = "-"


def human_bytes(size: int) -> str:
    """Return a size in powers of 1000, as in the Compresso paper.

    Examples
    --------
    >>> human_bytes(999), human_bytes(3_584_848)
    ('999 B', '3.58 MB')
    """
    if size < 1000:
        return f"{size} B"
    power = min(4, (len(str(size)) - 1) // 3)
    value = size / 1000**power
    digits = 2 if value < 9.995 else 1 if value < 99.95 else 0
    return f"{value:.{digits}f} {' kMGT'[power]}B"


def exact_bytes(size: int) -> str:
    """Return a size to the byte, and readable.

    Examples
    --------
    >>> exact_bytes(3_584_848), exact_bytes(12)
    ('3,584,848 (3.58 MB)', '12')
    """
    return f"{size:,}" if size < 1000 else f"{size:,} ({human_bytes(size)})"


def shape_text(shape: Sequence[int] | None) -> str:
    """Return a shape.

    Examples
    --------
    >>> shape_text((64, 512, 512))
    '64x512x512'
    """
    return "unknown" if shape is None else "x".join(map(str, shape))


def ratio_text(ratio: float | None) -> str:
    """Return a compression ratio.

    Examples
    --------
    >>> ratio_text(7.234), ratio_text(1553.2), ratio_text(None)
    ('7.23x', '1,553x', '-')
    """
    if ratio is None:
        return NOTHING
    return f"{ratio:.2f}x" if ratio < 10 else f"{ratio:.1f}x" if ratio < 100 else f"{ratio:,.0f}x"


def number_text(value: float | None, digits: int = 3) -> str:
    """Return a number with so many digits.

    Examples
    --------
    >>> number_text(0.20634), number_text(281.4), number_text(1281.4)
    ('0.206', '281', '1,281')
    """
    if value is None:
        return NOTHING
    if value >= 10 ** (digits - 1):
        return f"{value:,.0f}"
    return f"{value:#.{digits}g}"


def table(columns: Sequence[str], title: str | None = None, caption: str | None = None) -> Table:
    """Start a table: texts to the left; numbers, whose names begin with ">", to the right."""
    result = Table(
        box=box.SIMPLE_HEAD,
        show_edge=False,
        padding=(0, 1, 0, 0),
        title=title,
        caption=caption,
        title_justify="left",
        caption_justify="left",
        title_style="bold",
        pad_edge=False,
    )
    for column in columns:
        right = column.startswith(">")
        result.add_column(
            column.removeprefix(">"),
            justify="right" if right else "left",
            overflow="fold",
            no_wrap=right,
        )
    return result


def plain(text: str) -> Text:
    """Return text that is shown as it is: in names of files brackets mean nothing."""
    return Text(text)
