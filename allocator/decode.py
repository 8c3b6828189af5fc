"""From the solver's answer to a plan: rows become ids, minutes become hours, ordinals become days."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date

import numpy as np

from allocator.encode import Encoding
from allocator.errors import Fault
from allocator.exact import Ints, hours, percent, tenth
from allocator.forecast import Filled, One, forecast
from allocator.held import Role, holder_of
from allocator.notices import notices
from allocator.objective import objective
from allocator.plan import Assignment, Plan, Solver, Unassigned, Workload
from allocator.reasons import Reasons
from allocator.standing import Standing, standing, state_of
from allocator.summary import summary
from allocator.unplaced import Unplaced
from solver.outcome import Outcome


@dataclass(frozen=True)
class Stamp:
    """What a plan says about itself that its problem does not know.

    Parameters
    ----------
    plan_id, created_at, digest : str
    seed, workers, effort : what was asked of the solver
    versions : of what the plan depends on
    previous_plan_id : of the plan that it began from, or None
    """

    plan_id: str
    created_at: str
    digest: str
    seed: int
    workers: int
    effort: int | None
    versions: dict[str, str]
    previous_plan_id: str | None = None


def decode(encoding: Encoding, outcome: Outcome, stamp: Stamp, warnings: tuple[Fault, ...] = ()) -> Plan:
    """The plan that an outcome with an assignment is.

    Parameters
    ----------
    warnings : what reading the snapshot had to say; they come first
    """
    assert outcome.assignment is not None
    filled = filled_places(encoding, outcome.assignment)
    given = standing(encoding.facts, encoding.efforts, encoding.totals, filled)
    assignments = assignments_of(encoding, filled, given)
    unassigned = unassigned_of(encoding, outcome.assignment, given)
    snapshot = encoding.facts.snapshot
    return Plan(
        plan_id=stamp.plan_id,
        created_at=stamp.created_at,
        as_of=snapshot.as_of,
        snapshot_digest=stamp.digest,
        policy=snapshot.policy.model_dump(mode="json"),
        max_moves=encoding.totals.max_moves,
        solver=_solver(outcome, stamp),
        objective=objective(encoding, outcome),
        summary=summary(snapshot, assignments, unassigned),
        warnings=tuple(dict(w.as_dict()) for w in (*warnings, *notices(encoding, filled))),
        assignments=assignments,
        unassigned=unassigned,
        workloads=workloads_of(encoding, given),
    )


def filled_places(encoding: Encoding, assignment: Ints) -> Filled:
    """The filled places of an assignment."""
    places, arcs = encoding.places, encoding.problem.arcs_of(assignment)
    place = np.flatnonzero(assignment >= 0)
    return Filled(
        place=place,
        case=places.case[place],
        role=places.role[place],
        reviewer=assignment[place],
        minutes=encoding.problem.arc_minutes[arcs[place]],
        new=assignment[place] != places.holder[place],
    )


def assignments_of(encoding: Encoding, filled: Filled, given: Standing) -> tuple[Assignment, ...]:
    """The rows of the filled places."""
    facts = encoding.facts
    days, reasons = forecast(facts, filled), Reasons(encoding, filled, given)
    km = facts.kilometres(filled.case, filled.reviewer).tolist()
    columns = zip(filled.each(), km, days.start.tolist(), days.finish.tolist(), strict=True)
    return tuple(_assignment(reasons, one, far, (start, finish)) for one, far, start, finish in columns)


def _assignment(reasons: Reasons, one: One, far: float, days: tuple[int, int]) -> Assignment:
    """One row; `days` are the forecast's."""
    facts = reasons.encoding.facts
    case = facts.cases[one.row]
    previous = holder_of(case, one.role) if one.new else None
    return Assignment(
        case_id=case.case_id,
        role=one.role.label,
        reviewer_id=facts.reviewers[one.reviewer].reviewer_id,
        change="kept" if not one.new else "moved" if previous else "new",
        previous_reviewer_id=previous,
        hours=hours(one.minutes),
        distance_km=None if math.isnan(far) else tenth(far),
        **_days(int(facts.clocks.complete_by[one.row]), days, case.on_hold_since is not None),
        reason=reasons.why(one),
    )


def _days(complete_by: int, days: tuple[int, int], on_hold: bool) -> dict[str, date | bool | None]:
    """The forecast's columns; empty while the case is on hold."""
    start, finish = days
    return {
        "start_on": date.fromordinal(start) if start else None,
        "finish_on": date.fromordinal(finish) if finish else None,
        "complete_by": date.fromordinal(complete_by),
        "on_time": None if on_hold else 0 < finish <= complete_by,
    }


def unassigned_of(encoding: Encoding, assignment: Ints, given: Standing) -> tuple[Unassigned, ...]:
    """The rows of the empty places."""
    places, unplaced = encoding.places, Unplaced(encoding.facts, encoding.held, given)
    found: dict[int, Unassigned] = {}
    for role in Role:
        empty = np.flatnonzero((assignment < 0) & (places.role == role))
        rows = places.case[empty]
        said = zip(empty.tolist(), rows.tolist(), unplaced.why(rows, role), strict=True)
        for place, row, (code, reason, remedy) in said:
            found[place] = Unassigned(
                case_id=encoding.facts.cases[row].case_id,
                role=role.label,
                reason_code=code,
                reason=reason,
                remedy=remedy,
            )
    return tuple(found[place] for place in sorted(found))


def workloads_of(encoding: Encoding, given: Standing) -> tuple[Workload, ...]:
    """A row a reviewer."""
    capacity = encoding.facts.capacities.capacity
    columns = (capacity, given.given, given.kept, given.leads)
    each = zip(encoding.facts.reviewers, *(c.tolist() for c in columns), strict=True)
    return tuple(
        Workload(
            reviewer_id=reviewer.reviewer_id,
            capacity_hours=hours(minutes),
            held_hours=hours(kept),
            new_hours=hours(total - kept),
            workload_percent=percent(total, minutes),
            open_cases=leads,
            state=state_of(total, minutes),
        )
        for reviewer, minutes, total, kept, leads in each
    )


def _solver(outcome: Outcome, stamp: Stamp) -> Solver:
    return Solver(
        method=outcome.method,
        proof=outcome.proof.value,
        seconds=round(outcome.seconds, 3),
        seed=stamp.seed,
        workers=stamp.workers,
        versions=stamp.versions,
        effort=stamp.effort,
        previous_plan_id=stamp.previous_plan_id,
    )
