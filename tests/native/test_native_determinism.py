"""The same bytes for any number of threads and any instruction set."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from typing import Any

import numpy as np
import pytest

import segpresso
from tests.native.streams import PROFILES


@pytest.mark.parametrize("profile", PROFILES)
def test_bytes_do_not_depend_on_threads(profile: str) -> None:
    labels = segpresso.examples.neuropil((70, 90, 80), seed=1)
    options: dict[str, Any] = {"profile": profile, "block_shape": (20, 32, 32), "stats": True}
    streams = {
        segpresso.compress(labels, "segpresso", threads=threads, **options)
        for threads in (1, 2, 3, 8)
    }
    assert len(streams) == 1
    stream = streams.pop()
    for threads in (1, 2, 5):
        np.testing.assert_array_equal(segpresso.decompress(stream, threads=threads), labels)


HASHES = """
import hashlib, numpy as np, segpresso
labels = segpresso.examples.neuropil((40, 90, 80), seed=1)
_, labels = np.unique(labels, return_inverse=True)
labels = labels.reshape(40, 90, 80)
streams = [
    segpresso.compress(labels.astype(dtype), "segpresso", profile=profile, stats=True,
                       block_shape=(20, 45, 80))
    for profile in ("fast", "balanced", "small") for dtype in ("u2", "i4", "u8")
]
assert all((segpresso.decompress(stream) == labels).all() for stream in streams)
print(hashlib.sha256(b"".join(streams)).hexdigest(), segpresso._core.simd())
"""


def test_bytes_do_not_depend_on_the_instruction_set() -> None:
    found = set()
    for simd in ("scalar", "avx2", "avx512", "neon"):
        result = subprocess.run(
            [sys.executable, "-c", HASHES],
            env={**os.environ, "SEGPRESSO_SIMD": simd},
            capture_output=True,
            text=True,
            check=True,
        )
        found.add(result.stdout.split()[0])
    assert len(found) == 1
    assert len(found.pop()) == 2 * hashlib.sha256().digest_size
