"""Held work: it stays with its holder unless a rule releases it, or moves within what is allowed."""

from datetime import date
from typing import Any

import pytest

from allocator.audit import audit
from allocator.reviewers import Decline, Interest
from tests.allocator.audit.build import AS_OF, broken, case, focused, holds, reviewer, rough, snap

PEOPLE = (reviewer(), reviewer("R2"), reviewer("R3"))
STAYS, GOES, DROPPED = {"C1 lead": "R1"}, {"C1 lead": "R2"}, dict[str, str]()


def test_a_held_case_stays_with_its_holder() -> None:
    """It is neither given to another nor dropped."""
    rows = snap(case(**holds()), *PEOPLE)
    assert broken(rows, STAYS) == set()
    assert broken(rows, GOES) == {"held"}
    assert broken(rows, DROPPED) == {"held"}


def test_only_conflict_and_exclusion_bind_a_kept_case() -> None:
    """The holder is in another area, lacks the skill, has no time and no type: they keep it."""
    poor = reviewer(areas=("QZ",), hours_per_week=0.0, review_types=("focused",), max_open_cases=0)
    assert broken(snap(case(skills=("bsl",), **holds()), poor), STAYS) == set()


RELEASES: list[tuple[dict[str, Any], dict[str, Any], dict[str, Any]]] = [
    ({"excluded_reviewers": ("R1",)}, {}, {}),
    ({}, {}, {"declines": (Decline(reviewer_id="R1", case_id="C1"),)}),
    ({"organisations": ("RXX",)}, {"organisations": ("RXX",)}, {}),
    ({}, {}, {"interests": (Interest(reviewer_id="R1", kind="personal", case_id="C1"),)}),
    ({}, {"leaves_on": date(2026, 11, 1)}, {}),
]


@pytest.mark.parametrize(("of_case", "of_reviewer", "tables"), RELEASES)
def test_a_released_case_is_new(
    of_case: dict[str, Any], of_reviewer: dict[str, Any], tables: dict[str, Any]
) -> None:
    """Conflict, exclusion, decline or leaving: another may take it or nobody, the holder may not keep it."""
    for locked in (False, True):
        rows = snap(case(locked=locked, **holds(), **of_case), reviewer(**of_reviewer), *PEOPLE[1:], **tables)
        assert broken(rows, GOES) == set()
        assert broken(rows, DROPPED) == set()
        assert broken(rows, STAYS) != set()


def test_a_case_of_someone_not_listed_is_released() -> None:
    """It is new for whoever takes it, and on hold it waits."""
    assert broken(snap(case(**holds("R9")), *PEOPLE), GOES) == set()
    waiting = case(on_hold_since=date(2026, 10, 20), **holds("R9"))
    assert broken(snap(waiting, *PEOPLE), DROPPED) == set()
    assert broken(snap(waiting, *PEOPLE), GOES) == {"hold"}


def test_a_last_day_of_today_releases_nothing() -> None:
    """leaves_on is the last day: only from the next one on has the holder left."""
    assert broken(snap(case(**holds()), reviewer(leaves_on=AS_OF), *PEOPLE[1:]), GOES) == {"held"}


def test_a_locked_case_stays() -> None:
    """The code is that of the lock, also where moves are allowed."""
    rows = snap(case(locked=True, **holds()), *PEOPLE)
    assert broken(rows, STAYS) == set()
    assert broken(rows, GOES) == {"locked", "held"}
    assert broken(rows, GOES, max_moves=1) == {"locked"}


def test_a_case_on_hold_gets_no_new_lead_and_keeps_the_one_it_has() -> None:
    """Held ones stay, new ones wait."""
    on_hold: dict[str, Any] = {"on_hold_since": date(2026, 10, 20)}
    assert broken(snap(case(**on_hold), *PEOPLE), STAYS) == {"hold"}
    assert broken(snap(case(**on_hold), *PEOPLE), DROPPED) == set()
    assert broken(snap(case(**on_hold, **holds()), *PEOPLE), STAYS) == set()


def test_moves_stay_within_the_number_allowed() -> None:
    """Two moves need two; a move is never a drop."""
    rows = snap(case("C1", **holds()), case("C2", **holds()), *PEOPLE)
    both = {"C1 lead": "R2", "C2 lead": "R3"}
    assert broken(rows, both, max_moves=2) == set()
    assert broken(rows, both, max_moves=1) == {"held"}
    assert broken(rows, STAYS, max_moves=2) == {"held"}


@pytest.mark.parametrize(
    ("more", "codes"),
    [({}, set()), ({"linked_to": "home"}, {"held", "linked"}), ({"on_hold_since": AS_OF}, {"held", "hold"})],
)
def test_linked_cases_and_those_on_hold_do_not_move(more: dict[str, Any], codes: set[str]) -> None:
    """Whatever number of moves is allowed."""
    assert broken(snap(case(**holds(), **more), *PEOPLE), GOES, max_moves=5) == codes


def test_a_second_is_another_person_and_comes_with_a_lead() -> None:
    """Not the lead; not without one; not while on hold; a kept one may stay alone."""
    assert broken(snap(focused(), *PEOPLE), {"C1 lead": "R1", "C1 second": "R2"}) == set()
    assert broken(snap(focused(), *PEOPLE), {"C1 lead": "R1", "C1 second": "R1"}) == {"assignment"}
    assert broken(snap(focused(), *PEOPLE), {"C1 second": "R1"}) == {"assignment"}
    on_hold = focused(on_hold_since=date(2026, 10, 20), **holds())
    assert broken(snap(on_hold, *PEOPLE), {"C1 lead": "R1", "C1 second": "R2"}) == {"assignment"}
    alone = focused(second_reviewer_id="R2", **holds("R9"))
    assert broken(snap(alone, *PEOPLE), {"C1 second": "R2"}) == set()
    assert broken(snap(alone, *PEOPLE), {"C1 lead": "R2", "C1 second": "R2"}) == {"assignment"}


def test_a_held_second_stays_with_its_second() -> None:
    """No move is allowed for seconds; a rule releases them as it does leads."""
    held = focused(second_reviewer_id="R2", **holds())
    kept = {"C1 lead": "R1", "C1 second": "R2"}
    assert broken(snap(held, *PEOPLE), kept) == set()
    assert broken(snap(held, *PEOPLE), {"C1 lead": "R1", "C1 second": "R3"}, max_moves=3) == {"held"}
    assert broken(snap(held, *PEOPLE), STAYS) == {"held"}
    declines = (Decline(reviewer_id="R2", case_id="C1"),)
    assert broken(snap(held, *PEOPLE, declines=declines), {"C1 lead": "R1", "C1 second": "R3"}) == set()
    assert broken(snap(held, *PEOPLE, declines=declines), kept) == {"excluded"}


def test_a_type_without_a_second_has_no_second_line() -> None:
    """A second line of an initial case is not an assignment the contract knows."""
    rows = snap(case(), *PEOPLE)
    plan = rough(rows, STAYS)
    plan["assignments"].append({**plan["assignments"][0], "role": "second", "reviewer_id": "R2"})
    assert "assignment" in {finding.code for finding in audit(rows, plan, None)}


def test_cases_out_of_scope_are_held_by_nobody() -> None:
    """They take no time, count as no open case, and stand in no plan."""
    outside = case("C1", out_of_scope="child", **holds(hours_left=234.0))
    rows = snap(outside, case("C2", effort_hours=234.0), reviewer(max_open_cases=1))
    assert broken(rows, {"C2 lead": "R1"}) == set()
