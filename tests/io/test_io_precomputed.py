"""Neuroglancer precomputed folders."""

import gzip
import json

import numpy as np
import pytest

import segpresso.io as sio
from segpresso.errors import CorruptError, InvalidArgumentError, SegpressoError, UnsupportedError
from segpresso.io.precomputed import read_precomputed

LABELS = np.arange(5 * 6 * 7, dtype=np.uint32).reshape(5, 6, 7)  # z, y, x


def make(
    path, labels=LABELS, encode=None, suffix="", chunk=(4, 4, 4), offset=(10, 20, 30), **scale
):
    """Write a volume whose axes, chunk borders and offset cannot be confused."""
    czyx = labels if labels.ndim == 4 else labels[None]
    scale = {
        "key": "8_8_40",
        "size": list(czyx.shape[:0:-1]),
        "chunk_sizes": [list(chunk)],
        "voxel_offset": list(offset),
        "encoding": "raw",
        **scale,
    }
    info = {"data_type": labels.dtype.name, "num_channels": len(czyx), "scales": [scale]}
    path.mkdir(exist_ok=True)
    (path / "info").write_text(json.dumps(info))
    (path / scale["key"]).mkdir()
    for x in range(0, czyx.shape[3], chunk[0]):
        for y in range(0, czyx.shape[2], chunk[1]):
            for z in range(0, czyx.shape[1], chunk[2]):
                voxels = czyx.T[x : x + chunk[0], y : y + chunk[1], z : z + chunk[2]]
                name = "_".join(
                    f"{o + b}-{o + b + n}"
                    for o, b, n in zip(offset, (x, y, z), voxels.shape[:3], strict=True)
                )
                data = (encode or (lambda v: v.tobytes(order="F")))(voxels)
                (path / scale["key"] / (name + suffix)).write_bytes(data)
    return path


def edit_info(path, change):
    info = json.loads((path / "info").read_text())
    change(info)
    (path / "info").write_text(json.dumps(info))


def test_raw_chunks_are_put_together(tmp_path):
    np.testing.assert_array_equal(sio.read(make(tmp_path)), LABELS)


@pytest.mark.parametrize("suffix", ["", ".gz"])
def test_chunks_may_be_gzipped_with_or_without_suffix(tmp_path, suffix):
    path = make(tmp_path, encode=lambda v: gzip.compress(v.tobytes(order="F")), suffix=suffix)
    np.testing.assert_array_equal(sio.read(path), LABELS)


def test_raw_voxels_that_look_like_gzip_are_voxels(tmp_path):
    labels = np.full((4, 4, 4), int.from_bytes(b"\x1f\x8b\x08\0", "little"), np.uint32)
    np.testing.assert_array_equal(sio.read(make(tmp_path, labels)), labels)


def test_channels_come_first(tmp_path):
    labels = np.stack([LABELS, LABELS + 1])
    np.testing.assert_array_equal(sio.read(make(tmp_path, labels)), labels)


def test_compresso_chunks_take_their_sign_from_info(tmp_path, fake_codecs):
    labels = LABELS.astype(np.int32) - 5

    def encode(voxels):
        return fake_codecs["cpso"].encode(np.asfortranarray(voxels[..., 0]).view(np.uint32))

    read = sio.read(make(tmp_path, labels, encode, encoding="compresso"))
    assert read.dtype == np.int32
    np.testing.assert_array_equal(read, labels)


def test_compresso_chunks_of_another_width_are_corrupt(tmp_path, fake_codecs):
    def encode(voxels):
        return fake_codecs["cpso"].encode(np.asfortranarray(voxels[..., 0]).astype("u8", order="F"))

    with pytest.raises(CorruptError, match=r"14_20-24_30-34: holds uint64, not the uint32"):
        sio.read(make(tmp_path, LABELS, encode, encoding="compresso"))


