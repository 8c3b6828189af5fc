"""The cheapest changes with which given places are filled."""

from __future__ import annotations

from solver.amend import Amendment, Changes, amend
from solver.cpsat import CpLimits
from tests.solver.sketch import Arc, Limit, Seat, sketch

EXACT = CpLimits(60.0, None, 1, 1)
SEATS = [Seat(case=case, arcs={0: Arc(60), 1: Arc(60)}, penalty=10) for case in range(3)]
TWO_HOURS = sketch(SEATS, capacity=(60, 60)).problem()
NOTHING: dict[int, int] = {}


def more_minutes(reviewer: int, minutes: int, cost: int) -> Amendment:
    """So many minutes more for somebody."""
    return Amendment(cost, {reviewer: minutes}, NOTHING, NOTHING)


def test_nothing_is_changed_where_nothing_need_be() -> None:
    """Two of the three places fit as it is."""
    found = amend(TWO_HOURS, [0, 1], Changes([more_minutes(0, 60, 1)], {}), EXACT)
    assert found is not None
    assert (found.chosen, found.cheapest) == ((), True)


def test_the_cheapest_is_chosen_and_of_equals_the_first() -> None:
    """An hour more for either, one of them dearer; then both alike."""
    dearer = amend(TWO_HOURS, [0, 1, 2], Changes([more_minutes(0, 60, 9), more_minutes(1, 60, 8)], {}), EXACT)
    alike = amend(TWO_HOURS, [0, 1, 2], Changes([more_minutes(0, 60, 8), more_minutes(1, 60, 8)], {}), EXACT)
    assert dearer is not None
    assert alike is not None
    assert (dearer.chosen, alike.chosen) == ((1,), (0,))
    assert sorted(dearer.assignment.tolist()) == [0, 1, 1]


def test_too_little_does_not_do_unless_two_may_be_made() -> None:
    """Half an hour each: one is not enough, and two for the same person are told apart."""
    halves = [more_minutes(0, 30, 1), more_minutes(0, 30, 2)]
    assert amend(TWO_HOURS, [0, 1, 2], Changes(halves, {}), EXACT) is None
    both = amend(TWO_HOURS, [0, 1, 2], Changes(halves, {}, most=2), EXACT)
    assert both is not None
    assert both.chosen == (0, 1)
    assert amend(TWO_HOURS, [0, 1, 2], Changes(halves, {}, apart=[[0, 1]], most=2), EXACT) is None


def test_what_is_refused_is_not_made() -> None:
    """The only one that does it is not to be made."""
    changes = Changes([more_minutes(0, 60, 1)], {}, refused=frozenset({0}))
    assert amend(TWO_HOURS, [0, 1, 2], changes, EXACT) is None


def test_an_arc_behind_changes_needs_all_of_them() -> None:
    """R1 may take the second place only with both changes, of which one is not enough."""
    problem = sketch(SEATS[:2], capacity=(60, 60)).problem()
    opening = [Amendment(1, NOTHING, NOTHING, NOTHING), Amendment(1, NOTHING, NOTHING, NOTHING)]
    behind = {1: ((0,), (1,)), 3: ((0,), (1,))}
    assert amend(problem, [0, 1], Changes(opening, behind), EXACT) is None
    found = amend(problem, [0, 1], Changes(opening, behind, most=2), EXACT)
    assert found is not None
    assert found.chosen == (0, 1)


def test_slots_and_groups_are_loosened_too() -> None:
    """One more slot, or one more of a group that both arcs are in."""
    limit = Limit(1, {(0, 0): 1, (1, 1): 1, (0, 1): 1, (1, 0): 1})
    grouped = sketch(SEATS[:2], capacity=(600, 600), limits=(limit,)).problem()
    one_more = Amendment(1, NOTHING, NOTHING, {0: 1})
    assert amend(grouped, [0, 1], Changes([more_minutes(0, 60, 1)], {}), EXACT) is None
    assert amend(grouped, [0, 1], Changes([one_more], {}), EXACT) is not None
    slotted = sketch(SEATS[:2], capacity=(600, 0), slots=(1, 1)).problem()
    slot = Amendment(1, NOTHING, {0: 1}, NOTHING)
    assert amend(slotted, [0, 1], Changes([more_minutes(0, 60, 1)], {}), EXACT) is None
    assert amend(slotted, [0, 1], Changes([slot], {}), EXACT) is not None


def test_a_place_that_nobody_may_take_has_no_remedy() -> None:
    """No arc, and no change opens one."""
    problem = sketch([Seat(case=0, penalty=10)], capacity=(60,)).problem()
    assert amend(problem, [0], Changes([more_minutes(0, 60, 1)], {}), EXACT) is None
