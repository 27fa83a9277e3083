"""The table that ``segpresso compress`` ends with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.table import Table

from segpresso.cli._format import (
    exact_bytes,
    number_text,
    plain,
    ratio_text,
    shape_text,
    table,
)


def result_table(records: Sequence[dict[str, Any]]) -> Table:
    """Return a table with one line per file.

    Parameters
    ----------
    records : sequence of dict
        What was measured, as for JSON.
    """
    second = sum(record["second_seconds"] for record in records)
    name = records[0]["second"]
    verified = "decoded and compared" if records[0]["verified"] else "not verified"
    behind = f" and without {name}, which took {second:.2f} s" if name != "none" else ""
    result = table(
        [
            "file",
            ">shape",
            "dtype",
            ">bytes",
            ">vs\ndtype",
            ">vs\n64 bit",
            ">bits/\nvoxel",
            ">encode\nMvox/s",
        ],
        caption=f"{verified}; Mvox/s: million voxels per second that {records[0]['codec']} "
        f"encodes, without reading and writing{behind}",
    )
    for record in records:
        result.add_row(
            plain(record["output"]),
            shape_text(record["shape"]),
            record["dtype"],
            exact_bytes(record["bytes"]),
            ratio_text(record["ratio_dtype"]),
            ratio_text(record["ratio_64_bit"]),
            number_text(record["bits_per_voxel"]),
            number_text(record["encode_mvoxels_per_s"]),
        )
    return result
