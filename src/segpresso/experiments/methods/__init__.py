"""The compressors of the comparison, one file per kind."""

from segpresso.experiments.methods.base import Data, Method, bytes_of, check_pair
from segpresso.experiments.methods.registry import compressions, encodings, get_method

__all__ = ["Data", "Method", "bytes_of", "check_pair", "compressions", "encodings", "get_method"]
