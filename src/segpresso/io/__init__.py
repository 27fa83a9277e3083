"""Label volumes in the files that people have, and in our own compressed ones."""

from segpresso.io._extras import MissingExtraError
from segpresso.io._labels import ImageLikeWarning
from segpresso.io.compressed import pack, read_compressed, unpack, write_compressed
from segpresso.io.files import known_suffixes, read, write
from segpresso.io.native_file import Writer, open
from segpresso.io.second_stage import SecondStage, get_second_stage, second_stages

__all__ = [
    "ImageLikeWarning",
    "MissingExtraError",
    "SecondStage",
    "Writer",
    "get_second_stage",
    "known_suffixes",
    "open",
    "pack",
    "read",
    "read_compressed",
    "second_stages",
    "unpack",
    "write",
    "write_compressed",
]
