"""What a plan says: rows, hours, days, loads, levels and warnings, against figures worked out by hand."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from allocator.allocate import PlanRequest
from allocator.places import Area
from allocator.reviewers import Absence, Interest
from tests.allocator.build import AS_OF, case, policy, reviewer, snapshot
from tests.allocator.planning import gap, load, one_move_helps, planned, row

DAY = timedelta(days=1)
HELD: dict[str, Any] = {"reviewer_id": "R1", "allocated_on": date(2026, 10, 5)}


def codes(plan: Any) -> list[str]:
    """The codes of a plan's warnings."""
    return [str(w["code"]) for w in plan.warnings]


def test_an_area_that_nobody_covers_is_told() -> None:
    """Most often a code typed wrongly; an area that a neighbour's reviewer may serve is none."""
    cases = [case(), case("C2", area="QYC"), case("C3", area="QWO")]
    areas = (Area(area="QYG"), Area(area="QYC"), Area(area="QWO", neighbours=("QYG",)))
    plan = planned(snapshot(cases, areas=areas))
    assert [(w["code"], w["value"]) for w in plan.warnings] == [("area-not-covered", "QYC")]
    assert codes(planned(snapshot(cases, policy=policy(geography={"rule": "anywhere"})))) == []


def test_a_new_case_in_full() -> None:
    """The work ends on Wednesday, but the evidence comes on 14 December; sign-off is 14 days later."""
    plan = planned(snapshot())
    found = row(plan)
    assert (found.reviewer_id, found.change, found.previous_reviewer_id) == ("R1", "new", None)
    assert (found.hours, found.distance_km) == (14, None)
    assert (found.start_on, found.finish_on) == (AS_OF, date(2026, 12, 28))
    assert (found.complete_by, found.on_time) == (date(2027, 4, 1), True)
    assert plan.unassigned == ()


def test_work_is_done_in_the_order_of_its_due_days() -> None:
    """The older case first, though its id comes later; the other starts on the day they share."""
    ready = {"evidence_received_on": date(2026, 10, 20)}
    plan = planned(snapshot([case("C1", **ready), case("C2", notified_on=date(2026, 9, 1), **ready)]))
    assert (row(plan, "C2").start_on, row(plan, "C1").start_on) == (AS_OF, AS_OF + 2 * DAY)
    assert row(plan, "C2").finish_on == date(2026, 11, 4) + 14 * DAY
    assert row(plan, "C1").finish_on == date(2026, 11, 6) + 14 * DAY


def test_work_that_never_ends_is_late_without_a_day() -> None:
    """1,300 h at a quarter of an hour a week are not done in five years."""
    held = case(hours_left=1300.0, **HELD)
    found = row(planned(snapshot([held], [reviewer(hours_per_week=0.25)])))
    assert (found.finish_on, found.on_time) == (None, False)


def test_nothing_left_is_done_at_once() -> None:
    """No hours left and the evidence long received: signed off in 14 days."""
    held = case(hours_left=0.0, evidence_received_on=date(2026, 10, 20), **HELD)
    assert row(planned(snapshot([held]))).finish_on == AS_OF + 14 * DAY


def test_a_case_on_hold_keeps_its_lead_without_hours_or_days() -> None:
    """It counts as open, and is neither in time nor late."""
    plan = planned(snapshot([case(on_hold_since=date(2026, 10, 20), hours_left=9.0, **HELD)]))
    found = row(plan)
    assert (found.change, found.hours, found.start_on, found.finish_on, found.on_time) == (
        "kept",
        0,
        None,
        None,
        None,
    )
    assert (load(plan).open_cases, load(plan).held_hours) == (1, 0)
    assert plan.objective.late.value == 0
    assert (plan.summary.eligible.cases, plan.summary.all.cases) == (0, 1)


def test_a_released_case_is_moved_from_its_holder() -> None:
    """The holder has left; the taker is named, and so is the one before; no move points."""
    left = reviewer("R9", leaves_on=AS_OF - DAY)
    one = case(reviewer_id="R9", allocated_on=date(2026, 10, 5), admin_hours_left=1.0)
    plan = planned(snapshot([one], [reviewer(), left]))
    found = row(plan)
    assert (found.reviewer_id, found.change, found.previous_reviewer_id) == ("R1", "moved", "R9")
    assert found.reason.startswith("Was with R9, who has left; ")
    assert plan.objective.cost.value == 0
    assert codes(plan) == ["holder-released"]


