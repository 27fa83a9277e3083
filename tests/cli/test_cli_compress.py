import errno
import os
import signal
import threading

import numpy as np
import pytest

import segpresso
from segpresso.cli import _compress_file as command
from segpresso.io.second_stage import SecondStage


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_the_default_output_stands_beside_the_input(cli, cells_npy, cells, tmp_path):
    run = cli("compress", cells_npy).ok()
    assert "cells.segp" in run.out
    np.testing.assert_array_equal(segpresso.read(tmp_path / "cells.segp"), cells)
    assert names(tmp_path) == ["cells.npy", "cells.segp"]


def test_other_codecs_keep_their_second_stage(cli, cells_npy, cells, tmp_path):
    cli("compress", cells_npy, "--codec", "cpso").ok()
    np.testing.assert_array_equal(segpresso.read(tmp_path / "cells.cpso.xz"), cells)
    assert names(tmp_path) == ["cells.cpso.xz", "cells.npy"]


@pytest.mark.parametrize("profile", segpresso.get_codec("segpresso").profiles)
def test_a_profile_can_be_chosen(cli, cells_npy, cells, tmp_path, profile):
    cli("compress", cells_npy, "--profile", profile).ok()
    (record,) = cli("info", tmp_path / "cells.segp", "--json").ok().json
    assert record["details"]["profile"] == profile
    np.testing.assert_array_equal(segpresso.read(tmp_path / "cells.segp"), cells)


def test_the_default_profile_is_balanced(cli, cells_npy, tmp_path):
    cli("compress", cells_npy).ok()
    (record,) = cli("info", tmp_path / "cells.segp", "--json").ok().json
    assert (record["details"]["profile"], record["second"]) == ("balanced", "none")


def test_the_suffix_of_the_output_says_codec_and_second_stage(cli, cells_npy, cells, tmp_path):
    for name in ("a.cpso", "a.cpso.zst", "a.miccai.gz", "a.compresso2.br", "a.ngblocks"):
        cli("compress", cells_npy, "-o", tmp_path / name).ok()
        np.testing.assert_array_equal(segpresso.read(tmp_path / name), cells)
    assert (tmp_path / "a.cpso").read_bytes()[:4] == b"cpso"


def test_options_choose_codec_and_second_stage(cli, cells_npy, tmp_path):
    cli("compress", cells_npy, "--codec", "compresso-v2", "--second", "gzip").ok()
    assert names(tmp_path) == ["cells.compresso2.gz", "cells.npy"]


def test_json_has_all_the_numbers(cli, cells_npy, cells, tmp_path):
    (record,) = cli("compress", cells_npy, "--json").ok().json
    size = (tmp_path / "cells.segp").stat().st_size
    assert record["ok"]
    assert record["verified"]
    assert record["bytes"] == size
    assert record["shape"] == [5, 14, 21]
    assert record["dtype"] == "uint32"
    assert record["ratio_dtype"] == cells.nbytes / size
    assert record["ratio_64_bit"] == cells.size * 8 / size
    assert record["bits_per_voxel"] == size * 8 / cells.size
    assert record["encode_mvoxels_per_s"] > 0


def test_an_existing_output_is_an_error_unless_forced(cli, cells_npy, tmp_path):
    output = tmp_path / "cells.segp"
    output.write_bytes(b"mine")
    run = cli("compress", cells_npy)
    assert run.code == 1
    assert run.err == f"segpresso: error: {cells_npy}: {output}: it exists; -f replaces it\n"
    assert output.read_bytes() == b"mine"
    cli("compress", cells_npy, "-f").ok()
    assert output.read_bytes() != b"mine"


def test_a_json_file_of_the_user_is_not_replaced(cli, tmp_path, cells):
    np.save(tmp_path / "signed.npy", cells.astype(np.int32))
    (tmp_path / "signed.cpso.xz.json").write_text("mine")
    assert cli("compress", tmp_path / "signed.npy", "--codec", "cpso").code == 1
    assert (tmp_path / "signed.cpso.xz.json").read_text() == "mine"


def test_several_inputs_go_on_after_a_bad_one(cli, cells_npy, cells, tmp_path):
    (tmp_path / "bad.npy").write_bytes(b"\x93NUMPY rubbish")
    np.save(tmp_path / "other.npy", cells.astype(np.uint16))
    run = cli(
        "compress", cells_npy, tmp_path / "bad.npy", tmp_path / "other.npy", "-o", tmp_path / "out"
    )
    assert run.code == 1
    assert run.err.startswith(f"segpresso: error: {tmp_path / 'bad.npy'}: ")
    assert run.err.count("\n") == 1
    assert names(tmp_path / "out") == ["cells.segp", "other.segp"]


