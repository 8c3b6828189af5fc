"""Rules about one person and one place: each trivially fine, broken, and only just not broken."""

from datetime import date, timedelta
from typing import Any

import pytest

from allocator.audit.clock import add_months
from allocator.places import Area, Organisation
from allocator.reviewers import Absence, Decline, Interest
from allocator.snapshot import Snapshot
from tests.allocator.audit.build import AS_OF, broken, case, focused, holds, policy, reviewer, snap

C1 = {"C1 lead": "R1"}
BOTH = {"C1 lead": "R1", "C1 second": "R2"}


def test_a_plain_assignment_breaks_no_rule() -> None:
    """One case, one reviewer, nothing against it."""
    assert broken(snap(case(), reviewer()), C1) == set()


@pytest.mark.parametrize(
    ("types", "codes"),
    [((), set()), (("initial",), set()), (("focused",), {"type"}), (("focused", "initial"), set())],
)
def test_a_lead_must_be_allowed_the_type(types: tuple[str, ...], codes: set[str]) -> None:
    """Empty means every type; a list means those alone."""
    assert broken(snap(case(), reviewer(review_types=types)), C1) == codes


def test_a_second_need_not_be_allowed_the_type() -> None:
    """`type` is a rule about leads."""
    rows = (focused(), reviewer(), reviewer("R2", review_types=("initial",)))
    assert broken(snap(*rows), BOTH) == set()


@pytest.mark.parametrize(
    ("has", "codes"), [(("autism", "bsl"), set()), (("autism",), {"skill"}), (("autism", "bsl", "x"), set())]
)
def test_a_lead_must_have_every_skill_of_the_case(has: tuple[str, ...], codes: set[str]) -> None:
    """All but one is not enough."""
    assert broken(snap(case(skills=("autism", "bsl")), reviewer(skills=has)), C1) == codes


def test_a_second_must_have_the_skills_of_seconds_and_not_those_of_the_case() -> None:
    """`senior` is asked of seconds, `bsl` of the lead alone."""
    rows = (focused(skills=("bsl",)), reviewer(skills=("bsl",)))
    assert broken(snap(*rows, reviewer("R2")), BOTH) == set()
    assert broken(snap(*rows, reviewer("R2", skills=("bsl",))), BOTH) == {"skill"}


@pytest.mark.parametrize(
    ("areas", "codes"),
    [
        (("QB", "QA"), set()),
        (("QN",), set()),
        (("QB",), {"area"}),
        (("QB", "QN"), {"area"}),
        (("QO",), {"area"}),
    ],
)
def test_the_area_is_covered_or_the_home_is_a_neighbour_of_it(
    areas: tuple[str, ...], codes: set[str]
) -> None:
    """QN is a neighbour of QA, read one way; only the home area counts as a neighbour, not others covered."""
    tables = (
        Area(area="QA", neighbours=("QN",)),
        Area(area="QB"),
        Area(area="QN"),
        Area(area="QO", neighbours=("QA",)),
    )
    assert broken(snap(case(), reviewer(areas=areas), areas=tables), C1) == codes
    rows = (focused(), reviewer(), reviewer("R2", areas=areas))
    assert broken(snap(*rows, areas=tables), BOTH) == codes
    anywhere = policy(geography={"rule": "anywhere"})
    assert broken(snap(case(), reviewer(areas=areas), areas=tables, policy=anywhere), C1) == set()


@pytest.mark.parametrize(
    ("own", "usual", "codes"),
    [
        (None, None, set()),
        (12.0, None, set()),
        (11.0, None, {"area"}),
        (None, 11.0, {"area"}),
        (12.0, 11.0, set()),
    ],
)
def test_the_distance_is_within_the_own_limit_or_else_the_policys(
    own: float | None, usual: float | None, codes: set[str]
) -> None:
    """A tenth of a degree of latitude is 11.12 km; the areas do not matter under this rule."""
    rule = policy(geography={"rule": "distance", "max_distance_km": usual})
    near = reviewer(areas=("QZ",), latitude=52.0, longitude=-1.0, max_distance_km=own)
    assert broken(snap(case(latitude=52.1, longitude=-1.0), near, policy=rule), C1) == codes
    assert broken(snap(case(), near, policy=rule), C1) == set()


def test_no_one_excluded_and_no_one_who_declined_takes_the_case() -> None:
    """Both for leads and for seconds; another's decline does not matter."""
    assert broken(snap(case(excluded_reviewers=("R1",)), reviewer()), C1) == {"excluded"}
    assert broken(snap(case(excluded_reviewers=("R2",)), reviewer(), reviewer("R2")), C1) == set()
    for who, codes in (("R1", {"excluded"}), ("R2", {"excluded"}), ("R3", set())):
        declines = (Decline(reviewer_id=who, case_id="C1"),)
        rows = (focused(), reviewer(), reviewer("R2"), reviewer("R3"))
        assert broken(snap(*rows, declines=declines), BOTH) == codes


HORIZON_END = AS_OF + timedelta(days=55)


