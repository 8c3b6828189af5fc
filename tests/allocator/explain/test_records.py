"""What is on record behind each rule: told where it stops a reviewer, and where it is met."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from allocator.explain import explain
from allocator.explain.records import TABLE
from allocator.places import Area, Contract, Organisation
from allocator.reviewers import Absence, Decline, Interest
from allocator.rules import RULES
from allocator.snapshot import Snapshot
from tests.allocator.build import AS_OF, case, policy, reviewer, snapshot
from tests.allocator.planning import planned

LAST = date(2026, 12, 31)


def behind(one: Snapshot, who: str, case_id: str = "C1", redact: bool = False) -> list[str]:
    """`rule: sentence` of all that stops a reviewer from leading a case, in the snapshot's plan."""
    told = explain(one, planned(one).as_document(), case_id, who, redact=redact)
    return [f"{record.rule}: {record.sentence}" for record in told.places[0].records or ()]


def met(one: Snapshot, case_id: str = "C1") -> dict[str, str]:
    """By rule what is on record of who has a case."""
    place = explain(one, planned(one).as_document(), case_id).places[0]
    return {record.rule: record.sentence for record in place.met}


def interest(**fields: Any) -> Interest:
    """R2's interest, in RXX unless given."""
    plain = {"kind": "employment"} | ({} if "case_id" in fields else {"organisation": "RXX"})
    return Interest.model_validate({"reviewer_id": "R2", **plain, **fields})


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "an employment interest in RXX, still open"),
        ({"from": "2020-01-01"}, "an employment interest in RXX, from 2020-01-01 and still open"),
        ({"to": "2026-01-31"}, "an employment interest in RXX, to 2026-01-31, which counts until 2028-01-30"),
        (
            {"kind": "financial", "from": "2020-01-01", "to": "2026-01-31"},
            "a financial interest in RXX, from 2020-01-01 to 2026-01-31, which counts until 2028-01-30",
        ),
        (
            {"kind": "involvement", "to": "2001-01-31"},
            "an involvement interest in RXX, to 2001-01-31, which never cools off",
        ),
        ({"case_id": "C1"}, "an employment interest in C1, which never cools off"),
        ({"organisation": "RYY"}, "an employment interest in RYY, the same organisation as RXX, still open"),
    ],
)
def test_the_interest_and_how_long_it_counts(fields: dict[str, Any], sentence: str) -> None:
    """And to those who may not see more only that there is one."""
    merged = (Organisation(organisation="RYY", successor="RXX"),)
    people = [reviewer(), reviewer("R2")]
    one = snapshot(None, people, interests=(interest(**fields),), organisations=merged)
    assert behind(one, "R2") == [f"conflict: {sentence}"]
    assert behind(one, "R2", redact=True) == ["conflict: a recorded interest"]


def test_an_interest_that_no_longer_counts_is_no_record() -> None:
    """The near miss: a day later, and R2 could have it."""
    ended = interest(to=date(2024, 11, 2))
    assert behind(snapshot(None, [reviewer(), reviewer("R2")], interests=(ended,)), "R2") == []
    counts = interest(to=date(2024, 11, 3))
    one = snapshot(None, [reviewer(), reviewer("R2")], interests=(counts,))
    assert behind(one, "R2") == [
        "conflict: an employment interest in RXX, to 2024-11-03, which counts until 2026-11-02"
    ]


def test_a_post_and_the_commissioner() -> None:
    """A post now at the case's organisation, or at who commissions its area."""
    people = [reviewer(), reviewer("R2", organisations=("RXX", "C01"))]
    area = Area(area="QYG", organisation="C01")
    one = snapshot(None, people, areas=(area,), policy=policy(conflict={"commissioner_is_conflict": True}))
    assert behind(one, "R2") == [
        "conflict: has a post at RXX",
        "conflict: has a post at C01, the commissioner of QYG",
    ]
    assert behind(one, "R2", redact=True) == ["conflict: a recorded interest"]


def test_exclusions_and_refusals() -> None:
    """By name and by day."""
    declined = Decline(reviewer_id="R2", case_id="C1", on=date(2026, 10, 9))
    one = snapshot([case(excluded_reviewers=("R2",))], [reviewer(), reviewer("R2")], declines=(declined,))
    assert behind(one, "R2") == ["excluded: excluded from C1 by name", "excluded: declined C1 on 2026-10-09"]
    assert behind(one, "R2", redact=True) == ["excluded: a recorded exclusion or refusal"]


