"""Streams made by the original programs: same bytes out, same labels back."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import segpresso

VECTORS = Path(__file__).parent.parent / "vectors"
INDEX = json.loads((VECTORS / "index.json").read_text())


def cases() -> list[Any]:
    return [
        pytest.param(entry, stream, id=stream.get("file", f"{entry['name']}-refused"))
        for entry in INDEX["vectors"]
        for stream in entry["streams"]
        if stream["format"] != "crackle"
    ]


def arrange(entry: dict[str, Any], stream: dict[str, Any]) -> tuple[str, Any, dict[str, Any]]:
    """Codec, input array and encoder options of a stream."""
    xyz = np.load(VECTORS / entry["input"]["file"])
    params = stream["params"]
    options: dict[str, Any] = {}
    if stream.get("correct_decoder_recovers_input") is False:
        options["wrap_labels"] = True  # labels that the format itself cannot hold
    match stream["format"]:
        case "vcg_v1":
            return "compresso-miccai", xyz.transpose(2, 1, 0), options
        case "vcg_v2":
            options["window"] = tuple(params["window_zyx"])
            return "compresso-v2", xyz.transpose(2, 1, 0), options
        case "cpso_v0" | "cpso_v1":
            return (
                "cpso",
                xyz,
                {
                    "window": tuple(params["steps_xyz"]),
                    "connectivity": params["connectivity"],
                    "z_index": params["z_index"],
                },
            )
        case "compressed_segmentation":
            xyzc = xyz.astype(params["dtype"])[..., None]
            if params["channels"] == 2:
                xyzc = np.concatenate([xyzc, xyzc[::-1]], -1)
            return "compressed_segmentation", xyzc, {"block_size": tuple(params["block_xyz"])}
        case "vcg_neuroglancer":
            return "neuroglancer-blocks", xyz.transpose(2, 1, 0), {}
    raise AssertionError(stream["format"])


def test_there_are_220_streams_of_the_five_formats() -> None:
    assert len(cases()) == 220


@pytest.mark.parametrize("layout", ["as stored", "C order"])
@pytest.mark.parametrize(("entry", "stream"), cases())
def test_stream(entry: dict[str, Any], stream: dict[str, Any], layout: str) -> None:
    codec, labels, options = arrange(entry, stream)
    if layout == "C order":
        labels = np.ascontiguousarray(labels)
    if "refused" in stream:
        with pytest.raises(segpresso.UnsupportedError, match="larger window"):
            segpresso.compress(labels, codec, **options)
        return
    data = (VECTORS / stream["file"]).read_bytes()
    assert hashlib.sha256(data).hexdigest() == stream["sha256"]
    assert segpresso.compress(labels, codec, **options) == data
    if stream.get("correct_decoder_recovers_input") is False:
        with pytest.raises(segpresso.UnsupportedError, match="2\\^64 - 6"):
            segpresso.compress(labels, codec, **{**options, "wrap_labels": False})
        return
    hints = {}
    if codec == "compressed_segmentation":
        hints = {"shape": labels.shape, "dtype": labels.dtype, **options}
    decoded = segpresso.decompress(data, codec=codec, **hints)
    np.testing.assert_array_equal(decoded, labels)
    if codec in ("cpso", "compresso-v2"):
        assert decoded.dtype == labels.dtype
