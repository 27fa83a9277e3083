"""The compressors of the comparison, one file per kind."""

from segpresso.experiments.methods.base import Data, Method
from segpresso.experiments.methods.registry import compressions, encodings, get_method

__all__ = ["Data", "Method", "compressions", "encodings", "get_method"]
