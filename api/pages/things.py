"""What people do here, by role: told at home and, with how it is done, in the help."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from allocator.store.callers import Role


class Thing(NamedTuple):
    """One thing that people do: what it is called, where it is done, and how."""

    name: str
    path: str
    how: str


QUEUE: Final = Thing(
    "See what waits", "/queue", "The most urgent case stands first, with the days that it has left."
)
UPLOAD: Final = Thing(
    "Bring in cases and reviewers",
    "/upload",
    "Choose the files. Whatever is wrong in them is listed at once, with the line it is in; "
    "nothing is kept until all is right.",
)
TO_MEND: Final = Thing(
    "See what to mend first",
    "/to-mend",
    "Rows that could not be kept are set aside and wait here, and so does what cases lack: what holds "
    "up most comes first.",
)
PLAN: Final = Thing(
    "Plan who takes what",
    "/plans/new",
    "Choose the areas and how long it may take. Then read the plan, change what you know better, "
    "approve its lines and publish them.",
)
REVIEWERS: Final = Thing(
    "Look after reviewers",
    "/reviewers",
    "See who has room, and say when somebody is away or leaves: you are shown who could take over "
    "their cases.",
)
MY_WORK: Final = Thing(
    "Answer what you are given",
    "/my-work",
    "Accept a case or decline it, say how far a review is, and when you are away. If you have an "
    "interest, say so here.",
)
SCENARIOS: Final = Thing(
    "Ask what if",
    "/scenarios",
    "What would happen to the backlog with more reviewers, or other ones? Ask, and compare the answers.",
)
PERFORMANCE: Final = Thing(
    "See how it goes", "/performance", "How many reviews are completed in time, by area and by quarter."
)
AUDIT: Final = Thing(
    "Follow what was done",
    "/audit",
    "Choose a case, a plan or a person, and read who did what, when and why. You can check that "
    "nothing was changed since.",
)
HOW: Final = Thing(
    "Understand how it is worked out",
    "/how-it-works",
    "The rules that no plan breaks and what makes one plan better than another, as they are in force now.",
)
THINGS: Final[Mapping[Role, tuple[Thing, ...]]] = {
    Role.COORDINATOR: (QUEUE, PLAN, REVIEWERS, UPLOAD, TO_MEND, SCENARIOS, PERFORMANCE, HOW),
    Role.REVIEWER: (MY_WORK, HOW),
    Role.COMMISSIONER: (PERFORMANCE, SCENARIOS, HOW),
    Role.CASE_SYSTEM: (HOW,),
    Role.AUDITOR: (AUDIT, QUEUE, REVIEWERS, HOW),
    Role.ADMIN: (QUEUE, PLAN, REVIEWERS, UPLOAD, TO_MEND, SCENARIOS, PERFORMANCE, AUDIT, HOW),
}
"""By role what people do, the most frequent first."""
