"""From the options of the command to those of a codec's encoder."""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np
import typer

from segpresso.codecs import Codec
from segpresso.errors import InvalidArgumentError
from segpresso.io.compressed import file_options

#: Options that hold sizes, which are (x, y, z) on the command line whatever the codec.
_SIZES = ("window", "block_size")


def encoding_options(
    codec: Codec,
    *,
    profile: str | None,
    window: tuple[int, ...] | None,
    block_size: tuple[int, ...] | None,
    connectivity: int | None,
    z_index: bool,
    neuroglancer_safe: bool,
) -> dict[str, Any]:
    """Return what the user gave as options of a codec.

    Parameters
    ----------
    codec : Codec
        The codec.
    profile : str or None
        What matters most.
    window, block_size : tuple of int or None
        Sizes (x, y, z).
    connectivity : int or None
        Neighbours that connect a component.
    z_index, neuroglancer_safe : bool
        The switches; their defaults are the codecs' own and are not passed on.

    Raises
    ------
    typer.BadParameter
        If the codec has no such option, or not with this value.
    """
    given: dict[str, Any] = {
        "profile": profile,
        "window": window,
        "block_size": block_size,
        "connectivity": connectivity,
        "z_index": None if z_index else False,
        "neuroglancer_safe": neuroglancer_safe or None,
    }
    options = {name: value for name, value in given.items() if value is not None}
    taken = inspect.signature(codec.encode).parameters
    for name in options:
        if name not in taken:
            possible = [_spelled(known) for known in given if known in taken]
            raise typer.BadParameter(
                f"the codec {codec.name} has no option {_spelled(name)}; it has "
                + (", ".join(possible) or "none")
            )
    if codec.axes.startswith("z"):
        options |= {name: options[name][::-1] for name in _SIZES if name in options}
    options = file_options(codec, options)
    try:  # one voxel: what is wrong now is so for every file
        codec.encode(np.zeros((1, 1, 1), np.uint8), **options)
    except InvalidArgumentError as error:
        raise typer.BadParameter(str(error)) from None
    return options


def _spelled(name: str) -> str:
    """Spell an option as on the command line."""
    return "--no-z-index" if name == "z_index" else f"--{name.replace('_', '-')}"
