"""Label codecs as methods: all of the registry, and Crackle."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy.typing as npt

from segpresso.codecs.base import Codec
from segpresso.errors import InvalidArgumentError
from segpresso.experiments.methods.base import Data, Method, bytes_of, volume_of
from segpresso.io._extras import require

#: The paper's names; other codecs have their own, in capitals.
_NAMES = {
    "compresso-miccai": ("COMPRESSO", "Compresso"),
    "compresso-v2": ("COMPRESSO2", "Compresso v2"),
    "neuroglancer-blocks": ("NEUROGLANCER", "Neuroglancer"),
}


def methods_of(codec: Codec) -> list[type[Method]]:
    """Make methods of a codec of the registry: one, or one for each of its profiles."""
    name, title = _NAMES.get(codec.name, (codec.name.upper().replace("-", "_"), codec.name))
    if not codec.profiles:
        return [_method_of(codec, name, title, {})]
    return [
        _method_of(codec, f"{name}_{profile.upper()}", f"{title}, {profile}", {"profile": profile})
        for profile in codec.profiles
    ]


def _method_of(
    codec: Codec, own_name: str, own_title: str, options: Mapping[str, str]
) -> type[Method]:

    class CodecMethod(Method):
        name = own_name
        title = own_title
        volumes_only = True
        uses_threads = True
        reuses_output = True

        def compress(self, data: Data) -> bytes:
            volume = volume_of(data, self.name)
            view = volume if codec.axes == "zyx" else volume.T
            return codec.encode(view, threads=self.threads, **options)

        def decompress(
            self,
            data: Data,
            *,
            shape: tuple[int, ...] | None = None,
            dtype: npt.DTypeLike | None = None,
            out: npt.NDArray[Any] | None = None,
        ) -> npt.NDArray[Any]:
            flip = codec.axes != "zyx"
            hints: dict[str, Any] = {}
            if not codec.carries_shape:
                if shape is None:
                    raise InvalidArgumentError(f"{self.name} needs shape=... to decompress")
                hints["shape"] = shape[::-1] if flip else shape
            if not codec.carries_dtype and dtype is not None:
                hints["dtype"] = dtype
            if out is not None:
                hints["out"] = out.T if flip else out
            labels = codec.decode(bytes_of(data), threads=self.threads, **hints)
            return labels.T if flip else labels

    CodecMethod.__doc__ = f"The codec ``{codec.name}``."
    CodecMethod.__name__ = CodecMethod.__qualname__ = own_name
    return CodecMethod


class Crackle(Method):
    """Crackle; the level is the order of its Markov model, 0 unless told otherwise."""

    name = "CRACKLE"
    title = "Crackle"
    levels = range(16)
    volumes_only = True
    uses_threads = True

    #: How labels are stored: 0 by a list for each slice, 1 by pins through slices where that pays,
    #: 2 by pins that are searched for longer.
    pins: ClassVar[int] = 0

    def compress(self, data: Data) -> bytes:
        """Compress a volume (z, y, x)."""
        crackle = require("crackle", "experiments")
        view = volume_of(data, self.name).T
        order = self.level or 0
        return bytes(
            crackle.compress(
                view, allow_pins=self.pins, markov_model_order=order, parallel=self.threads
            )
        )

    def decompress(self, data: Data, **_: Any) -> npt.NDArray[Any]:
        """Restore the volume."""
        crackle = require("crackle", "experiments")
        labels: npt.NDArray[Any] = crackle.decompress(bytes(bytes_of(data)), parallel=self.threads)
        return labels.T
