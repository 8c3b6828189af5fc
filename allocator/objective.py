"""The three levels in the contract's words: value, what no plan could avoid, bound, and what it rests on."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from allocator.certify import provable
from allocator.encode import Encoding, encode
from allocator.groups import Kind
from allocator.plan import Level, Objective
from solver.outcome import BoundedBy, LevelOutcome, Outcome, level_gap
from solver.problem import LEVELS, Ints
from solver.reduce import drop_hopeless, fixed_values


def objective(encoding: Encoding, outcome: Outcome) -> Objective:
    """Each level of an outcome."""
    fixed = enumerate(_fixed(encoding, outcome.levels).tolist())
    return Objective(
        **{LEVELS[index]: _level(encoding, outcome.levels, index, points) for index, points in fixed}
    )


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
    return np.array([min(empty, levels[0].bound), min(late, levels[1].bound), levels[2].fixed], np.int64)


def _level(encoding: Encoding, levels: tuple[LevelOutcome, ...], index: int, fixed: int) -> Level:
    """One level, and what its bound rests on: what is fixed, prices that anyone can add up, or the search."""
    level, bounded_by = levels[index], BoundedBy.FIXED
    certified: int | None = fixed
    if level.bound != fixed:
        prices = provable(encoding, levels, index)
        certified = None if prices is None else prices.bound
        bounded_by = BoundedBy.PRICES if level.bound == certified else BoundedBy.SEARCH
    return Level(
        value=level.value,
        fixed=fixed,
        bound=level.bound,
        gap=round(level_gap(level.value, level.bound, fixed), 6),
        proof=level.proof.value,
        bounded_by=bounded_by.value,
        certified_bound=certified,
    )
