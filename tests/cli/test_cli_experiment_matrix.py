"""``segpresso experiment matrix``."""

import csv
import json
import os
import re
import signal
import subprocess
import sys

import pytest

import segpresso
from segpresso.examples import neuropil
from tests.processes import needs_proc, session, wait_for

SMALL = ["--encoding", "NONE", "--encoding", "CPSO", "--compression", "ZLIB"]


@pytest.fixture
def folder(tmp_path):
    for name in ("ac3", "spl_knee"):
        segpresso.write(tmp_path / f"{name}.npy.xz", neuropil((4, 48, 64)).astype("u2"))
    return tmp_path


def cells_of(results):
    return {path.name: path.read_text() for path in (results / "cells").glob("[!.]*")}


def rows_of(results):
    with (results / "results.csv").open() as file:
        return list(csv.DictReader(file))


def test_all_pairs_on_all_data_at_hand(cli, folder, tmp_path):
    results = tmp_path / "results"
    run = cli("experiment", "matrix", "-d", folder, "-o", results, *SMALL, "-s", 2).ok()
    rows = rows_of(results)
    assert sorted((row["dataset"], row["encoding"]) for row in rows) == [
        ("ac3", "CPSO"),
        ("ac3", "NONE"),
        ("spl_knee", "CPSO"),
        ("spl_knee", "NONE"),
    ]
    for row in rows:
        assert row["status"] == "ok"
        assert float(row["ratio"]) == int(row["bytes_64bit"]) / int(row["bytes_compressed"])
        assert float(row["total_compress_megabytes_per_second"]) > 0
        assert row["voxels"] == str(2 * 48 * 64)
        assert row["version_numpy"]
    assert "CREMI A is not in" in run.err
    assert "get it from https" in run.err


def test_minus_one_is_all_slices_as_for_a_cell(cli, folder, tmp_path):
    command = ["experiment", "matrix", "ac3", "-d", folder, "-o", tmp_path / "results"]
    cli(*command, "-s", -1, *SMALL).ok()
    assert {row["voxels"] for row in rows_of(tmp_path / "results")} == {str(4 * 48 * 64)}


def test_a_damaged_result_is_named(cli, folder, tmp_path):
    results = tmp_path / "results"
    command = ["experiment", "matrix", "ac3", "-d", folder, "-o", results, *SMALL]
    cli(*command).ok()
    path = next((results / "cells").iterdir())
    path.write_text(path.read_text()[:100])
    run = cli(*command)
    assert run.code == 1
    assert f"{path} is damaged" in run.err
    assert "delete it and run segpresso experiment matrix again" in run.err


def test_what_was_measured_is_not_measured_again(cli, folder, tmp_path):
    results = tmp_path / "results"
    command = ["experiment", "matrix", "ac3", "-d", folder, "-o", results]
    cli(*command, *SMALL).ok()
    before = cells_of(results)
    again = cli(*command, *SMALL, "--compression", "BZ2").ok()
    assert "2 of 4 cells were measured before" in again.err
    after = cells_of(results)
    assert len(after) == 4
    assert before.items() <= after.items()
    assert len(rows_of(results)) == 4


def ratio_of(run):
    (result,) = run.ok().json
    return result["ratio"]


def test_other_data_under_the_same_name_are_measured(cli, folder, tmp_path):
    one = ["--encoding", "CPSO", "--compression", "ZLIB", "--json", "-o", tmp_path / "results"]
    for place, shape in (("a", (2, 48, 64)), ("b", (2, 64, 64))):
        (tmp_path / place).mkdir()
        for name in ("spl_knee.npy.xz", "mine.npy"):
            segpresso.write(tmp_path / place / name, neuropil(shape).astype("u2"))
    for name in ("spl_knee", "mine"):
        command = ["experiment", "matrix", name, *one]
        first = ratio_of(cli(*command, "-d", tmp_path / "a"))
        assert ratio_of(cli(*command, "-d", tmp_path / "b")) != first
        assert ratio_of(cli(*command, "-d", tmp_path / "a")) == first
    path = tmp_path / "a" / "mine.npy"
    segpresso.write(path, neuropil((3, 48, 64)).astype("u2"))
    assert ratio_of(cli("experiment", "matrix", path, *one)) != first


def test_files_of_the_same_name_are_kept_apart(cli, tmp_path):
    paths = [tmp_path / place / "mine.npy" for place in "ab"]
    for path in paths:
        path.parent.mkdir()
        segpresso.write(path, neuropil((2, 48, 64)).astype("u2"))
    one = ["--encoding", "CPSO", "--compression", "ZLIB"]
    run = cli("experiment", "matrix", *paths, *one, "-o", tmp_path / "results").ok()
    assert all(str(path) in run.out for path in paths)
    rows = rows_of(tmp_path / "results")
    assert {row["folder"] for row in rows} == {str(path.parent) for path in paths}


