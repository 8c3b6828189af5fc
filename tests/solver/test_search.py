"""What the methods share: only sound and better plans are taken, bounds only rise, proofs are true."""

from __future__ import annotations

import pytest

from solver.outcome import BoundedBy, Limits, Prices, Progress, Proof
from solver.search import Search
from tests.solver.sketch import Arc, Seat, ints, sketch

EITHER = {0: Arc(points=1), 1: Arc(points=4)}
PROBLEM = sketch([Seat(0, EITHER, 5), Seat(1, EITHER, 3), Seat(2, {}, 2)], [1, 1]).problem()
NOTHING, ONE, DEAR, BEST = ints([-1, -1, -1]), ints([0, -1, -1]), ints([1, -1, -1]), ints([0, 1, -1])
TOO_MUCH = ints([0, 0, -1])


def searched(*plans: object, gap: float = 0.0) -> Search:
    """A search that was offered these plans."""
    search = Search(PROBLEM, Limits(seconds=100, gap=gap))
    for plan in plans:
        search.offer(plan, "by hand")  # type: ignore[arg-type]
    return search


def _prices(bound: int) -> Prices:
    return Prices(bound, ints([0, 0, 0]), ints([0, 0, 0]), ints([]), ints([1000, 0, 0]))


def test_a_search_begins_with_no_plan_and_what_is_fixed() -> None:
    """Nothing is proved without a plan; the place for nobody is fixed."""
    search = searched()
    assert search.best is None
    assert search.bounds.tolist() == [2, 0, 0]
    assert not search.proved(0)
    outcome = search.outcome()
    assert outcome.assignment is None
    assert outcome.levels == ()
    assert outcome.proof == Proof.BEST_FOUND


def test_only_better_plans_are_taken() -> None:
    """Equal and worse ones are refused at any level, and what was offered may be changed by its owner."""
    search, mine = searched(NOTHING), ONE.copy()
    assert search.offer(mine, "first")
    mine[:] = -1
    assert not search.offer(ONE, "again")
    assert not search.offer(DEAR, "dearer at level 3")
    assert not search.offer(NOTHING, "worse at level 1")
    assert search.best is not None
    assert search.best.tolist() == ONE.tolist()
    assert search.best_values.tolist() == [5, 0, 1]
    assert search.outcome().method == "first"


def test_an_unsound_plan_is_refused_however_good() -> None:
    """Two minutes for a reviewer who has one are no plan."""
    search = searched(NOTHING)
    assert not search.offer(TOO_MUCH, "rubbish")
    assert search.best_values.tolist() == [10, 0, 0]


def test_bounds_only_rise() -> None:
    """A lower bound than known changes nothing, nor what it rests on."""
    search = searched(NOTHING)
    search.raise_bound(0, 4, BoundedBy.SEARCH)
    search.raise_bound(0, 3, BoundedBy.PRICES)
    level = search.outcome().levels[0]
    assert (level.bound, level.bounded_by) == (4, BoundedBy.SEARCH)


def test_of_equal_bounds_the_one_that_anyone_can_recompute_is_named() -> None:
    """Prices prove it to a stranger, a search to nobody; so prices give way to no equal search."""
    search = searched(NOTHING)
    search.raise_bound(0, 4, BoundedBy.SEARCH)
    search.raise_bound(0, 4, BoundedBy.PRICES)
    search.raise_bound(0, 4, BoundedBy.SEARCH)
    level = search.outcome().levels[0]
    assert (level.bound, level.bounded_by) == (4, BoundedBy.PRICES)


def test_the_best_prices_of_a_level_are_kept() -> None:
    """Prices stay beside a higher bound of another kind, and give way only to better ones."""
    search = searched(NOTHING)
    search.raise_bound(0, 5, BoundedBy.SEARCH)
    for bound in (3, 4, 2):
        search.raise_bound(0, bound, BoundedBy.PRICES, _prices(bound))
    level = search.outcome().levels[0]
    assert level.prices is not None
    assert (level.bound, level.bounded_by, level.prices.bound) == (5, BoundedBy.SEARCH, 4)


def test_what_a_better_plan_makes_unavoidable_is_a_bound() -> None:
    """Work late whoever takes it may be left out at first, but not by a plan as good as one that fills it."""
    seats = [Seat(0, {0: Arc(due=-1)}, 9, 4), Seat(1, {0: Arc()}, 3)]
    search = Search(sketch(seats, [9]).problem(), Limits())
    search.offer(ints([-1, -1]), "nothing")
    assert search.bounds.tolist() == [0, 0, 0]
    search.offer(ints([0, -1]), "one")
    assert search.bounds.tolist() == [0, 4, 0]
    assert search.outcome().levels[1].bounded_by == BoundedBy.FIXED
    assert search.outcome().levels[1].fixed == 4


@pytest.mark.parametrize(
    ("gap", "bounds", "proofs"),
    [
        (0.0, (2, 0, 5), "optimal optimal optimal"),
        (0.0, (2, 0, 4), "optimal optimal best_found"),
        (0.2, (2, 0, 4), "optimal optimal within_gap"),
        (0.1, (2, 0, 4), "optimal optimal best_found"),
        (1.0, (2, 0, 0), "optimal optimal within_gap"),
    ],
)
def test_each_level_s_proof_follows_from_its_gap(
    gap: float, bounds: tuple[int, int, int], proofs: str
) -> None:
    """Equal is optimal; within the gap asked for is that; the rest is the best found."""
    search = searched(BEST, gap=gap)
    for level, bound in enumerate(bounds):
        search.raise_bound(level, bound, BoundedBy.SEARCH)
    levels = search.outcome().levels
    assert [level.value for level in levels] == [2, 0, 5]
    assert " ".join(level.proof for level in levels) == proofs
    assert search.proved() == ("best_found" not in proofs)
    assert search.stopped() == search.proved()
    assert search.is_tight(2) == (bounds[2] == 5)


def test_a_level_is_proved_only_with_those_above() -> None:
    """Level 2 within the gap says nothing while level 1 is open."""
    search = searched(ONE)
    assert not search.proved(1)
    assert search.is_tight(1)


def test_a_search_stops_when_time_is_up() -> None:
    """Time that is kept back for later is no time for now."""
    search = searched(NOTHING)
    assert not search.stopped()
    search.keep_back(1000)
    assert search.remaining < 0
    assert search.stopped()
    search.keep_back(0)
    assert not search.stopped()


def test_a_search_by_effort_never_runs_out_of_time() -> None:
    """Under effort the clock is not asked."""
    search = Search(PROBLEM, Limits(seconds=1e-9, effort=1))
    assert search.deterministic
    assert search.remaining == float("inf")
    assert not search.stopped()


def test_a_search_stops_when_asked_to() -> None:
    """Cancelled is stopped."""
    search = Search(PROBLEM, Limits(seconds=100), cancelled=lambda: True)
    assert search.cancelled()
    assert search.stopped()


def test_every_improvement_is_news() -> None:
    """No news before the first plan; then each plan and each bound, with the level and method at work."""
    news: list[Progress] = []
    search = Search(PROBLEM, Limits(seconds=100), news.append)
    search.work_on("thinking", 1)
    assert news == []
    search.offer(ONE, "thinking")
    search.raise_bound(0, 3, BoundedBy.SEARCH)
    search.offer(BEST, "thinking")
    assert [item.values for item in news] == [(5, 0, 1), (5, 0, 1), (2, 0, 5)]
    assert [item.bounds[0] for item in news] == [2, 3, 3]
    assert {(item.level, item.method) for item in news} == {(1, "thinking")}
