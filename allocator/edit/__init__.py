"""A coordinator's hand in a plan: edits as values, what each would do, and the plan that they make."""

from allocator.edit.batch import edited
from allocator.edit.draft import Consequence, Draft, try_edits
from allocator.edit.edits import Forbid, Give, Pin, PlanEdit, Rearrange, SeatOf, Swap, TakeBack
from allocator.edit.trial import Trial, try_changes

__all__ = [
    "Consequence",
    "Draft",
    "Forbid",
    "Give",
    "Pin",
    "PlanEdit",
    "Rearrange",
    "SeatOf",
    "Swap",
    "TakeBack",
    "Trial",
    "edited",
    "try_changes",
    "try_edits",
]
