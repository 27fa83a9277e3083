"""The slow decoder written from docs/format_fast.md reads frozen blocks of the `fast` model."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from .blocks import BLOCKS, numbered
from .fast_model import decode_fast

VECTORS = Path(__file__).resolve().parents[1] / "vectors/native-fast"


@pytest.mark.parametrize("name", BLOCKS)
def test_frozen_block_decodes_to_the_block_it_was_made_from(name: str) -> None:
    payload = (VECTORS / f"{name}.bin").read_bytes()
    expected = numbered(BLOCKS[name])
    assert np.array_equal(decode_fast(payload, expected.shape), expected)
