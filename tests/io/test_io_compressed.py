"""Files with the streams of codecs: what the stream cannot tell is kept beside it."""

import gzip
import io
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import segpresso.io as sio
from segpresso.codecs.base import Limits
from segpresso.errors import (
    CorruptError,
    InvalidArgumentError,
    LimitError,
    SegpressoError,
    TruncatedError,
    UnsupportedError,
)
from segpresso.io.compressed import split_name

pytestmark = pytest.mark.usefixtures("fake_codecs")

ANY = [np.bool_, *(np.dtype(f"{k}{n}") for k in "ui" for n in (1, 2, 4, 8))]
CODECS = {".full": ANY, ".cpso": ANY, ".cmp1": ANY, ".cseg": ["u4", "u8", "i4", "i8"]}
STAGES = ["", ".xz", ".zst", ".gz", ".br"]


def files(folder):
    return sorted(file.name for file in folder.iterdir())


@pytest.mark.parametrize("suffix", CODECS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_every_type_and_number_of_axes_comes_back(tmp_path, suffix, data):
    shape = data.draw(hnp.array_shapes(min_dims=2, max_dims=4, max_side=4))
    labels = data.draw(hnp.arrays(st.sampled_from(CODECS[suffix]), shape))
    path = tmp_path / ("cells" + suffix + data.draw(st.sampled_from(STAGES)))
    sio.write(path, labels)
    read = sio.read(path)
    assert (read.dtype, read.shape) == (labels.dtype, labels.shape)
    np.testing.assert_array_equal(read, labels)


@pytest.mark.parametrize(
    ("name", "codec", "second"),
    [
        ("a.cpso", "cpso", None),
        ("a.cpso.xz", "cpso", "lzma"),
        ("A.CPSO.ZST", "cpso", "zstd"),
        ("a.full.br", "full", "brotli"),
        ("a.gz", None, "gzip"),
        ("a.bin", None, None),
        ("cpso", None, None),
    ],
)
def test_suffixes_tell_codec_and_second_stage(name, codec, second):
    assert split_name(name) == (codec, second)


class TestSidecar:
    def test_is_not_written_when_the_stream_tells_everything(self, tmp_path, cells):
        sio.write(tmp_path / "a.cpso.xz", cells)
        sio.write(tmp_path / "b.full", cells[0] > 3)
        sio.write(tmp_path / "c.cmp1", cells.astype(np.uint64))
        assert files(tmp_path) == ["a.cpso.xz", "b.full", "c.cmp1"]

    def test_tells_what_the_stream_does_not(self, tmp_path, cells):
        labels = cells.astype(np.int32)
        sio.write_compressed(tmp_path / "a.cseg.gz", labels, block_size=(4, 4, 2))
        assert files(tmp_path) == ["a.cseg.gz", "a.cseg.gz.json"]
        content = json.loads((tmp_path / "a.cseg.gz.json").read_text())
        content.pop("crc32")
        assert content == {
            "codec": "compressed_segmentation",
            "shape": [3, 5, 7],
            "dtype": "int32",
            "options": {"block_size": [4, 4, 2]},
        }
        read = sio.read(tmp_path / "a.cseg.gz")
        assert read.dtype == np.int32
        np.testing.assert_array_equal(read, labels)

    def test_keeps_defaults_too_since_they_may_change(self, tmp_path, cells):
        sio.write(tmp_path / "a.cseg", cells.astype(np.uint32))
        content = json.loads((tmp_path / "a.cseg.json").read_text())
        assert content["options"] == {"block_size": [8, 8, 8]}

    def test_does_not_list_what_only_the_encoder_needs(self, tmp_path, cells):
        sio.write_compressed(tmp_path / "a.cpso", cells[0], window=(8, 8, 1))
        assert json.loads((tmp_path / "a.cpso.json").read_text())["options"] == {}
        assert sio.read(tmp_path / "a.cpso").shape == cells[0].shape

    @pytest.mark.parametrize(
        "change",
        [lambda a: a.astype(np.int16), lambda a: a > 3, lambda a: a[0], lambda a: a[None]],
        ids=["signed", "bool", "2 axes", "4 axes"],
    )
    def test_is_written_for_what_cpso_cannot_tell(self, tmp_path, cells, change):
        labels = change(cells)
        sio.write(tmp_path / "a.cpso", labels)
        assert files(tmp_path) == ["a.cpso", "a.cpso.json"]
        read = sio.read(tmp_path / "a.cpso")
        assert (read.dtype, read.shape) == (labels.dtype, labels.shape)
        np.testing.assert_array_equal(read, labels)

    def test_of_a_replaced_file_is_removed(self, tmp_path, cells):
        sio.write(tmp_path / "a.cpso", cells.astype(np.int16))
        sio.write(tmp_path / "a.cpso", cells)
        assert files(tmp_path) == ["a.cpso"]

    def test_of_another_stream_is_noticed(self, tmp_path, cells):
        sio.write(tmp_path / "a.cseg", cells.astype(np.uint32))
        sio.write(tmp_path / "b.cseg", cells.astype(np.uint32) + 1)
        (tmp_path / "b.cseg").replace(tmp_path / "a.cseg")
        with pytest.raises(CorruptError, match=r"a\.cseg.*another stream"):
            sio.read(tmp_path / "a.cseg")

    @pytest.mark.parametrize(
        "text",
        ["", '{"codec": "cpso", "crc32": 1}', '{"codec":"cpso","shape":[-1,2],"dtype":"u2",'
         '"options":{},"crc32":0}', '{"codec":"cpso","shape":[1,2],"dtype":"f4","options":{},'
         '"crc32":0}'],
    )  # fmt: skip
    def test_that_is_damaged_is_named(self, tmp_path, cells, text):
        sio.write(tmp_path / "a.cpso", cells)
        (tmp_path / "a.cpso.json").write_text(text)
        with pytest.raises(SegpressoError, match=r"a\.cpso\.json"):
            sio.read(tmp_path / "a.cpso")

    @pytest.mark.parametrize("text", ["{}", "[]", '{"codec": "gzip", "voxel_size": [4, 4, 40]}'])
    def test_of_other_programs_is_let_alone(self, tmp_path, cells, text):
        (tmp_path / "a.cpso.json").write_text(text)
        sio.write(tmp_path / "a.cpso", cells)
        np.testing.assert_array_equal(sio.read(tmp_path / "a.cpso"), cells)
        assert (tmp_path / "a.cpso.json").read_text() == text

    def test_does_not_replace_files_of_other_programs(self, tmp_path, cells):
        (tmp_path / "a.cseg.json").write_text("{}")
        with pytest.raises(FileExistsError, match="another program"):
            sio.write(tmp_path / "a.cseg", cells.astype(np.uint32))
        assert files(tmp_path) == ["a.cseg.json"]
        assert (tmp_path / "a.cseg.json").read_text() == "{}"

    def test_that_is_missing_is_missed(self, tmp_path, cells):
        sio.write(tmp_path / "a.cseg", cells.astype(np.uint32))
        (tmp_path / "a.cseg.json").unlink()
        with pytest.raises(InvalidArgumentError, match=r"shape=\(z, y, x\)"):
            sio.read(tmp_path / "a.cseg")
        read = sio.read_compressed(
            tmp_path / "a.cseg", shape=cells.shape, dtype="uint32", block_size=(8, 8, 8)
        )
        np.testing.assert_array_equal(read, cells)

    def test_gives_way_to_what_the_user_says(self, tmp_path, cells):
        sio.write(tmp_path / "a.cpso", cells.astype(np.int16))
        assert sio.read_compressed(tmp_path / "a.cpso", dtype="uint16").dtype == np.uint16


class TestBytes:
    @pytest.mark.parametrize("codec", ["full", "cpso"])
    @pytest.mark.parametrize("second", ["none", "lzma", "zstd", "gzip"])
    def test_are_recognised_by_their_magic_numbers(self, cells, codec, second):
        packed = sio.pack(cells, codec, second)
        np.testing.assert_array_equal(sio.unpack(packed), cells)
        np.testing.assert_array_equal(sio.read_compressed(io.BytesIO(packed)), cells)

    def test_are_exactly_the_stream_of_the_codec(self, cells, fake_codecs):
        assert sio.pack(cells, "cpso") == fake_codecs["cpso"].encode(cells.T)

    def test_without_magic_number_must_be_named(self, cells):
        packed = sio.pack(cells, "miccai")
        with pytest.raises(InvalidArgumentError, match="name it: full, cpso, miccai"):
            sio.unpack(packed)
        assert sio.unpack(packed, codec="miccai").dtype == np.uint64
        assert sio.unpack(packed, codec="miccai", dtype=np.uint16).dtype == np.uint16

    def test_in_brotli_must_be_named(self, cells):
        packed = sio.pack(cells, "cpso", "brotli")
        np.testing.assert_array_equal(sio.unpack(packed, second="brotli"), cells)

    def test_decode_within_limits_only(self, cells):
        packed = sio.pack(cells, "full")
        with pytest.raises(LimitError):
            sio.unpack(packed, limits=Limits(max_bytes=10))
        with pytest.raises(LimitError):
            sio.unpack(packed, codec="compressed_segmentation", shape=(10**5,) * 3, dtype="u8")

    def test_are_checked_against_the_shape_and_type_asked_for(self, cells):
        packed = sio.pack(cells, "cpso")
        with pytest.raises(CorruptError, match="cannot be shape"):
            sio.unpack(packed, shape=(1, 2, 3))
        with pytest.raises(UnsupportedError, match="no uint8"):
            sio.unpack(sio.pack(cells + np.uint16(300), "cpso"), dtype="uint8")
        with pytest.raises(UnsupportedError, match="no bool"):
            sio.unpack(packed, dtype="bool")
        with pytest.raises(UnsupportedError, match="no int8"):
            sio.unpack(sio.pack(cells + np.uint16(200), "cpso"), dtype="int8")
        with pytest.raises(InvalidArgumentError, match="float32"):
            sio.unpack(packed, dtype="float32")


def test_a_file_of_any_name_is_recognised_by_its_magic_number(tmp_path, cells):
    sio.write_compressed(tmp_path / "chunk", cells, codec="cpso", second="gzip")
    np.testing.assert_array_equal(sio.read(tmp_path / "chunk"), cells)


def test_an_archive_of_something_else_is_not_unpacked(tmp_path, monkeypatch):
    from segpresso.io.second_stage import SecondStage

    def fail(*args):
        raise AssertionError("unpacked")

    (tmp_path / "backup.tar.gz").write_bytes(gzip.compress(bytes(10_000_000)))
    monkeypatch.setattr(SecondStage, "decompress", fail)
    with pytest.raises(InvalidArgumentError, match=r"backup\.tar\.gz.*name it"):
        sio.read(tmp_path / "backup.tar.gz")


def test_a_name_without_codec_needs_one(tmp_path, cells):
    with pytest.raises(InvalidArgumentError, match="name the codec"):
        sio.write_compressed(tmp_path / "a.bin", cells)


def test_volumes_are_handed_over_without_a_copy(cells):
    seen = []

    def encode(labels, **options):
        seen.append(labels)
        return b""

    from segpresso.io import _fit

    codec = type("Spy", (), {"axes": "xyz", "carries_shape": True, "encode": staticmethod(encode)})
    _fit.encode(cells, codec, None, {})
    assert np.shares_memory(seen[0], cells)
    assert seen[0].shape == (7, 5, 3)


def test_what_a_codec_refuses_in_any_form_is_its_own_error(tmp_path, cells):
    with pytest.raises(UnsupportedError, match=r"a\.cseg: uint32 and uint64"):
        sio.write(tmp_path / "a.cseg", cells)
    assert files(tmp_path) == []


def test_damaged_streams_name_the_file(tmp_path, cells):
    for name in ("a.full", "a.full.xz", "a.full.gz"):
        sio.write(tmp_path / name, cells)
        whole = (tmp_path / name).read_bytes()
        (tmp_path / name).write_bytes(whole[:-9])
        with pytest.raises(TruncatedError, match=name):
            sio.read(tmp_path / name)


@pytest.mark.parametrize("step", ["pathlib.Path.write_bytes", "pathlib.Path.write_text"])
def test_an_interrupted_write_leaves_neither_file(tmp_path, cells, monkeypatch, step):
    def fail(*args, **kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr(step, fail)
    with pytest.raises(KeyboardInterrupt):
        sio.write(tmp_path / "a.cseg", cells.astype(np.uint32))
    assert files(tmp_path) == []


def test_a_file_of_the_users_that_is_no_sidecar_stays(tmp_path: Path) -> None:
    path = tmp_path / "cells.cpso"
    beside = tmp_path / "cells.cpso.json"
    beside.write_text('{"mine": 1}')
    sio.write_compressed(path, np.zeros((2, 3, 4), np.uint8))
    assert beside.read_text() == '{"mine": 1}'
    beside.unlink()
    sio.write_compressed(path, np.zeros((2, 3, 4), np.int8))
    assert beside.exists()
    sio.write_compressed(path, np.zeros((2, 3, 4), np.uint8))
    assert not beside.exists()
