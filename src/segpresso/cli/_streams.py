"""A compressed file opened as far as its codec's stream, which not every command has to decode."""

from __future__ import annotations

import errno
import inspect
import os
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import typer

from segpresso.cli._arrays import Labels, distinct
from segpresso.cli._background import interruptible
from segpresso.cli._timing import Stopwatch
from segpresso.codecs import Codec, Limits, codecs, get_codec
from segpresso.codecs.arrays import most_bytes
from segpresso.errors import InvalidArgumentError, TruncatedError, UnsupportedError
from segpresso.io import _fit, get_second_stage, unpack
from segpresso.io.compressed import HEAD_BYTES, recognise, split_name
from segpresso.io.registry import format_of_name
from segpresso.io.second_stage import second_stage_of_magic
from segpresso.io.sidecar import Sidecar, load_sidecar, sidecar_path

#: The name of standard input and standard output on the command line.
DASH = "-"


@dataclass(frozen=True)
class StreamOptions:
    """What the user says about a stream; None leaves it to the file."""

    codec: str | None = None
    second: str | None = None
    shape: tuple[int, ...] | None = None
    dtype: np.dtype[Any] | None = None
    block_size: tuple[int, ...] | None = None
    limits: Limits | None = None
    threads: int | None = None

    @property
    def decoding(self) -> dict[str, Any]:
        """Options of the codec's decoder."""
        return {} if self.block_size is None else {"block_size": self.block_size}


@dataclass(frozen=True)
class Stream:
    """The stream of a codec, taken out of its file.

    Attributes
    ----------
    name : str
        The file as the user named it.
    data : bytes
        What the codec made.
    codec : Codec
        That codec.
    second : str
        Name of the second stage it was behind.
    stored_bytes : int
        Size of the file.
    second_seconds : float
        Time that undoing the second stage took.
    shape, dtype
        Shape (..., z, y, x) and type that the user or the `.json` file gave; None if nobody did.
    options : dict
        Options of the decoder, from the same sources.
    """

    name: str
    data: bytes = field(repr=False)
    codec: Codec
    second: str
    stored_bytes: int
    second_seconds: float
    shape: tuple[int, ...] | None
    dtype: np.dtype[Any] | None
    options: dict[str, Any]
    limits: Limits | None
    threads: int | None
    sidecar: str | None

    def decode(self) -> Labels:
        """Restore the labels, (z, y, x) unless a shape says otherwise."""
        self.check_known()
        return interruptible(
            lambda: unpack(
                self.data,
                codec=self.codec.name,
                second="none",
                shape=self.shape,
                dtype=self.dtype,
                limits=self.limits,
                threads=self.threads,
                **self.options,
            )
        )

    def labels(self) -> Labels:
        """List the distinct labels, ascending, without decoding the stream where possible."""
        if type(self.codec).labels is Codec.labels:
            return distinct(self.decode())
        found = self.codec.labels(self.data)
        if self.dtype is None:
            return found
        return np.unique(_fit.as_dtype(found, self.dtype, carries_sign=self.codec.carries_sign))

    def describe(self) -> dict[str, Any]:
        """Tell what the stream holds: the codec's description, as it gives it."""
        named = inspect.signature(self.codec.describe).parameters
        known = dict(self.options)
        if self.shape is not None:
            known["shape"] = _fit.volume_shape(self.shape, self.codec.axes)
        if self.dtype is not None:
            known["dtype"] = self.dtype
        known = {name: value for name, value in known.items() if name in named}
        return self.codec.describe(self.data, **known)

    def check_known(self) -> None:
        """Raise `InvalidArgumentError` if decoding needs what nobody told."""
        if not self.codec.carries_shape and (self.shape is None or self.dtype is None):
            raise InvalidArgumentError(
                f"streams of {self.codec.name} do not tell their shape and type: give --shape "
                "Z,Y,X and --dtype (and --block-size if it is not 8,8,8), or put the .json file "
                "beside it that was written with it"
            )


def is_stream(name: str, options: StreamOptions) -> bool:
    """Tell whether a file is to be opened as a stream, and not by a file format."""
    if name == DASH or options.codec is not None:
        return True
    path = Path(name)
    return not path.is_dir() and format_of_name(path.name) is None


def open_stream(name: str, options: StreamOptions) -> Stream:
    """Open a compressed file, or standard input if its name is "-".

    Parameters
    ----------
    name : str
        The file.
    options : StreamOptions
        What the user says about it.

    Returns
    -------
    Stream

    Raises
    ------
    OSError
        If it cannot be read.
    UnsupportedError
        If it is no compressed file.
    InvalidArgumentError
        If its codec is not known.
    CorruptError, TruncatedError, LimitError
        If its second stage or its `.json` file is damaged, or too large.
    """
    path = Path(name)
    if not is_stream(name, options):
        if not path.exists():
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), name)
        kind = "a folder" if path.is_dir() else "an ordinary one"
        raise UnsupportedError(
            f"this is no compressed file but {kind}; name its codec with --codec if it is"
        )
    stored = sys.stdin.buffer.read() if name == DASH else path.read_bytes()
    if not stored:
        raise TruncatedError("the file is empty")
    named_codec, named_second = (None, None) if name == DASH else split_name(path.name)
    sidecar = None if name == DASH else load_sidecar(path)
    codec = options.codec or (sidecar.codec if sidecar else named_codec)
    second = get_second_stage(options.second or named_second or _second_by_magic(stored))
    found = get_codec(codec) if codec else recognise(second.peek(stored, HEAD_BYTES))
    if found is None:
        raise InvalidArgumentError(
            f"the codec cannot be recognised; name it with --codec ({', '.join(codecs())}), if "
            "this is a compressed file"
        )
    most = most_bytes(options.limits)
    with Stopwatch() as watch:
        # Streams larger than their arrays exist, but only of small arrays.
        data = interruptible(lambda: second.decompress(stored, most + (1 << 20)))
    if sidecar is not None:
        sidecar.check(data)
    decoding = {**(sidecar.options if sidecar else {}), **options.decoding}
    _check_options(found, options)
    return Stream(
        name=name,
        data=data,
        codec=found,
        second=second.name,
        stored_bytes=len(stored),
        second_seconds=watch.seconds,
        shape=options.shape or (sidecar.shape if sidecar else None),
        dtype=_dtype(options, sidecar),
        options=decoding,
        limits=options.limits,
        threads=options.threads,
        sidecar=str(sidecar_path(path)) if sidecar else None,
    )


def _second_by_magic(stored: bytes) -> str:
    return second_stage_of_magic(stored).name


def _dtype(options: StreamOptions, sidecar: Sidecar | None) -> np.dtype[Any] | None:
    if options.dtype is not None:
        return options.dtype
    return np.dtype(sidecar.dtype) if sidecar else None


def _check_options(codec: Codec, options: StreamOptions) -> None:
    named = inspect.signature(codec.decode).parameters
    for name in options.decoding:
        if name not in named:
            raise typer.BadParameter(f"{codec.name} has no --{name.replace('_', '-')}")
