"""Codecs: label arrays to bytes and back."""

from segpresso.codecs.base import BytesLike, Codec, Limits
from segpresso.codecs.registry import (
    DEFAULT_CODEC,
    codecs,
    compress,
    decompress,
    get_codec,
    labels,
    recognise,
)

__all__ = [
    "DEFAULT_CODEC",
    "BytesLike",
    "Codec",
    "Limits",
    "codecs",
    "compress",
    "decompress",
    "get_codec",
    "labels",
    "recognise",
]
