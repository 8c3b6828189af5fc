"""What stands in the problem: penalties, minutes, points, limits and groups, worked out by hand."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from allocator.encode import Encoding, encode
from allocator.exact import Minutes
from allocator.groups import Kind
from allocator.held import Role
from allocator.places import Area, Contract
from solver.problem import NO_LIMIT
from tests.allocator.build import AS_OF, case, policy, reviewer, snapshot
from tests.allocator.planning import planned

DAY = timedelta(days=1)
HELD: dict[str, Any] = {"reviewer_id": "R1", "allocated_on": date(2026, 10, 5)}
SENIOR = reviewer("R2", skills=("senior",))


def place(encoding: Encoding, case_id: str = "C1", role: Role = Role.LEAD) -> int:
    """The row of a place."""
    row = encoding.facts.case_row[case_id]
    (found,) = np.flatnonzero((encoding.places.case == row) & (encoding.places.role == role))
    return int(found)


def arc(encoding: Encoding, reviewer_row: int = 0, case_id: str = "C1", role: Role = Role.LEAD) -> int:
    """The row of an arc."""
    problem, at = encoding.problem, place(encoding, case_id, role)
    return int(
        problem.arc_start[at] + list(problem.arc_reviewer[problem.arc_place == at]).index(reviewer_row)
    )


def of_arc(name: str, encoding: Encoding, *which: Any) -> int:
    """One array's entry for an arc."""
    return int(getattr(encoding.problem, name)[arc(encoding, *which)])


def group(encoding: Encoding, kind: Kind) -> tuple[int, list[int]]:
    """The limit and the amounts of the one group of a kind."""
    (at,) = [i for i, key in enumerate(encoding.groups) if key.kind is kind]
    groups = encoding.problem.groups
    return int(groups.limit[at]), groups.amount[groups.start[at] : groups.start[at + 1]].tolist()


def test_a_new_case_is_a_place_whose_emptiness_costs_its_urgency() -> None:
    """Four weeks on the clock: 128 points; its lateness as much."""
    problem = encode(snapshot()).problem
    assert problem.penalty.tolist() == [128]
    assert problem.late_points.tolist() == [128]
    assert not problem.required.any()


def test_a_focused_case_weighs_by_its_types_hours() -> None:
    """128 × 30 ÷ 14 = 274.3; its second 128 × 3 ÷ 28 = 13.7; the case's own effort does not count."""
    problem = encode(snapshot([case(review_type="focused", effort_hours=99.0)])).problem
    assert problem.penalty.tolist() == [274, 14]
    assert problem.late_points.tolist() == [128, 0]


def test_cases_out_of_scope_are_not_there() -> None:
    """Neither as places nor as held work."""
    problem = encode(snapshot([case(out_of_scope="child", **HELD)])).problem
    assert problem.n_places == 0
    assert problem.forced_minutes.tolist() == [0]


def test_an_empty_snapshot_is_an_empty_problem() -> None:
    """No cases, no reviewers, or neither."""
    assert encode(snapshot([], [])).problem.n_places == 0
    assert encode(snapshot([])).problem.n_arcs == 0
    assert encode(snapshot(None, [])).problem.n_arcs == 0


@pytest.mark.parametrize(
    ("effort", "factor", "minutes"),
    [(None, 1.0, 840), (None, 1.25, 1050), (2.5, 1.0, 150), (0.35, 1.1, 23), (0.1, 0.75, 5)],
)
def test_minutes_are_rounded_half_up_once(effort: float | None, factor: float, minutes: int) -> None:
    """0.35 × 1.1 × 60 = 23.1; 0.1 × 0.75 × 60 = 4.5."""
    found = encode(snapshot([case(effort_hours=effort)], [reviewer(hours_factor=factor)]))
    assert of_arc("arc_minutes", found) == minutes


def test_decimals_too_long_for_64_bits_round_the_same() -> None:
    """The slow way agrees with the fast one."""
    long, short = Minutes([14.000000000000002], [1.0000000000000002]), Minutes([14.0], [1.0])
    rows = np.zeros(2, np.int64)
    assert long.of(rows, rows).tolist() == short.of(rows, rows).tolist() == [840, 840]


