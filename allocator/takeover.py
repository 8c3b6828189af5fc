"""A handover as a plan: everything stays as it stands, but for what somebody hands over.

It is a plan of the snapshot in which they may not have those cases any more, and is checked, kept, approved
and published like any other. Until it is published they have what they had.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from allocator.allocate import Allocation, PlanRequest, as_plan, audited, named, plan_id, stamped
from allocator.cases import Case
from allocator.desk import Desk
from allocator.encode import encode
from allocator.handover import Away, finished_before, open_alone, taken_over
from allocator.intake import Reading
from allocator.snapshot import Snapshot
from solver.cpsat import CpLimits
from solver.solve import outcome_of

Released = Mapping[str, str]
"""By case, the reviewer who is not to have it any more."""


@dataclass(frozen=True)
class Takeover:
    """A plan of who takes over from one reviewer, and what they hand over by it."""

    allocation: Allocation
    released: Released


def takeover(
    reading: Reading, reviewer_id: str, request: PlanRequest, away: Away, clock: Callable[[], datetime]
) -> Takeover:
    """The plan in which as few people as can be take over as much as can be of what a reviewer has.

    Raises
    ------
    BadInput
        There is no such reviewer.
    NoPlan
        The limit came before there was any answer.
    InternalFault
        The plan failed its own check: ours to mend.
    """
    snapshot = reading.snapshot
    day = max(away.first_day or snapshot.as_of, snapshot.as_of)
    stays = finished_before(Desk(snapshot), reviewer_id, day)
    holders = {case.case_id: (case.reviewer_id, case.second_reviewer_id) for case in snapshot.cases}
    released = {
        one: reviewer_id for one, theirs in holders.items() if reviewer_id in theirs and one not in stays
    }
    without = replace(reading, snapshot=releasing(snapshot, released))
    seconds = CpLimits(request.time_limit, request.effort and float(request.effort), 1, request.seed)
    found = taken_over(open_alone(without.snapshot, reviewer_id, stays), seconds)
    encoding, limits = encode(without.snapshot).lean(), request.limits()
    outcome = outcome_of(encoding.problem, found.assignment, None, limits)
    stamp = stamped(request, limits, without.snapshot.digest(), clock)
    name = {"plan": plan_id(stamp.digest, request), "handover": reviewer_id, "stays": list(stays)}
    allocation = as_plan(without, encoding, outcome, replace(stamp, plan_id=named(name)))
    return Takeover(audited(without, allocation), released)


def handed_over(reason: str, who: str) -> str:
    """Why somebody takes a case over: who hands it over is not excluded from it, and declined nothing."""
    before, _, rest = reason.partition("; ")
    return f"Was with {who}, who hands it over; {rest}" if before.startswith(f"Was with {who}, ") else reason


def releasing(snapshot: Snapshot, released: Released) -> Snapshot:
    """The snapshot in which nobody who hands a case over may have it."""

    def without(case: Case) -> Case:
        who = released.get(case.case_id)
        if who is None or who in case.excluded_reviewers:
            return case
        return case.model_copy(update={"excluded_reviewers": (*case.excluded_reviewers, who)})

    if not released:
        return snapshot
    return snapshot.model_copy(update={"cases": tuple(map(without, snapshot.cases))})
