"""NumPy .npy files, plain or behind gzip or xz."""

from __future__ import annotations

import gzip
import lzma
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import IO, Any, cast

import numpy as np
import numpy.typing as npt

from segpresso.io._labels import LabelArray
from segpresso.io.atomic import atomic_file


def read_npy(path: Path, dataset: str | None = None) -> npt.NDArray[Any]:
    """Read .npy, .npy.gz or .npy.xz; voxels are decompressed straight into the array."""
    with _open(path, "rb") as file:
        # Not numpy.load: that seeks, which in a compressed file means to start again.
        array = read_array(file)
        while file.read(1 << 20):  # to the end, where compressed files have their checksums
            pass
        return array


def write_npy(path: Path, labels: LabelArray) -> None:
    """Write .npy, .npy.gz or .npy.xz; the same array always gives the same bytes."""
    with atomic_file(path) as temporary, _open(temporary, "wb") as file:
        # As numpy writes to what is no file of the system: its way with files does not tell why it
        # failed, such as that the disk is full.
        only_write = cast(Any, SimpleNamespace(write=file.write))
        np.lib.format.write_array(only_write, labels, allow_pickle=False)


def read_array(file: IO[bytes]) -> npt.NDArray[Any]:
    """Read one array in .npy format from an open file that need not be seekable."""
    array: npt.NDArray[Any] = np.lib.format.read_array(file, allow_pickle=False)
    return array


@contextmanager
def _open(path: Path, mode: str) -> Iterator[IO[bytes]]:
    """Open for reading ("rb") or writing ("wb"), through the compressor that the suffix says."""
    with path.open(mode) as raw:
        match path.suffix.lower():
            case ".gz":
                # No name and no time: otherwise equal arrays would give different files.
                with gzip.GzipFile("", mode, compresslevel=6, fileobj=raw, mtime=0) as file:
                    yield cast(IO[bytes], file)
            case ".xz":
                with lzma.open(raw, mode) as file:
                    yield cast(IO[bytes], file)
            case _:
                yield cast(IO[bytes], raw)
