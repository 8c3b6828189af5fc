"""Rules that bind many lines at once: each trivially fine, broken, and only just not broken."""

from datetime import date
from typing import Any

import pytest

from allocator.places import Area, Contract
from allocator.reviewers import Absence
from tests.allocator.audit.build import broken, case, focused, holds, policy, reviewer, snap

TWO = {"C1 lead": "R1", "C2 lead": "R1"}


@pytest.mark.parametrize(
    ("hours", "codes"), [(234.0, set()), (234.01, {"capacity"}), (234.008, set()), (117.0, set())]
)
def test_the_minutes_given_fit_the_capacity(hours: float, codes: set[str]) -> None:
    """39 working days of 6 hours are 234; what is below half a minute is rounded away."""
    assert broken(snap(case(effort_hours=hours), reviewer()), {"C1 lead": "R1"}) == codes


def test_the_limit_is_the_capacity_times_the_largest_workload() -> None:
    """With 50 % of 234 hours, 117 fit."""
    half = policy(capacity={"max_workload": 0.5})
    assert broken(snap(case(effort_hours=117.0), reviewer(), policy=half), {"C1 lead": "R1"}) == set()
    assert broken(snap(case(effort_hours=117.02), reviewer(), policy=half), {"C1 lead": "R1"}) == {"capacity"}


def test_hours_count_times_the_factor_of_the_reviewer() -> None:
    """156 hours × 1.5 are 234."""
    slow = reviewer(hours_factor=1.5)
    assert broken(snap(case(effort_hours=156.0), slow), {"C1 lead": "R1"}) == set()
    assert broken(snap(case(effort_hours=156.01), slow), {"C1 lead": "R1"}) == {"capacity"}


@pytest.mark.parametrize(
    ("absences", "lost"),
    [
        ([("2026-11-02", "2026-11-06", 100.0)], 30.0),
        ([("2026-10-01", "2026-11-02", 50.0)], 3.0),
        ([("2026-11-07", "2026-11-08", 100.0)], 0.0),
        ([("2026-11-02", "2026-11-02", 60.0), ("2026-11-02", "2026-11-02", 70.0)], 6.0),
        ([("2026-11-02", "2026-11-02", 33.3), ("2026-11-03", "2026-11-03", 66.7)], 6.0),
        ([("2026-12-25", "2026-12-25", 100.0)], 0.0),
        ([("2026-12-28", "2027-12-31", 100.0)], 0.0),
    ],
)
def test_absences_take_their_share_of_working_days(
    absences: list[tuple[str, str, float]], lost: float
) -> None:
    """Overlapping ones never more than the whole day; weekends, bank holidays and later days nothing."""
    rows = tuple(
        Absence(reviewer_id="R1", from_=date.fromisoformat(first), to=date.fromisoformat(last), percent=share)
        for first, last, share in absences
    )
    for extra, codes in ((0.0, set()), (0.02, {"capacity"})):
        one = case(effort_hours=234.0 - lost + extra)
        assert broken(snap(one, reviewer(), absences=rows), {"C1 lead": "R1"}) == codes


@pytest.mark.parametrize(
    ("more", "hours"),
    [
        ({"starts_on": date(2026, 11, 9)}, 204.0),
        ({"leaves_on": date(2026, 12, 18)}, 210.0),
        ({"horizon_weeks": 2}, 60.0),
        ({"horizon_weeks": 9}, 252.0),
        ({"employment": "day_job", "hours_per_week": 1.0}, 50.4),
    ],
)
def test_the_capacity_is_that_of_the_horizon_and_the_days_in_service(
    more: dict[str, Any], hours: float
) -> None:
    """Three bank holidays in nine weeks; day-job staff have 52 weeks with eight of them."""
    for extra, codes in ((0.0, set()), (0.02, {"capacity"})):
        assert broken(snap(case(effort_hours=hours + extra), reviewer(**more)), {"C1 lead": "R1"}) == codes