def test_a_held_lead_takes_what_is_left() -> None:
    """As given, rounded half up; no slot, no points, and the place must stay filled."""
    found = encode(snapshot([case(hours_left=9.99, latitude=53.0, longitude=0.0, **HELD)]))
    assert of_arc("arc_minutes", found) == 599
    assert of_arc("arc_slots", found) == 0
    assert of_arc("arc_points", found) == 0
    assert found.problem.required.tolist() == [True]
    assert found.problem.penalty.tolist() == [0]


def test_hours_left_are_assumed_by_the_days_to_run() -> None:
    """Allocated 5 October, complete by 1 April: 150 of 178 days to run, of 14 h × 1.5."""
    found = encode(snapshot([case(**HELD)], [reviewer(hours_factor=1.5)]))
    assert of_arc("arc_minutes", found) == round(14 * 1.5 * 60 * 150 / 178)


@pytest.mark.parametrize("notified", [date(2026, 1, 1), date(2026, 3, 1)])
def test_a_tenth_at_least_is_assumed_to_be_left(notified: date) -> None:
    """Long overdue, or allocated after complete-by: 84 of 840 minutes."""
    allocated = date(2026, 10, 5) if notified.month == 1 else date(2026, 8, 1)
    one = case(notified_on=notified, reviewer_id="R1", allocated_on=allocated)
    assert of_arc("arc_minutes", encode(snapshot([one]))) == 84


def test_a_held_second_is_assumed_to_have_all_its_hours_left() -> None:
    """3 h × 1.5, whatever the days; as given otherwise."""
    both = [reviewer(), reviewer("R2", hours_factor=1.5)]
    one = case(review_type="focused", second_reviewer_id="R2", **HELD)
    assert of_arc("arc_minutes", encode(snapshot([one], both)), 1, "C1", Role.SECOND) == 270
    given = one.model_copy(update={"second_hours_left": 1.0})
    assert of_arc("arc_minutes", encode(snapshot([given], both)), 1, "C1", Role.SECOND) == 60


def test_on_hold_nothing_is_taken() -> None:
    """Neither of the lead nor of the second; it is never late."""
    one = case(review_type="focused", on_hold_since=AS_OF, second_reviewer_id="R2", hours_left=9.0, **HELD)
    problem = encode(snapshot([one], [reviewer(), SENIOR])).problem
    assert problem.arc_minutes.tolist() == [0, 0]
    assert problem.late_points.tolist() == [0, 0]


def test_a_released_case_is_new_but_for_administration() -> None:
    """Full effort, a slot, a penalty; no new administration, but what was left is still to be done."""
    area = (Area(area="QYG", admin_hours_per_week=1.0),)
    one = case(reviewer_id="R9", allocated_on=date(2026, 10, 5), hours_left=2.0, admin_hours_left=1.5)
    found = encode(snapshot([one], areas=area))
    assert of_arc("arc_minutes", found) == 840
    assert of_arc("arc_slots", found) == 1
    assert group(found, Kind.ADMIN) == (8 * 60 - 90, [])


def test_administration_counts_new_leads_by_area() -> None:
    """4 h each of an hour a week for eight weeks."""
    found = encode(
        snapshot([case(), case("C2", area="QXX")], areas=(Area(area="QYG", admin_hours_per_week=1.0),))
    )
    assert group(found, Kind.ADMIN) == (480, [240])


def test_administration_is_exact_whatever_its_decimals() -> None:
    """0.33 h are 19.8 minutes: counted in fifths of a minute."""
    types = {"initial": {"hours": 14.0, "admin_hours": 0.33}}
    rule = policy().model_copy(update={})
    rule = type(rule).model_validate({**rule.model_dump(), "review_types": types})
    found = encode(snapshot(policy=rule, areas=(Area(area="QYG", admin_hours_per_week=0.1),)))
    assert group(found, Kind.ADMIN) == (48 * 5, [99])
    assert found.groups[0].parts == 5


