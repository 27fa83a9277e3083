"""Names of outputs, and the refusal to replace what is there."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import typer

from segpresso.cli._streams import DASH
from segpresso.codecs import get_codec
from segpresso.io import get_second_stage
from segpresso.io.compressed import split_name
from segpresso.io.registry import FORMATS, format_of_name
from segpresso.io.sidecar import is_sidecar, sidecar_path


def base_name(name: str) -> str:
    """Return a file name without the suffixes of its format, codec and second stage.

    Examples
    --------
    >>> base_name("brain.nii.gz"), base_name("cells.miccai.xz"), base_name("v1.2_cells")
    ('brain', 'cells', 'v1.2_cells')
    """
    format_ = format_of_name(name)
    if format_ is not None:
        fitting = [suffix for suffix in format_.suffixes if name.lower().endswith(suffix)]
        return name[: -len(max(fitting, key=len))] or name
    codec, second = split_name(name)
    if codec is None:
        return name
    suffix = get_codec(codec).suffix + (get_second_stage(second).suffix if second else "")
    return name[: -len(suffix)] or name


def is_folder_name(name: str) -> bool:
    """Tell whether the user means a folder: it is one, or its name ends like one."""
    return name.endswith(("/", os.sep)) or Path(name).is_dir()


def beside(source: str, suffix: str, folder: str | None = None) -> str:
    """Return the name of an output: that of its input with another suffix.

    Parameters
    ----------
    source : str
        The input; "-" for standard input.
    suffix : str
        Suffix of the output, with the dot.
    folder : str, optional
        Folder to put it into; that of the input unless given.

    Examples
    --------
    >>> beside("data/brain.nii.gz", ".cpso.xz")
    'data/brain.cpso.xz'
    >>> beside("data/brain.nii.gz", ".cpso.xz", folder="out")
    'out/brain.cpso.xz'
    """
    # A folder such as "." or ".." has its name only in full.
    path = Path(source) if Path(source).name not in ("", "..") else Path(source).resolve()
    name = ("stdin" if source == DASH else base_name(path.name)) + suffix
    return str((Path(folder) if folder else path.parent) / name)


def check_single(sources: Sequence[str], output: str | None, *, as_json: bool) -> None:
    """Refuse what standard input and output cannot do.

    Raises
    ------
    typer.BadParameter
        If several inputs are to go to one output, or one output is to hold two things.
    """
    if len(sources) > 1 and DASH in (output, *sources):
        raise typer.BadParameter("standard input and output take one volume: name one input only")
    if len(sources) > 1 and output is not None and Path(output).is_file():
        raise typer.BadParameter(f"several inputs need a folder, and {output} is a file")
    to_stdout = output == DASH or (output is None and DASH in sources)
    if to_stdout and as_json:
        raise typer.BadParameter(
            "--json and the volume cannot both go to standard output: name a file with -o"
        )
    if to_stdout and sys.__stdout__ is None:
        raise typer.BadParameter("standard output is closed: name a file with -o")
    if to_stdout and sys.stdout.isatty():
        raise typer.BadParameter(
            "this would write binary data to the terminal: name a file with -o, or send it "
            "somewhere with > or |"
        )


def check_distinct(outputs: Sequence[str]) -> None:
    """Raise `typer.BadParameter` if two inputs would go to the same output."""
    for i, output in enumerate(outputs):
        if output in outputs[:i]:
            raise typer.BadParameter(
                f"two inputs would both become {output}: do one at a time, with -o"
            )


def check_free(output: str, *, force: bool, is_compressed: bool) -> None:
    """Refuse to replace files that the user did not offer.

    Parameters
    ----------
    output : str
        The file that will be written.
    force : bool
        Whether it may be replaced.
    is_compressed : bool
        Whether a `.json` file beside it may be written or removed too.

    Raises
    ------
    FileExistsError
        If it exists. Folders are left to the writers, which never replace one that holds
        something.
    """
    path = Path(output)
    taken = [path]
    if is_compressed and is_sidecar(sidecar_path(path)):
        taken.append(sidecar_path(path))
    for candidate in taken:
        if not force and not candidate.is_dir() and os.path.lexists(candidate):
            raise FileExistsError(errno.EEXIST, "it exists", str(candidate))


def check_writable_suffix(name: str) -> None:
    """Raise `typer.BadParameter` if no format is known that a file of this name could have."""
    if is_folder_name(name) or not Path(name).suffix:
        return  # one PNG per slice
    if format_of_name(name) is None and split_name(name)[0] is None:
        known = " ".join(suffix for format_ in FORMATS for suffix in format_.suffixes)
        raise typer.BadParameter(f"{name}: no format has this suffix; known are {known}")
