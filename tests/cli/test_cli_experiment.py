"""``segpresso experiment``."""

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
    ],
)
def test_ratios_of_the_paper(cli, encoding, dataset, ratio):
    result = cli("experiment", encoding, "LZMA", dataset, "-d", DATA, "--json").ok().json
    assert round(result["ratio"], 1) == ratio
