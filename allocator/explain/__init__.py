"""Why a plan is as it is: what stops whom, who else and at what price, what would change it, what to tell."""

from allocator.explain.case import explain
from allocator.explain.table import Line, Lines, every_line
from allocator.explain.told import NO_REMEDY, Explanation, Place, Priced

__all__ = ["NO_REMEDY", "Explanation", "Line", "Lines", "Place", "Priced", "every_line", "explain"]
