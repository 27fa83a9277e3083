"""segpresso bench."""

import csv
import json
import sys

import numpy as np
import pytest

import segpresso
from segpresso import benchmark
from segpresso.experiments.methods.general import Zstandard

pytest.importorskip("matplotlib")

FEW = ("--codecs", "segpresso,crackle:5,lzma", "-r", 2)


@pytest.fixture
def tissue(tmp_path):
    """A made-up volume as a file."""
    np.save(tmp_path / "tissue.npy", segpresso.examples.neuropil((8, 64, 64)))
    return tmp_path / "tissue.npy"


def rows_of(folder):
    with (folder / "bench.csv").open() as file:
        return list(csv.DictReader(file))


def test_a_file_is_measured_and_drawn(cli, tissue, tmp_path):
    run = cli("bench", tissue, *FEW, "-o", tmp_path / "out").ok()
    assert "tissue: 8x64x64 uint32" in run.out
    assert "crackle:5+brotli" in run.out
    assert "How many times smaller Segpresso is" in run.out
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "bench.csv",
        "bench.json",
        "bench.png",
        "bench.svg",
    ]
    rows = rows_of(tmp_path / "out")
    assert len(rows) == 3 + 5 + 1
    for row in rows:
        assert (row["lossless"], row["repetitions"], row["volume"]) == ("True", "2", "tissue")
        assert int(row["encode_slowest"]) <= int(row["encode_voxels_per_second"])
        if sys.platform == "linux":
            assert int(row["encode_peak_bytes"]) >= 0
    about = json.loads((tmp_path / "out" / "bench.json").read_text())
    assert about["rounds"] == 2
    assert about["machine"]["processors"] >= 1
    assert "numpy" in about["versions"]


def test_several_files_have_means(cli, tissue, cells_npy, tmp_path):
    options = ("--codecs", "segpresso:fast,crackle:5+none", "--quick", "-o", tmp_path / "out")
    run = cli("bench", tissue, cells_npy, *options).ok()
    assert "Geometric means over 2 volumes, relative to crackle:5" in run.out
    assert "geometric mean" in run.out
    record = cli("bench", tissue, cells_npy, *options, "--json").ok().json
    assert len(record["results"]) == 4
    standing = record["smaller_than_smallest_rival"]["tissue"]
    sizes = {one["codec"]: one["bytes"] for one in record["results"] if one["volume"] == "tissue"}
    assert standing["rival"] == "crackle:5"
    assert standing["fast"] == sizes["crackle:5"] / sizes["segpresso:fast"]


def test_chunks_are_measured_one_by_one(cli, tissue, tmp_path):
    options = ("--codecs", "segpresso:fast", "--quick", "--chunk", 32, "-o", tmp_path)
    run = cli("bench", tissue, *options).ok()
    assert "in 4 chunks" in run.out
    (row,) = rows_of(tmp_path)
    assert row["chunk"] == "32"
    labels = np.load(tissue)
    chunks = [labels[:, y : y + 32, x : x + 32] for y in (0, 32) for x in (0, 32)]
    sizes = [len(segpresso.compress(chunk, profile="fast")) for chunk in chunks]
    assert int(row["bytes"]) == sum(sizes)


def test_quick_takes_a_corner_once(cli, tmp_path):
    np.save(tmp_path / "large.npy", np.zeros((70, 300, 20), np.uint8))
    cli("bench", tmp_path / "large.npy", "--codecs", "cpso", "--quick", "-o", tmp_path, "-q").ok()
    rows = rows_of(tmp_path)
    assert [row["second"] for row in rows] == ["none", "lzma"]
    for row in rows:
        assert (row["shape"], row["repetitions"]) == ("64x256x20", "1")
        assert row["encode_peak_bytes"] == ""


