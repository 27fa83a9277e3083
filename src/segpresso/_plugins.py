"""What other packages add: the entry points of a group, loaded."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from importlib.metadata import entry_points
from typing import Any, TypeVar

_T = TypeVar("_T")


def load_plugins(group: str, what: str, take: Callable[[Any], _T]) -> list[_T]:
    """Load what the entry points of a group name.

    Parameters
    ----------
    group : str
        Such as "segpresso.codecs".
    what : str
        What an entry is, for the warning.
    take : callable
        Makes of what an entry point names what is wanted, or raises.

    Returns
    -------
    list
        Without those that cannot be loaded: somebody else's package must not break ours.

    Warns
    -----
    UserWarning
        If an entry cannot be loaded.

    Examples
    --------
    >>> load_plugins("segpresso.no_such_group", "plugin", str)
    []
    """
    found = []
    for entry in entry_points(group=group):
        try:
            found.append(take(entry.load()))
        except Exception as error:
            warnings.warn(f"the {what} {entry.value} cannot be loaded: {error}", stacklevel=5)
    return found
