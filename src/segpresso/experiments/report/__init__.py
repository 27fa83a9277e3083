"""The report of a matrix: the paper's tables and figures as one page."""

from segpresso.experiments.matrix import ResultsError
from segpresso.experiments.report.results import Results, load_results
from segpresso.experiments.report.write import Report, write_report

__all__ = ["Report", "Results", "ResultsError", "load_results", "write_report"]
