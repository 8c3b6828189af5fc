"""Why somebody was chosen, or has a case no more: what each code is called, on pages and in the audit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

INSTEAD: Final[Mapping[str, str]] = {
    "family_request": "The family asked for it",
    "local_knowledge": "They know the area or the services",
    "reviewer_request": "A reviewer asked for it",
    "continuity": "They know the family, the case or one linked to it",
    "language": "They speak the language",
    "training": "It is part of their training",
    "other": "Another reason",
}
"""Why somebody else is chosen than is advised; the calls know the same codes."""
ENDED: Final[Mapping[str, str]] = {
    "workload": "They have too much work",
    "reviewer_request": "They asked for it",
    "family_request": "The family asked for it",
    "error": "It was given to them by mistake",
    "taken_back": "No reason was given",
    "declined": "They declined it",
    "conflict": "They have a conflict of interest",
    "excluded": "They are excluded from it",
    "left": "They have left",
    "moved": "Somebody else has it now",
    "undone": "The publication was undone",
    "merged": "It was merged into another case",
    "unmerged": "It was parted again",
    "no_lead": "It has no lead any more",
    "no_place": "Its type has no second reviewer any more",
    "completed": "The review is completed",
    "closed_without_review": "It was closed without a review",
}
"""Why somebody no longer has a place."""
TAKE_BACK: Final[Mapping[str, str]] = {
    **{code: ENDED[code] for code in ("workload", "reviewer_request", "family_request", "error")},
    "taken_back": "Another reason",
}
"""What may be chosen from where a case is taken back by hand."""
