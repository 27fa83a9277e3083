"""How much memory a call needs beyond what was in use before it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from segpresso.experiments.process import peak_bytes, resident_bytes

_T = TypeVar("_T")


class Watch:
    """Measures calls against what was in use when it was made.

    Linux remembers the largest resident size of a process, and forgets it when told so; elsewhere
    nothing is known. What an earlier call has given back to the C library but not to the system
    is not seen again, so that a process of its own is the place to measure.
    """

    def __init__(self) -> None:
        self._before = resident_bytes()

    def peak_of(self, call: Callable[[], _T]) -> tuple[_T, int | None]:
        """Return the result of a call, and the peak in bytes; None where that is not known.

        Examples
        --------
        >>> result, peak = Watch().peak_of(lambda: b"x" * (1 << 26))
        >>> len(result), peak is None or peak >= 1 << 26
        (67108864, True)
        """
        is_reset = _forget_peak()
        result = call()
        return result, max(0, peak_bytes() - self._before) if is_reset else None


def _forget_peak() -> bool:
    try:
        Path("/proc/self/clear_refs").write_text("5")
    except OSError:
        return False
    return True
