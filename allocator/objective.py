"""The three levels in the contract's words: value, what no plan could avoid, bound, and what it rests on."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from allocator.certify import is_certified
from allocator.encode import Encoding, encode
from allocator.groups import Kind
from allocator.plan import Level, Objective
from solver.outcome import BoundedBy, LevelOutcome, Outcome, level_gap
from solver.problem import Ints
from solver.reduce import drop_hopeless, fixed_values


def objective(encoding: Encoding, outcome: Outcome) -> Objective:
    """Each level of an outcome."""
    fixed = _fixed(encoding, outcome.levels)
    levels = zip(outcome.levels, fixed.tolist(), strict=True)
    return Objective(**{level.name: _level(encoding, level, points) for level, points in levels})


def _fixed(encoding: Encoding, levels: tuple[LevelOutcome, ...]) -> Ints:
    """Points of each level that no plan could avoid; with moves, whatever it moves."""
    if encoding.totals.max_moves == 0:
        return np.array([level.fixed for level in levels], np.int64)
    unheld = encode(encoding.facts.snapshot, encoding.totals.max_moves, encoding.rules, freed=True)
    freed = unheld.problem
    others = drop_hopeless(
        freed.replace(required=freed.required & ~freed.movable, movable=freed.movable & False)
    )
    empty = fixed_values(others, 0)[0]
    room = freed.groups.limit + [key.kind is Kind.OPEN_CASES for key in unheld.groups]
    with_holders = freed.replace(
        capacity=np.maximum(freed.capacity, encoding.problem.capacity),
        groups=replace(freed.groups, limit=room),
    )
    late = fixed_values(drop_hopeless(with_holders), levels[0].value)[1]
    return np.array([min(empty, levels[0].bound), min(late, levels[1].bound), 0], np.int64)


def _level(encoding: Encoding, level: LevelOutcome, fixed: int) -> Level:
    """One level. What rests on prices that the certificate does not hold is the solver's own word."""
    is_sure, bounded_by = is_certified(encoding, level), level.bounded_by
    rests_on_fixed = bounded_by is BoundedBy.FIXED and level.bound <= fixed
    if not rests_on_fixed and not (bounded_by is BoundedBy.PRICES and is_sure):
        bounded_by = BoundedBy.SEARCH
    return Level(
        value=level.value,
        fixed=fixed,
        bound=level.bound,
        gap=round(level_gap(level.value, level.bound, fixed), 6),
        proof=level.proof.value,
        bounded_by=bounded_by.value,
        certified_bound=level.prices.bound if level.prices is not None and is_sure else None,
    )
