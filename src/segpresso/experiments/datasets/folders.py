"""The volumes of a folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from segpresso.io.files import can_read
from segpresso.io.registry import PNG_FOLDER, format_of_folder


def volumes_in(path: Path) -> list[Path]:
    """List the volumes that a file or folder holds, by name.

    A file is one volume, and so is a folder that `segpresso.read` reads as one: a Zarr store,
    Neuroglancer's precomputed, and PNG files of one size that are alone in their folder (slices).
    Of every other folder, each file that can be read is a volume, PNG files of varying size too,
    and subfolders are looked through in the same way. Hidden files are left out, and links to
    folders are not followed.

    Examples
    --------
    >>> volumes_in(Path("brain.nrrd"))
    [PosixPath('brain.nrrd')]
    """
    return list(_volumes(path))


def _volumes(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    kind = format_of_folder(path)
    inside = sorted(item for item in path.iterdir() if not item.name.startswith("."))
    if kind is not None and (kind is not PNG_FOLDER or _are_slices(inside)):
        yield path
        return
    for item in inside:
        if item.is_dir():
            if not item.is_symlink():
                yield from _volumes(item)
        elif can_read(item):
            yield item


def _are_slices(inside: list[Path]) -> bool:
    """Tell whether these are PNG files of one size, perhaps with things that are no volumes."""
    if any(item.is_dir() or (can_read(item) and not _is_png(item)) for item in inside):
        return False
    return len({_png_size(item) for item in inside if _is_png(item)}) == 1


def _png_size(path: Path) -> bytes:
    """Return width and height as they stand in the header, behind what never changes."""
    with path.open("rb") as file:
        return file.read(24)[16:]


def _is_png(path: Path) -> bool:
    return path.suffix.lower() == ".png"