@pytest.mark.parametrize(
    ("fields", "record"),
    [
        ({"review_types": ("focused",)}, "type: may lead focused reviews; this is initial"),
        ({"areas": ("QXX", "QZZ")}, "area: at home in QXX and covers QZZ; the case is in QYG"),
        ({"hours_per_week": 0.5}, "capacity: 0 of 3.9 h given; this takes 14 h"),
        ({"max_open_cases": 0}, "open_cases: leads 0 open cases; at most 0"),
        (
            {"cases_a_year": 4, "cases_this_year": 4},
            "year_limit: 4 leads this year and 0 new in this plan; at most 4",
        ),
        (
            {"leaves_on": date(2026, 11, 20)},
            "available: 90 h in 8 weeks, at 30 h a week, leaves on 2026-11-20, evidence is due on 2026-12-14",
        ),
        ({"starts_on": date(2027, 5, 1)}, "available: 0 h in 8 weeks, at 30 h a week, starts on 2027-05-01"),
        ({"provider": "P1"}, "contract: contract of p1: 0 cases left after this plan"),
        (
            {"provider": "P2"},
            "contract: contract of p2: 5 h left after this plan, ends on 2026-12-31",
        ),
    ],
)
def test_each_rule_has_its_record(fields: dict[str, Any], record: str) -> None:
    """Days, hours and limits as they were counted."""
    contracts = (Contract(provider="P1", cases_left=0), Contract(provider="P2", hours_left=5.0, ends_on=LAST))
    one = snapshot(None, [reviewer(), reviewer("R2", **fields)], contracts=contracts)
    assert behind(one, "R2") == [record]


def test_absences_are_told_and_how_much_they_take() -> None:
    """All of it or a part; one that is over is not told."""
    away = [
        Absence(reviewer_id="R2", **{"from": date(2026, 10, 1)}, to=date(2026, 10, 31)),
        Absence(reviewer_id="R2", **{"from": AS_OF}, to=date(2027, 3, 1)),
        Absence(reviewer_id="R2", **{"from": AS_OF}, to=LAST, percent=50),
    ]
    (record,) = behind(snapshot(None, [reviewer(), reviewer("R2")], absences=tuple(away)), "R2")
    assert record == (
        "available: 0 h in 8 weeks, at 30 h a week, away from 2026-11-02 to 2026-12-31 for 50 % of the time, "
        "away from 2026-11-02 to 2027-03-01"
    )


def test_distance_neighbours_links_and_administration() -> None:
    """Rules of the area, the label and the place."""
    near = policy(geography={"rule": "distance", "max_distance_km": 50})
    spots = {"latitude": 53.0, "longitude": -2.0}
    far = [reviewer(**spots), reviewer("R2", latitude=54.0, longitude=-2.0)]
    assert behind(snapshot([case(**spots)], far, policy=near), "R2") == ["area: 111.2 km away; at most 50 km"]
    areas = (Area(area="QYG", neighbours=("QXX",)), Area(area="QZZ", admin_hours_per_week=0.0))
    people = [reviewer(), reviewer("R2", areas=("QWW",))]
    assert behind(snapshot(None, people, areas=areas), "R2") == [
        "area: at home in QWW; the case is in QYG, which may be served from QXX"
    ]
    stuck = snapshot([case(area="QZZ")], [reviewer("R2", areas=("QZZ",))], areas=areas)
    assert behind(stuck, "R2") == [
        "admin: 0.0 h of administration left in QZZ after this plan; this takes 4 h"
    ]
    held = {"reviewer_id": "R1", "allocated_on": date(2026, 10, 5), "hours_left": 2.0, "linked_to": "sisters"}
    linked = snapshot([case(**held), case("C2", linked_to="sisters")], [reviewer(), reviewer("R2")])
    assert behind(linked, "R2", "C2") == ["linked: linked by sisters; those cases are led by R1"]


def test_what_is_met_is_told_in_the_same_words() -> None:
    """With this place counted; nothing where there is no limit."""
    one = snapshot(None, [reviewer(max_open_cases=3)])
    assert met(one) == {
        "type": "may lead reviews of every type; this is initial",
        "skill": "has no skill on record; no skill asked for",
        "area": "at home in QYG; the case is in QYG",
        "excluded": "neither excluded from the case nor declined it",
        "conflict": "no post and no interest that counts against RXX",
        "available": "234 h in 8 weeks, at 30 h a week",
        "capacity": "14 of 234 h given, 14 h of it to this",
        "open_cases": "leads 1 open cases, this included; at most 3",
    }
    unknown = snapshot([case(organisations=())])
    assert met(unknown)["conflict"] == "no organisation of the case is known"


def test_an_interest_elsewhere_is_never_hidden_behind_a_word() -> None:
    """Where nothing stops the holder there is nothing to redact."""
    one = snapshot(None, [reviewer()])
    told = explain(one, planned(one).as_document(), "C1", redact=True).places[0]
    assert {r.rule: r.sentence for r in told.met}["conflict"].startswith("no post and no interest")


def test_every_rule_about_a_reviewer_and_a_case_has_a_record() -> None:
    """A new rule without one fails here."""
    of_a_place = {"held", "locked", "hold", "assignment"}
    assert {rule.code for rule in RULES} - of_a_place == set(TABLE)
