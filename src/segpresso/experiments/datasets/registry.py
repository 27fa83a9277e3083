"""Data sets by name, and any other volumes by path."""

from __future__ import annotations

import errno
import glob
import os
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from segpresso._plugins import load_plugins
from segpresso.experiments.datasets.base import DataSet, Layout
from segpresso.experiments.datasets.paper import PAPER
from segpresso.io import known_suffixes


def datasets() -> tuple[DataSet, ...]:
    """Return the data sets of the paper, and those of other packages.

    Packages add data sets through the entry point group ``segpresso.datasets``, whose entries
    name instances of `DataSet`.

    Examples
    --------
    >>> from segpresso import experiments
    >>> [data.name for data in experiments.datasets()][:3]
    ['ac3', 'ac4', 'l_cylinder']
    """
    return PAPER + _of_other_packages()


@cache
def _of_other_packages() -> tuple[DataSet, ...]:
    return tuple(load_plugins("segpresso.datasets", "data set", _checked))


def _checked(thing: Any) -> DataSet:
    if not isinstance(thing, DataSet):
        raise TypeError(f"{thing!r} is not a DataSet")
    return thing


def get_dataset(name: str, folder: str | os.PathLike[str] = ".") -> tuple[DataSet, Layout, Path]:
    """Find the volumes of a data set.

    Parameters
    ----------
    name : str
        Name of a data set (capitals do not matter); or name of a file in `folder`, with or
        without its suffix, or any path. ":ARRAY" behind a file chooses one of its arrays, ":*"
        all arrays of an HDF5 file, each of which is a volume. All volumes of a folder are one
        data set (see `segpresso.experiments.datasets.folders.volumes_in`).
    folder : path-like
        Where the data are.

    Returns
    -------
    data : DataSet
    layout : Layout
        How it is kept; `Layout.parts` reads it. A file in which a data set of the paper may be
        kept is read as that data set says.
    folder : Path
        Where `layout` finds it; absolute. There, ``data.name`` is found again.

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
    for data in datasets():
        if data.name == _plain(name):
            if layout := data.layout_in(folder):
                return data, layout, folder.resolve()
            raise FileNotFoundError(errno.ENOENT, data.how_to_get(folder))
    plain, _, array = name.rpartition(":")
    if path := _existing(name, folder):
        data, layout = _kept_in(path) or _of_path(path)
    elif plain and (path := _existing(plain, folder)):
        data, layout = _of_path(path, array)
    else:
        names = ", ".join(data.name for data in datasets())
        raise FileNotFoundError(
            errno.ENOENT,
            f"{name!r} is neither a data set ({names}) nor a file or folder, also not in {folder}",
        )
    if not layout.files(path.parent):
        raise FileNotFoundError(
            errno.ENOENT, f"no label volume is in {path}; known are {' '.join(known_suffixes())}"
        )
    return data, layout, path.parent


def _existing(name: str, folder: Path) -> Path | None:
    with_suffixes = (folder / (name + suffix) for suffix in known_suffixes())
    paths = (folder / name, Path(name), *with_suffixes)
    found = next((path for path in paths if path.exists()), None)
    if found is None:
        return None
    named = found if found.name.strip(".") else found.resolve()  # not "." or "..", which is no name
    return named.parent.resolve() / named.name


def _kept_in(path: Path) -> tuple[DataSet, Layout] | None:
    """Find the data set that may be kept in one file, and how it is to be read."""
    for data in datasets():
        for layout in data.layouts:
            depth = layout.pattern.count("/")
            if depth < len(path.parents) and layout.files(path.parents[depth]) == [path]:
                here = replace(layout, pattern=glob.escape(path.name))
                return replace(data, name=_name(path), layouts=(here,)), here
    return None


def _of_path(path: Path, array: str | None = None) -> tuple[DataSet, Layout]:
    layout = Layout(glob.escape(path.name), array)
    title = _title(path)
    data = DataSet(
        name=_name(path) if array is None else f"{_name(path)}:{array}",
        title=title if array in (None, "*") else f"{title}:{array}",
        connectomics=False,
        description="the volumes of a folder" if path.is_dir() else "a file",
        citation="",
        source=str(path),
        licence="",
        layouts=(layout,),
    )
    return data, layout


def _name(path: Path) -> str:
    """Return by what name `get_dataset` finds a path in its folder."""
    is_registered = _plain(path.name) in {data.name for data in datasets()}
    return f"./{path.name}" if is_registered else path.name


def _plain(name: str) -> str:
    return name.lower().replace(" ", "_").replace(".", "")


def _title(path: Path) -> str:
    title = path.name
    for suffix in sorted(known_suffixes(), key=len, reverse=True):
        title = title.removesuffix(suffix)
    return title
