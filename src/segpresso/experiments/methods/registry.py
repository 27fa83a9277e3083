"""All methods by name."""

from __future__ import annotations

from functools import cache
from typing import Any

from segpresso._plugins import load_plugins
from segpresso.codecs import codecs, get_codec
from segpresso.errors import InvalidArgumentError
from segpresso.experiments.methods.base import Method
from segpresso.experiments.methods.dictionary import Lz78, Lzw
from segpresso.experiments.methods.encodings import Crackle, methods_of
from segpresso.experiments.methods.general import (
    Brotli,
    Bzip2,
    Identity,
    Lzf,
    Lzma,
    Lzo,
    Zlib,
    Zopfli,
    Zstandard,
)
from segpresso.experiments.methods.images import X264, Jpeg2000, Png

#: The paper's general compressors, in the order of its figures.
_COMPRESSIONS: tuple[type[Method], ...] = (
    Identity,
    Brotli,
    Bzip2,
    Zlib,
    Lz78,
    Lzf,
    Lzma,
    Lzo,
    Lzw,
    Zopfli,
    Zstandard,
    Png,
    Jpeg2000,
    X264,
)


def _encodings() -> dict[str, type[Method]]:
    """Return the label encodings; codecs of other packages come last and take no name of ours."""
    found: dict[str, type[Method]] = {}
    taken = {*(kind.name for kind in _COMPRESSIONS), Crackle.name}
    for name in codecs():
        for kind in methods_of(get_codec(name)):
            if kind.name not in taken:
                found.setdefault(kind.name, kind)
    return found | {Crackle.name: Crackle}


@cache
def _compressions() -> dict[str, type[Method]]:
    kinds = {kind.name: kind for kind in _COMPRESSIONS}
    for kind in load_plugins("segpresso.methods", "method", _checked):
        if kind.name not in _encodings():
            kinds.setdefault(kind.name, kind)
    return kinds


def _checked(thing: Any) -> type[Method]:
    if not (isinstance(thing, type) and issubclass(thing, Method)):
        raise TypeError(f"{thing!r} is not a subclass of Method")
    return thing


def compressions() -> list[str]:
    """List the methods that can be second stages, by name, those of other packages included.

    Packages add methods through the entry point group ``segpresso.methods``, whose entries name
    subclasses of `Method`.

    Examples
    --------
    >>> from segpresso import experiments
    >>> experiments.compressions()[:4]
    ['NONE', 'BROTLI', 'BZ2', 'ZLIB']
    """
    return list(_compressions())


def encodings() -> list[str]:
    """List the label encodings, the first stages, by name: all codecs, and Crackle.

    Examples
    --------
    >>> from segpresso import experiments
    >>> "COMPRESSO" in experiments.encodings()
    True
    """
    return [Identity.name, *_encodings()]


def get_method(name: str) -> Method:
    """Return a method by name, with a level behind a colon if wanted.

    Raises
    ------
    InvalidArgumentError
        If there is no such method or level.

    Examples
    --------
    >>> from segpresso import experiments
    >>> experiments.get_method("LZMA:9")
    LZMA:9
    """
    plain, _, level = name.partition(":")
    kinds = _compressions() | _encodings()
    if plain.upper() not in kinds:
        raise InvalidArgumentError(f"no method is named {name!r}; there are {', '.join(kinds)}")
    kind = kinds[plain.upper()]
    if not level and ":" not in name:
        return kind()
    try:
        return kind(int(level))
    except ValueError as error:
        if isinstance(error, InvalidArgumentError):
            raise
        raise InvalidArgumentError(f"a level is a whole number, not {level!r}") from None