@pytest.mark.parametrize(
    ("interest", "bites"),
    [
        ({"kind": "employment"}, True),
        ({"kind": "financial", "from_": HORIZON_END}, True),
        ({"kind": "financial", "from_": HORIZON_END + timedelta(days=1)}, False),
        ({"kind": "personal", "to": date(2024, 11, 2)}, False),
        ({"kind": "personal", "to": date(2024, 11, 3)}, True),
        ({"kind": "involvement", "to": date(2001, 1, 1)}, True),
        ({"kind": "indirect", "to": date(2030, 1, 1)}, True),
    ],
)
def test_an_interest_in_an_organisation_bites_until_it_has_cooled_off(
    interest: dict[str, Any], bites: bool
) -> None:
    """24 months from its last day, unless it is involvement; not if it begins past the horizon."""
    rows = (focused(organisations=("RXX",)), reviewer(), reviewer("R2"))
    for who in ("R1", "R2"):
        interests = (Interest(reviewer_id=who, organisation="RXX", **interest),)
        assert broken(snap(*rows, interests=interests), BOTH) == ({"conflict"} if bites else set())


def test_an_interest_in_the_case_never_cools_off() -> None:
    """However long ago it ended; in another case it does not matter."""
    old = {"reviewer_id": "R1", "kind": "personal", "to": date(2001, 1, 1)}
    assert broken(snap(case(), reviewer(), interests=(Interest(case_id="C1", **old),)), C1) == {"conflict"}
    assert broken(snap(case(), reviewer(), interests=(Interest(case_id="C9", **old),)), C1) == set()


TREE = (
    Organisation(organisation="ROLD", successor="RNEW"),
    Organisation(organisation="RNEW", parent="TOP"),
    Organisation(organisation="RSUB", parent="TOP"),
    Organisation(organisation="TOP"),
    Organisation(organisation="RONE", successor="RTWO"),
    Organisation(organisation="RTWO", successor="RONE"),
)


@pytest.mark.parametrize(
    ("post", "involved", "bites"),
    [
        ("RXX", "RXX", True),
        ("RXX", "RXY", False),
        ("ROLD", "RNEW", True),
        ("ROLD", "RSUB", True),
        ("TOP", "ROLD", True),
        ("TOP", "RXX", False),
        ("RONE", "RTWO", True),
    ],
)
def test_organisations_are_the_same_by_successor_and_parent(post: str, involved: str, bites: bool) -> None:
    """A post in the old trust is a post in the new one, and in all of its group."""
    rows = (case(organisations=(involved,)), reviewer(organisations=(post,)))
    assert broken(snap(*rows, organisations=TREE), C1) == ({"conflict"} if bites else set())


def test_the_commissioner_is_a_conflict_only_if_the_policy_says_so() -> None:
    """The organisation of the case's area counts as the case's."""
    rows = (case(), reviewer(organisations=("QICB",)))
    areas = (Area(area="QA", organisation="QICB"),)
    assert broken(snap(*rows, areas=areas), C1) == set()
    strict = policy(conflict={"commissioner_is_conflict": True})
    assert broken(snap(*rows, areas=areas, policy=strict), C1) == {"conflict"}


def test_unknown_organisations_hold_new_leads_back_and_nothing_else() -> None:
    """Held leads stay and their seconds may come."""
    strict = policy(conflict={"unknown_organisations": "hold"})
    assert broken(snap(case(), reviewer(), policy=strict), C1) == {"conflict"}
    assert broken(snap(case(organisations=("RXX",)), reviewer(), policy=strict), C1) == set()
    assert broken(snap(focused(**holds()), reviewer(), reviewer("R2"), policy=strict), BOTH) == set()


@pytest.mark.parametrize(
    ("more", "codes"),
    [
        ({"hours_per_week": 0.0}, {"available", "capacity"}),
        ({"starts_on": date(2026, 12, 1)}, set()),
        ({"starts_on": HORIZON_END + timedelta(days=1)}, {"available", "capacity"}),
        ({"leaves_on": date(2026, 12, 14)}, set()),
        ({"leaves_on": date(2026, 12, 13)}, {"available"}),
    ],
)
def test_a_lead_has_time_and_stays_until_the_evidence_is_due(more: dict[str, Any], codes: set[str]) -> None:
    """Evidence is due 42 days on, on 14 December: a last day on the 13th is one too early."""
    assert broken(snap(case(), reviewer(**more)), C1) == codes


def test_a_second_needs_time_but_not_until_the_evidence_is_due() -> None:
    """Only a new lead's evidence must be due before they leave."""
    rows = (focused(), reviewer(), reviewer("R2", leaves_on=date(2026, 11, 6)))
    assert broken(snap(*rows), BOTH) == set()
    away = (Absence(reviewer_id="R2", from_=date(2026, 11, 1), to=date(2027, 2, 1)),)
    assert broken(snap(*rows, absences=away), BOTH) == {"available", "capacity"}


def test_months_are_clamped_to_the_months_end() -> None:
    """31 August and six months is the last of February."""
    assert add_months(date(2026, 8, 31), 6) == date(2027, 2, 28)
    assert add_months(date(2023, 8, 31), 6) == date(2024, 2, 29)
    assert add_months(date(2026, 11, 30), 1) == date(2026, 12, 30)


def test_an_empty_snapshot_breaks_no_rule() -> None:
    """No cases, no reviewers; or cases and nobody to take them."""
    assert broken(Snapshot(as_of=AS_OF, cases=(), reviewers=()), {}) == set()
    assert broken(snap(case()), {}) == set()