def test_a_released_case_that_nobody_takes_says_who_had_it() -> None:
    """In conflict, and there is nobody else."""
    conflict = (Interest(reviewer_id="R1", kind="personal", case_id="C1"),)
    found = gap(planned(snapshot([case(**HELD)], interests=conflict)))
    assert found.reason_code == "conflict"
    assert (
        found.reason
        == "Was with R1, who has a conflict of interest. 1 reviewer: 1 has a conflict of interest."
    )


def test_a_locked_case_in_conflict_says_that_it_lost_its_holder() -> None:
    """No lock passes a conflict."""
    conflict = (Interest(reviewer_id="R1", kind="personal", case_id="C1"),)
    plan = planned(snapshot([case(locked=True, **HELD)], interests=conflict))
    assert codes(plan) == ["locked-released"]
    assert plan.warnings[0]["message"] == (
        "locked case C1 does not stay with its lead, R1, who has a conflict of interest"
    )


def test_a_move_by_choice_says_from_whom_and_costs_its_points() -> None:
    """50 points, and only where it is allowed."""
    one = one_move_helps()
    assert gap(planned(one), "C2").reason_code == "open_cases"
    plan = planned(one, PlanRequest(effort=5, workers=1, max_moves=1))
    assert (row(plan).change, row(plan).previous_reviewer_id, row(plan).reviewer_id) == ("moved", "R1", "R2")
    assert row(plan).reason.startswith("Moved from R1 to make a better plan; ")
    assert plan.objective.cost.value == 50
    assert plan.objective.unallocated.certified_bound == 0


@pytest.mark.parametrize(
    ("left", "state", "percent"),
    [
        (210.59, "ok", 90),
        (210.6, "full", 90),
        (234.0, "full", 100),
        (234.02, "over", 100),
        (300.0, "over", 128.2),
    ],
)
def test_states_go_by_exact_minutes(left: float, state: str, percent: float) -> None:
    """Of 234 h: 90 % is full, a minute above all is over; the percentage is rounded."""
    found = load(planned(snapshot([case(hours_left=left, **HELD)])))
    assert (found.state, found.workload_percent) == (state, percent)


def test_who_has_no_hours_is_unavailable_and_never_at_0_percent() -> None:
    """The percentage is empty, also when a case is held."""
    found = load(planned(snapshot([case(hours_left=1.0, **HELD)], [reviewer(hours_per_week=0.0)])))
    assert (found.state, found.workload_percent, found.capacity_hours, found.held_hours) == (
        "unavailable",
        None,
        0,
        1,
    )


def test_hours_and_kilometres_are_rounded_half_up() -> None:
    """5 minutes are 0.08 h; 111.195 km are 111.2."""
    there = case(effort_hours=0.08, latitude=53.0, longitude=0.0)
    found = row(planned(snapshot([there], [reviewer(latitude=52.0, longitude=0.0)])))
    assert (found.hours, found.distance_km) == (0.08, 111.2)


def test_forty_day_job_reviewers_at_an_hour_a_week_take_forty_cases() -> None:
    """Their horizon is a year, in which each has some fifty hours."""
    people = [reviewer(f"R{i:02}", employment="day_job", hours_per_week=1.0) for i in range(40)]
    plan = planned(snapshot([case(f"C{i:02}") for i in range(40)], people))
    assert plan.summary.new == 40
    assert plan.unassigned == ()


def test_an_absence_changes_the_plan() -> None:
    """Away for the whole horizon, R1 takes nothing."""
    away = (Absence(reviewer_id="R1", from_=AS_OF, to=date(2027, 1, 31)),)
    assert planned(snapshot()).summary.new == 1
    assert gap(planned(snapshot(absences=away))).reason_code == "available"


def test_the_summary_counts_places_and_cases() -> None:
    """Two new, one kept, one empty, one on hold, one out of scope."""
    cases = [
        case("C1", review_type="focused"),
        case("C2", **HELD),
        case("C3", skills=("autism",)),
        case("C4", on_hold_since=AS_OF),
        case("C5", out_of_scope="child"),
    ]
    summary = planned(snapshot(cases, [reviewer(), reviewer("R2", skills=("senior",))])).summary
    assert (summary.new, summary.kept, summary.moved) == (2, 1, 0)
    assert (summary.leads.new, summary.seconds.new) == (1, 1)
    assert summary.unallocated == {"on_hold": 1, "skill": 1}
    assert (summary.on_hold, summary.out_of_scope, summary.out_of_scope_reasons) == (1, 1, {"child": 1})
    assert (summary.eligible.cases, summary.eligible.in_time, summary.all.cases) == (3, 2, 4)


