"""info, verify, labels, codecs, demo, and what all commands share."""

import json

import numpy as np
import pytest

import segpresso
from segpresso.cli._arrays import distinct, first_difference

COMMANDS = ["compress", "decompress", "info", "verify", "labels", "codecs", "demo", "bench"]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_examples(cli, command):
    out = cli(command, "--help").ok().out
    assert "Examples" in out
    assert f"$ segpresso {command}" in out


def test_version(cli, process):
    assert cli("--version").ok().out == f"segpresso {segpresso.__version__}\n"
    assert process("--version").ok().out == f"segpresso {segpresso.__version__}\n"


def test_wrong_commands_and_options_are_one_line(cli):
    for arguments in (["squeeze"], ["--fast"], ["info", "--fast"], ["info"]):
        run = cli(*arguments)
        assert run.code == 2
        assert run.err.startswith("segpresso: error: ")
        assert run.err.count("\n") == 1


def test_an_unexpected_error_asks_for_a_report(cli, cells_npy, monkeypatch):
    def broken(path, dataset):
        raise RuntimeError("a bug")

    monkeypatch.setattr("segpresso.cli.info.read", broken)
    run = cli("info", cells_npy)
    assert run.code == 1
    assert run.err == (
        "segpresso: error: unexpected RuntimeError: a bug; please report it with what --debug "
        "shows\n"
    )


def test_info_of_a_stream(cli, cells_cpso):
    run = cli("info", cells_cpso).ok()
    for text in ("5x14x21", "uint32", "cpso", "lzma", "windows", "4, 4, 1", "%"):
        assert text in run.out


def test_info_of_a_native_stream(cli, cells_npy, cells, tmp_path):
    cli("compress", cells_npy, "--profile", "small").ok()
    run = cli("info", tmp_path / "cells.segp").ok()
    for text in ("5x14x21", "uint32", "bits per voxel", "profile", "small", "blocks", "statistics"):
        assert text in run.out
    (record,) = cli("info", tmp_path / "cells.segp", "--json").ok().json
    size = (tmp_path / "cells.segp").stat().st_size
    assert record["labels"] == len(np.unique(cells))
    assert record["bits_per_voxel"] == 8 * size / cells.size
    assert sum(record["sections"].values()) == size
    assert sum(record["details"]["methods"].values()) == record["details"]["blocks"]


def test_info_of_an_ordinary_file(cli, cells_npy):
    (record,) = cli("info", cells_npy, "--json").ok().json
    assert record["kind"] == "volume"
    assert (record["labels"], record["smallest"], record["largest"]) == (60, 0, 234)


def test_info_of_a_headerless_stream_that_nobody_explains(cli, cells_npy, tmp_path):
    cli("compress", cells_npy, "-o", tmp_path / "a.cseg").ok()
    (tmp_path / "a.cseg.json").unlink()
    (record,) = cli("info", tmp_path / "a.cseg", "--json").ok().json
    assert (record["shape"], record["dtype"], record["labels"]) == (None, None, None)
    assert "unknown" in cli("info", tmp_path / "a.cseg").ok().out
    options = ("--shape", "5,14,21", "--dtype", "uint32")
    (record,) = cli("info", tmp_path / "a.cseg", *options, "--json").ok().json
    assert (record["shape"], record["labels"]) == ([5, 14, 21], 60)


def test_info_goes_on_after_a_bad_file(cli, cells_cpso, tmp_path):
    (tmp_path / "bad.cpso").write_bytes(b"cpso")
    run = cli("info", tmp_path / "bad.cpso", cells_cpso, "--json")
    assert run.code == 1
    assert [record["ok"] for record in run.json] == [False, True]


def test_verify_says_ok_or_what_is_wrong(cli, cells_cpso, tmp_path):
    assert "ok" in cli("verify", cells_cpso).ok().out
    (tmp_path / "bad.cpso.xz").write_bytes(cells_cpso.read_bytes()[:-9])
    run = cli("verify", cells_cpso, tmp_path / "bad.cpso.xz", "--json")
    assert run.code == 1
    assert (
        "TruncatedError: lzma: the stream ends too early"
        in cli("verify", tmp_path / "bad.cpso.xz").out
    )
    good, bad = run.json
    assert good["ok"]
    assert bad["error"] == "TruncatedError"


def test_verify_against_the_original(cli, cells_cpso, cells_npy, cells, tmp_path):
    cli("verify", cells_cpso, "--against", cells_npy).ok()
    cells[3, 2, 1] = 9
    np.save(tmp_path / "other.npy", cells.astype(np.int64))
    run = cli("verify", cells_cpso, "--against", tmp_path / "other.npy")
    assert run.code == 1
    assert "label 100 instead of 9 at (z, y, x) = (3, 2, 1)" in run.err
    np.save(tmp_path / "other.npy", cells[1:])
    assert (
        "instead of (4, 14, 21)"
        in cli("verify", cells_cpso, "--against", tmp_path / "other.npy").err
    )


