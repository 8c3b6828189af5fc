"""Conflicts of interest, through a plan: every kind, at every time, by every way, new, held and locked.

In each snapshot every combination is a case of its own area, which only two reviewers cover: one who lives
there and has the interest, and one who lives far away and has none. So each plan answers for all of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import pytest

from allocator.plan import Plan
from tests.system.documents import HORIZON_END, Document, Row, case, days, held_by, line, plan_of, reviewer
from tests.system.draws import KINDS
from tests.system.trial import AWAY, HERE

TIMES: dict[str, tuple[Row, bool]] = {
    "always": ({}, True),
    "open": ({"from": "2020-01-01"}, True),
    "ends later": ({"to": "2027-03-01"}, True),
    "ends today": ({"to": days(0)}, True),
    "inside cooling off": ({"from": "2019-01-01", "to": "2024-11-03"}, True),
    "outside cooling off": ({"from": "2019-01-01", "to": "2024-11-02"}, False),
    "from the horizon's last day": ({"from": HORIZON_END.isoformat()}, True),
    "from the day after": ({"from": days(1, HORIZON_END)}, False),
}
"""When an interest holds, and whether one in an organisation then counts: 24 months of cooling off."""
WAYS = {
    "organisation": ("RXX", True),
    "same parent": ("RSISTER", True),
    "parent": ("RTOP", True),
    "predecessor": ("ROLD", True),
    "commissioner": ("RICB", True),
    "commissioner's parent": ("RBOARD", True),
    "another": ("RYY", False),
}
"""The organisation of the interest, for a case of RXX in an area of RICB, and whether that is the case's."""
ORGANISATIONS: list[Row] = [
    {"organisation": "RXX", "parent": "RTOP"},
    {"organisation": "RSISTER", "parent": "RTOP"},
    {"organisation": "ROLD", "successor": "RXX", "parent": "RYY"},
    {"organisation": "RTOP"},
    {"organisation": "RICB", "parent": "RBOARD"},
    {"organisation": "RBOARD"},
    {"organisation": "RYY"},
]


@dataclass(frozen=True)
class Tie:
    """One interest of the near reviewer, or a post they hold now, and whether it stands against them."""

    name: str
    counts: bool
    interest: Row | None = None
    post: str | None = None


def ties() -> list[Tie]:
    """Every kind at every time by every way, interests in the case itself, and posts."""
    found = []
    for kind, (when, (fields, counts)) in product(KINDS, TIMES.items()):
        lasting = counts or (kind == "involvement" and when == "outside cooling off")
        for way, (code, same) in WAYS.items():
            interest = {"kind": kind, "organisation": code, **fields}
            found.append(Tie(f"{kind}, {when}, {way}", lasting and same, interest))
        named = when != "from the day after"  # an interest in the case never cools off
        found.append(Tie(f"{kind}, {when}, case", named, {"kind": kind, "case_id": None, **fields}))
    return found + [Tie(f"post, {way}", same, post=code) for way, (code, same) in WAYS.items()]


TIES = ties()


def world(role: str, state: Row) -> Document:
    """A snapshot with every tie: N… lives near, F… far away, and L… is the lead of those with a second."""
    cases, people, interests, areas = [], [], [], []
    for number, tie in enumerate(TIES):
        near, area = f"N{number:03}", f"Q{number:03}"
        lead = {"reviewer_id": near, "allocated_on": "2026-10-05", "hours_left": 5} if state else {}
        fields = {**lead, **state} if role == "lead" else held_by(f"L{number:03}")
        if role == "second" and state:
            fields |= {"second_reviewer_id": near, "second_hours_left": 2}
        kind = {"review_type": "initial" if role == "lead" else "focused"}
        cases.append(case(f"C{number:03}", area=area, **kind, **fields, **HERE))
        posts = [tie.post] if tie.post else []
        people.append(reviewer(near, areas=[area], organisations=posts, **HERE))
        people.append(reviewer(f"F{number:03}", areas=[area], **AWAY))
        if role == "second":
            people.append(reviewer(f"L{number:03}", areas=[area], skills=[]))
        if tie.interest:
            about = {"case_id": f"C{number:03}"} if "case_id" in tie.interest else {}
            interests.append({"reviewer_id": near, **tie.interest, **about})
        areas.append({"area": area, "organisation": "RICB"})
    return {
        "as_of": days(0),
        "policy": {"conflict": {"commissioner_is_conflict": True}},
        "cases": cases,
        "reviewers": people,
        "interests": interests,
        "areas": areas,
        "organisations": ORGANISATIONS,
    }


def wrong(plan: Plan, role: str, held: bool) -> list[str]:
    """The ties of which the plan makes something else than the contract does."""
    found = []
    for number, tie in enumerate(TIES):
        row = line(plan, f"C{number:03} {role}")
        near, far = f"N{number:03}", f"F{number:03}"
        change = ("moved" if tie.counts else "kept") if held else "new"
        before = near if held and tie.counts else None
        right = (far if tie.counts else near, change, before)
        said = (row.reviewer_id, row.change, row.previous_reviewer_id)
        if said != right:
            found.append(f"{tie.name}: {said}, not {right}")
    return found


@pytest.mark.parametrize(
    ("role", "state"),
    [
        ("lead", {}),
        ("lead", {"locked": False}),
        ("lead", {"locked": True}),
        ("second", {}),
        ("second", {"locked": False}),
    ],
    ids=["new lead", "held lead", "locked lead", "new second", "held second"],
)
def test_a_conflict_stands_against_whoever_has_it(role: str, state: Row) -> None:
    """The near reviewer gets or keeps the place where nothing is against them; else the far one has it."""
    plan = plan_of(world(role, state))
    assert wrong(plan, role, bool(state)) == []
    released = {str(w["value"]): w["code"] for w in plan.warnings if "released" in str(w["code"])}
    code = "locked-released" if state.get("locked") else "holder-released"
    expected = {f"C{i:03}": code for i, tie in enumerate(TIES) if tie.counts} if state else {}
    assert released == expected


def test_without_the_policy_s_word_the_commissioner_does_not_count() -> None:
    """The same snapshot: those ties, and those alone, are none."""
    one = world("lead", {})
    plan = plan_of({**one, "policy": {}})
    commissioner = {"RICB", "RBOARD"}
    for number, tie in enumerate(TIES):
        code = tie.post or (tie.interest or {}).get("organisation")
        near = not tie.counts or code in commissioner
        assert (line(plan, f"C{number:03} lead").reviewer_id == f"N{number:03}") is near, tie.name
