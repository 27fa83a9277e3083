"""The slow decoder written from docs/format_small.md reads frozen blocks of the `small` model."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from .blocks import BLOCKS, numbered
from .small_model import decode_small

VECTORS = Path(__file__).resolve().parents[1] / "vectors/native-small"


@pytest.mark.parametrize("name", BLOCKS)
def test_frozen_block_decodes_to_the_block_it_was_made_from(name: str) -> None:
    payload = (VECTORS / f"{name}.bin").read_bytes()
    expected = numbered(BLOCKS[name])
    assert np.array_equal(decode_small(payload, expected.shape, int(expected.max()) + 1), expected)
