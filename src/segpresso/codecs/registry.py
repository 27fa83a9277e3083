"""All codecs by name, and the two functions that most users need."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from segpresso._plugins import load_plugins
from segpresso.codecs.arrays import stream_bytes
from segpresso.codecs.base import BytesLike, Codec, Limits
from segpresso.codecs.compresso import CompressoMiccai, CompressoV2, Cpso
from segpresso.codecs.neuroglancer import CompressedSegmentation, NeuroglancerBlocks
from segpresso.codecs.segpresso import Segpresso
from segpresso.errors import CorruptError, InvalidArgumentError, TruncatedError

#: The codec of `compress` unless another one is named.
DEFAULT_CODEC = Segpresso.name

_BUILT_IN: tuple[type[Codec], ...] = (
    Segpresso,
    Cpso,
    CompressoMiccai,
    CompressoV2,
    CompressedSegmentation,
    NeuroglancerBlocks,
)


def _load() -> dict[str, Codec]:
    found = {kind.name: kind() for kind in _BUILT_IN}
    for codec in load_plugins("segpresso.codecs", "codec", _made):
        found.setdefault(codec.name, codec)
    return found


def _made(kind: type[Codec]) -> Codec:
    return kind()


_registry: dict[str, Codec] = {}


def _codecs() -> dict[str, Codec]:
    if not _registry:
        _registry.update(_load())
    return _registry


def codecs() -> list[str]:
    """List the names of all codecs, those of other packages included.

    Packages add codecs through the entry point group ``segpresso.codecs``, whose entries name
    subclasses of `Codec`.

    Examples
    --------
    >>> import segpresso
    >>> "cpso" in segpresso.codecs()
    True
    """
    return list(_codecs())


def get_codec(name: str) -> Codec:
    """Return a codec by name.

    Raises
    ------
    InvalidArgumentError
        If no codec has this name.

    Examples
    --------
    >>> import segpresso
    >>> segpresso.get_codec("cpso").suffix
    '.cpso'
    """
    try:
        return _codecs()[name]
    except KeyError:
        raise InvalidArgumentError(
            f"no codec is named {name!r}; there are {', '.join(codecs())}"
        ) from None


def recognise(data: BytesLike) -> Codec:
    """Return the codec of a stream by its first bytes.

    Raises
    ------
    CorruptError
        If no codec's magic is found there.
    TruncatedError
        If the stream ends within one, or is empty.
    """
    start = bytes(stream_bytes(data)[:16])
    for codec in _codecs().values():
        if codec.magic and start.startswith(codec.magic):
            return codec
    if any(codec.magic.startswith(start) for codec in _codecs().values()):
        raise TruncatedError("the stream ends within its first bytes", "header", len(start))
    raise CorruptError(
        "the stream begins with the magic of no known codec; streams without one "
        "(compresso-miccai, compresso-v2, compressed_segmentation, neuroglancer-blocks) "
        "must be decoded with codec=...",
        "header",
        0,
    )


def compress(
    labels: npt.ArrayLike,
    codec: str = DEFAULT_CODEC,
    *,
    threads: int | None = None,
    **options: Any,
) -> bytes:
    """Compress an array of labels.

    Parameters
    ----------
    labels : array_like of int
        Axes as the codec defines them: (z, y, x), or any up to four, for ``segpresso``;
        (x, y, z) for ``cpso`` and ``compressed_segmentation`` (there also (x, y, z, channel));
        (z, y, x) for the others. Any integer type, memory order and strides; where x is
        contiguous, nothing is copied.
    codec : str
        One of `codecs`.
    threads : int, optional
        Number of threads; all processors unless given. The result does not depend on it.
    **options
        Options of the codec, see its `encode`.

    Returns
    -------
    bytes

    Raises
    ------
    InvalidArgumentError
        If the array or an option is not what the codec takes.
    UnsupportedError
        If the codec cannot represent these labels.

    Examples
    --------
    >>> import numpy as np, segpresso
    >>> labels = np.zeros((16, 64, 64), np.uint32)
    >>> labels[:, 20:50, 10:30] = 98_340_797
    >>> data = segpresso.compress(labels)
    >>> len(data) < labels.nbytes / 1000
    True
    >>> len(segpresso.compress(labels.T, "cpso"))  # Neuroglancer's stream, axes (x, y, z)
    1654
    """
    return get_codec(codec).encode(labels, threads=threads, **options)


def decompress(
    data: BytesLike,
    *,
    codec: str | None = None,
    out: npt.NDArray[Any] | None = None,
    threads: int | None = None,
    limits: Limits | None = None,
    **options: Any,
) -> npt.NDArray[Any]:
    """Restore an array of labels.

    Parameters
    ----------
    data : bytes-like
        A stream; not copied.
    codec : str, optional
        One of `codecs`. Found by the stream's magic unless given.
    out : numpy.ndarray, optional
        Array to decode into; saves the time that new memory takes.
    threads : int, optional
        Number of threads; all processors unless given.
    limits : Limits, optional
        What may be allocated; 16 GiB unless given.
    **options
        Options of the codec, see its `decode`: what the stream does not tell.

    Returns
    -------
    numpy.ndarray

    Raises
    ------
    CorruptError, TruncatedError
        If the stream is damaged.
    UnsupportedError
        If the stream is of a kind that cannot be read.
    LimitError
        If the array would be larger than `limits` allow.
    InvalidArgumentError
        If an option is wrong or missing.

    Examples
    --------
    >>> import numpy as np, segpresso
    >>> labels = np.arange(24, dtype=np.uint16).reshape(2, 3, 4)
    >>> bool((segpresso.decompress(segpresso.compress(labels)) == labels).all())
    True
    """
    chosen = recognise(data) if codec is None else get_codec(codec)
    return chosen.decode(data, out=out, threads=threads, limits=limits, **options)


def labels(data: BytesLike, *, codec: str | None = None, **options: Any) -> npt.NDArray[np.uint64]:
    """List the distinct labels of a stream, ascending, without decoding it where possible.

    Parameters
    ----------
    data : bytes-like
        A stream.
    codec : str, optional
        One of `codecs`. Found by the stream's magic unless given.
    **options
        Options of the codec's `labels`.

    Examples
    --------
    >>> import numpy as np, segpresso
    >>> segpresso.labels(segpresso.compress(np.eye(4, dtype=np.uint8)))
    array([0, 1], dtype=uint8)
    """
    chosen = recognise(data) if codec is None else get_codec(codec)
    return chosen.labels(data, **options)