def test_json_tells_of_failures_too(cli, cells_npy, tmp_path):
    run = cli("compress", tmp_path / "no.npy", cells_npy, "--json")
    assert run.code == 1
    failed, done = run.json
    assert (failed["ok"], failed["error"], done["ok"]) == (False, "FileNotFoundError", True)


def test_one_input_can_go_into_an_existing_folder(cli, cells_npy, tmp_path):
    (tmp_path / "out").mkdir()
    cli("compress", cells_npy, "-o", tmp_path / "out").ok()
    assert names(tmp_path / "out") == ["cells.segp"]


def test_two_inputs_never_share_an_output(cli, cells_npy, cells, tmp_path):
    segpresso.write(tmp_path / "cells.nrrd", cells)
    run = cli("compress", cells_npy, tmp_path / "cells.nrrd", "-f")
    assert run.code == 2
    assert "two inputs would both become" in run.err
    assert not (tmp_path / "cells.segp").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-o", "out.npy"], "let it end in .segp"),
        (["-o", "out.npy", "--codec", "cpso"], "let it end in .cpso.xz"),
        (["--profile", "tiny"], "profile must be one of fast, balanced, small, not 'tiny'"),
        (["--codec", "cpso", "--profile", "fast"], "the codec cpso has no option --profile"),
        (["-o", "out.cpso", "--codec", "compresso-v2"], "let it end in .compresso2"),
        (["-o", "out.cpso.xz", "--second", "zstd"], "let it end in .cpso.zst"),
        (["--codec", "neuroglancer-blocks", "--window", "4,4,1"], "has no option --window"),
        (["--codec", "compresso-v2", "--no-z-index"], "has no option --no-z-index"),
        (["--block-size", "8,8,8"], "has no option --block-size; it has --profile"),
        (["--codec", "jpeg"], "no codec is named 'jpeg'"),
        (["--second", "rar"], "no second stage 'rar'"),
        (["--codec", "cpso", "--window", "4,4"], "is not three positive sizes"),
        (["--codec", "cpso", "--window", "9,8,1"], "a product of at most 64"),
        (["--codec", "compresso-v2", "--window", "5,5,1"], "multiple of 8"),
        (["-j", "0"], "--threads"),
        (["-o", "-", "--json"], "cannot both go to standard output"),
    ],
)
def test_wrong_command_lines_are_usage_errors(cli, cells_npy, tmp_path, arguments, message):
    run = cli("compress", cells_npy, *arguments)
    assert run.code == 2
    assert run.err.startswith("segpresso: error: ")
    assert message in run.err
    assert run.err.endswith("(see segpresso compress --help)\n")
    assert run.err.count("\n") == 1
    assert names(tmp_path) == ["cells.npy"]


def test_sizes_are_x_y_z_whatever_the_codec(cli, cells_npy, tmp_path):
    for codec in ("cpso", "compresso-v2"):
        cli("compress", cells_npy, "--codec", codec, "--window", "8,4,1", "-q").ok()
    for suffix in ("cpso", "compresso2"):
        (record,) = cli("info", tmp_path / f"cells.{suffix}.xz", "--json").ok().json
        assert record["details"]["window_xyz"] == [8, 4, 1]


def test_options_of_the_codec_arrive(cli, cells_npy, tmp_path):
    cpso = ("compress", cells_npy, "--codec", "cpso", "-q")
    cli(*cpso, "--connectivity", 6, "--neuroglancer-safe").ok()
    (record,) = cli("info", tmp_path / "cells.cpso.xz", "--json").ok().json
    assert record["details"]["connectivity"] == 6
    cli(*cpso, "--no-z-index", "-f").ok()
    (record,) = cli("info", tmp_path / "cells.cpso.xz", "--json").ok().json
    assert record["details"]["z_index"] is False


def test_a_dataset_can_be_named(cli, cells, tmp_path):
    np.savez(tmp_path / "two.npz", first=cells, second=cells + 1)
    run = cli("compress", tmp_path / "two.npz")
    assert run.code == 1
    assert "name one with --dataset: 'first' (5x14x21 uint32), 'second'" in run.err
    cli("compress", tmp_path / "two.npz", "--dataset", "second").ok()
    np.testing.assert_array_equal(segpresso.read(tmp_path / "two.segp"), cells + 1)


def test_the_number_of_threads_does_not_matter(cli, cells_npy, tmp_path):
    for threads in (1, 3):
        cli("compress", cells_npy, "-j", threads, "-o", tmp_path / f"{threads}.segp").ok()
    assert (tmp_path / "1.segp").read_bytes() == (tmp_path / "3.segp").read_bytes()


