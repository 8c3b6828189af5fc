"""What follows from a change of a plan, besides what was asked for, in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from allocator.exact import percent
from allocator.held import Role
from allocator.planned import Planned
from allocator.voice import capital, listed


def what_follows(before: Planned, after: Planned, dropped: Sequence[int] = ()) -> Iterator[str]:
    """Yield what changed: seconds, dates, workloads. Both are of the same cases and reviewers.

    Parameters
    ----------
    dropped : second places that are empty because their lead has gone
    """
    facts, places = after.encoding.facts, after.encoding.places
    for place in dropped:
        case = facts.cases[places.case[place]].case_id
        yield f"The second place of {case} is empty too, as it has no lead."
    now_late = sorted(facts.cases[row].case_id for row in after.late - before.late)
    led = after.standing.placed[Role.LEAD]
    in_time = sorted(facts.cases[row].case_id for row in before.late - after.late if led[row] >= 0)
    if now_late:
        yield f"{capital(listed(now_late))} would be late."
    if in_time:
        yield f"{capital(listed(in_time))} would no longer be late."
    for who in np.flatnonzero(before.standing.given != after.standing.given).tolist():
        was, will = (_percent(one, who) for one in (before, after))
        yield f"{facts.reviewers[who].reviewer_id} goes from {was} % to {will} % workload."


def _percent(one: Planned, who: int) -> float | None:
    return percent(int(one.standing.given[who]), int(one.encoding.facts.capacities.capacity[who]))
