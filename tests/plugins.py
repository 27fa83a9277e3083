"""Packages that add codecs, methods or data sets, as pip leaves them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from segpresso.experiments.methods import registry


def lay_out(
    folder: Path, name: str, entry_points: Mapping[str, Mapping[str, str]], source: str = ""
) -> None:
    """Put a package of one module into a folder of `sys.path`.

    Parameters
    ----------
    folder : Path
        Where; made if it is not there.
    name : str
        Of the package, and of its module.
    entry_points : mapping
        By group, what names stand for.
    source : str
        The module; none unless given.
    """
    info = folder / f"{name}-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    lines = []
    for group, entries in entry_points.items():
        lines += [f"[{group}]", *(f"{entry} = {what}" for entry, what in entries.items())]
    (info / "entry_points.txt").write_text("\n".join(lines) + "\n")
    if source:
        (folder / f"{name}.py").write_text(source)


@contextmanager
def methods_looked_for_anew() -> Iterator[None]:
    """Let methods of packages that were laid out just now be found in this process."""
    registry._compressions.cache_clear()
    yield
    registry._compressions.cache_clear()


#: Methods with which something is wrong.
BAD_METHODS = """
import os
import signal
from segpresso.experiments import Method, bytes_of

class Lossy(Method):
    name = title = "LOSSY"

    def compress(self, data):
        return bytes(bytes_of(data))

    def decompress(self, data, **_):
        return data[:-1] + b"?"

class Crashing(Lossy):
    name = title = "CRASHING"

    def decompress(self, data, **_):
        os.kill(os.getpid(), signal.SIGKILL)

class Raising(Lossy):
    name = title = "RAISING"

    def compress(self, data):
        raise RuntimeError("out of ideas")

class Empty(Lossy):
    name = title = "EMPTY"
    kept = b""

    def compress(self, data):
        Empty.kept = bytes(bytes_of(data))
        return b""

    def decompress(self, data, **_):
        return Empty.kept

class Talking(Lossy):
    name = title = "TALKING"

    def compress(self, data):
        print("compressing now")
        os.write(1, b"from C, too")
        return super().compress(data)

    def decompress(self, data, **_):
        return data
"""

BAD_ENTRY_POINTS = {
    "segpresso.methods": {
        name.lower(): f"bad_methods:{name}"
        for name in ("Lossy", "Crashing", "Raising", "Empty", "Talking")
    }
}
