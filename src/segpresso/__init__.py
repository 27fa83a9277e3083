"""Segpresso: compress label volumes.

The functions here are all that most users need; `segpresso.get_codec` gives the codecs with their
options, ``segpresso.io`` the files, ``segpresso.examples`` something to try them on.
"""

from importlib.metadata import version as _version

from segpresso import examples
from segpresso.array import LabelVolume
from segpresso.codecs import Codec, Limits, codecs, compress, decompress, get_codec, labels
from segpresso.errors import (
    CorruptError,
    InvalidArgumentError,
    LimitError,
    SegpressoError,
    TruncatedError,
    UnsupportedError,
)
from segpresso.io import Writer, open, read, write

__version__ = _version("segpresso")

__all__ = [
    "Codec",
    "CorruptError",
    "InvalidArgumentError",
    "LabelVolume",
    "LimitError",
    "Limits",
    "SegpressoError",
    "TruncatedError",
    "UnsupportedError",
    "Writer",
    "__version__",
    "codecs",
    "compress",
    "decompress",
    "examples",
    "get_codec",
    "labels",
    "open",
    "read",
    "write",
]
