"""A plan after a plan: what of the earlier one still holds stays, but for so many lines.

Lines that nobody has been told of are held by nothing in a snapshot; who was to have them is known from the
earlier plan alone. Here they are held as if they were, and at most so many of them, and of held leads, change
hands by choice. What a rule forces is no choice, and is not counted.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import numpy as np

from allocator.allocate import (
    Allocation,
    Listener,
    PlanRequest,
    as_plan,
    audited,
    named,
    plan_id,
    stamped,
)
from allocator.begin import start_of
from allocator.encode import Encoding, encode
from allocator.errors import InternalFault, NoPlan
from allocator.exact import Ints
from allocator.groups import Kind
from allocator.intake import Reading
from allocator.previous import Previous
from solver.check import breaches
from solver.forced import held_fast
from solver.lp import Duals
from solver.problem import Groups, Problem
from solver.relax import FEW_STEPS
from solver.solve import outcome_of, solve
from solver.start import Start, repaired

PROOF = 0.25
"""The share of the time that is kept for bounds: those of the search are of plans that keep as much."""


def replan(
    reading: Reading,
    previous: Previous,
    request: PlanRequest,
    clock: Callable[[], datetime],
    progress: Listener = lambda news: None,
    cancel: Callable[[], bool] = lambda: False,
) -> Allocation:
    """The best plan found in which all but `request.max_moves` lines of an earlier one stay that can.

    Raises
    ------
    NoPlan
        The run was stopped before there was any plan.
    InternalFault
        The plan failed its own check: ours to mend.
    """
    snapshot, limits = reading.snapshot, request.limits()
    digest, encoding = snapshot.digest(), encode(snapshot, request.max_moves).lean()
    start = start_of(encoding, previous)
    assert start.assignment is not None
    kept = repaired(encoding.problem, start.assignment)
    problem = _holding(encoding, kept, request.max_moves)
    search = replace(limits, seconds=(1 - PROOF) * limits.seconds)
    outcome = solve(problem, search, Start(kept, _free_of_held(start.prices, problem)), progress, cancel)
    if outcome.assignment is None:
        raise NoPlan("the search was stopped before it had any plan")
    if faults := breaches(problem, outcome.assignment):
        raise InternalFault(digest, faults)
    proof = replace(limits, seconds=PROOF * limits.seconds)
    whole = outcome_of(encoding.problem, outcome.assignment, start.prices, proof, FEW_STEPS)
    name = named({"plan": plan_id(digest, replace(request, previous=previous)), "keeping": True})
    stamp = stamped(request, limits, digest, clock)
    stamp = replace(stamp, plan_id=name, previous_plan_id=previous.plan_id)
    return audited(reading, as_plan(reading, encoding, whole, stamp))


def _holding(encoding: Encoding, kept: Ints, most: int) -> Problem:
    """The problem in which every line that was kept is held; at most so many change hands by choice."""
    problem = encoding.problem
    if most == 0:
        return held_fast(problem, kept)
    held = (kept >= 0) & ~problem.required
    moved = held[problem.arc_place] & (problem.arc_reviewer != kept[problem.arc_place])
    return problem.replace(
        required=problem.required | held,
        movable=problem.movable | held,
        penalty=np.where(held, 0, problem.penalty),
        groups=_with_moves(encoding, problem.groups, np.flatnonzero(moved)),
    )


def _with_moves(encoding: Encoding, groups: Groups, moved: Ints) -> Groups:
    """The groups; that of moves by choice counts these arcs too."""
    members = []
    for group, key in enumerate(encoding.groups):
        part = slice(groups.start[group], groups.start[group + 1])
        arcs, amounts = groups.arc[part], groups.amount[part]
        if key.kind is Kind.MOVES:
            arcs = np.concatenate([arcs, moved])
            amounts = np.concatenate([amounts, np.ones(len(moved), np.int64)])
        members.append((int(groups.limit[group]), arcs, amounts))
    return Groups.of(members)


def _free_of_held(prices: Duals | None, problem: Problem) -> Duals | None:
    """Prices to begin with; a line that is held needs none."""
    if prices is None:
        return None
    return Duals(np.where(problem.required, 0.0, prices.place), prices.needs, prices.group, prices.levels)