def test_all_is_measured_again_if_wanted(cli, folder, tmp_path):
    results = tmp_path / "results"
    command = ["experiment", "matrix", "ac3", "-d", folder, "-o", results, *SMALL]
    cli(*command).ok()
    before = cells_of(results)
    assert "measured before" not in cli(*command, "--again").ok().err
    after = cells_of(results)
    assert before.keys() == after.keys()
    assert all(before[name] != after[name] for name in before)


def test_what_exceeded_a_limit_is_measured_again_with_a_larger_one(cli, folder, tmp_path):
    command = ["experiment", "matrix", "ac3", "-d", folder, "-o", tmp_path / "results", "--json"]
    command += ["--encoding", "CPSO", "--compression", "ZLIB"]
    for option, low, lower, high in (
        ("--seconds", "0.002", "0.001", "600"),
        ("--memory", "2MB", "1MB", "4GB"),
    ):
        (first,) = cli(*command, "--again", option, low).ok().json
        assert first["status"] in ("too slow", "too large")
        assert cli(*command, option, lower).ok().json == [first]
        (last,) = cli(*command, option, high).ok().json
        assert last["status"] == "ok"


def test_names_of_methods_may_be_small_and_are_measured_once(cli, folder, tmp_path):
    results = tmp_path / "results"
    command = ["experiment", "matrix", "ac3", "-d", folder, "-o", results]
    command += ["--encoding", "none", "--encoding", "NONE", "--compression"]
    cli(*command, "zlib").ok()
    assert "1 of 1 cells were measured before" in cli(*command, "ZLIB").ok().err
    assert len(rows_of(results)) == 1


def test_cells_that_cannot_be_are_rows(cli, folder, tmp_path):
    results = tmp_path / "results"
    command = ["experiment", "matrix", "ac3", "-d", folder, "-o", results]
    found = cli(*command, "--encoding", "CPSO", "--compression", "PNG", "--json").ok().json
    assert [result["status"] for result in found] == ["not applicable"]
    assert rows_of(results)[0]["reason"].startswith("PNG takes volumes")
    slow = cli(*command, *SMALL, "--seconds", "0.001", "--json").ok().json
    assert {result["status"] for result in slow} == {"too slow"}


def test_a_damaged_volume_fails_without_stopping_the_rest(cli, folder, tmp_path):
    path = folder / "ac3.npy.xz"
    path.write_bytes(path.read_bytes()[:-20])
    results = tmp_path / "results"
    run = cli("experiment", "matrix", "-d", folder, "-o", results, *SMALL)
    assert run.code == 1
    assert "NONE ZLIB ac3: failed" in run.err
    assert [row["status"] for row in rows_of(results)].count("ok") == 2
    segpresso.write(path, neuropil((4, 48, 64)).astype("u2"))
    cli("experiment", "matrix", "-d", folder, "-o", results, *SMALL).ok()
    assert [row["status"] for row in rows_of(results)] == 4 * ["ok"]


@pytest.mark.usefixtures("bad_methods")
def test_what_a_method_does_wrong_stops_nothing_else(cli, folder, tmp_path):
    methods = ("LOSSY", "CRASHING", "RAISING", "ZLIB")
    command = ["experiment", "matrix", "ac3", "-d", folder, "-o", tmp_path / "results"]
    command += ["--encoding", "NONE", *(f"--compression={name}" for name in methods)]
    run = cli(*command)
    assert run.code == 1
    statuses = {row["compression"]: row["status"] for row in rows_of(tmp_path / "results")}
    assert statuses == dict(zip(methods, ("lossy", "failed", "failed", "ok"), strict=True))
    assert "NONE LOSSY ac3: lossy: ac3.npy.xz: NONE and LOSSY do not give" in run.err
    assert "NONE CRASHING ac3: failed: the process ended with SIGKILL" in run.err
    assert "NONE RAISING ac3: failed: RuntimeError: out of ideas" in run.err
    assert "1 lossy, 2 failed" in run.out


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["--encoding", "RAR"], 2, "no method is named 'RAR'"),
        (["no_such_volume"], 1, "neither a data set"),
        (["-d", "/nowhere"], 2, "'/nowhere' does not exist"),
        (["-d", "."], 1, "none of the paper's data sets is in ."),
        (["-o", "afile"], 2, "'afile' is a file"),
        (["-s", "0"], 2, "0 slices are nothing"),
    ],
)
def test_mistakes_are_explained(cli, tmp_path, monkeypatch, arguments, code, message):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "afile").touch()
    run = cli("experiment", "matrix", "-o", tmp_path, *arguments)
    assert run.code == code
    assert message in " ".join(run.err.split())


def start_matrix(*arguments):
    words = [sys.executable, "-m", "segpresso", "experiment", "matrix", *map(str, arguments)]
    return subprocess.Popen(
        words, stderr=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
    )


