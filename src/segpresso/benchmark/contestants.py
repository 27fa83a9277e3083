"""Who takes part: our codec in all profiles, our versions of others' codecs, and the others."""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from types import MappingProxyType
from typing import Any

import numpy.typing as npt

from segpresso.benchmark.rivals import EXTRA, Blosc2, Compresso, CracklePins, CracklePinsSlow, Cseg
from segpresso.codecs import DEFAULT_CODEC, Codec, codecs, get_codec
from segpresso.errors import InvalidArgumentError
from segpresso.experiments.methods import Method
from segpresso.experiments.methods.encodings import Crackle, methods_of
from segpresso.experiments.methods.general import Brotli, Lzma, Zlib, Zstandard
from segpresso.io._extras import MissingExtraError, require

#: General compressors behind a codec for labels, and the methods that they are.
SECOND_STAGES: Mapping[str, Callable[[], Method]] = MappingProxyType(
    {
        "gzip": Zlib,
        "zstd": lambda: Zstandard(19),
        "lzma": Lzma,
        "brotli": Brotli,
    }
)

#: What second stages need, beyond the standard library.
_LIBRARIES_BEHIND = {"zstd": "zstandard", "brotli": "brotli"}

_ORDERS_OF_CRACKLE = (0, 3, 5)


@dataclass(frozen=True)
class Contestant:
    """A compressor with its settings.

    Attributes
    ----------
    name : str
        Name and mode, such as "crackle:5".
    title : str
        Name in the picture.
    kind : str
        Programs for the same streams, or of the same sort, are of one kind: "segpresso",
        "crackle", "compresso", "compressed_segmentation", "general".
    make : callable
        Makes the method.
    distribution : str
        The PyPI package that does the work.
    module : str or None
        What is imported of it; None if it comes with Python or with us.
    wants_second_stage : bool
        Whether it is measured with general compressors behind it too.
    narrowest : int
        Bytes of the narrowest label that it takes.
    """

    name: str
    title: str
    kind: str
    make: Callable[[], Method]
    distribution: str
    module: str | None
    wants_second_stage: bool
    narrowest: int = 1

    @property
    def family(self) -> str:
        """The name without the mode."""
        return self.name.partition(":")[0]

    @property
    def is_native(self) -> bool:
        """Whether this is Segpresso's own codec."""
        return self.family == DEFAULT_CODEC

    @property
    def program(self) -> str:
        """The package and its version."""
        if self.distribution == "python":
            return f"python {platform.python_version()}"
        try:
            return f"{self.distribution} {version(self.distribution)}"
        except PackageNotFoundError:
            return self.distribution

    def method(self, threads: int = 1) -> Method:
        """Make the method, which uses so many threads if it can use several."""
        made = self.make()
        if made.uses_threads:
            made.threads = threads
        return made

    def input_of(self, volume: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Return a volume (z, y, x) in a type that the compressor takes."""
        if volume.itemsize >= self.narrowest:
            return volume
        return volume.astype(f"u{self.narrowest}")

    def check_installed(self) -> None:
        """Raise `MissingExtraError` if its library is not installed."""
        if self.module is not None:
            require(self.module, EXTRA)


@dataclass(frozen=True)
class Entry:
    """A contestant and the second stages that are measured behind it; "none" is it alone."""

    contestant: Contestant
    seconds: tuple[str, ...]


def contestants() -> list[Contestant]:
    """List all contestants, whether their libraries are installed or not; ours come first.

    Examples
    --------
    >>> [one.name for one in contestants()][:4]
    ['segpresso:fast', 'segpresso:balanced', 'segpresso:small', 'cpso']
    """
    return [*(one for name in codecs() for one in _of_codec(get_codec(name))), *_rivals()]


_KINDS = {
    "cpso": "compresso",
    "compresso-miccai": "compresso",
    "compresso-v2": "compresso",
    "neuroglancer-blocks": "compressed_segmentation",
}


def _of_codec(codec: Codec) -> Iterable[Contestant]:
    distribution = type(codec).__module__.partition(".")[0]
    for profile, kind in zip(codec.profiles or ("",), methods_of(codec), strict=True):
        yield Contestant(
            ":".join(filter(None, (codec.name, profile))),
            " ".join(filter(None, (codec.name, profile))),
            _KINDS.get(codec.name, codec.name),
            kind,
            distribution,
            None,
            codec.wants_second_stage,
        )


def _rivals() -> Iterable[Contestant]:
    crackle: list[tuple[str, str, type[Crackle], Sequence[int]]] = [
        ("", "", Crackle, _ORDERS_OF_CRACKLE),
        ("-pins", " pins", CracklePins, _ORDERS_OF_CRACKLE),
        ("-pins-slow", " best pins", CracklePinsSlow, _ORDERS_OF_CRACKLE[-1:]),
    ]
    for suffix, words, kind, orders in crackle:
        for order in orders:
            yield Contestant(
                f"crackle:{order}{suffix}",
                f"crackle {order}{words}",
                "crackle",
                _at(kind, order),
                "crackle-codec",
                "crackle",
                wants_second_stage=True,
            )
    name = "compresso"
    yield Contestant(name, name, name, Compresso, name, name, wants_second_stage=True)
    yield Contestant(
        "cseg",
        "cseg",
        "compressed_segmentation",
        Cseg,
        "compressed-segmentation",
        "compressed_segmentation",
        wants_second_stage=True,
        narrowest=4,
    )
    general: list[tuple[str, type[Method], Sequence[int], str, str | None]] = [
        ("zstd", Zstandard, (3, 19), "zstandard", "zstandard"),
        ("lzma", Lzma, (6,), "python", None),
        ("brotli", Brotli, (9,), "brotli", "brotli"),
        ("blosc2", Blosc2, (5,), "imagecodecs", "imagecodecs"),
    ]
    for name, method, levels, distribution, module in general:
        for level in levels:
            yield Contestant(
                f"{name}:{level}",
                f"{name} {level}",
                "general",
                _at(method, level),
                distribution,
                module,
                wants_second_stage=False,
            )


def _at(kind: type[Method], level: int) -> Callable[[], Method]:
    return lambda: kind(level)


def missing(chosen: Iterable[Entry]) -> dict[str, str]:
    """Tell what cannot be measured, since a library is not installed, and what installs it.

    Returns
    -------
    dict of str to str
        By family, or second stage with a plus sign in front, the reason.
    """
    found = {}
    for entry in chosen:
        try:
            entry.contestant.check_installed()
        except MissingExtraError as error:
            found[entry.contestant.family] = str(error)
        for second in entry.seconds:
            try:
                if second in _LIBRARIES_BEHIND:
                    require(_LIBRARIES_BEHIND[second], EXTRA)
            except MissingExtraError as error:
                found[f"+{second}"] = str(error)
    return found


def choose(names: Iterable[str] | None = None, seconds: Iterable[str] | None = None) -> list[Entry]:
    """Find contestants and second stages by name.

    Parameters
    ----------
    names : iterable of str, optional
        A family ("crackle"), one mode of it ("crackle:5"), or either with one second stage
        ("crackle+brotli", "cpso+none"); all unless given.
    seconds : iterable of str, optional
        Second stages for names that do not say one; all, and none of them, unless given.

    Returns
    -------
    list of Entry
        In the order of `contestants`, without what is not installed (see `missing`).

    Raises
    ------
    InvalidArgumentError
        If there is no such contestant or second stage.

    Examples
    --------
    >>> [(one.contestant.name, one.seconds) for one in choose(["cpso+lzma", "segpresso:small"])]
    [('segpresso:small', ('none',)), ('cpso', ('lzma',))]
    """
    usual = ("none", *SECOND_STAGES) if seconds is None else tuple(seconds)
    everything = contestants()
    wanted: dict[str, set[str]] = {}
    for name in [one.name for one in everything] if names is None else names:
        plain, _, second = name.partition("+")
        matching = [one for one in everything if plain in (one.name, one.family)]
        if not matching:
            known = dict.fromkeys(one.family for one in everything)
            raise InvalidArgumentError(f"no codec is named {plain!r}; there are {', '.join(known)}")
        for one in matching:
            stages = (second,) if second else usual if one.wants_second_stage else ("none",)
            wanted.setdefault(one.name, set()).update(stages)
    known_stages = ("none", *SECOND_STAGES)
    for stage in sorted(set().union(*wanted.values(), usual)):
        if stage not in known_stages:
            raise InvalidArgumentError(
                f"no second stage is named {stage!r}; there are {', '.join(known_stages)}"
            )
    return [
        Entry(one, tuple(stage for stage in known_stages if stage in wanted[one.name]))
        for one in everything
        if one.name in wanted
    ]


def installed(chosen: Iterable[Entry]) -> list[Entry]:
    """Return what can be measured of a choice."""
    chosen = list(chosen)
    lacking = missing(chosen)
    rest = [
        Entry(one.contestant, tuple(s for s in one.seconds if f"+{s}" not in lacking))
        for one in chosen
        if one.contestant.family not in lacking
    ]
    return [entry for entry in rest if entry.seconds]
