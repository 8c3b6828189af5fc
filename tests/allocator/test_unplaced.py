"""Why places are empty: the contract's reason codes, the counts, and what would help."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from allocator.places import Area, Contract
from allocator.snapshot import Snapshot
from tests.allocator.build import AS_OF, case, policy, reviewer, snapshot
from tests.allocator.planning import gap, planned

DAY = timedelta(days=1)
HELD: dict[str, Any] = {"reviewer_id": "R1", "allocated_on": date(2026, 10, 5)}
NOT_TESTED = "(not tested by planning)"


def why(one: Snapshot, case_id: str = "C1", role: str = "lead") -> tuple[str, str]:
    """Reason code and reason of an empty place."""
    found = gap(planned(one), case_id, role)
    assert found.remedy.endswith(NOT_TESTED)
    return found.reason_code, found.reason


def test_counts_add_up_and_each_reviewer_is_counted_once() -> None:
    """As a coordinator would say it: area first, then skills, then conflict, then hours."""
    people = [
        *(reviewer(f"A{i}", areas=("QXX",)) for i in range(5)),
        *(reviewer(f"B{i}") for i in range(3)),
        *(reviewer(f"D{i}", skills=("autism",), organisations=("RXX",)) for i in range(2)),
        *(reviewer(f"E{i}", skills=("autism",), hours_per_week=0.5) for i in range(2)),
    ]
    assert why(snapshot([case(skills=("autism",))], people)) == (
        "no_capacity",
        "12 reviewers: 5 do not cover QYG, 3 lack autism, 2 have a conflict of interest, "
        "2 may take it, but have too few hours left in the horizon.",
    )


def test_the_remedy_says_whom_or_what_it_takes() -> None:
    """More hours or one more reviewer who could take it, and that nobody has tried."""
    found = gap(planned(snapshot(None, [reviewer(hours_per_week=0.5)])))
    assert found.remedy == (
        "More hours for the one who may take it, or a longer horizon, or one more reviewer who covers QYG, "
        "who may lead initial reviews, with no conflict of interest and with hours in the horizon "
        "(not tested by planning)"
    )


def test_hours_are_asked_only_for_whom_nothing_else_stops() -> None:
    """More hours do not help someone who has as many open cases as allowed, or as many a year."""
    full, had = reviewer("A", max_open_cases=0), reviewer("B", cases_a_year=0)
    found = gap(planned(snapshot(None, [full, had, reviewer("C", hours_per_week=0.5)])))
    assert found.reason_code == "no_capacity"
    assert found.remedy.startswith("More hours for the one with too few, or a longer horizon, or one more")
    found = gap(planned(snapshot(None, [full, had])))
    assert found.reason_code == "no_capacity"
    assert found.remedy.startswith("A higher limit for one of the 2 who may take it, or one more reviewer")


def test_on_hold_goes_before_everything() -> None:
    """With the hold's reason and its expected end."""
    held = case(on_hold_since=AS_OF - DAY, hold_reason="coroner", hold_until=date(2026, 12, 1))
    found = gap(planned(snapshot([held], [])))
    assert found.reason_code == "on_hold"
    assert found.reason == "On hold since 2026-11-01 (coroner): a case on hold gets nobody new."
    assert found.remedy == f"Plan again after the hold has ended, expected on 2026-12-01 {NOT_TESTED}"


def test_the_rule_that_alone_removes_most_is_the_code() -> None:
    """Three lack the skill, two of them also do not cover the area."""
    people = [reviewer("A", areas=("QXX",)), reviewer("B", areas=("QXX",)), reviewer("C")]
    code, reason = why(snapshot([case(skills=("autism",))], people))
    assert code == "skill"
    assert reason == "3 reviewers: 2 do not cover QYG, 1 lacks autism."


@pytest.mark.parametrize(
    ("people", "fields", "code", "said"),
    [
        ({"review_types": ("focused",)}, {}, "type", "1 may not lead initial reviews"),
        ({}, {"skills": ("autism", "mha")}, "skill", "1 lacks autism or mha"),
        ({"areas": ("QXX",)}, {}, "area", "1 does not cover QYG"),
        ({}, {"excluded_reviewers": ("R1",)}, "excluded", "1 is excluded from the case or has declined it"),
        ({"organisations": ("RXX",)}, {}, "conflict", "1 has a conflict of interest"),
        (
            {"hours_per_week": 0.0},
            {},
            "available",
            "1 has no hours in the horizon or leaves before the evidence is due",
        ),
        (
            {"max_open_cases": 0},
            {},
            "open_cases",
            "1 may take it, but has as many open cases as allowed",
        ),
        (
            {"cases_a_year": 0},
            {},
            "year_limit",
            "1 may take it, but has had as many cases this year as allowed",
        ),
    ],
)
def test_each_rule_has_its_code_and_its_words(
    people: dict[str, Any], fields: dict[str, Any], code: str, said: str
) -> None:
    """One reviewer, one case, one thing in the way."""
    one = snapshot([case(**fields)], [reviewer(**people)])
    assert why(one) == (code, f"1 reviewer: {said}.")