def test_interrupting_keeps_what_is_finished(folder, tmp_path):
    results = tmp_path / "results"
    process = start_matrix("-d", folder, "-o", results)
    wait_for(lambda: len(cells_of(results)) >= 3)
    os.kill(process.pid, signal.SIGINT)
    assert process.wait(60) == 130
    _, shown = process.communicate()
    assert b"the same command goes on" in shown
    assert b"Traceback" not in shown
    kept = cells_of(results)
    assert all(json.loads(text)["status"] for text in kept.values())
    assert len(list((results / "cells").iterdir())) == len(kept)  # no half files
    assert len(rows_of(results)) == len(kept)


@needs_proc
def test_killed_half_way_it_goes_on_and_leaves_no_process(cli, folder, tmp_path):
    results = tmp_path / "results"
    path = folder / "never.npy"
    os.mkfifo(path)  # nobody writes to it: whoever reads it waits for ever
    process = start_matrix("ac3", "never", "-d", folder, "-o", results, *SMALL)
    wait_for(lambda: len(cells_of(results)) == 2)
    assert len(session(process.pid)) >= 2
    process.kill()
    process.communicate()
    wait_for(lambda: not session(process.pid))
    kept = cells_of(results)
    assert all(json.loads(text)["dataset"] == "ac3" for text in kept.values())

    path.unlink()
    segpresso.write(path, neuropil((4, 48, 64)).astype("u2"))
    (results / "cells" / ".0123456789abcdef.json").write_text('{"encoding": "CP')  # half a file
    again = cli("experiment", "matrix", "ac3", "never", "-d", folder, "-o", results, *SMALL).ok()
    assert "2 of 4 cells were measured before" in again.err
    assert kept.items() <= cells_of(results).items()
    assert [row["status"] for row in rows_of(results)] == 4 * ["ok"]


def test_cells_whose_library_is_missing_are_rows_until_it_is_there(
    cli, folder, tmp_path, monkeypatch
):
    results = tmp_path / "results"
    command = ["experiment", "matrix", "ac3", "-d", folder, "-o", results, "--encoding", "NONE"]
    command += ["--compression", "ZSTD", "--compression", "ZLIB"]
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "zstandard.py").write_text("raise ImportError('not there')")
    with monkeypatch.context() as patched:
        patched.syspath_prepend(broken)
        run = cli(*command).ok()
    assert "1 not installed" in run.out
    assert "pip install 'segpresso[experiments]'" in run.err
    statuses = {row["compression"]: row["status"] for row in rows_of(results)}
    assert statuses == {"ZSTD": "not installed", "ZLIB": "ok"}
    assert "1 of 2 cells were measured before" in cli(*command).ok().err
    assert {row["status"] for row in rows_of(results)} == {"ok"}


def test_the_volumes_of_a_folder_are_one_data_set(cli, tmp_path):
    folder, results = tmp_path / "mine", tmp_path / "results"
    folder.mkdir()
    for number in range(3):
        segpresso.write(folder / f"{number}.nrrd", neuropil((2, 20 + number, 30)).astype("u2"))
    cli("experiment", "matrix", folder, "-o", results, "--encoding", "CPSO").ok()
    rows = rows_of(results)
    assert {(row["dataset"], row["volumes"]) for row in rows if row["status"] == "ok"} == {
        ("mine", "3")
    }
    whole = next(row for row in rows if row["compression"] == "NONE")
    sizes = [
        len(segpresso.compress(segpresso.read(path).astype("u8").T, "cpso"))
        for path in folder.iterdir()
    ]
    assert whole["bytes_compressed"] == str(sum(sizes))
    assert whole["voxels"] == str(2 * 30 * (20 + 21 + 22))


def test_names_that_look_alike_in_file_names_are_kept_apart(cli, tmp_path):
    results = tmp_path / "results"
    (tmp_path / "a").mkdir()
    segpresso.write(tmp_path / "a" / "b.npy", neuropil((2, 20, 30)))
    segpresso.write(tmp_path / "a-b.npy", neuropil((3, 20, 30)))
    command = ["experiment", "matrix", "-d", tmp_path, "-o", results, *SMALL]
    cli(*command, "a/b.npy").ok()
    cli(*command, "a-b.npy").ok()
    assert sorted(row["voxels"] for row in rows_of(results)) == ["1200", "1200", "1800", "1800"]


def test_progress_has_the_number_of_cells_and_the_time_to_go(cli, folder, tmp_path, monkeypatch):
    command = ["experiment", "matrix", "ac3", "-d", folder, *SMALL, "--compression", "LZF"]
    monkeypatch.setattr("segpresso.cli._ui._SECONDS_BETWEEN_LINES", 0)
    shown = cli(*command, "-o", tmp_path / "results").ok().err
    assert re.search(r"^1 of 4, 0:\d\d:\d\d to go: ac3 NONE LZF$", shown, re.MULTILINE)
    for option in ("--quiet", "--json"):
        assert "to go" not in cli(*command, "-o", tmp_path / option, option).ok().err
