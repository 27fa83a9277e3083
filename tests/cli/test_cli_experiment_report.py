"""``segpresso experiment report``."""

import shutil

import pytest

import segpresso
from segpresso.examples import neuropil
from segpresso.experiments import matrix
from segpresso.experiments.report import complexity, style


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Measure how time grows on next to nothing, and draw small pictures."""
    monkeypatch.setattr(complexity, "SHAPE", (4, 32, 32))
    monkeypatch.setattr(complexity, "_LEAST_SECONDS", 0)
    monkeypatch.setattr(style, "_PNG_DPI", 50)


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    """Data sets and a matrix of them, half of whose cells cannot be measured."""
    folder = tmp_path_factory.mktemp("measured")
    for name in ("ac4", "spl_knee"):
        segpresso.write(folder / f"{name}.npy.xz", neuropil((4, 48, 64)).astype("u2"))
    cells = matrix.cells(["COMPRESSO"], ["LZMA", "PNG"], ["ac4", "spl_knee"], folder)
    for cell in cells:
        matrix.run_and_keep(cell, folder / "results")
    return folder


@pytest.fixture
def results(measured, tmp_path):
    """Results that a test may change."""
    return shutil.copytree(measured / "results", tmp_path / "results")


def test_a_matrix_becomes_a_page_and_figures(cli, results, tmp_path):
    page = tmp_path / "new" / "page.html"
    page.parent.mkdir()
    page.write_text("an old report, which is replaced")
    run = cli("experiment", "report", results, "-o", page).ok()
    assert f"{page} and 10 figures in {tmp_path / 'new' / 'page_figures'}" in run.out
    text = page.read_text("utf-8")
    assert text.startswith("<!doctype html>")
    for expected in ("AC4", "SPL Knee Atlas", "1553x", "701x", "PNG takes volumes"):
        assert expected in text
    assert len(list((tmp_path / "new" / "page_figures").iterdir())) == 10


def test_what_the_data_are_needed_for_is_left_out_with_a_warning(cli, results, tmp_path):
    command = ["experiment", "report", results, "-o", tmp_path / "report.html"]
    run = cli(*command, "-d", "/nowhere", "--figures", tmp_path / "here", "--json").ok()
    assert run.err.count("left out, for the data are needed") == 2
    assert "get it from https" in run.err
    assert set(run.json["missing"]) == {"ac4", "spl_knee"}
    assert run.json["page"] == str(tmp_path / "report.html")
    assert {str(path) for path in (tmp_path / "here").iterdir()} == set(run.json["figures"])


@pytest.mark.parametrize("name", ["mine.npy", "mine", ".", "./mine.npy"])
def test_own_data_are_found_again_from_another_folder(cli, tmp_path, monkeypatch, name):
    folder = tmp_path / "here"
    folder.mkdir()
    segpresso.write(folder / "mine.npy", neuropil((2, 48, 64)).astype("u2"))
    results = tmp_path / "results"
    monkeypatch.chdir(folder)
    one = ["--encoding", "CPSO", "--compression", "NONE"]
    cli("experiment", "matrix", name, "-o", results, *one).ok()
    monkeypatch.chdir(tmp_path)
    run = cli("experiment", "report", results, "-o", "report.html", "--json").ok()
    assert run.json["missing"] == {}
    if name != ".":
        command = ["experiment", "report", results, "-d", folder.rename("moved"), "--json"]
        assert cli(*command).ok().json["missing"] == {}


def test_files_of_the_same_name_are_two_data_sets(cli, tmp_path):
    paths = [tmp_path / place / "mine.npy" for place in "ab"]
    for path in paths:
        path.parent.mkdir()
        segpresso.write(path, neuropil((2, 48, 64)).astype("u2"))
    results, page = tmp_path / "results", tmp_path / "report.html"
    one = ["--encoding", "CPSO", "--compression", "NONE"]
    cli("experiment", "matrix", *paths, *one, "-o", results).ok()
    run = cli("experiment", "report", results, "-o", page, "--json").ok()
    assert run.json["missing"] == {}
    assert all(f"mine ({path})" in page.read_text("utf-8") for path in paths)


def test_a_folder_without_results_is_explained(cli, tmp_path):
    run = cli("experiment", "report", tmp_path, "-o", tmp_path / "report.html")
    assert run.code == 1
    assert f"no results are in {tmp_path}: segpresso experiment matrix" in run.err
    assert not (tmp_path / "report.html").exists()


def test_a_damaged_cell_is_explained(cli, results, tmp_path):
    path = next((results / "cells").glob("*LZMA*"))
    path.write_text(path.read_text()[:100])
    run = cli("experiment", "report", results, "-o", tmp_path / "report.html")
    assert run.code == 1
    assert f"{path} is damaged" in run.err
    assert "delete it and run segpresso experiment matrix again" in run.err
    assert not (tmp_path / "report.html").exists()


def test_figures_do_not_go_into_a_file(cli, results, tmp_path):
    (tmp_path / "figures").touch()
    run = cli("experiment", "report", results, "--figures", tmp_path / "figures")
    assert run.code == 2
    assert "is a file" in run.err


def test_a_matrix_in_which_nothing_was_measured_is_explained(cli, results, tmp_path):
    for path in (results / "cells").glob("*LZMA*"):
        path.unlink()
    run = cli("experiment", "report", results, "-o", tmp_path / "report.html")
    assert run.code == 1
    assert "none of the 2 cells" in run.err
    assert "PNG takes volumes" in run.err
