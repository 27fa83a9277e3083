"""Which array of a file with several is the label volume."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from segpresso.errors import InvalidArgumentError, UnsupportedError

#: Where the tools of the field put their labels: several of them as the only array of a
#: file, some (CREMI) beside images that are integers too.
WELL_KNOWN = (
    "main",
    "stack",
    "labels",
    "label",
    "segmentation",
    "seg",
    "volumes/labels/neuron_ids",
)


@dataclass(frozen=True)
class Candidate:
    """An array in a file, not read yet."""

    shape: tuple[int, ...]
    dtype: np.dtype[Any]

    def __str__(self) -> str:
        return f"{'x'.join(map(str, self.shape)) or 'scalar'} {self.dtype}"


def choose(candidates: Mapping[str, Candidate], dataset: str | None) -> str:
    """Choose the label volume among the arrays of a file.

    Parameters
    ----------
    candidates : mapping of str to Candidate
        All arrays of the file.
    dataset : str or None
        The name that the user gave.

    Returns
    -------
    str
        `dataset`, else the only integer array with 2 to 4 axes, else the only one of these
        with a well-known name; floating point arrays count if there are no integer ones.

    Raises
    ------
    InvalidArgumentError
        If `dataset` is not there, or several arrays could be meant; lists them.
    UnsupportedError
        If no array can be labels; lists what there is.

    Examples
    --------
    >>> arrays = {"t": Candidate((9,), np.dtype("u1")), "a": Candidate((4, 4), np.dtype("u2"))}
    >>> choose(arrays, dataset=None)
    'a'
    """
    if dataset is not None:
        name = dataset.strip("/")
        if name in candidates:
            return name
        raise InvalidArgumentError(f"no dataset {dataset!r}; there is {_listing(candidates)}")
    for kinds in ("biu", "f"):
        suitable = {
            name: candidate
            for name, candidate in candidates.items()
            if candidate.dtype.kind in kinds and 2 <= len(candidate.shape) <= 4
        }
        if len(suitable) == 1:
            return next(iter(suitable))
        known = [name for name in suitable if name in WELL_KNOWN]
        if len(known) == 1:
            return known[0]
        if suitable:
            raise InvalidArgumentError(
                f"several arrays could be the labels, name one with dataset=: {_listing(suitable)}"
            )
    raise UnsupportedError(f"no array that could be labels; there is {_listing(candidates)}")


def _listing(candidates: Mapping[str, Candidate], most: int = 20) -> str:
    if not candidates:
        return "nothing"
    lines = [f"{name!r} ({candidate})" for name, candidate in candidates.items()]
    more = [f"and {len(lines) - most} more"] if len(lines) > most else []
    return ", ".join(lines[:most] + more)
