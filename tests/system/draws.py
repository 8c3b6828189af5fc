"""Whole snapshots by chance: every table, every column, every rule near its edge, as JSON documents."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.system.documents import AS_OF, Document, Row, days
from tests.system.told import Told

AREAS = ("QA", "QB", "QC")
CODES = ("RA", "RB", "RC", "RD", "QA0")
SKILLS = ("autism", "mha", "senior")
KINDS = ("employment", "financial", "professional", "personal", "indirect", "involvement")
GONE = "GONE"
Draw = Any
"""What `composite` gives: draws a value of a strategy."""


def seldom(share: float, value: st.SearchStrategy[Any], otherwise: Any = None) -> st.SearchStrategy[Any]:
    """The value in about that share of draws; it shrinks to the plain one."""
    plain = round(20 * (1 - share))
    return st.sampled_from([False] * plain + [True] * (20 - plain)).flatmap(
        lambda given: value if given else st.just(otherwise)
    )


def one_of(*values: Any) -> st.SearchStrategy[Any]:
    """Any of these; what stands twice, twice as often; the first is the plainest."""
    return st.sampled_from(values)


def some(values: tuple[str, ...], most: int = 2) -> st.SearchStrategy[list[str]]:
    """A few of these, none twice."""
    return st.lists(st.sampled_from(values), max_size=most, unique=True)


def position() -> st.SearchStrategy[Row]:
    """Somewhere within a hundred kilometres, or nowhere."""
    spot = st.fixed_dictionaries({"latitude": _hundredths(5200, 5300), "longitude": _hundredths(-100, 0)})
    return seldom(0.7, spot, {})


def _hundredths(low: int, high: int) -> st.SearchStrategy[float]:
    return st.integers(low, high).map(lambda n: n / 100)


TYPES = (
    {"focused": {"second": {"hours": 2.9}}},
    {"initial": {"hours": 13.7, "admin_hours": 0.33, "evidence_days": 10}},
)
POLICIES = st.fixed_dictionaries(
    {
        "conflict": st.fixed_dictionaries(
            {
                "commissioner_is_conflict": one_of(False, False, True),
                "unknown_organisations": one_of("warn", "warn", "hold"),
                "cooling_off_months": one_of(24, 6),
            }
        ),
        "geography": one_of({}, {}, {"rule": "distance", "max_distance_km": 60}, {"rule": "anywhere"}),
        "capacity": st.fixed_dictionaries(
            {"max_workload": one_of(1, 1, 0.9, 1.1), "bank_holidays": one_of("england", "none")}
        ),
        "horizon": st.fixed_dictionaries({"weeks": one_of(8, 2, 4)}),
        "weights": one_of(
            {}, {}, {"kilometre": 0}, {"kilometre": 3}, {"workload": [[0.333, 1], [0.7, 4]], "move": 7}
        ),
    },
    optional={"review_types": one_of(*TYPES)},
)


@st.composite
def cases(draw: Draw, number: int, people: tuple[str, ...]) -> Row:
    """One case, held or not."""
    age = draw(one_of(30, 0, 7, 90, 150, 190, 400) | st.integers(0, 400))
    since = st.integers(0, age).map(lambda n: days(-n))
    row: Row = {
        "case_id": f"C{number}",
        "area": draw(st.sampled_from(AREAS)),
        "notified_on": days(-age),
        "review_type": draw(one_of("initial", "focused")),
        "priority": draw(one_of(0, 0, 0, 3)),
        "skills": draw(seldom(0.3, some(SKILLS[:2]), [])),
        "organisations": draw(some(CODES[:4])),
        "effort_hours": draw(one_of(None, None, 0.7, 9.99, 21.5)),
        "hold_days": draw(one_of(0, 0, 0, 30)),
        "on_hold_since": draw(seldom(0.15, since)),
        "evidence_received_on": draw(seldom(0.3, since)),
        "evidence_expected_on": draw(seldom(0.3, st.integers(-30, 120).map(days))),
        "excluded_reviewers": draw(seldom(0.2, some(people), [])),
        "linked_to": draw(one_of(None, None, "home", "moss")),
        "out_of_scope": draw(one_of(*[None] * 11, "child")),
        **draw(position()),
    }
    if draw(st.booleans()):
        row |= draw(holders(row["review_type"] == "focused", since, people))
    return row


@st.composite
def holders(draw: Draw, has_second: bool, since: st.SearchStrategy[str], people: tuple[str, ...]) -> Row:
    """Who holds a case, and how much of it is left."""
    everyone = (*people, *people, GONE)
    lead = draw(st.sampled_from(everyone))
    row: Row = {
        "reviewer_id": lead,
        "allocated_on": draw(since),
        "hours_left": draw(one_of(None, 0, 3.3, 10)),
        "admin_hours_left": draw(one_of(0, 2, 3.7)),
        "locked": draw(one_of(False, True)),
    }
    if has_second and draw(st.booleans()):
        row["second_reviewer_id"] = draw(st.sampled_from([who for who in everyone if who != lead]))
        row["second_hours_left"] = draw(one_of(None, 1.7))
    return row


@st.composite
def reviewers(draw: Draw, number: int) -> Row:
    """One reviewer, of any employment."""
    start = draw(one_of(*[None] * 7, -30, 10, 20, 70))
    leave = draw(one_of(*[None] * 7, -1, 20, 50, 90))
    if start is not None and leave is not None and leave < start:
        leave = None
    return {
        "reviewer_id": f"V{number}",
        "areas": draw(st.permutations(AREAS))[: draw(one_of(3, 2, 1))],
        "hours_per_week": draw(one_of(30, 10, 3.7, 1, 0)),
        "employment": draw(one_of("dedicated", "day_job", "provider")),
        "provider": draw(one_of(None, "acme", "bright")),
        "skills": draw(some(SKILLS, 3)),
        "review_types": draw(one_of([], ["initial"], ["focused"], ["initial", "focused"])),
        "organisations": draw(seldom(0.25, some(CODES), [])),
        "max_distance_km": draw(one_of(None, None, 40)),
        "max_open_cases": draw(one_of(None, 1, 1, 3)),
        "cases_a_year": draw(one_of(None, None, 4)),
        "cases_this_year": draw(one_of(None, 3, 4)),
        "starts_on": None if start is None else days(start),
        "leaves_on": None if leave is None else days(leave),
        "horizon_weeks": draw(one_of(None, None, 3)),
        "hours_factor": draw(one_of(1, 1, 0.85, 1.333)),
        **draw(position()),
    }


@st.composite
def absences(draw: Draw, people: tuple[str, ...]) -> Row:
    """Leave of up to three weeks around the day of the plan, whole or in part."""
    first = draw(st.integers(-20, 40))
    share = draw(one_of(100, 60, 33.3))
    last = first + draw(st.integers(0, 20))
    return {"reviewer_id": draw(one_of(*people)), "from": days(first), "to": days(last), "percent": share}


@st.composite
def interests(draw: Draw, people: tuple[str, ...], ids: list[str]) -> Row:
    """An interest in an organisation or a case: open, ended, or still to begin."""
    start, end = draw(one_of((None, None), (-900, None), (None, -100), (-1000, -760), (60, None), (5, 90)))
    about = st.sampled_from(CODES).map(lambda code: {"organisation": code})
    return {
        "reviewer_id": draw(one_of(*people)),
        "kind": draw(st.sampled_from(KINDS)),
        "from": None if start is None else days(start),
        "to": None if end is None else days(end),
        **draw(about | about | st.sampled_from(ids).map(lambda case_id: {"case_id": case_id})),
    }


@st.composite
def areas(draw: Draw) -> list[Row]:
    """All areas, or no table of them."""
    return [
        {
            "area": area,
            "organisation": draw(one_of(None, f"{area}0", "RA")),
            "neighbours": draw(some(tuple(a for a in AREAS if a != area))),
            "admin_hours_per_week": draw(one_of(None, None, 0.5, 1, 2.5)),
            **draw(position()),
        }
        for area in AREAS
    ]


@st.composite
def organisations(draw: Draw) -> list[Row]:
    """A forest: parents and successors stand later in the list."""
    return [
        {
            "organisation": code,
            "parent": draw(one_of(None, None, *CODES[i + 1 :])),
            "successor": draw(one_of(None, None, *CODES[i + 1 :])),
        }
        for i, code in enumerate(CODES)
    ]


CONTRACTS = st.tuples(*[
    st.fixed_dictionaries(
        {
            "provider": st.just(provider),
            "cases_left": one_of(None, 0, 1, 2),
            "hours_left": one_of(None, 14, 33.3),
            "ends_on": one_of(None, None, days(0), days(-1)),
        }
    )
    for provider in ("acme", "bright")
]).map(list)  # fmt: skip


@st.composite
def documents(draw: Draw, most_cases: int = 6, most_reviewers: int = 4, least: int = 1) -> Document:
    """A whole snapshot; small enough to be solved to the end. `least`: of cases and of reviewers."""
    people = tuple(f"V{i}" for i in range(draw(st.integers(least, most_reviewers))))
    queue = [draw(cases(i, people)) for i in range(draw(st.integers(least, most_cases)))]
    ids = [row["case_id"] for row in queue]
    declines = st.fixed_dictionaries(
        {"reviewer_id": st.sampled_from(people), "case_id": st.sampled_from(ids)}
    )
    return {
        "as_of": AS_OF.isoformat(),
        "policy": draw(POLICIES),
        "cases": queue,
        "reviewers": [draw(reviewers(i)) for i in range(len(people))],
        "absences": draw(st.lists(absences(people), max_size=4)),
        "declines": draw(seldom(0.5, st.lists(declines, min_size=1, max_size=2), [])),
        "interests": draw(st.lists(interests(people, ids), max_size=3)),
        "areas": draw(seldom(0.8, areas(), [])),
        "organisations": draw(organisations()),
        "contracts": draw(seldom(0.8, CONTRACTS, [])),
    }


@st.composite
def tellings(draw: Draw, one: Document, places: list[str]) -> Told:
    """Who takes what, by chance: mostly somebody, whoever holds it now or anyone."""
    people = [row["reviewer_id"] for row in one["reviewers"]]
    return {place: draw(st.sampled_from(people)) for place in places if draw(one_of(True, True, True, False))}
