"""All codecs with all second stages, and arrays that their formats do not know."""

from pathlib import Path

import numpy as np
import pytest

import segpresso
from segpresso.io import second_stages

CODECS = segpresso.codecs()


def arrays():
    z, y, x = np.indices((4, 9, 13))
    base = z // 2 * 100 + y // 3 * 10 + x // 4
    return {
        "uint8": (base % 200).astype(np.uint8),
        "uint64": base.astype(np.uint64) << 40,
        "int32": base.astype(np.int32),
        "negative": (base - 77).astype(np.int64),
        "bool": base % 3 == 0,
        "slice": base[1].astype(np.uint16),
        "series": np.stack([base, base + 1]).astype(np.uint32),
        "fortran": np.asfortranarray(base.astype(np.uint32)),
        "one voxel": np.full((1, 1, 1), 5, np.uint32),
    }


@pytest.mark.parametrize("second", second_stages())
@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("kind", arrays())
def test_what_goes_in_comes_out(cli, tmp_path, codec, second, kind):
    labels = arrays()[kind]
    np.save(tmp_path / "in.npy", labels)
    (packed,) = (
        cli("compress", tmp_path / "in.npy", "--codec", codec, "--second", second, "--json")
        .ok()
        .json
    )
    suffix = segpresso.get_codec(codec).suffix + segpresso.io.get_second_stage(second).suffix
    assert packed["output"] == str(tmp_path / f"in{suffix}")
    cli("decompress", packed["output"], "-o", tmp_path / "out.npy", "-q").ok()
    restored = np.load(tmp_path / "out.npy")
    assert (restored.shape, restored.dtype) == (labels.shape, labels.dtype)
    np.testing.assert_array_equal(restored, labels)
    cli("verify", packed["output"], "--against", tmp_path / "in.npy", "-q").ok()
    found = cli("labels", packed["output"], "--json").ok().json
    assert found["labels"] == [int(label) for label in np.unique(labels)]
    (described,) = cli("info", packed["output"], "--json").ok().json
    assert described["shape"] == list(labels.shape)
    assert described["dtype"] == labels.dtype.name
    assert described["labels"] == len(found["labels"])
    assert sum(described["sections"].values()) == described["stream_bytes"]


@pytest.mark.parametrize("codec", CODECS)
def test_headerless_streams_come_back_with_what_the_user_says(cli, cells_npy, cells, codec):
    (packed,) = cli("compress", cells_npy, "--codec", codec, "--second=zstd", "--json").ok().json
    data = cells_npy.with_name("renamed.bin")
    data.write_bytes(Path(packed["output"]).read_bytes())
    options = ["--codec", codec, "--dtype", "uint32"]
    if not segpresso.get_codec(codec).carries_shape:
        options += ["--shape", "5,14,21"]
    cli("decompress", data, *options, "-q", "-o", cells_npy.with_name("out.npy")).ok()
    restored = np.load(cells_npy.with_name("out.npy"))
    assert restored.dtype == cells.dtype
    np.testing.assert_array_equal(restored, cells)
