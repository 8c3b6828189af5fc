"""Each rule about a pair, thrice: trivially fine, a planted breach, and a near miss; through the encoding."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from allocator.cases import Case
from allocator.encode import encode
from allocator.held import Role, Why
from allocator.places import Area, Contract, Organisation
from allocator.reviewers import Decline, Interest, Reviewer
from allocator.rules import RULES, without
from allocator.snapshot import Snapshot
from tests.allocator.build import AS_OF, case, policy, reviewer, snapshot

DAY = timedelta(days=1)
HORIZON_END = AS_OF + timedelta(weeks=8) - DAY
SENIOR = reviewer(skills=("senior",))
HELD: dict[str, Any] = {"reviewer_id": "R1", "allocated_on": date(2026, 10, 5)}


def takers(one: Snapshot, role: Role = Role.LEAD, case_id: str = "C1", **options: Any) -> set[str]:
    """Ids of those who may take a place of a case, or keep it."""
    encoding = encode(one, **options)
    row = encoding.facts.case_row[case_id]
    places, problem = encoding.places, encoding.problem
    (place,) = [p for p in range(len(places)) if places.case[p] == row and places.role[p] == role]
    arcs = slice(problem.arc_start[place], problem.arc_start[place + 1])
    return {one.reviewers[r].reviewer_id for r in problem.arc_reviewer[arcs]}


def may_lead(one: Case, who: Reviewer, **tables: Any) -> bool:
    """Whether this reviewer may lead this case, as the only ones there are."""
    return bool(takers(snapshot([one], [who], **tables), case_id=one.case_id))


def may_be_second(one: Case, who: Reviewer, **tables: Any) -> bool:
    """The same for the second."""
    return bool(takers(snapshot([one], [who], **tables), Role.SECOND, one.case_id))


def focused(**fields: Any) -> Case:
    """A case whose type has a second."""
    return case(**({"review_type": "focused"} | fields))


def interest(kind: str = "financial", **fields: Any) -> Interest:
    """An interest of R1 in RXX unless the test says otherwise."""
    plain = {} if "case_id" in fields else {"organisation": "RXX"}
    return Interest(reviewer_id="R1", kind=kind, **(plain | fields))


def test_a_plain_reviewer_may_lead_a_plain_case() -> None:
    """Nothing stands in the way."""
    assert may_lead(case(), reviewer())


def test_a_senior_reviewer_may_be_second() -> None:
    """Nothing stands in the way of the second either."""
    assert may_be_second(focused(), SENIOR)


# type


@pytest.mark.parametrize(("types", "may"), [((), True), (("initial",), True), (("focused",), False)])
def test_type(types: tuple[str, ...], may: bool) -> None:
    """Naming no type means all; naming another means not this one."""
    assert may_lead(case(), reviewer(review_types=types)) is may


def test_type_does_not_bind_the_second() -> None:
    """Who may lead only initial reviews may be second of a focused one."""
    who = reviewer(review_types=("initial",), skills=("senior",))
    assert may_be_second(focused(), who)
    assert not may_lead(focused(), who)


# skill


@pytest.mark.parametrize(
    ("skills", "may"),
    [(("autism", "mha"), True), (("autism", "mha", "senior"), True), (("autism",), False), ((), False)],
)
def test_skill(skills: tuple[str, ...], may: bool) -> None:
    """The lead has all of the case's skills; one of two is not enough, one more does no harm."""
    assert may_lead(case(skills=("autism", "mha")), reviewer(skills=skills)) is may


def test_the_second_needs_the_seconds_skills_and_not_the_cases() -> None:
    """A senior without autism may be second of an autism case; with autism alone, not."""
    assert may_be_second(focused(skills=("autism",)), SENIOR)
    assert not may_be_second(focused(skills=("autism",)), reviewer(skills=("autism",)))


# area

AREAS = (Area(area="QYG", neighbours=("QWO",)), Area(area="QWO"), Area(area="QXX"))


@pytest.mark.parametrize(
    ("areas", "may"),
    [
        (("QYG",), True),
        (("QXX", "QYG"), True),
        (("QWO",), True),
        (("QXX", "QWO"), False),
        (("QXX",), False),
    ],
)
def test_area(areas: tuple[str, ...], may: bool) -> None:
    """Covered, home in a neighbour; a neighbour that is covered but not home does not count."""
    assert may_lead(case(), reviewer(areas=areas), areas=AREAS) is may


def test_neighbours_are_read_one_way() -> None:
    """QYG lets QWO's reviewers serve it; not the other way round."""
    assert not may_lead(case(area="QWO"), reviewer(areas=("QYG",)), areas=AREAS)


