"""Peak memory of one call, measured in a process of its own."""

from __future__ import annotations

import multiprocessing
import re
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

import segpresso


def _status(field: str) -> int:
    """Return a field of /proc/self/status in bytes (Linux)."""
    text = Path("/proc/self/status").read_text()
    match = re.search(rf"{field}:\s+(\d+) kB", text)
    assert match
    return 1024 * int(match[1])


def _measure(path: str, codec: str, threads: int, channel: Any) -> None:
    labels = np.load(path)
    view = labels.T if segpresso.get_codec(codec).axes.startswith("xyz") else labels
    small = np.ones((8, 8, 8), np.uint32)
    segpresso.decompress(segpresso.compress(small, "cpso"))  # code and threads are loaded now

    def peak_of(call: Any) -> tuple[Any, int]:
        Path("/proc/self/clear_refs").write_text("5")  # resets the peak
        before = _status("VmRSS")
        result = call()
        return result, _status("VmHWM") - before

    hints = {"threads": threads, "codec": codec}
    if codec == "compressed_segmentation":
        hints |= {"shape": view.shape, "dtype": view.dtype}
    elif codec != "cpso":
        hints |= {"dtype": view.dtype}
    data, encoding = peak_of(lambda: segpresso.compress(view, codec, threads=threads))
    decoded, decoding = peak_of(lambda: segpresso.decompress(data, **hints))
    channel.send((encoding, decoding, len(data), bool(np.array_equal(decoded, view))))


def peaks(labels: npt.NDArray[Any], codec: str, threads: int) -> tuple[int, int, int]:
    """Measure what a round trip needs beyond what was in memory before it.

    Returns
    -------
    encoding, decoding : int
        Peak bytes that `compress` and `decompress` added, their results included.
    size : int
        Bytes of the stream.
    """
    context = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "labels.npy")
        np.save(path, labels)
        receiver, sender = context.Pipe(duplex=False)
        process = context.Process(target=_measure, args=(path, codec, threads, sender))
        process.start()
        sender.close()
        try:
            encoding, decoding, size, lossless = receiver.recv()
        finally:
            process.join()
    if not lossless:
        raise AssertionError(f"{codec} changed the labels")
    return encoding, decoding, size
