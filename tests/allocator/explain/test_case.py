"""`explain`: one case, its places, and what stops the reviewer asked about."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from allocator.errors import BadInput
from allocator.explain import NO_REMEDY, Priced, explain
from allocator.snapshot import Snapshot
from tests.allocator.build import AS_OF, case, reviewer, snapshot
from tests.allocator.planning import QUICK, allocated, planned

HELD: dict[str, Any] = {"reviewer_id": "R1", "allocated_on": date(2026, 10, 5), "hours_left": 2.0}
PEOPLE = [reviewer(), reviewer("R2", skills=("senior",)), reviewer("R3", areas=("QXX",))]


def told(one: Snapshot, case_id: str = "C1", who: str | None = None) -> list[str]:
    """The lines about a case in its snapshot's plan."""
    return explain(one, planned(one).as_document(), case_id, who).lines()


def test_a_placed_case_says_who_why_and_what_stops_the_others() -> None:
    """R3 does not cover the area, R2 may take it too; R1, who has it, is none of the others."""
    one = snapshot(None, PEOPLE)
    lines = told(one)
    assert lines[0].startswith("C1 lead: R1. One of 2 reviewers who may lead it")
    assert lines[1] == "Others, by what stops them: area 1, may take it 1"


def test_who_is_full_of_a_case_is_not_stopped_by_it() -> None:
    """R1 has hours for this one and no other: nobody else is short of hours, and nobody is counted for it."""
    one = snapshot(None, [reviewer(hours_per_week=2.0), PEOPLE[2]])
    assert told(one)[1] == "Others, by what stops them: area 1"


def test_an_empty_place_says_what_would_help() -> None:
    """The plan's own words, and its remedy."""
    lines = told(snapshot([case(skills=("autism",))], PEOPLE))
    assert lines[0] == "C1 lead: nobody. 3 reviewers: 1 does not cover QYG, 2 lack autism."
    assert lines[1].startswith("What might help: One more reviewer who covers QYG, with autism")


def test_remedies_of_a_plan_with_moves_are_tried_with_them() -> None:
    """R1 alone has what C2 asks for, and holds C1; with more hours of R2 that one may go."""
    cases = [case(**HELD | {"hours_left": 14.0}), case("C2", skills=("autism",))]
    people = [reviewer(hours_per_week=2.0, skills=("autism",)), reviewer("R2", hours_per_week=0.5)]
    one = snapshot(cases, people)
    made = allocated(one, replace(QUICK, max_moves=1))
    priced = Priced(made.certificate.as_document(), effort=1)
    (place,) = explain(one, made.plan.as_document(), "C2", None, priced).places
    assert place.remedies is not None
    assert "2 more hours a week for R2, for 8 weeks" in [one.changes[0] for one in place.remedies]


def test_a_focused_case_has_two_places() -> None:
    """Lead and second, each with its line."""
    lines = told(snapshot([case(review_type="focused", **HELD)], PEOPLE))
    assert [line.split(".")[0] for line in lines if ":" in line and line.startswith("C1")] == [
        "C1 lead: R1",
        "C1 second: R2",
    ]


def test_every_rule_that_stops_a_reviewer_is_said() -> None:
    """Not only the first."""
    lines = told(snapshot([case(skills=("autism",))], PEOPLE), who="R3")
    assert lines[-2:] == [
        "R3 as lead: does not cover QYG (at home in QXX; the case is in QYG).",
        "R3 as lead: lacks autism (has no skill on record; autism asked for).",
    ]


def test_a_limit_that_stops_a_reviewer_is_said() -> None:
    """Who passes the rules about a person may have too few hours."""
    one = snapshot(None, [reviewer(), reviewer("R2", hours_per_week=0.5)])
    assert told(one, who="R2")[-1] == (
        "R2 as lead: may take it, but has too few hours left in the horizon "
        "(0 of 3.9 h given; this takes 14 h)."
    )


def test_whoever_could_take_it_is_told_so() -> None:
    """The plan prefers another; whoever has it has it; nobody on hold."""
    one = snapshot(None, PEOPLE)
    assert told(one, who="R2")[-1] == "R2 as lead: could take it; the plan prefers R1."
    assert told(one, who="R1")[-1] == "R1 as lead: has the place."
    held = snapshot([case(on_hold_since=AS_OF)], PEOPLE)
    assert told(held, who="R1")[-1] == "R1 as lead: may not take a case that is on hold."


def test_a_case_out_of_scope_is_said_to_be() -> None:
    """It has no places."""
    assert told(snapshot([case(out_of_scope="child")])) == ["C1 is out of scope (child): not planned."]


def test_a_plan_of_other_data_is_said_to_be() -> None:
    """Its rows may name nobody we know; that is no crash."""
    document = planned(snapshot([case(), case("C2")], PEOPLE)).as_document()
    lines = explain(snapshot(), document, "C1").lines()
    assert lines[0] == "This plan was made from other data."
    stranger = explain(snapshot([case("C9")]), document, "C9").lines()
    assert stranger[1].startswith("C9 lead: nobody. The plan does not name this place.")


def test_unknown_ids_are_faults_all_at_once() -> None:
    """Case and reviewer."""
    with pytest.raises(BadInput) as caught:
        told(snapshot(), "C9", "R9")
    assert [fault.code for fault in caught.value.faults] == ["unknown-case", "unknown-reviewer"]


def test_an_id_mistyped_is_answered_with_the_nearest() -> None:
    """Small letters for large ones; where nothing is near nothing is offered."""
    with pytest.raises(BadInput) as caught:
        told(snapshot(None, [reviewer("Jane"), reviewer("Ann")]), "C1", "jane")
    assert [fault.hint for fault in caught.value.faults] == ["did you mean `Jane`?"]
    with pytest.raises(BadInput) as caught:
        told(snapshot(), "xyz")
    assert caught.value.faults[0].hint is None