def test_area_binds_the_second_too() -> None:
    """A second from nowhere near may not."""
    assert not may_be_second(focused(), reviewer(areas=("QXX",), skills=("senior",)), areas=AREAS)


def far(**fields: Any) -> Reviewer:
    """A reviewer 111.195 km south of the case of the next tests, who covers another area."""
    return reviewer(areas=("QXX",), latitude=52.0, longitude=0.0, **fields)


@pytest.mark.parametrize(
    ("own", "general", "may"),
    [(111.2, None, True), (111.1, None, False), (None, 111.1, False), (112.0, 1.0, True), (None, None, True)],
)
def test_distance(own: float | None, general: float | None, may: bool) -> None:
    """One degree of latitude is 111.195 km; one's own limit goes before the policy's, none is no limit."""
    rule = policy(geography={"rule": "distance", "max_distance_km": general})
    there = case(latitude=53.0, longitude=0.0)
    assert may_lead(there, far(max_distance_km=own), policy=rule) is may


def test_without_a_position_the_distance_passes() -> None:
    """Neither the case nor its area has one."""
    rule = policy(geography={"rule": "distance", "max_distance_km": 1.0})
    assert may_lead(case(), far(), policy=rule)


def test_an_area_s_point_stands_in_for_a_position() -> None:
    """The case has none of its own, but its area has, and that is too far."""
    rule = policy(geography={"rule": "distance", "max_distance_km": 1.0})
    point = (Area(area="QYG", latitude=53.0, longitude=0.0), Area(area="QXX"))
    assert not may_lead(case(), far(), policy=rule, areas=point)


def test_anywhere_is_anywhere() -> None:
    """The rule `anywhere` asks nothing."""
    assert may_lead(case(), far(max_distance_km=1.0), policy=policy(geography={"rule": "anywhere"}))


# excluded


def test_excluded_by_name() -> None:
    """Named in the case; another's name does no harm."""
    assert not may_lead(case(excluded_reviewers=("R1",)), reviewer())
    assert may_lead(case(excluded_reviewers=("R2",)), reviewer())
    assert not may_be_second(focused(excluded_reviewers=("R1",)), SENIOR)


def test_declined() -> None:
    """This case, not another one."""
    assert not may_lead(case(), reviewer(), declines=(Decline(reviewer_id="R1", case_id="C1"),))
    both = [case(), case("C2")]
    declined = snapshot(both, declines=(Decline(reviewer_id="R1", case_id="C2"),))
    assert takers(declined) == {"R1"}
    assert takers(declined, case_id="C2") == set()


# conflict

KINDS = ("employment", "financial", "professional", "personal", "indirect", "involvement")


@pytest.mark.parametrize("role", list(Role))
def test_a_present_post_is_a_conflict(role: Role) -> None:
    """With an organisation of the case, not with another; for lead and second."""
    for code, may in (("RXX", False), ("RYY", True)):
        who = reviewer(organisations=(code,), skills=("senior",))
        assert bool(takers(snapshot([focused()], [who]), role)) is may


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("kind", KINDS)
def test_an_open_interest_of_every_kind_is_a_conflict(kind: str, role: Role) -> None:
    """In an organisation of the case and in the case itself; in another it is none."""
    for fields, may in (
        ({"organisation": "RXX"}, False),
        ({"case_id": "C1"}, False),
        ({"organisation": "RYY"}, True),
    ):
        one = snapshot([focused()], [SENIOR], interests=(interest(kind, **fields),))
        assert bool(takers(one, role)) is may


@pytest.mark.parametrize(
    ("to", "may"), [(date(2024, 11, 2), True), (date(2024, 11, 3), False), (date(2026, 11, 1), False)]
)
def test_an_ended_interest_cools_off_after_24_months(to: date, may: bool) -> None:
    """`to` + 24 months ≤ as_of: two years ago to the day is enough, a day less is not."""
    assert may_lead(case(), reviewer(), interests=(interest(to=to),)) is may


def test_involvement_and_interests_in_the_case_never_cool_off() -> None:
    """However long ago."""
    long_ago = date(1990, 1, 1)
    assert not may_lead(case(), reviewer(), interests=(interest("involvement", to=long_ago),))
    assert not may_lead(case(), reviewer(), interests=(interest(case_id="C1", to=long_ago),))


@pytest.mark.parametrize(("from_", "may"), [(HORIZON_END, False), (HORIZON_END + DAY, True)])
def test_an_interest_that_begins_after_the_horizon_does_not_count(from_: date, may: bool) -> None:
    """On its last day it does; for an organisation as for the case."""
    assert may_lead(case(), reviewer(), interests=(interest(from_=from_),)) is may
    assert may_lead(case(), reviewer(), interests=(interest(case_id="C1", from_=from_),)) is may


