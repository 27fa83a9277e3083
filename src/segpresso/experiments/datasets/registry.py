"""Data sets by name, and any other volumes by path."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from segpresso.experiments.datasets.base import DataSet, Layout
from segpresso.experiments.datasets.paper import PAPER
from segpresso.io import known_suffixes


def datasets() -> tuple[DataSet, ...]:
    """Return the data sets of the paper.

    Examples
    --------
    >>> from segpresso import experiments
    >>> [data.name for data in experiments.datasets()][:3]
    ['ac3', 'ac4', 'l_cylinder']
    """
    return PAPER


def get_dataset(name: str, folder: str | os.PathLike[str] = ".") -> tuple[DataSet, Layout, Path]:
    """Find the volumes of a data set.

    Parameters
    ----------
    name : str
        Name of a data set of the paper (capitals do not matter), of a file in `folder`, with or
        without its suffix, or any path.
    folder : path-like
        Where the data are.

    Returns
    -------
    data : DataSet
    layout : Layout
        How it is kept; `Layout.parts` reads it.
    folder : Path
        Where `layout` finds it.

    Raises
    ------
    FileNotFoundError
        If it is not there; the message says how to get it.

    Examples
    --------
    >>> get_dataset("ac3", "/nowhere")
    Traceback (most recent call last):
    FileNotFoundError: [Errno 2] AC3 is not in /nowhere: get it from https://openconnectome...
    """
    folder = Path(folder)
    wanted = name.lower().replace(" ", "_").replace(".", "")
    for data in PAPER:
        if data.name == wanted:
            if layout := data.layout_in(folder):
                return data, layout, folder
            raise FileNotFoundError(errno.ENOENT, data.how_to_get(folder))
    for path in (folder / name, Path(name)):
        if path.exists():
            return _of_file(path)
    for suffix in known_suffixes():
        if (path := folder / (name + suffix)).exists():
            return _of_file(path)
    names = ", ".join(data.name for data in PAPER)
    raise FileNotFoundError(
        errno.ENOENT,
        f"{name!r} is neither a data set of the paper ({names}) nor a file, also not in {folder}",
    )


def _of_file(path: Path) -> tuple[DataSet, Layout, Path]:
    layout = Layout(path.name)
    title = path.name
    for suffix in sorted(known_suffixes(), key=len, reverse=True):
        title = title.removesuffix(suffix)
    data = DataSet(
        name=title,
        title=title,
        connectomics=False,
        description="a file",
        citation="",
        source=str(path),
        licence="",
        layouts=(layout,),
    )
    return data, layout, path.parent
