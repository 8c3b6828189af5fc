"""Why a place is empty: each reason code where it fits, and not where it does not."""

from datetime import date
from typing import Any

import pytest

from allocator.audit.auditor import _look
from allocator.audit.reasons import fitting_codes
from allocator.places import Area, Contract
from allocator.reviewers import Decline
from allocator.snapshot import Snapshot
from tests.allocator.audit.build import broken, case, focused, holds, reviewer, rough, snap


def _reasons(snapshot: Snapshot, given: dict[str, str], case_id: str = "C1", role: int = 0) -> set[str]:
    """Return the codes the audit accepts for an empty place."""
    assert broken(snapshot, given) == set()
    view, _ = _look(snapshot, rough(snapshot, given))
    return fitting_codes(view)[role, view.facts.row_of[case_id]]


def test_a_case_on_hold_waits_for_that_alone() -> None:
    """Even if nobody could take it."""
    waiting = case(on_hold_since=date(2026, 10, 20), skills=("bsl",))
    assert _reasons(snap(waiting, reviewer()), {}) == {"on_hold"}


def test_where_no_one_passes_the_rule_that_removes_most_is_named() -> None:
    """Two of three lack the skill, one is elsewhere, one declined; equal counts leave the choice open."""
    people = (reviewer("R1"), reviewer("R2", areas=("QB",)), reviewer("R3", skills=("bsl",)))
    declines = (Decline(reviewer_id="R3", case_id="C1"),)
    one = case(skills=("bsl",))
    assert _reasons(snap(one, *people, declines=declines), {}) == {"skill"}
    pair = (reviewer("R1"), reviewer("R2", areas=("QB",), skills=("bsl",)))
    assert _reasons(snap(one, *pair), {}) == {"skill", "area"}


LINKED = {"linked_to": "home"}


@pytest.mark.parametrize(
    ("tables", "person", "this", "code"),
    [
        ({}, {"hours_per_week": 1.8}, {}, "no_capacity"),
        ({}, {"max_open_cases": 1}, {}, "open_cases"),
        ({}, {"cases_a_year": 1}, {}, "year_limit"),
        ({"contracts": (Contract(provider="acme", cases_left=1),)}, {"provider": "acme"}, {}, "contract"),
        ({"contracts": (Contract(provider="acme", hours_left=20.0),)}, {"provider": "acme"}, {}, "contract"),
        ({"areas": (Area(area="QA", admin_hours_per_week=0.5),)}, {}, {}, "admin"),
        ({"areas": (Area(area="QA", admin_hours_per_week=0.5),)}, {"max_open_cases": 1}, {}, "admin"),
        ({}, {"max_open_cases": 1, "cases_a_year": 1}, {}, "open_cases"),
    ],
)
def test_the_limit_that_alone_stops_all_is_named(
    tables: dict[str, Any], person: dict[str, Any], this: dict[str, Any], code: str
) -> None:
    """C2 is placed and uses up what there is; the first limit in the contract's order is named."""
    rows = (case("C1", **this), case("C2"), reviewer("R1", **person))
    assert _reasons(snap(*rows, **tables), {"C2 lead": "R1"}) == {code}


def test_a_contract_that_ended_stops_its_people() -> None:
    """Nothing else does."""
    ended = (Contract(provider="acme", ends_on=date(2026, 11, 1)),)
    assert _reasons(snap(case(), reviewer(provider="acme"), contracts=ended), {}) == {"contract"}
    assert _reasons(snap(case(), reviewer(provider="acme"), reviewer("R2"), contracts=ended), {}) == {
        "no_capacity"
    }


def test_linked_cases_stop_all_but_their_holder() -> None:
    """The holder may not take it: linked; several holders: linked; the holder could, but has no time: not."""
    held = case("C2", **LINKED, **holds("R1"))
    elsewhere = reviewer("R1", areas=("QB",))
    assert _reasons(snap(case(**LINKED), held, elsewhere, reviewer("R2")), {"C2 lead": "R1"}) == {"linked"}
    assert _reasons(snap(case(**LINKED), held, reviewer(), reviewer("R2")), {"C2 lead": "R1"}) == {
        "no_capacity"
    }
    other = case("C3", **LINKED, **holds("R2"))
    both = {"C2 lead": "R1", "C3 lead": "R2"}
    assert _reasons(snap(case(**LINKED), held, other, reviewer(), reviewer("R2")), both) == {"linked"}


def test_a_second_place_knows_only_persons_and_capacity() -> None:
    """Limits on leads do not bind seconds."""
    rows = (focused(), reviewer("R1", max_open_cases=1), reviewer("R2", skills=()))
    assert _reasons(snap(*rows), {"C1 lead": "R2"}, role=1) == {"no_capacity"}
    assert _reasons(snap(focused(), reviewer("R2", skills=())), {}, role=1) == {"skill"}


def test_the_person_of_the_other_place_is_counted_or_not() -> None:
    """R2 is the second and could be the lead but for that; R1 has no open case left: either reading fits."""
    rows = (
        focused("C1", second_reviewer_id="R2", **holds("R9")),
        reviewer("R1", max_open_cases=0),
        reviewer("R2"),
    )
    assert _reasons(snap(*rows), {"C1 second": "R2"}) == {"no_capacity", "open_cases"}