def test_images_are_compressed_with_one_line_of_warning(cli, tmp_path):
    noise = np.random.default_rng(0).integers(0, 1 << 30, (20, 100, 100), np.uint32)
    np.save(tmp_path / "image.npy", noise)
    run = cli("compress", tmp_path / "image.npy", "--codec", "neuroglancer-blocks", "--second=none")
    run.ok()
    assert run.err.startswith(f"segpresso: warning: {tmp_path / 'image.npy'}: ")
    assert "looks like an image" in run.err
    assert run.err.count("\n") == 1


def test_floating_point_images_are_refused(cli, tmp_path):
    np.save(tmp_path / "image.npy", np.full((3, 4, 5), 0.5))
    run = cli("compress", tmp_path / "image.npy")
    assert run.code == 1
    assert "values are not whole numbers" in run.err


def test_a_stream_that_does_not_decode_to_the_input_is_not_written(
    cli, cells_npy, cells, tmp_path, monkeypatch
):
    wrong = cells.copy()
    wrong[1, 2, 3] = 77
    monkeypatch.setattr(command, "unpack", lambda *_, **__: wrong)
    run = cli("compress", cells_npy)
    assert run.code == 1
    assert "verification failed" in run.err
    assert "label 77 instead of 0 at (z, y, x) = (1, 2, 3)" in run.err
    assert names(tmp_path) == ["cells.npy"]
    cli("compress", cells_npy, "--no-verify").ok()


def test_a_full_disk_leaves_nothing(cli, cells_npy, tmp_path, monkeypatch):
    def full(path, data):
        path.touch()
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))

    monkeypatch.setattr("pathlib.Path.write_bytes", full)
    run = cli("compress", cells_npy)
    assert run.code == 1
    assert "No space left on device; free some space" in run.err
    assert "cells.segp" in run.err
    assert names(tmp_path) == ["cells.npy"]


def test_an_interrupted_write_leaves_nothing(cli, cells_npy, tmp_path, monkeypatch):
    def interrupted(path, data):
        path.touch()
        raise KeyboardInterrupt

    monkeypatch.setattr("pathlib.Path.write_bytes", interrupted)
    run = cli("compress", cells_npy)
    assert run.code == 130
    assert run.err == "segpresso: error: interrupted; what was not finished is removed\n"
    assert names(tmp_path) == ["cells.npy"]


@pytest.mark.parametrize(
    ("command", "slow"),
    [
        ("compress", "segpresso.cli._compress_file.pack"),
        ("compress", "segpresso.cli._compress_file._verify"),
        ("decompress", "segpresso.cli._streams.unpack"),
        ("verify", "segpresso.cli._streams.unpack"),
    ],
)
def test_a_codec_is_interrupted_at_once(cli, cells_npy, tmp_path, monkeypatch, command, slow):
    file = cells_npy
    if command != "compress":
        file = tmp_path / "cells.segp"
        cli("compress", cells_npy).ok()
    before = names(tmp_path)

    def call_that_never_ends(*_, **__):
        os.kill(os.getpid(), signal.SIGINT)
        threading.Event().wait()

    monkeypatch.setattr(slow, call_that_never_ends)
    replace = [] if command == "verify" else ["-f"]
    assert cli(command, file, *replace).code == 130
    assert names(tmp_path) == before


def test_an_interrupted_second_stage_leaves_the_old_file(cli, cells_cpso, cells_npy, monkeypatch):
    def interrupted(stage, data):
        raise KeyboardInterrupt

    before = cells_cpso.read_bytes()
    monkeypatch.setattr(SecondStage, "compress", interrupted)
    assert cli("compress", cells_npy, "--codec", "cpso", "-f").code == 130
    assert cells_cpso.read_bytes() == before


def test_a_missing_folder_is_named(cli, cells_npy, tmp_path):
    run = cli("compress", cells_npy, "-o", tmp_path / "no" / "a.cpso")
    assert run.code == 1
    assert f"{tmp_path / 'no'}: no such folder" in run.err


def test_our_own_files_can_be_recompressed(cli, cells_cpso, cells, tmp_path):
    cli("compress", cells_cpso, "--codec", "compresso-miccai").ok()
    np.testing.assert_array_equal(segpresso.read(tmp_path / "cells.miccai.xz"), cells)


def test_quiet_prints_nothing(cli, cells_npy):
    run = cli("compress", cells_npy, "-q").ok()
    assert (run.out, run.err) == ("", "")
