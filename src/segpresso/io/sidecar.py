"""The small JSON file beside a compressed file, for what its stream cannot tell.

The streams of other programs stay exactly as their formats define them. Some do not tell the
shape, the type or the block size, and most know neither bool nor signed labels nor any number
of axes but three. `NAME.json` beside `NAME` tells that; it is written only when needed.
"""

from __future__ import annotations

import inspect
import json
import zlib
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np

from segpresso.codecs import Codec
from segpresso.errors import CorruptError
from segpresso.io._errors import reading
from segpresso.io._fit import from_codec_axes
from segpresso.io._labels import LabelArray


@dataclass(frozen=True)
class Sidecar:
    """What is needed to decode a stream besides its bytes.

    Attributes
    ----------
    codec : str
        Name of the codec.
    shape : tuple of int
        Shape of the array, (..., z, y, x).
    dtype : str
        Its type, "uint32" for example.
    options : dict
        Options of the encoder that the decoder needs too, such as `block_size`.
    crc32 : int
        Checksum of the stream (before any second stage): a description that belongs to
        another stream would decode it to nonsense.
    """

    codec: str
    shape: tuple[int, ...]
    dtype: str
    options: dict[str, Any]
    crc32: int

    def to_json(self) -> str:
        """Return the text of the file."""
        return json.dumps(asdict(self), indent=2) + "\n"

    def check(self, stream: bytes) -> None:
        """Raise `CorruptError` unless this describes that stream."""
        if zlib.crc32(stream) != self.crc32:
            raise CorruptError("the .json file beside it describes another stream; remove it")


_NAMES = {field.name for field in fields(Sidecar)}
#: No other program's JSON file has both.
_OWN_NAMES = {"codec", "crc32"}


def sidecar_path(path: Path) -> Path:
    """Return where the sidecar of a file is.

    Examples
    --------
    >>> sidecar_path(Path("cells.cpso.xz")).name
    'cells.cpso.xz.json'
    """
    return path.with_name(path.name + ".json")


def describe(stream: bytes, labels: LabelArray, codec: Codec, **options: Any) -> Sidecar | None:
    """Describe what a stream alone does not restore.

    Parameters
    ----------
    stream : bytes
        What `codec` made of `labels`.
    labels : ndarray
        The array, (..., z, y, x).
    codec : Codec
        The codec.
    **options
        The options it had.

    Returns
    -------
    Sidecar or None
        None if decoding the stream gives the same shape and dtype without help.
    """
    if codec.carries_shape and _restores(codec.describe(stream), labels, codec):
        return None
    return Sidecar(
        codec=codec.name,
        shape=labels.shape,
        dtype=labels.dtype.name,
        options=_options_for_decoding(codec, options),
        crc32=zlib.crc32(stream),
    )


def is_sidecar(path: Path) -> bool:
    """Tell whether a file is a sidecar, and not something else of that name."""
    try:
        return set(json.loads(path.read_text())) == _NAMES
    except (OSError, ValueError, TypeError):
        return False


def load_sidecar(path: Path) -> Sidecar | None:
    """Load the sidecar of a file, or return None if it has none.

    A JSON file of other programs may have its name.

    Raises
    ------
    CorruptError
        If it is one, but not as we write it, or no JSON at all.
    """
    beside = sidecar_path(path)
    if not beside.is_file():
        return None
    with reading(beside):
        try:
            content = json.loads(beside.read_text())
        except ValueError as error:
            raise CorruptError(f"this is no JSON: {error}") from error
        if not isinstance(content, dict) or not content.keys() >= _OWN_NAMES:
            return None
        if content.keys() != _NAMES:
            raise CorruptError("not the description of labels")
        sidecar = Sidecar(**{**content, "shape": tuple(content["shape"])})
        if np.dtype(sidecar.dtype).kind not in "biu" or not isinstance(sidecar.options, dict):
            raise CorruptError("not the description of labels")
        if not all(type(n) is int and n >= 0 for n in sidecar.shape):
            raise CorruptError(f"shape {sidecar.shape} is impossible")
    return sidecar


def _restores(description: dict[str, Any], labels: LabelArray, codec: Codec) -> bool:
    shape, dtype = description.get("shape"), description.get("dtype")
    if shape is None or dtype is None:
        return False
    # An array without memory, only to go through the same axes as the decoded one will.
    decoded = np.broadcast_to(np.zeros((), np.dtype(dtype)), tuple(shape))
    decoded = from_codec_axes(decoded, codec.axes)
    return decoded.shape == labels.shape and decoded.dtype == labels.dtype


def _options_for_decoding(codec: Codec, options: dict[str, Any]) -> dict[str, Any]:
    """Values of the options that both `encode` and `decode` name, defaults included."""
    encode = inspect.signature(codec.encode).parameters
    decode = inspect.signature(codec.decode).parameters
    shared = encode.keys() & decode.keys() - {"labels", "data", "threads", "options"}
    values = {name: options.get(name, encode[name].default) for name in sorted(shared)}
    return {name: value for name, value in values.items() if value is not None}
