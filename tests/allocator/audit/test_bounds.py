"""What is called fixed or proved: never above the best of all plans, tried one by one."""

from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from allocator.audit import checks_limits, checks_person
from allocator.audit.auditor import _look
from allocator.audit.checks_lines import work_of
from allocator.audit.levels import LEVELS, Unavoidable, cost, late, unallocated, workload_points
from allocator.audit.rows import Line, read_rows
from allocator.audit.shared import NONE
from allocator.audit.view import View
from allocator.places import Area, Contract
from allocator.snapshot import Snapshot
from tests.allocator.audit.build import RULES, case, focused, holds, proves, relaxed, reviewer, rough, snap

_CASE = st.fixed_dictionaries(
    {
        "area": st.sampled_from(["QA", "QA", "QB"]),
        "priority": st.integers(0, 3),
        "effort_hours": st.sampled_from([None, 10.0, 20.0, 29.95]),
        "linked_to": st.sampled_from([None, None, "home"]),
        "evidence_received_on": st.sampled_from([None, None, "2026-10-20"]),
        "evidence_expected_on": st.sampled_from([None, None, "2026-12-18"]),
        "notified_on": st.sampled_from(
            ["2026-04-20", "2026-05-22", "2026-06-04", "2026-09-21", "2026-10-01"]
        ),
    }
)
_REVIEWER = st.fixed_dictionaries(
    {
        "areas": st.sampled_from([("QA",), ("QB", "QA"), ("QB",)]),
        "hours_per_week": st.sampled_from([1.0, 3.5, 4.0, 8.0]),
        "hours_factor": st.sampled_from([1.0, 1.1]),
        "max_open_cases": st.sampled_from([None, None, 1, 2]),
        "cases_a_year": st.sampled_from([None, 1]),
        "provider": st.sampled_from([None, "acme"]),
    }
)
RULE_CHECKS = (*checks_person.CHECKS, *checks_limits.CHECKS)


def _snapshot(
    cases: list[dict[str, Any]], people: list[dict[str, Any]], held: bool, weekly: float
) -> Snapshot:
    """Return a snapshot of a focused case and initial ones, the last of them held or not."""
    rows = [(focused if index == 0 else case)(f"C{index}", **more) for index, more in enumerate(cases)]
    if held:
        rows[-1] = case("C9", **cases[-1], **holds("R0", hours_left=12.0))
    reviewers = [reviewer(f"R{index}", **more) for index, more in enumerate(people)]
    areas = (Area(area="QA", admin_hours_per_week=weekly), Area(area="QB"))
    return snap(
        *rows, *reviewers, areas=areas, contracts=(Contract(provider="acme", cases_left=1, hours_left=25.0),)
    )


def _levels_of_all_plans(snapshot: Snapshot, max_moves: int = 0) -> list[tuple[int, int, int]]:
    """Return the values of every plan that breaks no rule."""
    found = []
    places = [f"{line['case_id']} {line['role']}" for line in rough(snapshot, {})["unassigned"]]
    people = [None, *(row.reviewer_id for row in snapshot.reviewers)]
    empty = _view(snapshot)
    for choice in product(people, repeat=len(places)):
        given_to = {place: who for place, who in zip(places, choice, strict=True) if who}
        plan = rough(snapshot, given_to, max_moves)
        rows, _ = read_rows(empty.facts, empty.standing, plan)
        view = replace(empty, rows=rows, plan=plan, max_moves=max_moves)
        if not any(finding.code in RULES for check in RULE_CHECKS for finding in check(view)):
            working, told = work_of(view)
            found.append((unallocated(view), late(view, told, working), cost(view)))
    return found


def _view(snapshot: Snapshot) -> View:
    """Return the view of the empty plan."""
    return _look(snapshot, rough(snapshot, {}))[0]


@given(
    st.lists(_CASE, min_size=2, max_size=3),
    st.lists(_REVIEWER, min_size=1, max_size=2),
    st.booleans(),
    st.sampled_from([0.5, 1.0, 1.5]),
)
def test_what_is_fixed_is_never_above_the_best(
    cases: list[dict[str, Any]], people: list[dict[str, Any]], held: bool, weekly: float
) -> None:
    """With every kind of limit, and at levels 2 and 3 over the plans best before."""
    snapshot = _snapshot(cases, people, held, weekly)
    view, plans = _view(snapshot), _levels_of_all_plans(snapshot)
    best = min(plans)
    fixed = Unavoidable(view.facts, view.tables, view.standing, moves=False)
    hopeless = fixed.unallocated()
    assert hopeless <= best[0]
    assert fixed.late(best[0] - hopeless) <= min(plan[1] for plan in plans if plan[0] == best[0])
    for value in {plan[0] for plan in plans}:
        assert fixed.late(value - hopeless) <= min(plan[1] for plan in plans if plan[0] <= value)
    assert workload_points(view.facts, view.standing.held_minutes()) <= min(plan[2] for plan in plans)


@given(st.lists(_CASE, min_size=1, max_size=1), st.lists(_REVIEWER, min_size=2, max_size=2))
def test_what_is_fixed_with_moves_is_never_above_the_best_with_moves(
    cases: list[dict[str, Any]], people: list[dict[str, Any]]
) -> None:
    """Held work that may move makes room: only what cannot is counted on."""
    snapshot = _snapshot([*cases, cases[-1]], people, True, 1.5)
    view, plans = _view(snapshot), _levels_of_all_plans(snapshot, max_moves=1)
    fixed = Unavoidable(view.facts, view.tables, view.standing, moves=True)
    best = min(plan[0] for plan in plans)
    assert fixed.unallocated() <= best
    assert fixed.late(best - fixed.unallocated()) <= min(plan[1] for plan in plans if plan[0] == best)