def test_without_files_a_volume_is_made_up(cli, tmp_path, monkeypatch):
    monkeypatch.setattr("segpresso.cli.bench._CORNER", (4, 32, 32))
    run = cli("bench", "--codecs", "segpresso:fast", "--quick", "-o", tmp_path).ok()
    assert "neuropil: 4x32x32 uint32" in run.out


def test_a_missing_library_is_a_line_with_what_installs_it(cli, tissue, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "crackle", None)
    run = cli("bench", tissue, *FEW, "--quick", "-o", tmp_path).ok()
    lines = run.err.splitlines()
    (line,) = [line for line in lines if "without crackle" in line]
    assert "pip install 'segpresso[bench]'" in line
    assert {row["codec"] for row in rows_of(tmp_path)} == {
        "segpresso:fast",
        "segpresso:balanced",
        "segpresso:small",
        "lzma:6",
    }
    run = cli("bench", tissue, "--codecs", "crackle", "-o", tmp_path)
    assert run.code == 1
    assert "nothing that was asked for is installed" in run.err


def test_a_file_that_cannot_be_read_is_an_error_after_the_others(cli, tissue, tmp_path):
    options = ("--codecs", "segpresso:fast", "--quick", "-o", tmp_path)
    run = cli("bench", tmp_path / "no.npy", tissue, *options)
    assert run.code == 1
    assert "no.npy" in run.err
    assert [row["volume"] for row in rows_of(tmp_path)] == ["tissue"]


def test_an_interrupted_run_keeps_what_it_has(cli, tissue, tmp_path, monkeypatch):
    calls = []

    def compress(method, data):
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return original(method, data)

    original = Zstandard.compress
    monkeypatch.setattr(Zstandard, "compress", compress)
    monkeypatch.setattr(benchmark.Plan, "memory", False)
    run = cli("bench", tissue, "--codecs", "zstd:3", "-r", 3, "--quick", "-o", tmp_path)
    run.ok()
    calls.clear()
    second = tmp_path / "second.npy"
    np.save(second, np.load(tissue))
    run = cli("bench", tissue, second, "--codecs", "zstd:3", "--quick", "-o", tmp_path)
    assert run.code == 130
    assert f"results are in {tmp_path / 'bench.csv'}" in run.err
    assert [row["volume"] for row in rows_of(tmp_path)] == ["tissue"]


def test_a_codec_of_ours_that_loses_something_fails_the_run(cli, tissue, tmp_path, monkeypatch):
    wrong = np.zeros((8, 64, 64), np.uint32)
    codec = type(segpresso.get_codec("cpso"))
    monkeypatch.setattr(codec, "decode", lambda *_, **__: wrong.T)
    run = cli("bench", tissue, "--codecs", "cpso+none,lzma", "--quick", "-o", tmp_path)
    assert run.code == 1
    assert "tissue: cpso: what came back is not what was compressed" in run.err
    assert "✗" in run.out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--codecs", "jpeg"], "no codec is named 'jpeg'; there are segpresso"),
        (["--second", "rar"], "no second stage is named 'rar'"),
        (["--chunk", "0"], "--chunk"),
        (["-r", "0"], "--rounds"),
    ],
)
def test_wrong_command_lines_are_usage_errors(cli, tissue, arguments, message):
    run = cli("bench", tissue, *arguments)
    assert run.code == 2
    assert message in run.err
    assert run.err.count("\n") == 1


@pytest.mark.parametrize("width", [80, 140])
def test_tables_fit_the_terminal(cli, tissue, tmp_path, monkeypatch, width):
    monkeypatch.setenv("COLUMNS", str(width))
    options = ("--codecs", "segpresso,crackle:5-pins+none", "-r", 2, "-o", tmp_path)
    run = cli("bench", tissue, *options).ok()
    tables = run.out.partition("The picture")[0].splitlines()
    assert max(map(len, tables)) <= width
    for name in ("segpresso:balanced", "crackle:5-pins", "in use", "new"):
        assert name in run.out
    assert ("±" in run.out) == (width > 100)
