"""The files of docs/extending.md, as they stand there, laid out as pip leaves them."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import segpresso
from segpresso.examples import neuropil
from tests.plugins import lay_out

GUIDE = Path(__file__).parents[1] / "docs" / "extending.md"


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", GUIDE.read_text(), re.MULTILINE | re.DOTALL)


def entry_points() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for block in blocks("toml"):
        found |= tomllib.loads(block)["project"]["entry-points"]
    return found


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the guide's modules as pip leaves them."""
    folder = tmp_path_factory.mktemp("site-packages")
    for block in blocks("python"):
        name = re.match(r"# (\w+\.py)\n", block)
        assert name is not None
        (folder / name[1]).write_text(block)
    lay_out(folder, "segpresso_run_length", entry_points())
    return folder


def environment(installed: Path) -> dict[str, str]:
    return os.environ | {"PYTHONPATH": os.pathsep.join([str(installed), *filter(None, sys.path)])}


def run(installed: Path, *arguments: object) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "segpresso", *map(str, arguments)],
        env=environment(installed),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "cannot be loaded" not in done.stderr
    return done.stdout


def test_the_guide_has_one_file_of_each_kind(installed: Path) -> None:
    assert sorted(entry_points()) == [
        "segpresso.codecs",
        "segpresso.datasets",
        "segpresso.methods",
    ]
    assert len(list(installed.glob("*.py"))) == 3


def test_the_project_file_is_complete(installed: Path) -> None:
    project = next(tomllib.loads(block) for block in blocks("toml") if "[build-system]" in block)
    assert project["build-system"]["build-backend"] == "setuptools.build_meta"
    (module,) = project["tool"]["setuptools"]["py-modules"]
    assert (installed / f"{module}.py").is_file()
    (entry,) = project["project"]["entry-points"]["segpresso.codecs"].values()
    assert entry.partition(":")[0] == module


def test_the_codec_is_listed(installed: Path) -> None:
    records = {record["name"]: record for record in json.loads(run(installed, "codecs", "--json"))}
    assert records["run-length"]["suffix"] == ".rle"
    assert "cpso" in records
    assert "run-length" not in segpresso.codecs()  # only where it is installed


@pytest.mark.parametrize(
    ("dtype", "suffix"), [("u1", ".rle.xz"), ("u8", ".rle"), ("i2", ".rle.xz"), ("?", ".rle")]
)
def test_files_come_back(installed: Path, tmp_path: Path, dtype: str, suffix: str) -> None:
    labels = (neuropil((4, 24, 32)) % 2 if dtype == "?" else neuropil((4, 24, 32))).astype(dtype)
    segpresso.write(tmp_path / "cells.npy", labels)
    packed = tmp_path / f"cells{suffix}"
    run(installed, "compress", tmp_path / "cells.npy", "-o", packed)
    run(installed, "decompress", packed, "-o", tmp_path / "back.npy")
    back = segpresso.read(tmp_path / "back.npy")
    assert back.dtype == labels.dtype
    np.testing.assert_array_equal(back, labels)
    (shown,) = json.loads(run(installed, "info", packed, "--json"))
    assert shown["codec"] == "run-length"
    assert shown["labels"] == len(np.unique(labels))


def test_all_three_are_in_the_matrix(installed: Path, tmp_path: Path) -> None:
    folder = tmp_path / "our_neurons"
    folder.mkdir()
    for number in range(2):
        segpresso.write(folder / f"{number}.nrrd", neuropil((3, 24, 32 + number)).astype("u2"))
    # No data set is named: all that are at hand are taken.
    matrix = ["experiment", "matrix", "-d", tmp_path, "-o", tmp_path / "results", "--json"]
    chosen = ["--encoding", "CPSO", "--encoding", "RUN_LENGTH", "--compression", "NONE"]
    results = json.loads(run(installed, *matrix, *chosen, "--compression", "HUFFMAN"))
    found = {(r["encoding"], r["compression"]): r for r in results}
    assert sorted(found) == [
        ("CPSO", "HUFFMAN"),
        ("CPSO", "NONE"),
        ("RUN_LENGTH", "HUFFMAN"),
        ("RUN_LENGTH", "NONE"),
    ]
    for result in results:  # "ok" is what came back voxel for voxel
        assert (result["status"], result["reason"]) == ("ok", "")
        assert (result["dataset"], result["volumes"]) == ("our_neurons", 2)
    plain, huffman = found["RUN_LENGTH", "NONE"], found["RUN_LENGTH", "HUFFMAN"]
    assert huffman["bytes_compressed"] < plain["bytes_compressed"] < plain["bytes_64bit"]


