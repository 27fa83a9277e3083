"""What ``segpresso info`` shows of a file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rich.table import Table
from rich.text import Text

from segpresso.cli._format import exact_bytes, number_text, plain, ratio_text, shape_text, table
from segpresso.cli._ui import Ui

_BAR = 24


def show_info(record: dict[str, Any], ui: Ui) -> None:
    """Show one file.

    Parameters
    ----------
    record : dict
        What is known about it, as for JSON.
    ui : Ui
        Where to show it.
    """
    ui.show(Text(record["file"], "bold"))
    facts = Table.grid(padding=(0, 2))
    for name, value in _facts(record):
        facts.add_row(Text(f"  {name}", "dim"), plain(value))
    ui.show(facts)
    if record.get("sections"):
        ui.show(_sections(record["sections"]))
    ui.show("")


def _facts(record: dict[str, Any]) -> Iterator[tuple[str, str]]:
    axes = {2: "y, x", 3: "z, y, x", 4: "t, z, y, x"}.get(len(record["shape"] or ()))
    yield "shape", shape_text(record["shape"]) + (f" ({axes})" if axes else "")
    yield "dtype", record["dtype"] or "unknown"
    labels = record["labels"]
    yield "labels", "unknown without --shape and --dtype" if labels is None else f"{labels:,}"
    if record.get("smallest") is not None:
        yield "smallest, largest", f"{record['smallest']}, {record['largest']}"
    yield "file", exact_bytes(record["bytes"])
    if record["kind"] == "stream":
        yield "codec", record["codec"]
        yield "second stage", _second(record)
        if record["sidecar"]:
            yield "shape and dtype from", record["sidecar"]
    if record["shape"] is not None:
        yield "bits per voxel", number_text(record["bits_per_voxel"])
        vs_dtype, vs_64_bit = record["ratio_dtype"], record["ratio_64_bit"]
        yield "smaller than", f"{ratio_text(vs_dtype)} (dtype), {ratio_text(vs_64_bit)} (64 bit)"
    for name, value in record.get("details", {}).items():
        yield name.replace("_", " "), _detail(value)


def _second(record: dict[str, Any]) -> str:
    if record["second"] == "none":
        return "none"
    return f"{record['second']}, holding {exact_bytes(record['stream_bytes'])}"


def _detail(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, dict):
        return ", ".join(f"{count:,} {name}" for name, count in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return str(value)


def _sections(sections: dict[str, int]) -> Table:
    total = sum(sections.values())
    result = table(["  section", ">bytes", ">share", ""])
    for name, size in sections.items():
        share = size / total if total else 0.0
        result.add_row(f"  {name}", f"{size:,}", f"{share:.1%}", "█" * round(share * _BAR))
    result.add_section()
    result.add_row("  stream", f"{total:,}", "", "")
    return result