@st.composite
def _priced(draw: st.DrawFn, snapshot: Snapshot, higher: tuple[int, ...], max_moves: int) -> Line:
    """Return prices of whatever may have one, some near what the places count for and some not."""
    choice, shared = relaxed(snapshot, max_moves)
    weights = [draw(st.sampled_from([0, 300, 1000, 2500])) for _ in higher]
    at_level = [*weights, 1000, 0, 0][:3]
    ids = np.array([row.case_id for row in choice.facts.cases])
    worth = choice.facts.penalty * at_level[0] + choice.facts.urgency * at_level[1] + 40 * at_level[2]
    near = st.sampled_from([0, 1, 1, 2, 3])
    by_role = {
        name: {
            ids[row]: int(worth[role, row]) * draw(near) // 2 for row in np.flatnonzero(choice.places[role])
        }
        for role, name in enumerate(("lead", "second"))
    }
    chain = np.flatnonzero(choice.places[0] & choice.places[1] & ~choice.held[0])
    entry: Line = {
        "higher_levels": {
            name: {"price": weight, "at_most": most}
            for name, weight, most in zip(LEVELS, weights, higher, strict=False)
        },
        "prices": by_role,
        "second_needs_lead": {ids[row]: draw(st.integers(0, 60_000)) for row in chain},
    }
    for limits in shared:
        most = 200 if limits.name in ("admin", "contract_minutes") else 100_000
        bound = [key for key, left in zip(limits.keys, limits.left, strict=True) if left != NONE]
        prices = {key: draw(st.sampled_from([0, 0, most // 9, most])) for key in bound}
        entry[limits.name] = prices.get("", 0) if limits.name == "moves" else prices
    return entry


@given(
    st.lists(_CASE, min_size=2, max_size=3),
    st.lists(_REVIEWER, min_size=1, max_size=2),
    st.booleans(),
    st.sampled_from([0.5, 1.0, 1.5]),
    st.integers(0, 2),
    st.data(),
)
def test_what_prices_prove_is_never_above_the_best(
    cases: list[dict[str, Any]],
    people: list[dict[str, Any]],
    held: bool,
    weekly: float,
    max_moves: int,
    data: st.DataObject,
) -> None:
    """At any prices, with every kind of limit, with moves or not, of all plans no worse at higher levels."""
    snapshot = _snapshot(cases, people, held, weekly)
    plans = _levels_of_all_plans(snapshot, max_moves)
    for level in range(len(LEVELS)):
        higher = data.draw(st.sampled_from(plans))[:level]
        as_good = [plan for plan in plans if all(a <= b for a, b in zip(plan, higher, strict=False))]
        entry = data.draw(_priced(snapshot, higher, max_moves))
        assert proves(snapshot, entry, higher, max_moves) <= min(plan[level] for plan in as_good)


def test_prices_prove_what_one_reviewer_cannot_do() -> None:
    """One reviewer, time for one of two equal cases: the dearer price of time leaves one case's points."""
    snapshot = snap(case("C1"), case("C2"), reviewer(max_open_cases=1))
    assert relaxed(snapshot)[0].facts.penalty[0].tolist() == [128, 128]
    assert proves(snapshot, {"prices": {"lead": {"C1": 128_000, "C2": 128_000}}}) == 128


def test_what_a_second_pays_for_needing_a_lead_the_lead_gains() -> None:
    """Both places can be filled, so nothing is proved; without anyone to lead both stay empty."""
    second = reviewer("R2", review_types=("initial",))
    places = {"lead": {"C1": 274_000}, "second": {"C1": 14_000}}
    prices: Line = {"prices": places, "second_needs_lead": {"C1": 14_000}}
    assert proves(snap(focused(), reviewer("R1"), second), prices) == 0
    assert proves(snap(focused(), second), {}) == 274 + 14


def test_places_without_anyone_weigh_what_their_type_weighs() -> None:
    """An empty lead of 30 hours weighs 30/14 of an initial one; its second 3/28, with or without a lead."""
    view = _view(snap(case("C1"), focused("C2")))
    urgency = view.facts.urgency.tolist()
    assert urgency == [128, 128]
    assert view.facts.penalty.tolist() == [[128, 274], [0, 14]]
    assert unallocated(view) == 128 + 274 + 14
    fixed = Unavoidable(view.facts, view.tables, view.standing, moves=False)
    assert fixed.unallocated() == 416


def test_pairs_are_looked_at_in_blocks(monkeypatch: Any) -> None:
    """Small blocks find the same arcs as one large one."""
    rows = [case(f"C{index}", priority=index) for index in range(7)]
    view = _view(snap(*rows, *(reviewer(f"R{index}") for index in range(3))))
    once = Unavoidable(view.facts, view.tables, view.standing, moves=False).arcs
    monkeypatch.setattr("allocator.audit.arcs.BLOCK_CELLS", 6)
    blocks = Unavoidable(view.facts, view.tables, view.standing, moves=False).arcs
    assert len(once.case) == 21
    assert np.array_equal(once.case, blocks.case)
    assert np.array_equal(once.reviewer, blocks.reviewer)
