"""Turns what file libraries raise into the errors of this package, with the path in them."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from segpresso.errors import (
    CorruptError,
    LimitError,
    SegpressoError,
    TruncatedError,
    UnsupportedError,
)
from segpresso.io._extras import MissingExtraError


def at_path(error: SegpressoError, path: Path) -> SegpressoError:
    """Return the same error with the path in its message (unchanged if it is there already)."""
    if isinstance(error, MissingExtraError) or str(path) in str(error):
        return error
    return type(error)(f"{path}: {error}", error.section, error.offset)


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Map everything that a library raises while it reads `path`.

    File libraries raise whatever their parsers stumble over (`KeyError`, `struct.error`,
    `zlib.error`, ...): after the operating system said yes, it all means a bad file.

    Raises
    ------
    OSError
        What the operating system said (no such file, no permission, disk error).
    TruncatedError
        The file ends too early.
    CorruptError
        Anything else that is wrong with it.
    LimitError
        The file asks for more memory than there is.
    """
    try:
        yield
    except SegpressoError as error:
        renamed = at_path(error, path)
        if renamed is error:
            raise
        raise renamed from error
    except MemoryError as error:
        raise LimitError(f"{path}: not enough memory to read it ({error})") from error
    except Warning:
        raise  # a warning that the user turned into an error says nothing about the file
    except Exception as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        message = f"{path}: {error or type(error).__name__}"
        if isinstance(error, EOFError) or _says_truncated(str(error)):
            raise TruncatedError(message) from error
        raise CorruptError(message) from error


def _says_truncated(message: str) -> bool:
    # h5py and Pillow say "truncated", numpy the other two; none of them has a type for it.
    return any(words in message for words in ("runcated", "EOF:", "could only read"))


@contextmanager
def writing(path: Path, format_name: str) -> Iterator[None]:
    """Map everything that a library raises while it writes to `path`.

    Raises
    ------
    OSError
        What the operating system said (disk full, no permission).
    UnsupportedError
        The library refuses the array.
    """
    try:
        yield
    except SegpressoError as error:
        renamed = at_path(error, path)
        if renamed is error:
            raise
        raise renamed from error
    except (MemoryError, Warning):
        raise
    except OSError as error:
        if error.errno is not None:
            raise
        raise OSError(errno.EIO, str(error), str(path)) from error
    except Exception as error:
        raise UnsupportedError(f"{path}: cannot be written as {format_name}: {error}") from error
