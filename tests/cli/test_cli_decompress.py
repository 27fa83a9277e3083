import sys

import numpy as np
import pytest

import segpresso


@pytest.mark.skipif(sys.platform == "win32", reason="needs resource limits")
def test_a_full_disk_is_named(shell, tmp_path, cells):
    segpresso.write(tmp_path / "cells.segp", np.tile(cells, (1, 10, 10)))
    done = shell("ulimit -f 8; segpresso decompress cells.segp", tmp_path)  # 4096 bytes
    assert done.returncode == 1
    assert "File too large" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["cells.segp"]


def test_the_default_output_is_npy_beside_the_input(cli, cells_cpso, cells, tmp_path):
    (tmp_path / "cells.npy").unlink()
    cli("decompress", cells_cpso).ok()
    labels = np.load(tmp_path / "cells.npy")
    assert labels.dtype == cells.dtype
    np.testing.assert_array_equal(labels, cells)


@pytest.mark.parametrize(
    "name", ["a.nrrd", "a.nii.gz", "a.tif", "a.h5", "a.npz", "a.zarr", "a.npy.xz", "a.cpso"]
)
def test_any_writable_file_can_be_made(cli, cells_cpso, cells, tmp_path, name):
    cli("decompress", cells_cpso, "-o", tmp_path / name).ok()
    np.testing.assert_array_equal(segpresso.read(tmp_path / name), cells)


def test_a_folder_gets_one_png_per_slice(cli, cells_npy, cells, tmp_path):
    np.save(cells_npy, cells.astype(np.uint16))
    cli("compress", cells_npy).ok()
    cli("decompress", tmp_path / "cells.segp", "-o", f"{tmp_path}/slices/").ok()
    assert len(list((tmp_path / "slices").glob("*.png"))) == len(cells)
    np.testing.assert_array_equal(segpresso.read(tmp_path / "slices"), cells)


def test_several_inputs_go_into_a_folder_in_the_format_wanted(cli, cells_cpso, tmp_path):
    (tmp_path / "bad.cpso").write_bytes(b"cpso and then nothing")
    run = cli(
        "decompress", tmp_path / "bad.cpso", cells_cpso, "-o", tmp_path / "out", "--to", "tif"
    )
    assert run.code == 1
    assert run.err.startswith(f"segpresso: error: {tmp_path / 'bad.cpso'}: ")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["cells.tif"]


def test_an_existing_output_is_an_error_unless_forced(cli, cells_cpso, cells_npy):
    before = cells_npy.read_bytes()
    run = cli("decompress", cells_cpso)
    assert run.code == 1
    assert "it exists; -f replaces it" in run.err
    assert cells_npy.read_bytes() == before
    cli("decompress", cells_cpso, "-f").ok()


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.95])
def test_a_truncated_file_is_one_clear_error(cli, cells_cpso, share, tmp_path):
    data = cells_cpso.read_bytes()
    cells_cpso.write_bytes(data[: int(len(data) * share)])
    run = cli("decompress", cells_cpso, "-o", tmp_path / "out.npy")
    assert run.code == 1
    assert run.err.startswith(f"segpresso: error: {cells_cpso}: ")
    assert run.err.count("\n") == 1
    assert "Traceback" not in run.err
    assert "copy or download the file again" in run.err
    assert not (tmp_path / "out.npy").exists()


def test_a_damaged_stream_tells_where(cli, cells_npy, tmp_path):
    cli("compress", cells_npy, "-o", tmp_path / "cells.cpso").ok()
    path = tmp_path / "cells.cpso"
    path.write_bytes(path.read_bytes()[:50])
    run = cli("decompress", path, "-o", tmp_path / "out.npy")
    assert run.code == 1
    assert "(section " in run.err


@pytest.mark.parametrize("byte", [10, -40])
def test_a_damaged_segp_is_noticed_by_its_checksums(cli, cells_npy, tmp_path, byte):
    cli("compress", cells_npy).ok()
    data = bytearray((tmp_path / "cells.segp").read_bytes())
    data[byte] ^= 4
    (tmp_path / "cells.segp").write_bytes(data)
    for command in (["decompress", "-f"], ["verify"]):
        run = cli(*command, tmp_path / "cells.segp")
        assert run.code == 1
        assert "restore the file from a copy" in run.err


def test_debug_shows_the_traceback(cli, tmp_path):
    (tmp_path / "bad.cpso").write_bytes(b"cpso")
    assert "Traceback" in cli("decompress", tmp_path / "bad.cpso", "--debug").err


