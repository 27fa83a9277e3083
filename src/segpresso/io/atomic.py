"""Writing that leaves either the whole file or nothing.

Everything is written under a temporary name in the same folder (so on the same file system)
and renamed when it is complete. The temporary name keeps the suffixes of the final one, because
file libraries choose their format and compression by them.
"""

from __future__ import annotations

import errno
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def atomic_file(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Give a temporary name to write to, which becomes `path` if the block succeeds.

    Parameters
    ----------
    path : path-like
        The file to make or replace. A symbolic link is followed.

    Yields
    ------
    pathlib.Path
        Where to write. On any exception, `KeyboardInterrupt` included, it is removed and
        `path` stays as it was.

    Raises
    ------
    OSError
        If `path` cannot be a file (its folder is missing, it is a folder or a device), or
        if writing failed.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with atomic_file(Path(folder, "a.txt")) as temporary:
    ...         _ = temporary.write_text("all")
    ...     [file.name for file in Path(folder).iterdir()]
    ['a.txt']
    """
    final = _checked_file(path)
    temporary = _beside(final)
    try:
        yield temporary
        temporary.replace(final)
    except OSError as error:
        _name_final(error, final)
        raise
    finally:
        temporary.unlink(missing_ok=True)


@contextmanager
def atomic_folder(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Give a temporary folder to fill, which becomes `path` if the block succeeds.

    Parameters
    ----------
    path : path-like
        The folder to make. A folder that holds something is never replaced: it could be
        anybody's, and removing it could not be undone.

    Yields
    ------
    pathlib.Path
        An empty folder. On any exception it is removed with all that is in it.

    Raises
    ------
    FileExistsError
        If `path` is a file or a folder that is not empty.
    OSError
        If its parent folder is missing, or writing failed.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as parent:
    ...     with atomic_folder(Path(parent, "slices")) as temporary:
    ...         _ = Path(temporary, "0.txt").write_text("first")
    ...     [str(file.relative_to(parent)) for file in Path(parent).rglob("*.txt")]
    ['slices/0.txt']
    """
    final = Path(path).resolve()
    if final.exists() and (not final.is_dir() or any(final.iterdir())):
        raise FileExistsError(
            errno.EEXIST, "exists and is not an empty folder; remove it first", str(path)
        )
    temporary = _beside(final)
    try:
        temporary.mkdir()
        yield temporary
        temporary.rename(final)
    except OSError as error:
        _name_final(error, final)
        raise
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


@contextmanager
def atomic_files(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Give a temporary folder to write files to that name each other, such as header and data.

    Parameters
    ----------
    path : path-like
        The file that names the others. All are written with their final names.

    Yields
    ------
    pathlib.Path
        Where to write the file that becomes `path`; the others go beside it. If the block
        succeeds all are moved, that one last; on any exception all are removed.

    Raises
    ------
    OSError
        As for `atomic_file`.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with atomic_files(Path(folder, "a.head")) as temporary:
    ...         _ = temporary.write_text("data are in a.body")
    ...         _ = temporary.with_name("a.body").write_text("data")
    ...     sorted(file.name for file in Path(folder).iterdir())
    ['a.body', 'a.head']
    """
    final = _checked_file(path)
    temporary = _beside(final)
    try:
        temporary.mkdir()
        main = temporary / final.name
        yield main
        for part in sorted(temporary.iterdir(), key=lambda part: part == main):
            part.replace(final.with_name(part.name))
    except OSError as error:
        _name_final(error, final)
        raise
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _checked_file(path: str | os.PathLike[str]) -> Path:
    """Follow links and refuse what a rename must not replace: folders and devices."""
    final = Path(path).resolve()
    if final.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if final.exists() and not final.is_file():
        raise OSError(errno.EINVAL, "not a regular file", str(path))
    return final


def _beside(final: Path) -> Path:
    if not final.parent.is_dir():
        raise FileNotFoundError(errno.ENOENT, "no such folder", str(final.parent))
    # At most the last two suffixes (".nii.gz"): the name must not outgrow the file system's limit.
    return final.with_name(f".{secrets.token_hex(8)}{''.join(final.suffixes[-2:])[-32:]}")


def _name_final(error: OSError, final: Path) -> None:
    """Name the user's file in the error: the temporary one means nothing to anybody."""
    if error.errno is not None:
        error.filename = str(final)
        error.filename2 = None
