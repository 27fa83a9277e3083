"""What methods are called in figures and tables, and in which order they come."""

from __future__ import annotations

from collections.abc import Iterable

from segpresso.errors import InvalidArgumentError
from segpresso.experiments.methods import compressions, encodings, get_method
from segpresso.experiments.report.results import Pair


def title(name: str) -> str:
    """Return the title of a method; one that is not installed here keeps its name.

    Examples
    --------
    >>> title("ZSTD"), title("LZMA:9"), title("SOMEBODYS")
    ('Zstandard', 'LZMA:9', 'SOMEBODYS')
    """
    try:
        method = get_method(name)
    except InvalidArgumentError:
        return name
    return method.title if method.level is None else f"{method.title}:{method.level}"


def codec_title(name: str) -> str:
    """Return the title of a method without the profile, so that profiles of a codec share it.

    Examples
    --------
    >>> codec_title("SEGPRESSO_FAST"), codec_title("COMPRESSO")
    ('segpresso', 'Compresso')
    """
    return title(name).partition(",")[0]


def pair_title(pair: Pair) -> str:
    """Return the title of an encoding and a compression.

    Examples
    --------
    >>> pair_title(("COMPRESSO", "LZMA")), pair_title(("NONE", "PNG")), pair_title(("CPSO", "NONE"))
    ('Compresso + LZMA', 'PNG', 'cpso')
    """
    named = [title(name) for name in pair if name != "NONE"]
    return " + ".join(named) or title("NONE")


def in_order(names: Iterable[str]) -> list[str]:
    """Sort names of methods as the registry has them; levels stand behind their method.

    Examples
    --------
    >>> in_order(["ZSTD", "LZMA:9", "LZMA", "NONE"])
    ['NONE', 'LZMA', 'LZMA:9', 'ZSTD']
    """
    known = {name: place for place, name in enumerate([*encodings(), *compressions()])}
    known["NONE"] = -1
    return sorted(names, key=lambda name: (known.get(name.split(":")[0], len(known)), name))
