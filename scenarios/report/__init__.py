"""What a scenario says, as files: a page, a workbook, and how it was worked out."""

from scenarios.report.methods import methods
from scenarios.report.page import page, size_page
from scenarios.report.sizes import write_sizes
from scenarios.report.workbook import write_workbook

__all__ = ["methods", "page", "size_page", "write_sizes", "write_workbook"]
