"""The price of someone else: the difference of two exact solves, and never below its floor."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from allocator.encode import encode
from allocator.explain.weighing import Weighing
from allocator.held import Role
from allocator.snapshot import Snapshot
from solver.check import values
from solver.lp import Duals
from solver.outcome import Limits
from solver.problem import LEVELS
from solver.solve import solve
from tests.allocator.build import case, reviewer, snapshot
from tests.allocator.wild import wild

QUICK = Limits(effort=1, workers=1)


def weighing_of(one: Snapshot, duals: bool = True) -> Weighing:
    """A snapshot's plan, proved best, read for questions about its pairs."""
    encoding = encode(one).lean()
    outcome = solve(encoding.problem, QUICK)
    assert outcome.assignment is not None
    prices = outcome.levels[0].prices
    known = None
    if prices is not None and duals:
        levels = np.array([1.0, 0.0, 0.0])
        known = Duals(prices.place / 1000, prices.needs / 1000, prices.group / 1000, levels)
    return Weighing(encoding, outcome.assignment, known)


@pytest.mark.parametrize("seeds", [range(60), pytest.param(range(60, 400), marks=pytest.mark.slow)])
def test_every_exact_price_is_the_difference_of_two_exact_solves(seeds: range) -> None:
    """Over wild snapshots, every open place and everyone with room for it; the floors are not above."""
    exact = 0
    for seed in seeds:
        one = weighing_of(wild(seed, n_cases=6, n_reviewers=4), duals=bool(seed % 3))
        problem, places = one.encoding.problem, one.encoding.places
        for place in np.flatnonzero(places.holder < 0).tolist():
            row, role = int(places.case[place]), Role(int(places.role[place]))
            for told in one.alternatives(row, role, 60.0, effort=1):
                who = one.encoding.facts.reviewer_row[told.reviewer_id]
                keep = (problem.arc_place != place) | (problem.arc_reviewer == who)
                penalty = np.where(np.arange(problem.n_places) == place, 10**7, problem.penalty)
                best = solve(problem.keep_arcs(keep).replace(penalty=penalty), QUICK).assignment
                assert best is not None
                if best[place] < 0:
                    assert told.proof == "impossible"
                    continue
                price = (values(problem, best) - one.values).tolist()
                assert told.proof == "exact"
                assert [told.prices[name].found for name in LEVELS] == price
                assert told.prices["unallocated"].floor == price[0]
                assert price >= [0, 0, 0]
                exact += 1
    assert exact > len(seeds) // 4


def test_a_pair_that_costs_nothing_says_so() -> None:
    """R2 is as near and as free as R1."""
    one = weighing_of(snapshot(None, [reviewer(), reviewer("R2")]))
    (told,) = one.alternatives(0, Role.LEAD, 5.0, effort=1)
    assert told.sentence == "R2 could have it at no price."


def test_who_would_have_to_give_way_is_named() -> None:
    """R1 has hours for one; C2 can only go to R1: with C1 there, C2 has nobody."""
    people = [reviewer(hours_per_week=2.0, skills=("autism",)), reviewer("R2", hours_per_week=2.0)]
    one = weighing_of(snapshot([case(), case("C2", skills=("autism",))], people))
    (told,) = one.alternatives(0, Role.LEAD, 5.0, effort=1)
    assert told.reviewer_id == "R1"
    assert "points more unallocated" in told.sentence
    assert told.sentence.endswith("C2 would then have nobody.")
    assert [(swap.case_id, swap.before, swap.after) for swap in told.changes] == [("C2", "R1", None)]


def test_without_time_there_is_still_a_floor(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same pair, told from prices alone, as no less than so much."""
    people = [reviewer(hours_per_week=2.0, skills=("autism",)), reviewer("R2", hours_per_week=2.0)]
    one = weighing_of(snapshot([case(), case("C2", skills=("autism",))], people))
    (told,) = one.alternatives(0, Role.LEAD, 0.0)
    assert told.proof == "floor"
    floor = told.prices["unallocated"].floor
    assert floor is not None
    (exact,) = one.alternatives(0, Role.LEAD, 5.0, effort=1)
    assert exact.prices["unallocated"].found is not None
    assert floor <= exact.prices["unallocated"].found
    monkeypatch.setattr("allocator.explain.weighing.SMALL", 0)
    (near,) = one.alternatives(0, Role.LEAD, 5.0, effort=1)
    assert near.proof in ("interval", "exact")
    assert near.prices["unallocated"].found == exact.prices["unallocated"].found


def test_a_held_place_has_no_alternative() -> None:
    """It stays with its holder."""
    held = case(reviewer_id="R1", allocated_on=date(2026, 10, 5), hours_left=2.0)
    one = weighing_of(snapshot([held], [reviewer(), reviewer("R2")]))
    assert list(one.alternatives(0, Role.LEAD, 5.0)) == []
