"""What would follow from changes that a manager could make, such as more hours: a plan is made with them.

Nothing of it is kept. Whoever has a place in the plan keeps it if the place asked about can be filled so, and
else changes hands as far as that asks for it, but nobody who is placed is given up.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from pydantic import Field

from allocator.edit.follows import what_follows
from allocator.edit.named import place_row
from allocator.encode import encode
from allocator.errors import BadInput, Fault
from allocator.exact import Ints
from allocator.explain.alternatives import Swap
from allocator.explain.changes import MOST_HOURS, Change, MoreAdmin, MoreHours, MoreOfContract
from allocator.held import Role
from allocator.known import unknown
from allocator.plan import LevelName, Part
from allocator.planned import Planned
from allocator.snapshot import Snapshot
from allocator.written import Seat
from solver.forced import held_fast, urgent
from solver.outcome import Limits
from solver.problem import LEVELS, Problem
from solver.solve import solve


class Trial(Part):
    """What would follow from some changes."""

    changes: tuple[str, ...] = Field(description="What was tried, in words")
    placed: bool = Field(description="Whether the place asked about has somebody then")
    hands: tuple[Swap, ...] = Field(description="Every place that changes hands, that asked about first")
    points: dict[LevelName, int] = Field(description="Points it adds by level; less is better")
    follows: tuple[str, ...] = Field(description="What else follows, in sentences")


def try_changes(planned: Planned, seat: Seat, changes: Sequence[Change], limits: Limits) -> Trial:
    """What would follow from changes that are made to have a place of a plan filled.

    Raises
    ------
    BadInput
        The place, or what a change is about, is not there. Each is told.
    """
    place = place_row(planned.encoding, *seat)
    snapshot = planned.encoding.facts.snapshot
    if faults := list(_faults(snapshot, changes)):
        raise BadInput(faults)
    for one in changes:
        snapshot = one.apply(snapshot)
    encoding = encode(snapshot, planned.encoding.totals.max_moves).lean()
    found = _filled(encoding.problem, planned.assignment, place, limits)
    after = replace(planned, encoding=encoding, assignment=found)
    points = (after.values - planned.values).tolist()
    return Trial(
        changes=tuple(one.sentence for one in changes),
        placed=bool(found[place] >= 0),
        hands=tuple(_hands(planned, found, place)),
        points=dict(zip(LEVELS, points, strict=True)),
        follows=tuple(what_follows(planned, after)),
    )


def _filled(problem: Problem, before: Ints, place: int, limits: Limits) -> Ints:
    """The plan with the place filled, the others as they were if that can be."""
    for tried in (held_fast(problem, before), _nobody_given_up(problem, before, place)):
        found = solve(tried, limits, before).assignment
        if found is not None and found[place] >= 0:
            return found
    return before


def _nobody_given_up(problem: Problem, before: Ints, place: int) -> Problem:
    """The problem in which the place, what it needs, and all that is filled come before anything else."""
    needed = int(problem.needs[place])
    wanted = {place, needed} if needed >= 0 else {place}
    return urgent(problem, wanted | {*np.flatnonzero(before >= 0).tolist()})


def _hands(planned: Planned, found: Ints, place: int) -> Iterator[Swap]:
    """Every place that somebody else has, or somebody at last."""
    facts, places = planned.encoding.facts, planned.encoding.places

    def name(who: int) -> str | None:
        return facts.reviewers[who].reviewer_id if who >= 0 else None

    changed = np.flatnonzero(found != planned.assignment).tolist()
    for at in sorted(changed, key=lambda one: (one != place, one)):
        yield Swap(
            case_id=facts.cases[places.case[at]].case_id,
            role=Role(int(places.role[at])).label,
            before=name(planned.assignment[at]),
            after=name(found[at]),
        )


def _faults(snapshot: Snapshot, changes: Sequence[Change]) -> Iterator[Fault]:
    """Yield what is wrong with each change: it is of nobody, or of a limit that there is not."""
    people = {one.reviewer_id: one for one in snapshot.reviewers}
    limited = {one.area for one in snapshot.areas if one.admin_hours_per_week is not None}
    contracts = {one.provider: one for one in snapshot.contracts}
    for at, one in enumerate(changes):
        where = f"/changes/{at}"
        if isinstance(one, MoreAdmin):
            if one.area not in limited:
                yield _no_limit(where, one.area, "hours of administration are not limited there")
        elif isinstance(one, MoreOfContract):
            contract = contracts.get(one.provider)
            if contract is None or getattr(contract, one.limit) is None:
                yield _no_limit(where, one.provider, f"no contract of theirs has `{one.limit}`")
        elif one.reviewer_id not in people:
            yield replace(unknown("reviewer", one.reviewer_id, people), pointer=f"{where}/reviewer_id")
        elif isinstance(one, MoreHours) and people[one.reviewer_id].hours_per_week + one.hours > MOST_HOURS:
            message = f"nobody works more than {MOST_HOURS} hours a week"
            yield Fault("out-of-range", message, pointer=f"{where}/hours", value=one.hours)


def _no_limit(where: str, value: str, message: str) -> Fault:
    return Fault("no-such-limit", message, pointer=where, value=value)
