"""General compressors behind a codec's stream: lzma, zstd, gzip, brotli.

Decompression goes piece by piece and stops at a limit, because a few bytes of any of these
formats can stand for gigabytes.
"""

from __future__ import annotations

import lzma
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from segpresso.errors import (
    CorruptError,
    InvalidArgumentError,
    LimitError,
    SegpressoError,
    TruncatedError,
)
from segpresso.io._extras import require

#: More than any preset of xz needs to decompress (65 MiB); a stream can demand up to 4 GiB.
_LZMA_MEMORY = 1 << 30


class _Decoder(Protocol):
    """What the decompressors of zlib, lzma and zstandard have in common."""

    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, /) -> bytes: ...


@dataclass(frozen=True)
class SecondStage:
    """A general compressor.

    Attributes
    ----------
    name : str
        "none", "lzma", "zstd", "gzip" or "brotli".
    suffix : str
        What it appends to a file name, with the dot; empty for "none".
    magic : bytes
        How its streams begin; empty if they have no mark.
    """

    name: str
    suffix: str
    magic: bytes
    _compress: Callable[[bytes], bytes]
    _decoder: Callable[[], _Decoder] | None
    #: Bytes decompressed at once: such that even the most extreme ratio of the format
    #: allocates some 50 MB at worst before the limit is noticed.
    _step: int

    def compress(self, data: bytes) -> bytes:
        """Compress; equal input gives equal output.

        Raises
        ------
        MissingExtraError
            If the library is not installed.

        Examples
        --------
        >>> get_second_stage("none").compress(b"labels")
        b'labels'
        """
        return self._compress(data)

    def decompress(self, data: bytes, max_bytes: int) -> bytes:
        """Decompress.

        Parameters
        ----------
        data : bytes
            One stream, or several after each other where the format allows that.
        max_bytes : int
            Largest result.

        Returns
        -------
        bytes
            What was compressed.

        Raises
        ------
        LimitError
            If the result is larger than `max_bytes`, or the stream demands too much memory.
        TruncatedError
            If the stream ends too early.
        CorruptError
            If it is damaged, or something else follows it.
        MissingExtraError
            If the library is not installed.

        Examples
        --------
        >>> stage = get_second_stage("lzma")
        >>> stage.decompress(stage.compress(b"labels"), max_bytes=100)
        b'labels'
        >>> stage.decompress(stage.compress(bytes(1000)), max_bytes=100)
        Traceback (most recent call last):
        segpresso.errors.LimitError: lzma: more than 100 bytes
        """
        total = 0
        parts: list[bytes] = []
        for part in self._parts(data):
            total += len(part)
            if total > max_bytes:
                raise LimitError(f"{self.name}: more than {max_bytes} bytes")
            parts.append(part)
        return b"".join(parts)

    def peek(self, data: bytes, size: int) -> bytes:
        """Decompress no more than is needed for the first `size` bytes (or a little more).

        Raises
        ------
        TruncatedError, CorruptError, LimitError, MissingExtraError
            As `decompress`, as far as it gets.

        Examples
        --------
        >>> get_second_stage("gzip").peek(get_second_stage("gzip").compress(b"labels"), 3)[:3]
        b'lab'
        """
        head = b""
        for part in self._parts(data):
            head += part
            if len(head) >= size:
                break
        return head

    def _parts(self, data: bytes) -> Iterator[bytes]:
        if self._decoder is None:
            yield data
            return
        position = 0
        decoder = self._decoder()
        while position < len(data):
            if decoder.eof:
                if not self.magic:  # nothing would tell another stream from rubbish
                    raise CorruptError(f"{self.name}: data after the end", offset=position)
                decoder = self._decoder()
            piece = data[position : position + self._step]
            try:
                part = decoder.decompress(piece)
            except Exception as error:  # each library has a type of its own
                raise self._error(error, position) from error
            # What follows the end of a stream is the next one.
            position += len(piece) - (len(decoder.unused_data) if decoder.eof else 0)
            yield part
        if not decoder.eof:
            raise TruncatedError(f"{self.name}: the stream ends too early", offset=position)

    def _error(self, error: Exception, position: int) -> SegpressoError:
        kind = LimitError if "memory" in str(error).lower() else CorruptError
        return kind(f"{self.name}: {error}", offset=position)


class _BrotliDecoder:
    """Gives brotli the interface of the other three."""

    unused_data = b""  # a stream that is followed by something is an error to the library

    def __init__(self) -> None:
        self._decoder = require("brotli", "io").Decompressor()

    @property
    def eof(self) -> bool:
        return bool(self._decoder.is_finished())

    def decompress(self, data: bytes) -> bytes:
        part: bytes = self._decoder.process(data)
        return part


def _compress_gzip(data: bytes) -> bytes:
    # Not gzip.compress: what it writes into the header differs between Python versions.
    encoder = zlib.compressobj(9, wbits=31)
    return encoder.compress(data) + encoder.flush()


def _compress_zstd(data: bytes) -> bytes:
    packed: bytes = require("zstandard", "io").ZstdCompressor(level=19).compress(data)
    return packed


def _compress_brotli(data: bytes) -> bytes:
    packed: bytes = require("brotli", "io").compress(data)
    return packed


def _zstd_decoder() -> Any:
    return require("zstandard", "io").ZstdDecompressor().decompressobj()


_STAGES = {
    stage.name: stage
    for stage in (
        SecondStage("none", "", b"", lambda data: data, None, 0),
        SecondStage(
            "lzma",
            ".xz",
            b"\xfd7zXZ\0",
            lzma.compress,
            lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, _LZMA_MEMORY),
            1 << 11,
        ),
        SecondStage("zstd", ".zst", b"\x28\xb5\x2f\xfd", _compress_zstd, _zstd_decoder, 1 << 10),
        SecondStage(
            "gzip",
            ".gz",
            b"\x1f\x8b\x08",
            _compress_gzip,
            lambda: zlib.decompressobj(31),
            1 << 14,
        ),
        SecondStage("brotli", ".br", b"", _compress_brotli, _BrotliDecoder, 1 << 5),
    )
}


def second_stages() -> list[str]:
    """List the names of the second stages.

    Examples
    --------
    >>> second_stages()
    ['none', 'lzma', 'zstd', 'gzip', 'brotli']
    """
    return list(_STAGES)


def get_second_stage(name: str) -> SecondStage:
    """Return the second stage of a name.

    Raises
    ------
    InvalidArgumentError
        If there is none; lists those that exist.

    Examples
    --------
    >>> get_second_stage("lzma").suffix
    '.xz'
    """
    try:
        return _STAGES[name]
    except KeyError:
        raise InvalidArgumentError(
            f"no second stage {name!r}; there is {', '.join(_STAGES)}"
        ) from None


def second_stage_of_suffix(suffix: str) -> SecondStage | None:
    """Return the second stage that a file name suffix stands for, or None.

    Examples
    --------
    >>> second_stage_of_suffix(".zst").name
    'zstd'
    """
    return next((s for s in _STAGES.values() if s.suffix and s.suffix == suffix.lower()), None)


def second_stage_of_magic(data: bytes) -> SecondStage:
    """Return the second stage whose magic number starts the data, else "none".

    Examples
    --------
    >>> second_stage_of_magic(b"cpso").name
    'none'
    """
    marked = (s for s in _STAGES.values() if s.magic and data.startswith(s.magic))
    return next(marked, _STAGES["none"])