def test_held_work_counts_and_beyond_the_limit_blocks_all_that_is_new() -> None:
    """230 hours left and 4 more fit; 235 left are kept and nothing is added, not even a minute."""
    for left, effort, codes in (
        (230.0, 4.0, set()),
        (230.0, 4.02, {"capacity"}),
        (235.0, 0.001, {"capacity"}),
    ):
        rows = (case("C1", **holds(hours_left=left)), case("C2", effort_hours=effort), reviewer())
        assert broken(snap(*rows), TWO) == codes
        assert broken(snap(*rows), {"C1 lead": "R1"}) == set()


def test_held_work_on_hold_takes_no_time_and_seconds_take_theirs() -> None:
    """A case on hold with 200 hours left leaves room for 234; a second of 3 hours leaves 231."""
    on_hold = case("C1", **holds(hours_left=200.0), on_hold_since=date(2026, 10, 20))
    assert broken(snap(on_hold, case("C2", effort_hours=234.0), reviewer()), TWO) == set()
    for effort, codes in ((231.0, set()), (231.02, {"capacity"})):
        rows = (focused("C1", effort_hours=1.0), case("C2", effort_hours=effort), reviewer(), reviewer("R2"))
        given = {"C1 lead": "R2", "C1 second": "R1", "C2 lead": "R1"}
        assert broken(snap(*rows), given) == codes


def test_hours_left_not_given_are_assumed_by_the_days_still_to_run() -> None:
    """Allocated on 2 October, due on 1 April: 150 of 181 days run, of 14 hours 11.6 are left, 696 minutes."""
    rows = (case("C1", **holds()), reviewer())
    for effort, codes in ((222.4, set()), (222.41, {"capacity"})):
        assert broken(snap(*rows, case("C2", effort_hours=effort)), TWO) == codes


@pytest.mark.parametrize(
    ("more", "codes"),
    [
        ({}, set()),
        ({"max_open_cases": 3}, set()),
        ({"max_open_cases": 2}, {"open_cases"}),
        ({"employment": "day_job"}, {"open_cases"}),
        ({"employment": "day_job", "max_open_cases": 3}, set()),
    ],
)
def test_open_leads_stay_within_the_limit(more: dict[str, Any], codes: set[str]) -> None:
    """One kept on hold and two new are three; day-job staff without a limit have the policy's two."""
    rows = (case("C0", **holds(), on_hold_since=date(2026, 10, 20)), case("C1"), case("C2"))
    assert broken(snap(*rows, reviewer(**more)), {"C0 lead": "R1", **TWO}) == codes


def test_held_leads_above_the_limit_are_kept_and_block_new_ones() -> None:
    """Two held with a limit of one is no fault of the plan; a third is."""
    rows = (case("C1", **holds()), case("C2", **holds()), case("C3"), reviewer(max_open_cases=1))
    assert broken(snap(*rows), TWO) == set()
    assert broken(snap(*rows), {**TWO, "C3 lead": "R1"}) == {"open_cases"}


@pytest.mark.parametrize(("done", "codes"), [(3, set()), (4, {"year_limit"}), (None, set())])
def test_new_leads_stay_within_the_year(done: int | None, codes: set[str]) -> None:
    """Five a year and three had: two more. Held ones are among those had."""
    rows = (case("C0", **holds()), case("C1"), case("C2"), reviewer(cases_a_year=5, cases_this_year=done))
    assert broken(snap(*rows), {"C0 lead": "R1", **TWO}) == codes
    assert broken(snap(*rows[:1], reviewer(cases_a_year=5, cases_this_year=9)), {"C0 lead": "R1"}) == set()


