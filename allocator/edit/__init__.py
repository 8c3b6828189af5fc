"""A coordinator's hand in a plan: edits as values, what each would do, and the plan that they make."""

from allocator.edit.batch import edited
from allocator.edit.draft import Consequence, Draft, try_edits
from allocator.edit.edits import Forbid, Give, Pin, PlanEdit, Swap, TakeBack

__all__ = [
    "Consequence",
    "Draft",
    "Forbid",
    "Give",
    "Pin",
    "PlanEdit",
    "Swap",
    "TakeBack",
    "edited",
    "try_edits",
]
