"""The files people have: through compress, info and decompress, and back unchanged."""

import numpy as np
import pytest

import segpresso
from tests.data import DATA

ORIGINAL = DATA / "original"
FILES = sorted(path.name for path in ORIGINAL.iterdir()) if ORIGINAL.is_dir() else []

pytestmark = pytest.mark.skipif(
    not FILES, reason=f"no files in {ORIGINAL}; SEGPRESSO_DATA names another data folder"
)


@pytest.mark.parametrize("name", FILES)
def test_a_real_file_comes_back(cli, tmp_path, name):
    original = segpresso.read(ORIGINAL / name)
    (packed,) = cli("compress", ORIGINAL / name, "-o", f"{tmp_path}/", "--json").ok().json
    assert packed["ratio_dtype"] > 5
    (described,) = cli("info", packed["output"], "--json").ok().json
    assert described["shape"] == list(original.shape)
    assert described["dtype"] == original.dtype.name
    assert described["labels"] == len(np.unique(original))
    (restored,) = cli("decompress", packed["output"], "--json").ok().json
    labels = np.load(restored["output"])
    assert labels.dtype == original.dtype
    assert np.array_equal(labels, original)
    cli("verify", packed["output"], "--against", ORIGINAL / name).ok()
