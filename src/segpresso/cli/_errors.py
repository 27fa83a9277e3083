"""An exception as one line: what is wrong, where, and what to do next."""

from __future__ import annotations

import errno
import re
from pathlib import Path

from segpresso.errors import CorruptError, LimitError, SegpressoError, TruncatedError
from segpresso.io import MissingExtraError

#: What files and data can do wrong: reported, and the next file is tried.
DATA_ERRORS = (SegpressoError, OSError, MemoryError)

#: The library names its arguments; here they are options.
_AS_OPTIONS = (
    (re.compile(r"dataset=:?"), "--dataset:"),
    (re.compile(r"raise it with limits=Limits\(max_bytes=\.\.\.\)"), "--limit raises it"),
    (re.compile(r"with codec=\.\.\."), "with --codec"),
    (re.compile(r"write labels\.astype\((?:np\.)?(\w+)\)"), r"give --dtype \1"),
)

_HINTS: tuple[tuple[type[SegpressoError], str], ...] = (
    (MissingExtraError, ""),
    (TruncatedError, "copy or download the file again"),
    (CorruptError, "restore the file from a copy"),
    (LimitError, "--limit raises it, where the machine has the memory"),
)

_OS_HINTS = {
    errno.ENOENT: "check the name",
    errno.EEXIST: "-f replaces it",
    errno.EACCES: "check the permissions, or choose another place with -o",
    errno.EPERM: "check the permissions, or choose another place with -o",
    errno.EROFS: "choose another place with -o",
    errno.ENOSPC: "free some space, or choose another place with -o",
    errno.EDQUOT: "free some space, or choose another place with -o",
    errno.EISDIR: "name a file in it",
}


def explain(name: str, error: BaseException) -> str:
    """Say in one line what went wrong.

    Parameters
    ----------
    name : str
        The file as the user named it; empty if the error is about none.
    error : BaseException
        What was raised.

    Returns
    -------
    str
        "FILE: what is wrong (section, offset); what to do next".

    Examples
    --------
    >>> explain("a.cpso", TruncatedError("a.cpso: ends too early", "windows", 77))
    'a.cpso: ends too early (section windows, byte 77); copy or download the file again'
    >>> explain("a.npy", FileNotFoundError(2, "No such file or directory", "a.npy"))
    'a.npy: No such file or directory; check the name'
    """
    what, hint = _what_and_hint(error)
    if name:
        what = what.removeprefix(f"{name}: ").removeprefix(f"{Path(name)}: ")
    for pattern, text in _AS_OPTIONS:
        what = pattern.sub(text, what)
    line = f"{name}: {what}" if name else what
    if hint and ";" not in what:
        line += f"; {hint}"
    return " ".join(line.split())


def _what_and_hint(error: BaseException) -> tuple[str, str]:
    if isinstance(error, SegpressoError):
        hint = next((hint for kind, hint in _HINTS if isinstance(error, kind)), "")
        return f"{error}{_place(error)}", hint
    if isinstance(error, OSError) and error.strerror:
        where = f"{error.filename}: " if error.filename else ""
        return f"{where}{error.strerror}", _OS_HINTS.get(error.errno or 0, "")
    if isinstance(error, MemoryError):
        return "not enough memory", "close other programs or use a larger machine"
    if isinstance(error, OSError):
        return str(error) or type(error).__name__, ""
    kind = type(error).__name__
    return f"unexpected {kind}: {error}", "please report it with what --debug shows"


def _place(error: SegpressoError) -> str:
    parts = [f"section {error.section}"] if error.section else []
    parts += [f"byte {error.offset}"] if error.offset is not None else []
    return f" ({', '.join(parts)})" if parts else ""