def test_held_administration_beyond_the_limit_blocks_new_leads() -> None:
    """One minute more than there is: no new lead; as much as there is: still one without administration."""
    area = (Area(area="QYG", admin_hours_per_week=1.0),)
    for left, arcs in ((8.0, 1), (8.02, 0)):
        held = case("C2", admin_hours_left=left, hours_left=1.0, **HELD)
        found = encode(snapshot([case(), held], areas=area)).problem
        assert found.arc_start[1] - found.arc_start[0] == arcs


def test_held_work_beyond_the_limit_is_kept_and_blocks_anything_new() -> None:
    """234 h are all there is: with them new arcs stay, with a minute more there are none."""
    for left, arcs in ((234.0, 1), (234.02, 0)):
        found = encode(snapshot([case(), case("C2", hours_left=left, **HELD)])).problem
        assert found.arc_start[1] - found.arc_start[0] == arcs
        assert found.capacity.tolist() == [max(234 * 60, round(left * 60))]


@pytest.mark.parametrize(
    ("fields", "slots"),
    [
        ({}, int(NO_LIMIT)),
        ({"max_open_cases": 3}, 2),
        ({"max_open_cases": 0}, 0),
        ({"employment": "day_job"}, 1),
        ({"employment": "day_job", "max_open_cases": 5}, 4),
        ({"cases_a_year": 5, "cases_this_year": 4}, 1),
        ({"cases_a_year": 5, "cases_this_year": 7}, 0),
        ({"cases_a_year": 5}, 5),
        ({"max_open_cases": 3, "cases_a_year": 1}, 1),
    ],
)
def test_slots_are_the_lesser_of_open_cases_and_the_year(fields: dict[str, Any], slots: int) -> None:
    """One case is held, on hold: it counts as open, and is already in the year's count."""
    one = case(on_hold_since=AS_OF, **HELD)
    assert encode(snapshot([one], [reviewer(**fields)])).problem.slots.tolist() == [slots]


def test_a_contract_limits_cases_and_minutes_of_new_leads() -> None:
    """Of the provider's reviewers alone; 33.3 h are 1998 minutes."""
    people = [reviewer(provider="acme"), reviewer("R2"), reviewer("R3", provider="other")]
    contract = (Contract(provider="acme", cases_left=1, hours_left=33.3),)
    found = encode(snapshot(None, people, contracts=contract))
    assert group(found, Kind.CONTRACT_CASES) == (1, [1])
    assert group(found, Kind.CONTRACT_MINUTES) == (1998, [840])


def test_a_contract_without_limits_has_no_groups() -> None:
    """Empty is no limit."""
    assert (
        encode(snapshot(None, [reviewer(provider="acme")], contracts=(Contract(provider="acme"),))).groups
        == ()
    )


def test_points_are_kilometres_and_away_from_home() -> None:
    """111.195 km at a point each, and 20 for a lead outside the home area; the second's area is free."""
    there = case(review_type="focused", latitude=53.0, longitude=0.0)
    far = reviewer(areas=("QXX", "QYG"), latitude=52.0, longitude=0.0, skills=("senior",))
    found = encode(snapshot([there], [far]))
    assert of_arc("arc_points", found) == 111 + 20
    assert of_arc("arc_points", found, 0, "C1", Role.SECOND) == 111


def test_kilometres_are_rounded_before_they_are_weighed() -> None:
    """111.195 km at three points each are 333 points, not 334: and the audit says the same."""
    there = case(latitude=53.0, longitude=0.0)
    far = reviewer(latitude=52.0, longitude=0.0)
    one = snapshot([there], [far], policy=policy(weights={"kilometre": 3, "workload": ()}))
    assert planned(one).objective.cost.value == 333


def test_without_positions_there_are_no_kilometres() -> None:
    """And at home nothing at all."""
    assert of_arc("arc_points", encode(snapshot())) == 0


def test_bands_are_scaled_to_whole_numbers() -> None:
    """Halves and tenths: thresholds in tenths of a minute, rates as increases."""
    found = encode(snapshot()).problem.bands
    capacity = 234 * 60
    assert found.threshold.tolist() == [[5 * capacity, 8 * capacity, 9 * capacity]]
    assert found.rate.tolist() == [1, 1, 4]
    # 117 h above 50 %, 46.8 h above 80 %, 4 × 23.4 h above 90 %: 257.4 points
    assert found.points(np.array([0]), np.array([capacity])).tolist() == [257]


