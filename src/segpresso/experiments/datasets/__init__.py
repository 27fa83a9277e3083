"""The data sets of the comparison."""

from segpresso.experiments.datasets.base import DataSet, Layout, Part, UnreadableError
from segpresso.experiments.datasets.registry import datasets, get_dataset

__all__ = ["DataSet", "Layout", "Part", "UnreadableError", "datasets", "get_dataset"]