def test_too_far_away() -> None:
    """Where the policy asks for a distance."""
    rule = policy(geography={"rule": "distance", "max_distance_km": 10.0})
    one = snapshot(
        [case(latitude=53.0, longitude=0.0)], [reviewer(latitude=52.0, longitude=0.0)], policy=rule
    )
    assert why(one) == ("area", "1 reviewer: 1 is too far away.")
    assert gap(planned(one)).remedy.startswith("One more reviewer near enough, ")


def test_held_back_as_its_organisations_are_not_known() -> None:
    """The conflict rule, in words of its own, and the remedy is to find out."""
    rule = policy(conflict={"unknown_organisations": "hold"})
    one = snapshot([case(organisations=())], policy=rule)
    assert why(one) == ("conflict", "1 reviewer: 1 may not lead a case whose organisations are not known.")
    assert gap(planned(one)).remedy == f"The codes of the organisations involved in the care {NOT_TESTED}"


def test_linked_with_someone_who_may_not() -> None:
    """R1 holds the linked case but does not cover this one's area; R2 does."""
    held = case("C2", linked_to="fire", hours_left=1.0, area="QXX", **HELD)
    people = [reviewer(areas=("QXX",)), reviewer("R2")]
    code, reason = why(snapshot([case(linked_to="fire"), held], people))
    assert code == "linked"
    assert (
        reason == "2 reviewers: 1 does not cover QYG, 1 may take it, but a linked case is with someone else."
    )


def test_linked_with_several_holders() -> None:
    """Nobody may take it."""
    held = [
        case("C2", linked_to="fire", hours_left=1.0, **HELD),
        case("C3", linked_to="fire", hours_left=1.0, reviewer_id="R2", allocated_on=date(2026, 10, 5)),
    ]
    code, _ = why(snapshot([case(linked_to="fire"), *held], [reviewer(), reviewer("R2")]))
    assert code == "linked"


def test_no_administration_left() -> None:
    """Four hours are needed, three and a fifth are there."""
    code, reason = why(snapshot(areas=(Area(area="QYG", admin_hours_per_week=0.4),)))
    assert code == "admin"
    assert reason == "1 reviewer: 1 may take it, but QYG has too little administration left."


@pytest.mark.parametrize(
    "fields", [{"cases_left": 0}, {"hours_left": 13.0}, {"ends_on": AS_OF - DAY}], ids=lambda f: next(iter(f))
)
def test_no_contract_left(fields: dict[str, Any]) -> None:
    """No cases, too few hours, or ended."""
    contract = (Contract(provider="acme", **fields),)
    code, reason = why(snapshot(None, [reviewer(provider="acme")], contracts=contract))
    assert code == "contract"
    ended = "their provider's contract has ended or has too little left"
    assert reason == f"1 reviewer: 1 may take it, but {ended}."


def test_a_second_waits_for_a_lead() -> None:
    """Nobody may lead the case, so nobody is second though one could be."""
    people = [reviewer(review_types=("initial",), skills=("senior",))]
    one = snapshot([case(review_type="focused")], people)
    assert why(one, role="second") == (
        "no_capacity",
        "1 reviewer: 1 may not be second while the case has no lead.",
    )
    assert gap(planned(one), role="second").remedy == f"A lead for the case {NOT_TESTED}"


def test_the_lead_cannot_be_the_second_too() -> None:
    """The only one who has the skill leads the case."""
    one = snapshot([case(review_type="focused", hours_left=1.0, **HELD)], [reviewer(skills=("senior",))])
    assert why(one, role="second")[1] == "1 reviewer: 1 is its lead."


def test_without_reviewers_nobody_is_available() -> None:
    """No rule stops anybody, and there is nobody to stop."""
    assert why(snapshot(None, [])) == ("available", "There are no reviewers.")