def test_warnings_say_what_was_assumed_and_what_is_beyond_a_limit() -> None:
    """Assumed hours, a missing holder, two holders of one link, held work beyond two limits."""
    cases = [
        case("C1", linked_to="fire", hours_left=300.0, admin_hours_left=9.0, **HELD),
        case("C2", linked_to="fire", reviewer_id="R2", allocated_on=date(2026, 10, 5)),
        case("C3", linked_to="fire"),
        case("C4", reviewer_id="R9", allocated_on=date(2026, 10, 5)),
    ]
    areas = (Area(area="QYG", admin_hours_per_week=1.0),)
    plan = planned(snapshot(cases, [reviewer(), reviewer("R2")], areas=areas))
    assert codes(plan) == [
        "assumed-hours",
        "holder-missing",
        "linked-holders",
        "held-over-capacity",
        "admin-over-limit",
    ]


def test_independence_is_to_be_confirmed_where_no_organisations_are_known() -> None:
    """The warning names the case, and so does its reason; a kept case needs none."""
    plan = planned(snapshot([case(organisations=()), case("C2", organisations=(), hours_left=1.0, **HELD)]))
    assert plan.warnings[-1]["code"] == "independence-to-confirm"
    assert str(plan.warnings[-1]["message"]).endswith("independence to confirm: C1")
    assert row(plan).reason.endswith("independence to confirm, as no organisations are known.")


def test_a_warning_names_ten_cases_and_counts_the_rest() -> None:
    """Twelve cases without organisations."""
    plan = planned(snapshot([case(f"C{i:02}", organisations=(), effort_hours=1.0) for i in range(12)]))
    assert str(plan.warnings[-1]["message"]).endswith("C08, C09 and 2 more")


def test_reasons_are_what_a_coordinator_would_say() -> None:
    """Nearest, how the area is covered, and the load after it."""
    near: dict[str, Any] = {"latitude": 52.0, "longitude": 0.0}
    far: dict[str, Any] = {"latitude": 53.0, "longitude": 0.0}
    people = [reviewer(areas=("QXX", "QYG"), **far), reviewer("R2", **near)]
    plan = planned(snapshot([case(latitude=52.0, longitude=0.1)], people))
    assert row(plan).reason == (
        "Nearest of 2 reviewers who may lead it, covers QYG as home area, 6 % workload after."
    )


@pytest.mark.parametrize(
    ("areas", "words"),
    [(("QXX", "QYG"), "covers QYG"), (("QXX",), "at home in QXX, which may serve QYG")],
)
def test_reasons_say_how_the_area_is_covered(areas: tuple[str, ...], words: str) -> None:
    """As another area, or from a neighbour."""
    table = (Area(area="QYG", neighbours=("QXX",)), Area(area="QXX"))
    reason = row(planned(snapshot(None, [reviewer(areas=areas)], areas=table))).reason
    assert reason == f"The only reviewer who may lead it, {words}, 6 % workload after."


def test_reasons_do_not_speak_of_areas_that_no_rule_asks_for() -> None:
    """Anywhere is anywhere."""
    rule = policy(geography={"rule": "anywhere"})
    reason = row(planned(snapshot(None, [reviewer(areas=("QXX",))], policy=rule))).reason
    assert reason == "The only reviewer who may lead it, 6 % workload after."


def test_reasons_say_that_a_linked_case_goes_along() -> None:
    """Both with one person."""
    plan = planned(snapshot([case("C1", linked_to="fire"), case("C2", linked_to="fire")]))
    assert "with the case linked to it" in row(plan).reason


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"hours_left": 9.5}, "Stays with its holder, 9.5 h left."),
        ({}, "Stays with its holder, 11.8 h left (assumed)."),
        ({"hours_left": 9.5, "locked": True}, "Locked to its holder, 9.5 h left."),
        (
            {"on_hold_since": AS_OF},
            "Stays with its holder, on hold since 2026-11-02, so no hours are planned.",
        ),
    ],
)
def test_reasons_of_kept_cases(fields: dict[str, Any], reason: str) -> None:
    """What is left, and whether it is known."""
    assert row(planned(snapshot([case(**HELD, **fields)]))).reason == reason
