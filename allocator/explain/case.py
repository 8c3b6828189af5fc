"""Why a case is where it is in a plan, and why a reviewer does not have it: by rule and record."""

from __future__ import annotations

from collections.abc import Mapping

from allocator.efforts import second_of
from allocator.errors import BadInput
from allocator.explain.remedies import Remedies, Remedy
from allocator.explain.speaker import Speaker
from allocator.explain.told import Explanation, Priced
from allocator.explain.weighing import Weighing
from allocator.facts import gather
from allocator.held import Role
from allocator.known import unknown
from allocator.plan import Assignment, Unassigned
from allocator.snapshot import Snapshot
from allocator.written import rows_of
from solver.cpsat import CpLimits


def explain(
    snapshot: Snapshot,
    plan: Mapping[str, object],
    case_id: str,
    reviewer_id: str | None = None,
    priced: Priced | None = None,
    redact: bool = False,
) -> Explanation:
    """Return why a case is where it is in a plan, what stops a reviewer from it, and who else could have it.

    Parameters
    ----------
    plan : the content of plan.json
    priced : whether and how to find what each other reviewer would cost the whole plan
    redact : conflicts, exclusions and refusals are named, and what is on record of them is not told

    Raises
    ------
    BadInput
        No such case or reviewer, or rows of the plan that are none.
    """
    _check_known(snapshot, case_id, reviewer_id)
    same = plan.get("snapshot_digest") == snapshot.digest()
    notes = () if same else ("This plan was made from other data.",)
    facts = gather(snapshot)
    if case_id not in facts.case_row:
        why = next(c.out_of_scope for c in snapshot.cases if c.case_id == case_id)
        notes = (*notes, f"{case_id} is out of scope ({why}): not planned.")
        return Explanation(case_id=case_id, asked_about=reviewer_id, notes=notes, places=())
    filled, empty = rows_of(plan, "assignments", Assignment), rows_of(plan, "unassigned", Unassigned)
    speaker = Speaker(facts, filled, empty, redact)
    row = facts.case_row[case_id]
    roles = [role for role in Role if role is Role.LEAD or second_of(facts, row)]
    asked = None if reviewer_id is None else facts.reviewer_row[reviewer_id]
    told = [speaker.place(row, role, asked) for role in roles]
    if priced is not None and same:
        weighing = Weighing.of(snapshot, plan, priced.certificate)
        for at, role in enumerate(roles):
            others = weighing.alternatives(row, role, priced.seconds, asked, priced.effort)
            told[at] = told[at].model_copy(update={"alternatives": tuple(others)})
            if told[at].reviewer_id is None:
                remedies = _remedies(snapshot, weighing, (row, role), priced)
                told[at] = told[at].model_copy(update={"remedies": remedies})
    return Explanation(case_id=case_id, asked_about=reviewer_id, notes=notes, places=tuple(told))


def _remedies(
    snapshot: Snapshot, weighing: Weighing, seat: tuple[int, Role], priced: Priced
) -> tuple[Remedy, ...] | None:
    """What would fill an empty place; None if not looked at: on hold, no time."""
    if weighing.encoding.facts.clocks.on_hold[seat[0]]:
        return None
    limits = CpLimits(priced.seconds, priced.effort and float(priced.effort), 1, weighing.seed)
    remedies = Remedies(snapshot, weighing.assignment, weighing.encoding.totals.max_moves)
    found = remedies.of(weighing.place(*seat), limits)
    return found.remedies if found.remedies or found.decided else None


def _check_known(snapshot: Snapshot, case_id: str, reviewer_id: str | None) -> None:
    cases, reviewers = [c.case_id for c in snapshot.cases], [r.reviewer_id for r in snapshot.reviewers]
    asked = (("case", case_id, cases), ("reviewer", reviewer_id, reviewers))
    faults = [unknown(kind, one, ids) for kind, one, ids in asked if one is not None and one not in ids]
    if faults:
        raise BadInput(faults)
