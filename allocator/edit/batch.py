"""A batch of edits becomes a plan: checked like any other, with the plan it was made from named."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

import numpy as np

from allocator.allocate import Allocation, PlanRequest, as_plan, audited, named, stamped
from allocator.edit.draft import NOBODY, Consequence, Draft, try_edits
from allocator.edit.edits import PlanEdit
from allocator.errors import BadInput, Fault
from allocator.exact import Ints
from allocator.intake import Reading
from solver.forced import held_fast
from solver.outcome import Limits
from solver.problem import Problem
from solver.solve import outcome_of, solve


def edited(
    reading: Reading,
    draft: Draft,
    edits: Sequence[PlanEdit],
    request: PlanRequest,
    clock: Callable[[], datetime],
    anew: bool = False,
) -> tuple[Allocation, tuple[Consequence, ...]]:
    """The plan that a batch of edits makes of another, and what each of them does.

    Parameters
    ----------
    reading : the snapshot that the plan was made from
    draft : the plan that is edited
    request : limits of planning anew, and the seed
    anew : plan the rest anew around the edits; else everything else stays as it is

    Raises
    ------
    BadInput
        An edit breaks a rule or names what there is not: then nothing is done. All of them are told.
    InternalFault
        The plan failed its own check: ours to mend.
    """
    parent = draft.now.previous
    draft, consequences = try_edits(draft, edits)
    if faults := _faults(consequences):
        raise BadInput(faults)
    problem, limits = draft.encoding.problem, request.limits()
    assignment = _anew(draft, limits) if anew else draft.assignment
    outcome = outcome_of(problem, assignment, draft.now.duals, limits)
    asked = {
        "parent": parent.fingerprint,
        "edits": [edit.model_dump(mode="json") for edit in edits],
        "anew": anew,
        "limits": [request.seed, request.effort or float(request.time_limit)] if anew else [],
    }
    stamp = stamped(request, limits, reading.snapshot.digest(), clock)
    stamp = replace(stamp, plan_id=named(asked), previous_plan_id=parent.plan_id)
    return audited(reading, as_plan(reading, draft.encoding, outcome, stamp)), consequences


def _faults(consequences: Sequence[Consequence]) -> list[Fault]:
    """Every rule that any edit breaks."""
    return [
        Fault(
            "edit-breaks-rule",
            f"{one.reviewer_id or 'nobody'} as {one.role} of {one.case_id}: {one.sentence}",
            pointer=f"/edits/{at}",
            value=one.rule,
        )
        for at, consequence in enumerate(consequences)
        for one in consequence.broken
    ]


def _anew(draft: Draft, limits: Limits) -> Ints:
    """The best found of all plans with the edits in them, no worse than with the edits alone."""
    assignment = solve(_around(draft), limits, draft.assignment).assignment
    return draft.assignment if assignment is None else assignment


def _around(draft: Draft) -> Problem:
    """The problem in which edited places stay as they were edited."""
    problem, who = draft.encoding.problem, np.full(draft.encoding.problem.n_places, NOBODY)
    who[list(draft.fixed)] = list(draft.fixed.values())
    emptied = np.isin(np.arange(problem.n_places), [p for p, kept in draft.fixed.items() if kept < 0])
    keep = ~emptied[problem.arc_place]
    for place, barred in draft.forbidden:
        keep &= (problem.arc_place != place) | (problem.arc_reviewer != barred)
    return held_fast(problem.keep_arcs(keep), who)
