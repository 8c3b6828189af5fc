"""Which organisation codes are the same organisation, and which interests count."""

from datetime import timedelta

from allocator.audit.clock import add_months
from allocator.audit.diary import horizon_weeks
from allocator.reviewers import Interest, Reviewer
from allocator.snapshot import Snapshot


class Roots:
    """Finds the code at which following successor, then parent, ends."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._next = {row.organisation: row.successor or row.parent for row in snapshot.organisations}
        self._found: dict[str, str] = {}

    def __getitem__(self, code: str) -> str:
        """Return the root of a code; of codes that run in a circle, the first in the alphabet."""
        path: list[str] = []
        here: str | None = code
        while here is not None and here not in self._found and here not in path:
            path.append(here)
            here = self._next.get(here)
        if here is None:
            root = path[-1]
        elif here in self._found:
            root = self._found[here]
        else:
            root = min(path[path.index(here) :])
        self._found.update(dict.fromkeys(path, root))
        return root


def counts(interest: Interest, reviewer: Reviewer, snapshot: Snapshot) -> bool:
    """Return whether an interest stands against its reviewer in this plan."""
    as_of, policy = snapshot.as_of, snapshot.policy
    horizon_end = as_of + timedelta(days=7 * horizon_weeks(reviewer, policy) - 1)
    if interest.from_ is not None and interest.from_ > horizon_end:
        return False
    if interest.to is None or interest.case_id is not None or interest.kind == "involvement":
        return True
    return add_months(interest.to, policy.conflict.cooling_off_months) > as_of
