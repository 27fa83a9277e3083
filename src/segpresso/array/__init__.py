"""Label volumes that are read without being decoded as a whole."""

from segpresso.array.volume import LabelVolume

__all__ = ["LabelVolume"]