def test_they_are_among_all_pairs(installed: Path, tmp_path: Path) -> None:
    segpresso.write(tmp_path / "cells.npy", neuropil((2, 16, 16)))
    matrix = ["experiment", "matrix", "cells", "-d", tmp_path, "-o", tmp_path / "results", "--json"]
    encodings = json.loads(run(installed, *matrix, "--compression", "HUFFMAN"))
    assert {"NONE", "COMPRESSO", "RUN_LENGTH"} <= {r["encoding"] for r in encodings}
    assert {r["status"] for r in encodings} == {"ok"}


def test_what_cannot_be_loaded_is_a_warning_and_all_else_works(tmp_path: Path) -> None:
    lay_out(
        tmp_path,
        "broken",
        {
            "segpresso.codecs": {"a": "no_such_module:Codec"},
            "segpresso.methods": {"b": "json:dumps"},
            "segpresso.datasets": {"c": "json:dumps"},
        },
    )
    program = (
        "import segpresso; from segpresso import experiments as C;"
        "print(segpresso.codecs(), C.compressions(), [data.name for data in C.datasets()])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        check=True,
    )
    for name in ("cpso", "LZMA", "spl_knee"):
        assert f"'{name}'" in done.stdout
    assert "the codec no_such_module:Codec cannot be loaded: No module named" in done.stderr
    assert "the method json:dumps cannot be loaded: <function dumps" in done.stderr
    assert "the data set json:dumps cannot be loaded: <function dumps" in done.stderr


def test_the_command_says_what_cannot_be_loaded_in_one_line_and_once(tmp_path: Path) -> None:
    lay_out(tmp_path, "broken", {"segpresso.codecs": {"a": "no_such_module:Codec"}})
    segpresso.write(tmp_path / "cells.npy", neuropil((2, 16, 16)))
    done = subprocess.run(
        [sys.executable, "-m", "segpresso", "experiment", "CPSO", "ZLIB", tmp_path / "cells.npy"],
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr.splitlines() == [
        "segpresso: warning: the codec no_such_module:Codec cannot be loaded: "
        "No module named 'no_such_module'"
    ]


@pytest.fixture(scope="module")
def codec(installed: Path) -> Any:
    spec = importlib.util.spec_from_file_location("run_length", installed / "run_length.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.RunLength()


@pytest.mark.parametrize("shape", [(4, 24, 32), (1, 1, 1), (0, 3, 4), (3, 0, 4)])
def test_the_codec_is_correct(codec: Any, shape: tuple[int, int, int]) -> None:
    labels = neuropil(shape).astype(np.uint16)
    for given in (labels, labels.astype(">u2"), labels.transpose(2, 0, 1)):
        data = codec.encode(given)
        np.testing.assert_array_equal(codec.decode(data), given)
        np.testing.assert_array_equal(codec.decode(data, out=np.empty_like(given)), given)
        np.testing.assert_array_equal(codec.labels(data), np.unique(given))
        assert codec.describe(data)["shape"] == given.shape


def test_the_codec_refuses_what_is_damaged(codec: Any) -> None:
    data = codec.encode(np.arange(24, dtype=np.uint8).reshape(2, 3, 4) // 5)
    for length in range(len(data)):
        with pytest.raises(segpresso.TruncatedError):
            codec.decode(data[:length])
    for place in range(len(data) - 5):  # all but the labels, which can be anything
        damaged = bytearray(data)
        damaged[place] ^= 0x80
        with pytest.raises(segpresso.SegpressoError):
            codec.decode(bytes(damaged))
    with pytest.raises(segpresso.LimitError):
        codec.decode(data, limits=segpresso.Limits(max_bytes=23))
    with pytest.raises(segpresso.InvalidArgumentError):
        codec.encode(np.zeros((2, 3)))
