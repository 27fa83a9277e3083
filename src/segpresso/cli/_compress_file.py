"""One volume compressed, checked and written."""

from __future__ import annotations

import io
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import typer

from segpresso.cli._arrays import Labels, difference
from segpresso.cli._background import interruptible
from segpresso.cli._names import check_free
from segpresso.cli._sizes import Sizes
from segpresso.cli._streams import DASH
from segpresso.cli._timing import Stopwatch, megavoxels_per_second
from segpresso.cli._ui import Step, Ui
from segpresso.codecs import Codec
from segpresso.errors import CorruptError
from segpresso.io import SecondStage, pack, read, unpack
from segpresso.io._errors import reading
from segpresso.io._labels import as_labels
from segpresso.io.compressed import write_stream
from segpresso.io.npy import read_array
from segpresso.io.sidecar import Sidecar, describe, sidecar_path

#: How often `compress_file` announces a step.
STEPS = 5


@dataclass(frozen=True)
class Job:
    """How all inputs of a command line are compressed."""

    codec: Codec
    second: SecondStage
    options: dict[str, Any]
    threads: int | None
    dataset: str | None
    verify: bool
    force: bool

    @property
    def suffix(self) -> str:
        """Suffix of the files."""
        return self.codec.suffix + self.second.suffix


def compress_file(source: str, target: str, job: Job, ui: Ui, step: Step) -> dict[str, Any]:
    """Compress one volume.

    Parameters
    ----------
    source, target : str
        Names of input and output; "-" for standard input and output.
    job : Job
        How to do it.
    ui : Ui
        Where warnings go.
    step : callable
        Told what is done next, `STEPS` times.

    Returns
    -------
    dict
        What was measured, for JSON and the table.

    Raises
    ------
    SegpressoError, OSError
        If the input cannot be read, the codec cannot hold it, or the output cannot be written.
    """
    if target != DASH:
        check_free(target, force=job.force, is_compressed=True)
    step(f"{source}: reading")
    with ui.warnings_of(source):
        labels = _read(source, job.dataset)
    step(f"{source}: {job.codec.name}")
    with Stopwatch() as encoding:
        stream = interruptible(
            lambda: pack(labels, job.codec.name, threads=job.threads, **job.options)
        )
    sidecar = describe(stream, labels, job.codec, **job.options)
    step(f"{source}: {job.second.name}")
    with Stopwatch() as packing:
        stored = interruptible(lambda: job.second.compress(stream))
    step(f"{source}: verifying")
    decoding = None
    if job.verify:
        decoding = interruptible(lambda: _verify(labels, stored, stream, sidecar, job))
    step(f"{source}: writing")
    if target == DASH:
        sys.stdout.buffer.write(stored)
        sys.stdout.buffer.flush()
        if sidecar is not None:
            ui.note(_what_is_lost(sidecar, job))
    else:
        write_stream(Path(target), stored, sidecar)
    sizes = Sizes(labels.shape, labels.dtype, len(stored))
    beside = sidecar is not None and target != DASH
    return {
        "file": source,
        "ok": True,
        "output": target,
        "sidecar": str(sidecar_path(Path(target))) if beside else None,
        "codec": job.codec.name,
        "second": job.second.name,
        **sizes.record(),
        "codec_bytes": len(stream),
        "encode_seconds": encoding.seconds,
        "encode_mvoxels_per_s": megavoxels_per_second(labels.size, encoding.seconds),
        "second_seconds": packing.seconds,
        "decode_seconds": decoding,
        "decode_mvoxels_per_s": decoding and megavoxels_per_second(labels.size, decoding),
        "verified": job.verify,
    }


def _read(source: str, dataset: str | None) -> Labels:
    if source != DASH:
        return read(source, dataset=dataset)
    if dataset is not None:
        raise typer.BadParameter("a .npy file on standard input has no datasets to name")
    with reading(Path(source)):
        return as_labels(read_array(io.BytesIO(sys.stdin.buffer.read())))


def _verify(
    labels: Labels, stored: bytes, stream: bytes, sidecar: Sidecar | None, job: Job
) -> float:
    """Go all the way back; return the seconds that the codec took for its part."""
    unpacked = job.second.decompress(stored, max_bytes=len(stream))
    known: dict[str, Any] = {}
    if sidecar is not None:
        known = {"shape": sidecar.shape, "dtype": np.dtype(sidecar.dtype), **sidecar.options}
    with Stopwatch() as decoding:
        decoded = unpack(
            unpacked, codec=job.codec.name, second="none", threads=job.threads, **known
        )
    found = difference(decoded, labels)
    if found is None and decoded.dtype != labels.dtype:
        found = f"{decoded.dtype} instead of {labels.dtype}"
    if found is not None:
        raise CorruptError(
            f"verification failed, the stream of {job.codec.name} gives {found}; nothing was "
            "written: please report this volume"
        )
    return decoding.seconds


def _what_is_lost(sidecar: Sidecar, job: Job) -> str:
    """Say what decompressing standard output will need, since no file stands beside it."""
    shape = ",".join(map(str, sidecar.shape))
    blocks = sidecar.options.get("block_size")
    more = f" --block-size {','.join(map(str, blocks))}" if blocks else ""
    return (
        f"segpresso: note: this stream does not tell all; decompress it with --codec "
        f"{job.codec.name} --second {job.second.name} --shape {shape} --dtype {sidecar.dtype}{more}"
    )