@pytest.mark.parametrize(
    ("terms", "codes"),
    [
        ({}, set()),
        ({"cases_left": 2}, set()),
        ({"cases_left": 1}, {"contract"}),
        ({"hours_left": 28.0}, set()),
        ({"hours_left": 27.99}, {"contract"}),
        ({"ends_on": date(2026, 11, 2)}, set()),
        ({"ends_on": date(2026, 11, 1)}, {"contract"}),
    ],
)
def test_new_leads_of_a_providers_reviewers_stay_within_its_contract(
    terms: dict[str, Any], codes: set[str]
) -> None:
    """Two leads of 14 hours by two people of one provider; kept leads do not count."""
    people = (reviewer(provider="acme"), reviewer("R2", provider="acme"), reviewer("R3"))
    rows = (case("C1"), case("C2"), case("C3"), case("C4", **holds()))
    given = {"C1 lead": "R1", "C2 lead": "R2", "C3 lead": "R3", "C4 lead": "R1"}
    contracts = (Contract(provider="acme", **terms), Contract(provider="other", cases_left=0))
    assert broken(snap(*rows, *people, contracts=contracts), given) == codes


@pytest.mark.parametrize(
    ("weekly", "codes"), [(None, set()), (1.25, set()), (1.24, {"admin"}), (0.2, {"admin"})]
)
def test_administration_stays_within_the_areas_hours(weekly: float | None, codes: set[str]) -> None:
    """Two new leads of 4 hours and 2 hours left of a held case are 10 in 8 weeks."""
    areas = (Area(area="QA", admin_hours_per_week=weekly), Area(area="QB", admin_hours_per_week=0.0))
    rows = (case("C1"), case("C2"), case("C3", **holds(admin_hours_left=2.0)), reviewer())
    assert broken(snap(*rows, areas=areas), {**TWO, "C3 lead": "R1"}) == codes
    assert broken(snap(rows[2], rows[3], areas=areas), {"C3 lead": "R1"}) == set()


def test_a_released_case_asks_no_administration_again_but_waits_where_there_is_none() -> None:
    """Its holder is gone: 0 hours fit into 0, but not where held work is already beyond the limit."""
    gone = case("C1", **holds("R9"))
    areas = (Area(area="QA", admin_hours_per_week=0.0),)
    assert broken(snap(gone, reviewer(), areas=areas), {"C1 lead": "R1"}) == set()
    rows = (gone, case("C2", **holds(admin_hours_left=1.0)), reviewer())
    assert broken(snap(*rows, areas=areas), TWO) == {"admin"}


def test_linked_new_leads_go_to_one_person() -> None:
    """Together, or one of them, or none; never to two."""
    rows = (case("C1", linked_to="home"), case("C2", linked_to="home"), case("C3", linked_to="else"))
    people = (reviewer(), reviewer("R2"))
    assert broken(snap(*rows, *people), {**TWO, "C3 lead": "R2"}) == set()
    assert broken(snap(*rows, *people), {"C1 lead": "R1"}) == set()
    assert broken(snap(*rows, *people), {"C1 lead": "R1", "C2 lead": "R2"}) == {"linked"}


def test_linked_new_leads_go_to_the_holder_if_there_is_one() -> None:
    """With one holder to them; with several, who all keep theirs, to nobody."""
    people = (reviewer(), reviewer("R2"))
    held, new = case("C1", linked_to="home", **holds()), case("C2", linked_to="home")
    assert broken(snap(held, new, *people), TWO) == set()
    assert broken(snap(held, new, *people), {"C1 lead": "R1", "C2 lead": "R2"}) == {"linked"}
    other = case("C3", linked_to="home", **holds("R2"))
    both = {"C1 lead": "R1", "C3 lead": "R2"}
    assert broken(snap(held, new, other, *people), both) == set()
    assert broken(snap(held, new, other, *people), {**both, "C2 lead": "R2"}) == {"linked"}


def test_an_assumed_remainder_is_at_least_a_tenth() -> None:
    """Long past its date, or allocated after it: 1.4 hours of 14 are left."""
    for allocated_on in (date(2026, 1, 5), date(2026, 10, 2)):
        late = case("C1", notified_on=date(2026, 1, 4), reviewer_id="R1", allocated_on=allocated_on)
        for effort, codes in ((232.6, set()), (232.61, {"capacity"})):
            assert broken(snap(late, case("C2", effort_hours=effort), reviewer()), TWO) == codes
