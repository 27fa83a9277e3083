"""The slow decoder written from docs/format_balanced.md reads frozen blocks of that model."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from .balanced_model import decode_balanced
from .blocks import BLOCKS, numbered

VECTORS = Path(__file__).resolve().parents[1] / "vectors/native-balanced"


@pytest.mark.parametrize("name", BLOCKS)
def test_frozen_block_decodes_to_the_block_it_was_made_from(name: str) -> None:
    payload = (VECTORS / f"{name}.bin").read_bytes()
    expected = numbered(BLOCKS[name])
    assert np.array_equal(
        decode_balanced(payload, expected.shape, int(expected.max()) + 1), expected
    )
