"""What a data set of the comparison is, and how its volumes are found in a folder."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from segpresso.errors import InvalidArgumentError, SegpressoError, UnsupportedError
from segpresso.experiments.datasets.folders import volumes_in
from segpresso.io import read
from segpresso.io._extras import require
from segpresso.io.registry import format_of_name


class UnreadableError(SegpressoError):
    """A file of a data set does not hold labels, or not in a way that tells which."""


class Part(NamedTuple):
    """A volume of a data set; image sets of varying size have many.

    Attributes
    ----------
    name : str
        What it is called in messages.
    labels : ndarray of unsigned int
        Axes (z, y, x).
    """

    name: str
    labels: npt.NDArray[Any]


@dataclass(frozen=True)
class Layout:
    """One way in which the files of a data set are kept.

    Attributes
    ----------
    pattern : str
        Which files, relative to the folder of the data (as `pathlib.Path.glob` has it), or which
        folders of volumes (see `segpresso.experiments.datasets.folders.volumes_in`).
    dataset : str, optional
        Which array of a file that holds several; "*" for all arrays of an HDF5 file, each of
        which is a volume.
    remark : str
        What is special about the data kept this way: a part, another release.
    """

    pattern: str
    dataset: str | None = None
    remark: str = ""

    def files(self, folder: Path) -> list[Path]:
        """Return the files of this layout that are in a folder, in the order of their names."""
        found = sorted(folder.glob(self.pattern))
        return [volume for path in found for volume in volumes_in(path)]

    def state(self, folder: Path) -> str:
        """Say what the files are now: their number, bytes, and the time of the last change."""
        files = [file for volume in self.files(folder) for file in (volume, *volume.rglob("*"))]
        stats = [file.stat() for file in files if not file.is_dir()]
        last = datetime.fromtimestamp(max(stat.st_mtime for stat in stats), UTC)
        size = sum(stat.st_size for stat in stats)
        return f"{len(stats)} files, {size} bytes, last changed {last.isoformat()}"

    def parts(self, folder: Path) -> Iterator[Part]:
        """Read the volumes, one after the other.

        Raises
        ------
        UnreadableError
            If a file does not hold labels, or several arrays that could be meant.
        OSError, SegpressoError
            As `segpresso.read` raises them.
        """
        for path in self.files(folder):
            name = path.relative_to(folder).as_posix()
            if self.dataset == "*" and _is_hdf5(path):
                yield from _arrays_of_hdf5(path, name)
            else:
                yield Part(name, self._labels(path))

    def _labels(self, path: Path) -> npt.NDArray[Any]:
        try:
            return as_volume(read(path, dataset=self.dataset))
        except (InvalidArgumentError, UnsupportedError) as error:
            # Of an array, a data set says "DATASET:ARRAY".
            raise UnreadableError(str(error).replace("dataset=:", "FILE:ARRAY:")) from error


@dataclass(frozen=True)
class DataSet:
    """A data set of the comparison.

    Attributes
    ----------
    name : str
        Name on the command line.
    title : str
        Name in tables; the paper's.
    connectomics : bool
        Whether it belongs to the paper's first group, or to "other segmentations".
    description, citation, source, licence : str
        What it shows, whom to cite, where to get it and on which terms.
    layouts : tuple of Layout
        How its files may be kept; the first that is found is used.
    paper : mapping
        The paper's ratios to 64-bit voxels by (encoding, compression), as far as they are known.
    """

    name: str
    title: str
    connectomics: bool
    description: str
    citation: str
    source: str
    licence: str
    layouts: tuple[Layout, ...]
    paper: Mapping[tuple[str, str], float] = field(default_factory=dict)

    def layout_in(self, folder: Path) -> Layout | None:
        """Return how the data are kept in a folder, or None if they are not there."""
        return next((layout for layout in self.layouts if layout.files(folder)), None)

    def how_to_get(self, folder: Path) -> str:
        """Say where the data come from and what they have to be called in a folder."""
        places = " or ".join(layout.pattern for layout in self.layouts)
        return f"{self.title} is not in {folder}: get it from {self.source} and save it as {places}"


def as_volume(labels: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return labels as a volume (z, y, x) of unsigned integers: times and images become slices.

    Negative labels wrap around, so that they stay distinct.

    Examples
    --------
    >>> as_volume(np.zeros((5, 4), bool)).shape
    (1, 5, 4)
    """
    if labels.dtype == np.bool_:
        labels = labels.view(np.uint8)
    if labels.dtype.kind == "i":
        labels = labels.view(labels.dtype.str.replace("i", "u"))
    labels = np.ascontiguousarray(labels)
    return labels.reshape(-1, *labels.shape[-2:]) if labels.ndim >= 2 else labels.reshape(1, 1, -1)


def _is_hdf5(path: Path) -> bool:
    kind = format_of_name(path.name)
    return kind is not None and kind.name == "HDF5"


def _arrays_of_hdf5(path: Path, name: str) -> Iterator[Part]:
    h5py = require("h5py", "io")
    with h5py.File(path, "r") as file:
        arrays: list[str] = []
        file.visititems(
            lambda key, item: arrays.append(key) if isinstance(item, h5py.Dataset) else None
        )
        for key in sorted(arrays):
            yield Part(f"{name}:{key}", as_volume(file[key][()]))
