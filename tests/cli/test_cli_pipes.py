"""Standard input and output, of real processes."""

import io
import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

import segpresso


def npy(labels):
    file = io.BytesIO()
    np.save(file, labels)
    return file.getvalue()


def test_there_and_back_through_pipes(process, cells):
    packed = process("compress", "-", stdin=npy(cells)).ok()
    assert packed.out_bytes.startswith(segpresso.get_codec("segpresso").magic)
    restored = process("decompress", "-", stdin=packed.out_bytes).ok()
    np.testing.assert_array_equal(np.load(io.BytesIO(restored.out_bytes)), cells)


def test_the_command_for_a_headerless_stream_is_told(cli, cells):
    run = cli(
        "compress",
        "-",
        "--codec",
        "compressed_segmentation",
        "--block-size=4,4,4",
        stdin=npy(cells),
    ).ok()
    (line,) = (line for line in run.err.splitlines() if "note" in line)
    options = line.partition("decompress it with ")[2].split()
    restored = cli("decompress", "-", *options, stdin=run.out_bytes).ok()
    np.testing.assert_array_equal(np.load(io.BytesIO(restored.out_bytes)), cells)


def test_from_a_file_to_standard_output_and_back_to_a_file(cli, cells_npy, cells, tmp_path):
    packed = cli("compress", cells_npy, "--codec=cpso", "--second=brotli", "-o", "-").ok()
    output = tmp_path / "back.npy"
    cli("decompress", "-", "--second=brotli", "-o", output, stdin=packed.out_bytes).ok()
    np.testing.assert_array_equal(np.load(output), cells)


def test_standard_input_that_is_no_npy(cli):
    run = cli("compress", "-", stdin=b"hello")
    assert (run.code, run.out) == (1, "")
    assert run.err.startswith("segpresso: error: -: ")


def test_nothing_on_standard_input(cli):
    assert cli("decompress", "-", stdin=b"").code == 1


def test_standard_input_is_one_volume(cli, cells_npy):
    assert cli("compress", "-", cells_npy, stdin=b"").code == 2
    assert cli("compress", cells_npy, cells_npy, "-o", "-").code == 2


def test_the_other_commands_read_standard_input_too(cli, cells_cpso):
    data = cells_cpso.read_bytes()
    assert cli("verify", "-", stdin=data).code == 0
    assert "cpso" in cli("info", "-", stdin=data).ok().out
    assert cli("labels", "-", "--count", stdin=data).ok().out == "60\n"


@pytest.mark.parametrize("command", [["labels"], ["decompress", "-o", "-"], ["codecs", "--json"]])
def test_a_broken_pipe_is_silent(command, cells_cpso):
    read_end, write_end = os.pipe()
    os.close(read_end)
    files = [] if command[0] == "codecs" else [str(cells_cpso)]
    done = subprocess.run(
        [sys.executable, "-m", "segpresso", *command, *files],
        stdout=write_end,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(write_end)
    assert done.stderr == b""
    assert done.returncode == 141


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full")  # noqa: PTH110
def test_a_full_standard_output_is_an_error(cells_cpso):
    with open("/dev/full", "wb") as full:  # noqa: PTH123
        done = subprocess.run(
            [sys.executable, "-m", "segpresso", "decompress", str(cells_cpso), "-o", "-"],
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr.count(b"\n") == 1
    assert b"No space left on device" in done.stderr


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_leaves_no_file(tmp_path, sent, code):
    noise = np.random.default_rng(0).integers(0, 1 << 30, (40, 256, 256), np.uint32)
    np.save(tmp_path / "noise.npy", noise)
    running = subprocess.Popen(
        [sys.executable, "-m", "segpresso", "compress", "noise.npy", "--codec=neuroglancer-blocks"],
        cwd=tmp_path,
        stderr=subprocess.PIPE,
    )
    # LZMA takes many seconds for this; by its warning we know that the work has begun.
    assert running.stderr.readline().startswith(b"segpresso: warning")
    time.sleep(1)
    running.send_signal(sent)
    _, err = running.communicate(timeout=120)
    assert running.returncode == code, err
    assert b"Traceback" not in err
    assert b"nanobind" not in err
    assert [path.name for path in tmp_path.iterdir()] == ["noise.npy"]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [("info cells.segp", 0), ("labels cells.segp", 0), ("decompress cells.segp -o -", 2)],
)
def test_a_closed_output_is_no_accident(shell, cells, tmp_path, arguments, code):
    segpresso.write(tmp_path / "cells.segp", cells)
    run = shell(f"segpresso {arguments} >&-", tmp_path)
    assert (run.returncode, run.stderr.count("\n")) == (code, 1 if code else 0)
    assert "standard output is closed" in run.stderr or code == 0


@pytest.mark.parametrize("command", ["compress", "decompress", "info"])
def test_a_closed_input_is_empty(shell, tmp_path, command):
    run = shell(f"segpresso {command} - <&- | cat", tmp_path)
    assert run.stderr.count("\n") == 1
    assert "unexpected" not in run.stderr
    assert "NoneType" not in run.stderr


def test_no_colours_where_nobody_sees_them(process, cells_npy):
    run = process("compress", cells_npy, "nothere.npy", TERM="xterm-256color")
    assert "\x1b" not in run.out + run.err


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
@pytest.mark.parametrize("no_color", [True, False])
def test_colours_on_a_terminal_unless_not_wanted(tmp_path, no_color):
    import pty

    environment = os.environ | {"TERM": "xterm-256color"}
    environment.pop("NO_COLOR", None)
    if no_color:
        environment["NO_COLOR"] = "1"
    ours, theirs = pty.openpty()
    done = subprocess.run(
        [sys.executable, "-m", "segpresso", "compress", "nothere.npy"],
        stderr=theirs,
        cwd=tmp_path,
        env=environment,
        check=False,
    )
    os.close(theirs)
    text = os.read(ours, 1 << 16)
    os.close(ours)
    assert done.returncode == 1
    assert (b"\x1b[1;31m" in text) != no_color
