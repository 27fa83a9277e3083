"""The Compresso paper's comparison of compressors.

Methods are attributes, named as in the paper's programs, and can be put behind each other::

    from segpresso import experiments as C

    stream = C.LZMA.compress(C.COMPRESSO.compress(volume))
    volume = C.COMPRESSO.decompress(C.LZMA.decompress(stream))

`encodings` lists those for label volumes, `compressions` those for their streams, `get_method`
finds one by name and level. `datasets` lists what the paper compressed, `get_dataset` finds it, or
any other volume, in a folder.
"""

from __future__ import annotations

from segpresso.errors import InvalidArgumentError
from segpresso.experiments.datasets import DataSet, Layout, Part, datasets, get_dataset
from segpresso.experiments.methods import (
    Data,
    Method,
    bytes_of,
    compressions,
    encodings,
    get_method,
)

__all__ = [
    "Data",
    "DataSet",
    "Layout",
    "Method",
    "Part",
    "bytes_of",
    "compressions",
    "datasets",
    "encodings",
    "get_dataset",
    "get_method",
]


def __getattr__(name: str) -> Method:
    try:
        if name.isupper():
            return get_method(name)
    except InvalidArgumentError:
        pass
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*__all__, *encodings(), *compressions()})
