"""Optional libraries, and the error that tells how to get them."""

from __future__ import annotations

import importlib
from types import ModuleType

from segpresso.errors import SegpressoError


class MissingExtraError(SegpressoError, ImportError):
    """A library that this operation needs is not installed; also an `ImportError`."""


def require(module: str, extra: str) -> ModuleType:
    """Import an optional library.

    Parameters
    ----------
    module : str
        Name to import.
    extra : str
        The extra of the package that brings it: "io" or "zarr".

    Returns
    -------
    module
        The imported library.

    Raises
    ------
    MissingExtraError
        If it is not installed; the message has the command that installs it.

    Examples
    --------
    >>> require("json", "io").__name__
    'json'
    >>> require("no_such_library", "io")
    Traceback (most recent call last):
    segpresso.io._extras.MissingExtraError: no_such_library ... pip install 'segpresso[io]'
    """
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise MissingExtraError(
            f"{module} is needed for this and cannot be imported: pip install 'segpresso[{extra}]'"
        ) from error