@pytest.mark.parametrize(
    ("organisations", "may"),
    [
        ((Organisation(organisation="RYY", parent="RXX"),), False),
        ((Organisation(organisation="RYY", successor="RXX"),), False),
        ((Organisation(organisation="RXX", parent="G"), Organisation(organisation="RYY", parent="G")), False),
        (
            (
                Organisation(organisation="RXX", successor="S", parent="G"),
                Organisation(organisation="RYY", parent="G"),
            ),
            True,
        ),
        ((Organisation(organisation="RYY"),), True),
    ],
)
def test_successors_and_parents_are_the_same_organisation(
    organisations: tuple[Organisation, ...], may: bool
) -> None:
    """A post at RYY, a case of RXX: the same if their chains end alike, successors first."""
    named = {o.organisation for o in organisations}
    ends = {c for o in organisations for c in (o.parent, o.successor) if c} - named
    table = (*organisations, *(Organisation(organisation=c) for c in sorted(ends)))
    assert may_lead(case(), reviewer(organisations=("RYY",)), organisations=table) is may


def test_a_ring_of_organisations_is_one_organisation() -> None:
    """A slip in the table is no endless search, and no way round a conflict."""
    ring = (Organisation(organisation="RXX", parent="RYY"), Organisation(organisation="RYY", parent="RXX"))
    assert not may_lead(case(), reviewer(organisations=("RYY",)), organisations=ring)


@pytest.mark.parametrize(("counts", "may"), [(True, False), (False, True)])
def test_the_commissioner_counts_where_the_policy_says_so(counts: bool, may: bool) -> None:
    """A post at the area's own commissioner."""
    area = (Area(area="QYG", organisation="QYG0"),)
    rule = policy(conflict={"commissioner_is_conflict": counts})
    assert may_lead(case(), reviewer(organisations=("QYG0",)), areas=area, policy=rule) is may


def test_unknown_organisations_may_be_held_back() -> None:
    """A case without organisations: placed under `warn`; under `hold` it gets no new lead, but a second."""
    unknown, rule = focused(organisations=()), policy(conflict={"unknown_organisations": "hold"})
    assert may_lead(unknown, SENIOR)
    assert not may_lead(unknown, SENIOR, policy=rule)
    assert may_be_second(unknown, SENIOR, policy=rule)
    assert may_lead(focused(organisations=(), **HELD), SENIOR, policy=rule)


# available


def test_available_asks_for_capacity() -> None:
    """No hours, no place, not even as second."""
    assert not may_lead(case(), reviewer(hours_per_week=0.0))
    assert not may_be_second(focused(), reviewer(hours_per_week=0.0, skills=("senior",)))


@pytest.mark.parametrize(("starts", "may"), [(date(2026, 12, 24), True), (HORIZON_END + DAY, False)])
def test_available_asks_for_a_start_within_the_horizon(starts: date, may: bool) -> None:
    """The last working day is soon enough."""
    assert may_lead(case(), reviewer(starts_on=starts)) is may


@pytest.mark.parametrize(("leaves", "may"), [(AS_OF + 42 * DAY, True), (AS_OF + 41 * DAY, False)])
def test_the_evidence_must_be_due_before_a_new_lead_leaves(leaves: date, may: bool) -> None:
    """42 days for an initial review."""
    assert may_lead(case(), reviewer(leaves_on=leaves)) is may


def test_the_evidence_does_not_bind_the_second() -> None:
    """A senior who leaves next month may still be second."""
    assert may_be_second(focused(), reviewer(leaves_on=AS_OF + 30 * DAY, skills=("senior",)))


# hold, assignment


def test_a_case_on_hold_gets_nobody_new() -> None:
    """Neither lead nor second; held by someone it keeps both."""
    held = focused(on_hold_since=AS_OF)
    assert not may_lead(held, SENIOR)
    assert not may_be_second(held, SENIOR)
    assert may_lead(focused(on_hold_since=AS_OF, **HELD), SENIOR)


def test_a_new_second_is_another_than_the_lead_who_stays() -> None:
    """And may be anyone else."""
    both = [SENIOR, reviewer("R2", skills=("senior",))]
    assert takers(snapshot([focused(**HELD)], both), Role.SECOND) == {"R2"}


def test_a_new_lead_is_another_than_the_second_who_stays() -> None:
    """The lead has left, the second stays."""
    left = focused(reviewer_id="R9", allocated_on=date(2026, 10, 5), second_reviewer_id="R1")
    both = [SENIOR, reviewer("R2", skills=("senior",))]
    assert takers(snapshot([left], both)) == {"R2"}
    assert takers(snapshot([left], both), Role.SECOND) == {"R1"}


# contract, linked


