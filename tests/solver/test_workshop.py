"""One plan that several workers better: what another has done since is neither undone nor counted twice."""

from __future__ import annotations

import numpy as np
import pytest

from solver import plunge, workshop
from solver.kinds import QUICK
from solver.outcome import Limits
from solver.plans import commit, copy_of
from solver.relax import rough_prices
from solver.search import Search
from solver.workshop import Workshop
from tests.solver.sketch import Arc, Seat, ints, sketch

ALL = ints([0, 1])


def _workshop() -> Workshop:
    """Two places and two reviewers: either may take the first, one the second; nothing is filled."""
    problem = sketch([Seat(0, {0: Arc(5), 1: Arc(5)}, 9), Seat(1, {1: Arc(5)}, 9)], [5, 10]).problem()
    return Workshop(Search(problem, Limits(effort=1)), rough_prices(problem, 0), 0)


def _item(shop: Workshop, place: int, reviewer: int) -> int:
    found = np.flatnonzero((shop.field.place == place) & (shop.field.reviewer == reviewer))
    return int(found[0])


def _fill(shop: Workshop, place: int, reviewer: int) -> None:
    """What another worker does meanwhile."""
    assert commit(shop.field, shop.plan, ints([place]), ints([_item(shop, place, reviewer)]))
    shop.worth = shop._worth()


def test_a_place_that_another_filled_meanwhile_stays_filled() -> None:
    """The part saw it empty and left it so; that is no change to carry over."""
    shop = _workshop()
    before, after, worth = shop.plan.item.copy(), copy_of(shop.plan), shop.worth
    assert commit(shop.field, after, ints([0]), ints([_item(shop, 0, 0)]))
    gained = worth - int(shop.aim.cost[_item(shop, 0, 0)]) - int(shop.aim.penalty[1])
    _fill(shop, 1, 1)
    assert shop._carry_over(before, after.item, ALL, gained)
    assert np.all(shop.plan.item >= 0)
    assert shop.worth == shop._worth()


def test_a_change_of_a_place_that_another_filled_meanwhile_is_refused() -> None:
    """Its gain would not be what it was: the place was empty when it was reckoned."""
    shop = _workshop()
    before, after = shop.plan.item.copy(), copy_of(shop.plan)
    assert commit(shop.field, after, ints([0]), ints([_item(shop, 0, 0)]))
    _fill(shop, 0, 1)
    assert not shop._carry_over(before, after.item, ALL, 9)
    assert shop.plan.item.tolist() == [_item(shop, 0, 1), -1]
    assert shop.worth == shop._worth()


def test_everyone_is_planned_anew_while_others_are_busy() -> None:
    """A whole plan waits for nobody: two workers may make one each, and the better is gone on from."""
    shop = _workshop()
    shop.busy[:] = True
    assert shop.plunge_whole(0)[0] > 0
    assert shop.best_worth == shop.worth == shop._worth()
    assert np.all(shop.plan.item >= 0)


def test_a_whole_plan_that_is_worse_than_the_best_is_left() -> None:
    """What is there stays, when both places are filled already."""
    shop = _workshop()
    _fill(shop, 1, 1)
    _fill(shop, 0, 0)
    shop._keep_best()
    best = shop.best_worth
    for seed in range(5):
        shop.plunge_whole(seed)
        assert shop.best_worth == best == shop._worth()


def test_a_part_is_not_carried_into_another_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole plan was replaced while the part was planned: what it gains was reckoned in the old one."""
    shop, real = _workshop(), plunge.mend

    def meanwhile(*given: object) -> object:
        found = real(*given)
        shop.take(ints([-1, -1]))
        return found

    monkeypatch.setattr(workshop, "mend", meanwhile)
    for seed in range(3):
        assert shop._plunge_part(15, QUICK, 0, ints([seed, seed]))[1] == 0
        assert np.all(shop.plan.item < 0)
        assert shop.worth == shop._worth()