@pytest.mark.parametrize("table", ["assignments", "unassigned"])
def test_rows_that_are_no_rows_are_a_fault(table: str) -> None:
    """With where they stand."""
    with pytest.raises(BadInput) as caught:
        explain(snapshot(), {table: [{"case_id": 1}]}, "C1")
    assert caught.value.faults[0].pointer == f"/{table}"


def test_an_explanation_is_json() -> None:
    """With the same places and sentences."""
    one = snapshot([case(review_type="focused")], PEOPLE)
    document = explain(one, planned(one).as_document(), "C1", "R3").as_document()
    found = json.loads(json.dumps(document))
    assert [place["role"] for place in found["places"]] == ["lead", "second"]
    (line,) = found["places"][0]["stopped"]
    assert line == "does not cover QYG (at home in QXX; the case is in QYG)."
    assert found["places"][0]["records"] == [
        {"rule": "area", "sentence": "at home in QXX; the case is in QYG"}
    ]


def test_who_else_and_at_what_price() -> None:
    """R2 may take C1 as well, but C2 needs R2's hours: one line, exact, with what else would change."""
    people = [reviewer(hours_per_week=2.0), reviewer("R2", hours_per_week=2.0, skills=("autism",))]
    one = snapshot([case(), case("C2", skills=("autism",))], people)
    plan, certificate = allocated(one).documents
    lines = explain(one, plan, "C1", priced=Priced(certificate, effort=1)).lines()
    assert lines[-2] == "Who else as lead, and at what price to the whole plan:"
    assert lines[-1].startswith("R2 could have it for ")
    assert lines[-1].endswith(" unallocated and 7 points fewer of cost. C2 would then have nobody.")
    (place,) = explain(one, plan, "C1", priced=Priced(certificate, effort=1)).as_document()["places"]
    assert [other["proof"] for other in place["alternatives"]] == ["exact"]


def test_prices_of_a_plan_of_other_data_are_not_told() -> None:
    """The note says that it is of other data, and no price is found."""
    plan, certificate = allocated(snapshot(None, PEOPLE)).documents
    other = snapshot([case(priority=3)], PEOPLE)
    told = explain(other, plan, "C1", priced=Priced(certificate, effort=1))
    assert told.notes == ("This plan was made from other data.",)
    assert [place.alternatives for place in told.places] == [None]


def test_a_plan_that_breaks_a_rule_has_no_prices() -> None:
    """It is a fault that names the rule's sentence; `check` lists all of them."""
    one = snapshot(None, [reviewer(max_open_cases=1), reviewer("R2", areas=("QXX",))])
    plan, certificate = allocated(one).documents
    plan = {**plan, "assignments": [{**plan["assignments"][0], "reviewer_id": "R2"}]}
    with pytest.raises(BadInput) as caught:
        explain(one, plan, "C1", priced=Priced(certificate, effort=1))
    assert [fault.code for fault in caught.value.faults] == ["unsound-plan"]


def test_what_would_place_an_empty_case_is_tried() -> None:
    """Either could learn the skill; a conflict is beyond any change; a hold has to end."""
    one = snapshot([case(skills=("autism",))], PEOPLE)
    plan, certificate = allocated(one).documents
    lines = explain(one, plan, "C1", priced=Priced(certificate, effort=1)).lines()
    assert lines[1] == (
        "With the skill autism for R1, or for somebody with their hours and areas, it could be placed "
        "and nobody given up (tried by planning)."
    )
    one = snapshot(None, [reviewer(organisations=("RXX",))])
    plan, certificate = allocated(one).documents
    lines = explain(one, plan, "C1", priced=Priced(certificate, effort=1)).lines()
    assert lines[1] == NO_REMEDY
    one = snapshot([case(on_hold_since=date(2026, 10, 20))], PEOPLE)
    plan, certificate = allocated(one).documents
    lines = explain(one, plan, "C1", priced=Priced(certificate, effort=1)).lines()
    assert lines[1] == "What might help: Plan again after the hold has ended (not tested by planning)"


def test_an_empty_place_counts_every_rule_that_stops_somebody() -> None:
    """R1 lacks the skill, R2 lacks it and does not cover the area: counted by the first, and by both."""
    people = [reviewer(), reviewer("R2", areas=("QXX",))]
    one = snapshot([case(skills=("autism",))], people)
    (place,) = explain(one, planned(one).as_document(), "C1").places
    assert place.counts == {"area": 1, "skill": 1}
    assert place.every == {"area": 1, "skill": 2}
    assert "By every rule that stops them: area 1, skill 2" in told(one)
    limited = snapshot(None, [reviewer(max_open_cases=0, hours_per_week=0.5)])
    (place,) = explain(limited, planned(limited).as_document(), "C1").places
    assert place.counts == {"open_cases": 1}
    assert place.every == {"open_cases": 1, "capacity": 1}


@pytest.mark.parametrize("now", [{}, HELD | {"reviewer_id": "R2", "hours_left": None}])
def test_a_line_that_kept_a_case_is_told_when_its_holder_has_it_no_more(now: dict[str, Any]) -> None:
    """Taken back since, or given to another: it counts as new, as there is nothing left of it to keep."""
    before = planned(snapshot([case(**HELD | {"hours_left": None}), case("C2")], PEOPLE)).as_document()
    since = snapshot([case(**now), case("C2")], PEOPLE)
    for case_id in ("C1", "C2"):
        found = explain(since, before, case_id)
        assert found.notes == ("This plan was made from other data.",)
        assert found.places[0].reviewer_id is not None
    (place,) = explain(since, before, "C1").places
    assert "away_from_home_area" in {one.term for one in place.points}
