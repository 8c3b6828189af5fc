"""What a scenario says, as files: a page, a workbook, and how it was worked out."""

from scenarios.report.methods import methods
from scenarios.report.page import page
from scenarios.report.workbook import write_workbook

__all__ = ["methods", "page", "write_workbook"]
