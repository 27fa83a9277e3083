"""TIFF files and stacks, through tifffile."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy.typing as npt

from segpresso.errors import InvalidArgumentError, TruncatedError, UnsupportedError
from segpresso.io._labels import LabelArray
from segpresso.io.atomic import atomic_file

#: Offsets of classic TIFF are 32 bits wide; the margin is for the directories.
_CLASSIC_TIFF_BYTES = 2**32 - 2**25


def read_tiff(path: Path, dataset: str | None = None) -> npt.NDArray[Any]:
    """Read a stack of pages. `dataset` is the number of the series if there are several."""
    import tifffile

    with tifffile.TiffFile(path) as file:
        _check_all_pages_are_there(file)
        series = _choose(file.series, dataset)
        page = series.keyframe
        if page.samplesperpixel > 1:
            raise UnsupportedError(
                f"{page.samplesperpixel} samples per pixel: this is a colour image, not labels"
            )
        array: npt.NDArray[Any] = series.asarray()
        return array


def write_tiff(path: Path, labels: LabelArray) -> None:
    """Write one page per slice, zlib-compressed; BigTIFF if it could outgrow 4 GiB."""
    import tifffile

    if labels.size == 0:
        raise UnsupportedError(f"TIFF cannot hold an array of shape {labels.shape}")
    with atomic_file(path) as temporary:
        tifffile.imwrite(
            temporary,
            labels,
            # Said explicitly, or three slices would be taken for red, green and blue.
            photometric="minisblack",
            planarconfig=None,
            compression="zlib",
            bigtiff=labels.nbytes > _CLASSIC_TIFF_BYTES,
        )


def _check_all_pages_are_there(file: Any) -> None:
    """Raise `TruncatedError` if the last page points to another one.

    Of a file that was cut tifffile reads the pages that are left, and logs a message.
    """
    at = file.pages.next_page_offset
    if not at:
        return
    file.filehandle.seek(at)
    pointer = file.filehandle.read(file.tiff.offsetsize)
    if len(pointer) < file.tiff.offsetsize or any(pointer):
        raise TruncatedError(f"page {len(file.pages)} is not in the file")


def _choose(series: Any, dataset: str | None) -> Any:
    if len(series) == 1 and dataset is None:
        return series[0]
    listing = ", ".join(f"{i} ({s.shape} {s.dtype})" for i, s in enumerate(series))
    if dataset is None:
        raise InvalidArgumentError(f"several series, name one with dataset=: {listing}")
    if not dataset.isdecimal() or int(dataset) >= len(series):
        raise InvalidArgumentError(f"no series {dataset!r}; there is {listing}")
    return series[int(dataset)]
