"""The report of a matrix: the paper's tables and figures as one page."""

from segpresso.experiments.report.results import Results, ResultsError, load_results
from segpresso.experiments.report.write import Report, write_report

__all__ = ["Report", "Results", "ResultsError", "load_results", "write_report"]