def test_compressed_segmentation_chunks_use_the_block_size_of_info(tmp_path, fake_codecs):
    def encode(voxels):
        return fake_codecs["compressed_segmentation"].encode(voxels, block_size=(4, 2, 1))

    path = make(
        tmp_path,
        np.stack([LABELS, LABELS + 1]),
        encode,
        encoding="compressed_segmentation",
        compressed_segmentation_block_size=[4, 2, 1],
    )
    np.testing.assert_array_equal(sio.read(path), np.stack([LABELS, LABELS + 1]))


def test_a_missing_chunk_is_named(tmp_path):
    path = make(tmp_path)
    (path / "8_8_40" / "14-17_24-26_34-35").unlink()
    with pytest.raises(CorruptError, match="8_8_40/14-17_24-26_34-35 is missing"):
        sio.read(path)
    read = read_precomputed(path, missing_is_zero=True)
    assert not read[4:, 4:, 4:].any()
    np.testing.assert_array_equal(read[:4], LABELS[:4])


def test_scales_are_chosen_by_key_else_the_first_that_is_there(tmp_path):
    path = make(tmp_path)
    edit_info(path, lambda i: i["scales"].insert(0, i["scales"][0] | {"key": "4_4_40"}))
    np.testing.assert_array_equal(sio.read(path), LABELS)
    np.testing.assert_array_equal(sio.read(path, dataset="8_8_40"), LABELS)
    with pytest.raises(InvalidArgumentError, match="no scale '1'; there is 4_4_40, 8_8_40"):
        sio.read(path, dataset="1")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"sharding": {"@type": "neuroglancer_uint64_sharded_v1"}}, "sharded"),
        ({"encoding": "jpeg"}, "'jpeg' is not one of raw, compresso"),
    ],
)
def test_what_is_not_supported_is_named(tmp_path, change, message):
    path = make(tmp_path)
    edit_info(path, lambda i: i["scales"][0].update(change))
    with pytest.raises(UnsupportedError, match=message):
        sio.read(path)


def test_images_are_not_labels(tmp_path):
    path = make(tmp_path)
    edit_info(path, lambda i: i.update(data_type="float32"))
    with pytest.raises(UnsupportedError, match="float32"):
        sio.read(path)


@pytest.mark.parametrize(
    "change",
    [
        lambda i: i.pop("scales"),
        lambda i: i.pop("data_type"),
        lambda i: i.update(scales=[]),
        lambda i: i.update(scales=["1_1_1"]),
        lambda i: i["scales"][0].pop("key"),
        lambda i: i["scales"][0].pop("size"),
        lambda i: i["scales"][0].update(chunk_sizes=[[0, 1, 1]]),
        lambda i: i["scales"][0].update(size=[-1, 1, 1]),
        lambda i: i["scales"][0].update(encoding="compressed_segmentation"),
    ],
)
def test_a_wrong_info_is_an_error_with_the_path(tmp_path, change):
    path = make(tmp_path)
    edit_info(path, change)
    with pytest.raises(SegpressoError, match=str(path)):
        sio.read(path)


@pytest.mark.parametrize("data", [b"", b"123", b"\x1f\x8b\x08", bytes(1000)])
def test_a_damaged_chunk_is_named(tmp_path, data):
    path = make(tmp_path)
    (path / "8_8_40" / "14-17_24-26_34-35").write_bytes(data)
    with pytest.raises(SegpressoError, match="14-17_24-26_34-35"):
        sio.read(path)


def test_volumes_larger_than_a_chunk_round_trip(tmp_path):
    labels = np.arange(65 * 66 * 130, dtype=np.uint64).reshape(65, 66, 130) // 1000
    sio.write(tmp_path / "big.precomputed", labels)
    assert len(list((tmp_path / "big.precomputed" / "1_1_1").iterdir())) == 2 * 2 * 3
    np.testing.assert_array_equal(sio.read(tmp_path / "big.precomputed"), labels)


def test_several_channels_round_trip(tmp_path):
    labels = np.stack([LABELS, LABELS + 1])
    sio.write(tmp_path / "a.precomputed", labels)
    np.testing.assert_array_equal(sio.read(tmp_path / "a.precomputed"), labels)