def test_without_bands_a_load_costs_nothing() -> None:
    """An empty list is allowed."""
    found = encode(snapshot(policy=policy(weights={"workload": ()}))).problem.bands
    assert found.points(np.array([0]), np.array([10**6])).tolist() == [0]


def test_work_is_due_so_that_the_sign_off_is_in_time() -> None:
    """Complete by 1 April, work by 18 March: all minutes until then."""
    found = encode(snapshot())
    due = found.facts.capacities.until(np.array([0]), np.array([date(2027, 3, 18).toordinal()]))
    assert of_arc("arc_due", found) == due[0]


@pytest.mark.parametrize(
    "fields",
    [{"notified_on": date(2026, 4, 1)}, {"evidence_received_on": date(2027, 3, 19)}],
)
def test_some_work_is_late_whoever_does_it(fields: dict[str, Any]) -> None:
    """Already overdue, or the evidence comes the day after the work is due."""
    assert of_arc("arc_due", encode(snapshot([case(**fields)]))) == -1


def test_evidence_on_the_last_day_is_soon_enough() -> None:
    """A near miss of the test before."""
    assert of_arc("arc_due", encode(snapshot([case(evidence_received_on=date(2027, 3, 18))]))) > 0


def test_a_new_second_needs_a_new_lead_but_not_one_who_stays() -> None:
    """Its case's lead place, or nothing."""
    both = [reviewer(), SENIOR]
    assert encode(snapshot([case(review_type="focused")], both)).problem.needs.tolist() == [-1, 0]
    assert encode(snapshot([case(review_type="focused", **HELD)], both)).problem.needs.tolist() == [-1, -1]


def test_new_leads_with_one_label_share_a_link() -> None:
    """Two with a label that nobody holds; not one alone, nor those with a holder."""
    fires = [case("C1", linked_to="fire"), case("C2", linked_to="fire"), case("C3", linked_to="flood")]
    assert encode(snapshot(fires)).problem.link.tolist() == [0, 0, -1]
    held = case("C4", linked_to="fire", **HELD)
    assert encode(snapshot([*fires, held])).problem.link.tolist() == [-1] * 4


def test_with_moves_a_held_lead_may_change_hands() -> None:
    """The holder keeps it for what is left, another takes it whole, for 50 points and a move."""
    one = snapshot([case(hours_left=5.0, **HELD)], [reviewer(), reviewer("R2")])
    found = encode(one, max_moves=1)
    assert found.problem.movable.tolist() == [True]
    assert of_arc("arc_minutes", found, 0) == 300
    assert of_arc("arc_minutes", found, 1) == 840
    assert of_arc("arc_points", found, 1) == 50
    assert group(found, Kind.MOVES) == (1, [1])
    assert encode(one).problem.n_arcs == 1


@pytest.mark.parametrize(
    "fields", [{"locked": True}, {"linked_to": "fire"}, {"on_hold_since": AS_OF}], ids=lambda f: next(iter(f))
)
def test_locked_linked_and_on_hold_cases_never_move(fields: dict[str, Any]) -> None:
    """However many moves there are."""
    one = snapshot([case(**HELD, **fields)], [reviewer(), reviewer("R2")])
    assert not encode(one, max_moves=5).problem.movable.any()


def test_seconds_never_move() -> None:
    """Only the lead of a focused case may."""
    one = case(review_type="focused", second_reviewer_id="R2", **HELD)
    assert encode(snapshot([one], [reviewer(), SENIOR]), 5).problem.movable.tolist() == [True, False]


def test_the_order_of_the_input_changes_nothing() -> None:
    """The snapshot sorts its tables, so the problem is the same."""
    cases, people = [case("C1"), case("C2", priority=3)], [reviewer(), SENIOR]
    one = encode(snapshot(cases, people)).problem
    other = encode(snapshot(cases[::-1], people[::-1])).problem
    for name in ("penalty", "arc_reviewer", "arc_minutes", "arc_due", "capacity"):
        assert getattr(one, name).tolist() == getattr(other, name).tolist()
