"""The errors that Segpresso raises about data."""

from __future__ import annotations


class SegpressoError(Exception):
    """Base class of every error about label data or compressed streams.

    Attributes
    ----------
    section : str
        Part of the stream the error is about ("header", "windows", ...); empty if unknown.
    offset : int or None
        Byte offset in the stream where the problem was noticed; None if it has no place.
    """

    def __init__(self, message: str, section: str = "", offset: int | None = None) -> None:
        super().__init__(message)
        self.section = section
        self.offset = offset


class CorruptError(SegpressoError):
    """The stream contradicts itself or its format."""


class TruncatedError(SegpressoError):
    """The stream ends before its format says that it should."""


class UnsupportedError(SegpressoError):
    """The input is valid but cannot be represented or read by this codec."""


class LimitError(SegpressoError):
    """Decoding would exceed the caller's limits."""


class InvalidArgumentError(SegpressoError, ValueError):
    """An argument of the call is wrong; also a `ValueError`."""
