"""Pictures of label volumes: segments in colour, boundary maps, boundary windows."""

from segpresso.figures.boundaries import boundary_map
from segpresso.figures.colors import colorize
from segpresso.figures.overview import overview
from segpresso.figures.windows import (
    FrequentWindows,
    WindowCounts,
    count_windows,
    frequent_windows,
)

__all__ = [
    "FrequentWindows",
    "WindowCounts",
    "boundary_map",
    "colorize",
    "count_windows",
    "frequent_windows",
    "overview",
]
