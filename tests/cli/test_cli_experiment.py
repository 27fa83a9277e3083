"""``segpresso experiment``."""

import os
import sys

import numpy as np
import pytest

import segpresso
from segpresso.examples import neuropil
from tests.data import DATA, needs_data


@pytest.fixture
def folder(tmp_path):
    segpresso.write(tmp_path / "brain.nrrd", neuropil((4, 48, 64)).astype(np.uint16))
    return tmp_path


def test_a_cell_is_shown_as_tables(cli, folder):
    shown = cli("experiment", "COMPRESSO", "LZMA", "brain", "-d", folder, "-r", 2, "-v").ok().out
    assert "COMPRESSO and LZMA on brain" in shown
    assert "ratio to 64 bits" in shown
    assert "runs: 2, all lossless" in shown
    assert segpresso.__version__ in shown


def test_a_cell_as_json(cli, folder):
    path = folder / "brain.nrrd"
    result = cli("experiment", "cpso", "zstd:19", path, "-s", 2, "--json").ok().json
    assert result["status"] == "ok"
    assert (result["encoding"], result["compression"]) == ("CPSO", "ZSTD:19")
    assert result["voxels"] == 2 * 48 * 64


def test_options_may_stand_in_front(cli, folder):
    words = ["experiment", "-d", folder, "-s", 2, "--json", "NONE", "ZLIB", "brain"]
    assert cli(*words).ok().json["voxels"] == 2 * 48 * 64


def test_without_arguments_there_is_help_and_no_error(cli):
    run = cli("experiment")
    assert "Examples" in run.out
    assert run.err == ""


def test_compressors_of_bytes_may_stand_first(cli, folder):
    assert cli("experiment", "LZMA", "NONE", "brain", "-d", folder, "--json").ok().json["ratio"] > 9


def test_stages_that_do_nothing_have_no_speed(cli, folder):
    shown = cli("experiment", "NONE", "ZLIB", "brain", "-d", folder).ok().out
    speeds = {line.split()[0]: line.split()[2:] for line in shown.splitlines() if line.strip()}
    assert speeds["encoding"] == speeds["decoding"] == ["-", "-", "-"]
    assert "-" not in speeds["compression"] + speeds["decompression"] + speeds["both"]


@pytest.mark.usefixtures("bad_methods")
def test_what_methods_print_is_not_among_the_results(process, folder, tmp_path):
    words = ["experiment", "NONE", "TALKING", "brain", "-d", folder, "--json"]
    path = os.pathsep.join([str(tmp_path / "plugins"), *filter(None, sys.path)])
    run = process(*words, PYTHONPATH=path).ok()
    assert run.json["status"] == "ok"
    assert "compressing now" in run.err
    assert "from C, too" in run.err


def test_all_slices_as_in_the_papers_programs(cli, folder):
    result = cli("experiment", "NONE", "ZLIB", "brain", "-d", folder, "-s", -1, "--json").ok().json
    assert result["voxels"] == 4 * 48 * 64


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["RAR", "LZMA", "brain"], 2, "no method is named 'RAR'"),
        (["NONE", "LZMA:11", "brain"], 2, "LZMA takes levels from 0 to 9"),
        (["NONE", "LZMA", "brain", "-s", "0"], 2, "0 slices"),
        (["NONE", "LZMA", "ac3"], 1, "get it from https"),
        (["NONE", "LZMA", "no_such_volume"], 1, "neither a data set"),
        (["matrx"], 2, "No such command 'matrx'. Did you mean 'matrix'?"),
        (["CPSO", "X264", "brain"], 1, "not applicable: X264 takes volumes"),
    ],
)
def test_mistakes_are_explained(cli, folder, arguments, code, message):
    result = cli("experiment", *arguments, "-d", folder)
    assert result.code == code
    assert message in " ".join(result.err.split())


@needs_data
@pytest.mark.parametrize(
    ("encoding", "dataset", "ratio"),
    [
        ("COMPRESSO", "spl_knee", 1553.2),
        ("COMPRESSO", "spl_abdominal", 480.8),
        ("COMPRESSO", "spl_brain", 463.0),
        ("NEUROGLANCER", "spl_brain", 542.9),
        ("COMPRESSO", "bsd500", 1214.4),
        ("COMPRESSO", "voc2012", 1571.2),
    ],
)
def test_ratios_of_the_paper(cli, request, encoding, dataset, ratio):
    if dataset in ("bsd500", "voc2012") and not request.config.getoption("--slow"):
        pytest.skip("takes a minute; --slow")
    result = cli("experiment", encoding, "LZMA", dataset, "-d", DATA, "--json").ok().json
    assert round(result["ratio"], 1) == ratio