def test_verify_against_nothing(cli, cells_cpso):
    assert cli("verify", cells_cpso, "--against", "nothere.npy").code == 1


def test_labels_one_per_line(cli, cells_cpso, cells_npy, cells):
    expected = [str(label) for label in np.unique(cells)]
    assert cli("labels", cells_cpso).ok().out.split() == expected
    assert cli("labels", cells_npy).ok().out.split() == expected
    assert cli("labels", cells_npy, "--count").ok().out == "60\n"
    assert cli("labels", cells_npy, "--count", "--json").ok().json["count"] == 60


def test_labels_of_an_empty_volume(cli, tmp_path):
    np.save(tmp_path / "empty.npy", np.zeros((0, 4, 4), np.uint8))
    assert cli("labels", tmp_path / "empty.npy").ok().out == ""


def test_codecs(cli):
    run = cli("codecs").ok()
    records = cli("codecs", "--json").ok().json
    assert [record["name"] for record in records] == segpresso.codecs()
    for record in records:
        assert record["name"] in run.out
        assert record["suffix"] in run.out


def test_demo(cli, tmp_path):
    pytest.importorskip("matplotlib")
    options = ("demo", "-o", tmp_path / "demo", "--shape", "8,64,64")
    run = cli(*options, "--seed", 3).ok()
    for codec in segpresso.codecs():
        assert codec in run.out
    for profile in segpresso.get_codec("segpresso").profiles:
        assert f"segpresso {profile}" in run.out
    known = [segpresso.get_codec(codec) for codec in segpresso.codecs()]
    rows = sum((1 + codec.wants_second_stage) * len(codec.profiles or [""]) for codec in known)
    assert run.out.count("✓") == rows
    assert str(tmp_path / "demo" / "overview.png") in run.out
    assert "segpresso compress" in run.out
    assert (tmp_path / "demo" / "overview.png").read_bytes()[1:4] == b"PNG"
    record = cli(*options, "--json").ok().json
    assert {row["second"] for row in record["rows"]} == {"none", "lzma"}
    assert all(row["lossless"] for row in record["rows"])


@pytest.mark.parametrize("shape", [(30, 40), (3, 4, 20, 30), (5, 30, 40)])
def test_demo_of_a_file(cli, tmp_path, shape):
    pytest.importorskip("matplotlib")
    np.save(
        tmp_path / "mine[1].npy", np.arange(np.prod(shape)).reshape(shape).astype(np.int16) // 7
    )
    run = cli("demo", "--data", tmp_path / "mine[1].npy", "-o", tmp_path / "demo").ok()
    assert "mine[1].npy" in run.out


def test_demo_of_nothing(cli, tmp_path):
    np.save(tmp_path / "empty.npy", np.zeros((0, 4, 4), np.uint8))
    run = cli("demo", "--data", tmp_path / "empty.npy", "-o", tmp_path / "demo")
    assert run.code == 1
    assert "nothing to show" in run.err


def test_demo_shows_codecs_that_cannot_and_fails_for_those_that_lie(cli, tmp_path, monkeypatch):
    pytest.importorskip("matplotlib")

    def refuse(codec, labels, **options):
        raise segpresso.UnsupportedError("too odd")

    kind = type(segpresso.get_codec("compresso-v2"))
    monkeypatch.setattr(kind, "encode", refuse)
    options = ("demo", "-o", tmp_path, "--shape", "4,32,32")
    run = cli(*options).ok()
    assert "compresso-v2 cannot hold this volume: UnsupportedError: too odd" in run.out
    wrong = np.zeros((4, 32, 32), np.uint32)
    monkeypatch.setattr(type(segpresso.get_codec("cpso")), "decode", lambda *_, **__: wrong.T)
    run = cli(*options)
    assert run.code == 1
    assert "✗" in run.out


def test_an_encoding_without_lines_and_marks_is_no_obstacle(process, cells_cpso):
    assert "5x14x21" in process("info", cells_cpso, PYTHONIOENCODING="ascii").ok().out


def test_every_json_is_one_document(cli, cells_cpso, cells_npy, tmp_path):
    for arguments in (
        ["compress", cells_npy, "-o", tmp_path / "a.cpso"],
        ["decompress", cells_cpso, "-o", tmp_path / "a.nrrd"],
        ["info", cells_cpso, cells_npy],
        ["verify", cells_cpso],
        ["labels", cells_cpso],
        ["codecs"],
    ):
        run = cli(*arguments, "--json").ok()
        json.loads(run.out)
        assert run.err == ""


def test_slabs_do_not_change_answers(monkeypatch):
    monkeypatch.setattr("segpresso.cli._arrays._SLAB_VOXELS", 50)
    labels = np.random.default_rng(1).integers(0, 9, (7, 11, 13))
    np.testing.assert_array_equal(distinct(labels), np.unique(labels))
    for at in [(0, 0, 0), (3, 5, 7), (6, 10, 12)]:
        other = labels.copy()
        other[at] += 1
        assert first_difference(labels, other) == at
    assert first_difference(labels, labels.copy()) is None
