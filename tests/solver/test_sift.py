"""Prices by sifting: from a few arcs a place, nearly those of all, and never a false bound."""

from __future__ import annotations

import numpy as np
import pytest

from solver import sift
from solver.greedy import greedy
from solver.lp import Duals
from solver.outcome import Limits
from solver.pricing import items_of
from solver.relax import relax
from solver.search import Search
from tests.solver.draws import Solved
from tests.solver.instances import random_sketch


def search_of(seed: int) -> Search:
    """A search with a plan, on a problem with a dozen reviewers and every kind of limit."""
    problem = random_sketch(np.random.default_rng(seed), 40, 12).problem()
    search = Search(problem, Limits(seconds=100))
    greedy(search)
    return search


def prices_of(search: Search, level: int) -> Duals | None:
    """The relaxation's prices, however they are found."""
    items = items_of(search.problem, ~search.problem.forced, search.problem.forced)
    return sift.lp_duals(search.problem, items, level, search.best_values, lambda: False, search.best)


@pytest.mark.parametrize("level", [0, 1, 2])
def test_sifting_ends_near_the_whole_relaxation(level: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """With rounds enough, prices sifted from two arcs a place bound about as well as those of all."""
    reached = np.zeros(2)
    for seed in range(3):
        whole, sifted = search_of(seed), search_of(seed)
        relax(whole, level)
        with monkeypatch.context() as patch:
            patch.setattr(sift, "WHOLE_UP_TO", 0)
            patch.setattr(sift, "FIRST_ARCS", 2)
            patch.setattr(sift, "ROUNDS", 30)
            relax(sifted, level)
        reached += sifted.bounds[level], whole.bounds[level]
    assert reached[0] >= 0.9 * reached[1]


def test_no_sifted_bound_is_above_the_optimum(
    brute_forced: list[Solved], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Prices from a part of the arcs prove nothing false: the bound prices all of them."""
    monkeypatch.setattr(sift, "WHOLE_UP_TO", 0)
    monkeypatch.setattr(sift, "FIRST_ARCS", 1)
    for one in brute_forced[:40]:
        for level in range(3):
            search = Search(one.problem, Limits(seconds=100))
            greedy(search)
            relax(search, level)
            # A lower level's bound is over plans as good as the best above it.
            if (search.best_values[:level] == one.worth[:level]).all():
                assert search.bounds[level] <= one.worth[level]


def test_stopped_before_it_has_prices_there_are_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asked makes do with rough ones."""
    search = search_of(1)
    items = items_of(search.problem, ~search.problem.forced, search.problem.forced)
    monkeypatch.setattr(sift, "WHOLE_UP_TO", 0)
    monkeypatch.setattr(sift, "lp_prices", lambda *given: None)
    assert sift.lp_duals(search.problem, items, 0, search.best_values, lambda: True, search.best) is None


def test_a_first_choice_is_a_few_arcs_a_place() -> None:
    """Never more than asked for, and one wherever there is one."""
    problem = search_of(2).problem
    items = items_of(problem, ~problem.forced, problem.forced)
    chosen = sift._first(problem, items)
    free = items.arc[~items.taken]
    counts = np.bincount(problem.arc_place[chosen], minlength=problem.n_places)
    offered = np.bincount(problem.arc_place[free], minlength=problem.n_places)
    np.testing.assert_array_equal(counts, np.minimum(offered, sift.FIRST_ARCS))