def test_a_headerless_stream_needs_shape_and_dtype(cli, cells_npy, cells, tmp_path):
    cli("compress", cells_npy, "-o", tmp_path / "a.cseg").ok()
    (tmp_path / "a.cseg.json").unlink()
    run = cli("decompress", tmp_path / "a.cseg")
    assert run.code == 1
    assert "give --shape Z,Y,X and --dtype" in run.err
    cli("decompress", tmp_path / "a.cseg", "--shape", "5,14,21", "--dtype", "uint32").ok()
    np.testing.assert_array_equal(np.load(tmp_path / "a.npy"), cells)


def test_a_block_size_must_be_told_too(cli, cells_npy, cells, tmp_path):
    cli("compress", cells_npy, "-o", tmp_path / "a.cseg", "--block-size", "16,8,4").ok()
    cli("decompress", tmp_path / "a.cseg").ok()
    (tmp_path / "a.cseg.json").unlink()
    options = ("--shape", "5,14,21", "--dtype", "uint32", "--block-size", "16,8,4")
    cli("decompress", tmp_path / "a.cseg", "-f", *options).ok()
    np.testing.assert_array_equal(np.load(tmp_path / "a.npy"), cells)


def test_the_limit_is_kept(cli, cells_cpso, tmp_path):
    output = ("-o", tmp_path / "out.npy")
    run = cli("decompress", cells_cpso, "--limit", "1kB", *output)
    assert run.code == 1
    assert "--limit raises it" in run.err
    cli("decompress", cells_cpso, "--limit", "1MiB", *output).ok()


def test_dtype_converts_what_fits(cli, cells_cpso, cells, tmp_path):
    cli("decompress", cells_cpso, "-o", tmp_path / "wide.npy", "--dtype", "uint64").ok()
    assert np.load(tmp_path / "wide.npy").dtype == np.uint64
    run = cli("decompress", cells_cpso, "-o", tmp_path / "narrow.npy", "--dtype", "uint8")
    np.testing.assert_array_equal(run.code, 0 if cells.max() < 256 else 1)
    run = cli("decompress", cells_cpso, "-o", tmp_path / "bool.npy", "--dtype", "bool")
    assert run.code == 1


def test_bool_says_how_to_write_it_elsewhere(cli, cells, tmp_path):
    np.save(tmp_path / "mask.npy", cells > 100)
    cli("compress", tmp_path / "mask.npy").ok()
    run = cli("decompress", tmp_path / "mask.segp", "-o", tmp_path / "mask.nrrd")
    assert run.code == 1
    assert "give --dtype uint8" in run.err
    options = ("-o", tmp_path / "mask.nrrd", "--dtype", "uint8")
    cli("decompress", tmp_path / "mask.segp", *options).ok()
    np.testing.assert_array_equal(segpresso.read(tmp_path / "mask.nrrd"), cells > 100)


def test_ordinary_files_are_told_apart(cli, cells_npy, tmp_path):
    run = cli("decompress", cells_npy)
    assert run.code == 1
    assert "no compressed file but an ordinary one" in run.err
    for name in ("none.npy", "none.segp", "none"):
        run = cli("decompress", tmp_path / name)
        assert run.code == 1
        assert "No such file or directory; check the name" in run.err
    (tmp_path / "text.txt").write_text("hello")
    run = cli("decompress", tmp_path / "text.txt")
    assert run.code == 1
    assert "name it with --codec" in run.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-o", "out.docx"], "no format has this suffix"),
        (["--to", "docx"], "no format has this suffix"),
        (["--shape", "5;14;21"], "is not a list of sizes"),
        (["--dtype", "float32"], "is not an integer type"),
        (["--limit", "much"], "is not a size"),
        (["--block-size", "8,8,8"], "cpso has no --block-size"),
    ],
)
def test_wrong_command_lines_are_usage_errors(cli, cells_cpso, arguments, message, tmp_path):
    (tmp_path / "cells.npy").unlink()
    run = cli("decompress", cells_cpso, *arguments)
    assert run.code == 2
    assert message in run.err
    assert not (tmp_path / "cells.npy").exists()


def test_json(cli, cells_cpso):
    (record,) = cli("decompress", cells_cpso, "-f", "--json").ok().json
    assert (record["codec"], record["second"], record["dtype"]) == ("cpso", "lzma", "uint32")
    assert record["shape"] == [5, 14, 21]