@pytest.mark.parametrize(("ends", "may"), [(AS_OF, True), (AS_OF - DAY, False), (None, True)])
def test_no_new_lead_after_the_contract_has_ended(ends: date | None, may: bool) -> None:
    """On its last day it still runs; it never binds a second."""
    contract = (Contract(provider="acme", ends_on=ends),)
    who = reviewer(employment="provider", provider="acme", skills=("senior",))
    assert may_lead(case(), who, contracts=contract) is may
    assert may_be_second(focused(), who, contracts=contract)


def test_linked_cases_go_to_the_one_who_holds_one() -> None:
    """To the holder alone; with two holders to nobody; without any to anybody."""
    both = [reviewer(), reviewer("R2")]
    new, one = case("C1", linked_to="fire"), case("C2", linked_to="fire", **HELD)
    other = case("C3", linked_to="fire", reviewer_id="R2", allocated_on=date(2026, 10, 5))
    assert takers(snapshot([new, one], both)) == {"R1"}
    assert takers(snapshot([new, one, other], both)) == set()
    assert takers(snapshot([new, case("C2", linked_to="fire")], both)) == {"R1", "R2"}
    assert takers(snapshot([new, case("C2", linked_to="flood", **HELD)], both)) == {"R1", "R2"}


# held


@pytest.mark.parametrize(
    ("fields", "tables", "why"),
    [
        ({}, {}, None),
        ({"excluded_reviewers": ("R1",)}, {}, Why.EXCLUDED),
        ({}, {"declines": (Decline(reviewer_id="R1", case_id="C1"),)}, Why.EXCLUDED),
        ({}, {"interests": (interest(),)}, Why.CONFLICT),
        ({}, {"interests": (interest(case_id="C1"),)}, Why.CONFLICT),
        ({}, {"reviewers": (reviewer(leaves_on=AS_OF - DAY),)}, Why.LEFT),
        ({}, {"reviewers": (reviewer(leaves_on=AS_OF),)}, None),
        ({}, {"reviewers": (reviewer("R2"),)}, Why.MISSING),
        ({"skills": ("autism",), "area": "QXX"}, {"reviewers": (reviewer(hours_per_week=0.0),)}, None),
    ],
)
@pytest.mark.parametrize("locked", [False, True])
def test_a_held_case_stays_unless_a_rule_forbids_it(
    fields: dict[str, Any], tables: dict[str, Any], why: Why | None, locked: bool
) -> None:
    """Conflict, exclusion, decline, left, missing; a lock passes none of them, and no other rule binds."""
    one = snapshot([case(locked=locked, **{**HELD, **fields})], **tables)
    held = encode(one).held
    released = held.released.get((0, Role.LEAD))
    assert (released.why if released else None) == why
    assert bool(held.lead[0] >= 0) is (why is None)


def test_a_held_second_stays_or_goes_by_itself() -> None:
    """The lead stays though the second is in conflict."""
    both = [reviewer(), reviewer("R2", organisations=("RXX",))]
    held = encode(snapshot([focused(second_reviewer_id="R2", **HELD)], both)).held
    assert held.lead.tolist() == [0]
    assert held.released[0, Role.SECOND].why is Why.CONFLICT


# each rule can be left out, so that a test can see the audit notice


@pytest.mark.parametrize(
    ("code", "one"),
    [
        ("hold", snapshot([case(on_hold_since=AS_OF)])),
        ("type", snapshot(reviewers=[reviewer(review_types=("focused",))])),
        ("skill", snapshot([case(skills=("autism",))])),
        ("area", snapshot(reviewers=[reviewer(areas=("QXX",))])),
        ("excluded", snapshot([case(excluded_reviewers=("R1",))])),
        ("conflict", snapshot(reviewers=[reviewer(organisations=("RXX",))])),
        ("available", snapshot(reviewers=[reviewer(leaves_on=AS_OF)])),
        (
            "contract",
            snapshot(
                reviewers=[reviewer(provider="acme")],
                contracts=(Contract(provider="acme", ends_on=AS_OF - DAY),),
            ),
        ),
    ],
)
def test_without_a_rule_its_breach_is_offered(code: str, one: Snapshot) -> None:
    """With the rule nobody may take the case, without it R1 may."""
    assert takers(one) == set()
    assert takers(one, rules=without(code)) == {"R1"}


def test_only_rules_there_are_can_be_left_out() -> None:
    """A slip in a test's code is not silently nothing."""
    with pytest.raises(KeyError, match="capactiy"):
        without("capactiy")


def test_every_rule_has_one_code_and_one_sentence() -> None:
    """No code twice, every sentence a sentence."""
    assert len({rule.code for rule in RULES}) == len(RULES)
    assert all(rule.sentence.endswith(".") for rule in RULES)
