"""``segpresso experiment matrix``."""

import csv
import json
import os
import signal
import subprocess
import sys
import time

import pytest

import segpresso
from segpresso.examples import neuropil

SMALL = ["--encoding", "NONE", "--encoding", "CPSO", "--compression", "ZLIB"]


@pytest.fixture
def folder(tmp_path):
    for name in ("ac3", "spl_knee"):
        segpresso.write(tmp_path / f"{name}.npy.xz", neuropil((4, 48, 64)).astype("u2"))
    return tmp_path


def cells_of(results):
    return {path.name: path.read_text() for path in (results / "cells").iterdir()}


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


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["--encoding", "RAR"], 2, "no method is named 'RAR'"),
        (["no_such_volume"], 1, "neither a data set of the paper"),
        (["-d", "/nowhere"], 1, "none of the paper's data sets is in /nowhere"),
    ],
)
def test_mistakes_are_explained(cli, tmp_path, arguments, code, message):
    run = cli("experiment", "matrix", "-o", tmp_path, *arguments)
    assert run.code == code
    assert message in " ".join(run.err.split())


def test_interrupting_keeps_what_is_finished(folder, tmp_path):
    results = tmp_path / "results"
    command = [
        sys.executable,
        "-m",
        "segpresso",
        "experiment",
        "matrix",
        "-d",
        folder,
        "-o",
        results,
    ]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE)
    deadline = time.monotonic() + 60
    while not (results / "cells").exists() or len(cells_of(results)) < 3:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    os.kill(process.pid, signal.SIGINT)
    assert process.wait(30) == 130
    process.communicate()
    kept = cells_of(results)
    assert all(json.loads(text)["status"] for text in kept.values())
    assert all(name.endswith(".json") for name in kept)
    assert len(rows_of(results)) == len(kept)
