"""Files of every codec there is: whatever the axes and types of the codec, arrays come back."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import segpresso.io as sio
from segpresso.codecs import Limits, codecs, get_codec
from segpresso.errors import LimitError, SegpressoError

TYPES = [np.bool_, *(np.dtype(f"{k}{n}") for k in "ui" for n in (1, 2, 4, 8))]


def arrays():
    shapes = hnp.array_shapes(min_dims=2, max_dims=4, max_side=12)
    return st.sampled_from(TYPES).flatmap(
        lambda dtype: hnp.arrays(
            dtype, shapes, elements=st.integers(0, 1 if np.dtype(dtype).kind == "b" else 100)
        )
    )


@pytest.mark.parametrize("name", codecs())
@pytest.mark.parametrize("second", ["none", "lzma"])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(labels=arrays())
def test_every_type_and_number_of_axes_comes_back(tmp_path, name, second, labels):
    suffix = get_codec(name).suffix + sio.get_second_stage(second).suffix
    sio.write(tmp_path / f"cells{suffix}", labels)
    read = sio.read(tmp_path / f"cells{suffix}")
    assert (read.dtype, read.shape) == (labels.dtype, labels.shape)
    np.testing.assert_array_equal(read, labels)


@pytest.mark.parametrize("name", codecs())
@pytest.mark.parametrize("dtype", ["int8", "int16", "int32"])
def test_negative_labels_come_back(tmp_path, name, dtype):
    labels = np.repeat(np.arange(-20, 20, dtype=dtype), 30).reshape(4, 10, 30)
    path = tmp_path / f"cells{get_codec(name).suffix}"
    sio.write(path, labels)
    assert sio.read(path).dtype == labels.dtype
    np.testing.assert_array_equal(sio.read(path), labels)


def test_streams_are_those_of_the_codec(cells):
    assert sio.pack(cells, "cpso") == get_codec("cpso").encode(cells.T)
    assert sio.pack(cells, "compresso-v2") == get_codec("compresso-v2").encode(cells)


@pytest.mark.parametrize("name", codecs())
def test_damaged_files_are_errors_of_ours(tmp_path, name, cells):
    path = tmp_path / f"cells{get_codec(name).suffix}"
    sio.write(path, cells)
    whole = path.read_bytes()
    for length in range(1, len(whole), 7):
        path.write_bytes(whole[:length])
        with pytest.raises(SegpressoError, match=path.name):
            sio.read(path)


@pytest.mark.parametrize("name", ["cpso", "compresso-v2", "compresso-miccai"])
def test_limits_reach_the_codec(name, cells):
    packed = sio.pack(cells, name)
    with pytest.raises(LimitError):
        sio.unpack(packed, codec=name, limits=Limits(max_bytes=10))


def test_options_reach_the_codec(tmp_path, cells):
    labels = cells.astype(np.uint64)
    sio.write_compressed(tmp_path / "a.cseg", labels, block_size=(4, 2, 1), threads=1)
    np.testing.assert_array_equal(sio.read_compressed(tmp_path / "a.cseg", threads=1), labels)
    sio.write_compressed(tmp_path / "a.cpso", cells, window=(8, 8, 1))
    assert get_codec("cpso").describe((tmp_path / "a.cpso").read_bytes())["window"] == (8, 8, 1)
