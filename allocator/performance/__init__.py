"""Performance over a period, as commissioners report it: a pure function of what the store knows happened."""

from allocator.performance.facts import Facts
from allocator.performance.period import Period
from allocator.performance.report import TABLES, Performance, performance
from allocator.performance.table import WITHHELD, Table

__all__ = ["TABLES", "WITHHELD", "Facts", "Performance", "Period", "Table", "performance"]
