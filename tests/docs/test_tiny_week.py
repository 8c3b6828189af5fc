"""tests/data/tiny_week, solved by hand in docs/model.md: the service plans it so, and nothing is better."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import product
from typing import Any

import pytest

from allocator.allocate import Allocation, PlanRequest, allocate
from allocator.audit import audit
from allocator.audit.auditor import _look
from allocator.audit.checks_lines import work_of
from allocator.audit.levels import cost, late, unallocated
from allocator.audit.rows import read_rows
from allocator.clocks import clock
from allocator.intake import read_snapshot
from allocator.snapshot import Snapshot
from tests.allocator.audit.build import proves, relaxed, rough
from tests.allocator.audit.test_bounds import RULE_CHECKS
from tests.docs.pages import ROOT, blocks, table, text_of

CASES = ("C-1", "C-2", "C-3", "C-4")
BEST = ("R-2", "R-1", "R-3", None)
VALUES = (114, 961, 88)
FIXED = (0, 961, 0)
Takers = tuple[str | None, ...]
Points = tuple[int, int, int]


@pytest.fixture(scope="module")
def tiny_week() -> Snapshot:
    """The snapshot."""
    return read_snapshot(ROOT / "tests/data/tiny_week", today=date(2030, 1, 1)).snapshot


@pytest.fixture(scope="module")
def planned() -> Allocation:
    """The service's plan of it."""
    reading = read_snapshot(ROOT / "tests/data/tiny_week", today=date(2030, 1, 1))
    assert not reading.warnings
    return allocate(reading, PlanRequest(effort=1), lambda: datetime(2026, 6, 1, 12, tzinfo=UTC))


def plans_of(snapshot: Snapshot) -> dict[Takers, Points]:
    """The value of each of the 256 assignments that breaks no rule, as the audit sees it."""
    found: dict[Takers, Points] = {}
    empty = _look(snapshot, rough(snapshot, {}))[0]
    for takers in product((None, "R-1", "R-2", "R-3"), repeat=len(CASES)):
        given = {f"{case} lead": who for case, who in zip(CASES, takers, strict=True) if who}
        plan = rough(snapshot, given)
        view = replace(empty, rows=read_rows(empty.facts, empty.standing, plan)[0], plan=plan)
        if not any(finding for check in RULE_CHECKS for finding in check(view)):
            working, told = work_of(view)
            found[takers] = (unallocated(view), late(view, told, working), cost(view))
    return found


def test_the_service_finds_the_answer_and_proves_it(planned: Allocation) -> None:
    """Who takes what, the three values, and nothing left open at any level."""
    leads = {row.case_id: row.reviewer_id for row in planned.plan.assignments}
    assert tuple(leads.get(case) for case in CASES) == BEST
    levels = [getattr(planned.plan.objective, name) for name in ("unallocated", "late", "cost")]
    assert tuple(level.value for level in levels) == VALUES
    assert tuple(level.fixed for level in levels) == FIXED
    assert [level.proof for level in levels] == ["optimal"] * 3
    assert [row.reason_code for row in planned.plan.unassigned] == ["no_capacity"]


def test_the_checker_agrees(tiny_week: Snapshot, planned: Allocation) -> None:
    """Every rule, date, hour and level, from the contract alone."""
    assert audit(tiny_week, planned.plan.as_document(), planned.certificate.as_document()) == []


def test_every_other_assignment_is_worse_or_not_allowed(tiny_week: Snapshot) -> None:
    """All 256 tried, without the encoder or the solver: the answer is allowed, and the only one so good."""
    plans = plans_of(tiny_week)
    assert plans.pop(BEST) == VALUES
    assert min(plans.values()) > VALUES
    assert len(plans) < 100


def test_every_level_decides_something(tiny_week: Snapshot) -> None:
    """Four plans are best at level 1, two of them at level 2, one at level 3; and a late one costs least."""
    plans = plans_of(tiny_week)
    first = {takers: points for takers, points in plans.items() if points[0] == VALUES[0]}
    second = [takers for takers, points in first.items() if points[1] == VALUES[1]]
    assert (len(first), len(second)) == (4, 2)
    assert min(points[2] for points in first.values()) == 68


def test_the_table_of_plans_in_the_docs_is_theirs(tiny_week: Snapshot) -> None:
    """The four plans that leave only C-4 empty, with their points, as docs/model.md lists them."""
    told = {
        tuple(row[f"{case} to"] for case in CASES[:3]): (int(row["late"]), int(row["cost"]))
        for row in table(text_of("docs/model.md"), "C-1 to")
    }
    plans = {takers[:3]: points[1:] for takers, points in plans_of(tiny_week).items() if points[0] == 114}
    assert told == plans


def test_the_conflict_decides_who_is_late(tiny_week: Snapshot) -> None:
    """If R-2 did not work for RXX, C-2 would be in time and C-1, which is less urgent, late."""
    free = tuple(r.model_copy(update={"organisations": ()}) for r in tiny_week.reviewers)
    plans = plans_of(tiny_week.model_copy(update={"reviewers": free}))
    best = min(plans, key=lambda takers: plans[takers])
    assert (best[1], plans[best][:2]) == ("R-2", (114, 861))


def entries() -> list[dict[str, Any]]:
    """What docs/model.md says a certificate of the week may hold: an entry a level."""
    return [json.loads(block) for block in blocks(text_of("docs/model.md"), "json")]


def test_the_prices_in_the_docs_prove_each_level(tiny_week: Snapshot) -> None:
    """By the checker's own reckoning they prove exactly the best value, and that is what they claim."""
    assert len(entries()) == len(VALUES)
    for level, entry in enumerate(entries()):
        assert entry["bound"] == VALUES[level] == proves(tiny_week, entry, VALUES[:level])


def test_a_plan_with_the_prices_in_the_docs_is_sound(tiny_week: Snapshot, planned: Allocation) -> None:
    """The checker takes them for all three levels; not with one more claimed, nor at another price."""

    def wrong(change: Callable[[dict[str, Any]], object]) -> set[str]:
        plan, proof = planned.plan.as_document(), planned.certificate.as_document()
        proof["levels"] = dict(zip(plan["objective"], entries(), strict=True))
        for name, claim in plan["objective"].items():
            change(proof["levels"][name])
            claim["certified_bound"] = proof["levels"][name]["bound"]
        return {finding.code for finding in audit(tiny_week, plan, proof)}

    assert wrong(lambda entry: None) == set()
    assert "certificate" in wrong(lambda entry: entry.update(bound=entry["bound"] + 1))
    assert "certificate" in wrong(lambda entry: entry["prices"]["lead"].update({"C-2": 950_000}))


def test_the_costs_in_the_docs_are_the_checkers(tiny_week: Snapshot) -> None:
    """What each case costs with each reviewer, lateness and bands included, and the price beside it."""
    prices = entries()[-1]["prices"]["lead"]
    bands = {"R-1": 11, "R-2": 4, "R-3": 13}
    choice, _ = relaxed(tiny_week)
    options, late = choice.options, choice.options.after < choice.options.minutes
    costs = choice.points() + late * choice.facts.urgency[options.case]
    told = {
        (CASES[case], f"R-{reviewer + 1}"): int(cost) + bands[f"R-{reviewer + 1}"]
        for case, reviewer, cost in zip(options.case, options.reviewer, costs, strict=True)
    }
    for row in table(text_of("docs/model.md"), "cost of"):
        case = row["cost of"].strip("`")
        assert int(row["price"]) * 1000 == prices.get(case, 0)
        for reviewer in bands:
            cell = row[f"with {reviewer}"]
            assert told.get((case, reviewer)) == (int(cell.split("= ")[-1]) if "=" in cell else None)


def test_the_numbers_worked_out_in_the_docs_are_the_audits(tiny_week: Snapshot, planned: Allocation) -> None:
    """Days, urgency and due days of each case; capacity, minutes and band points of each reviewer."""
    page = text_of("docs/model.md")
    for row, case in zip(table(page, "case"), tiny_week.cases, strict=True):
        dated = clock(case, tiny_week.policy, tiny_week.as_of)
        assert row["case"] == f"`{case.case_id}`"
        assert row["days on the clock"] == f"{dated.days}, {dated.days // 7} weeks"
        days = [
            date.fromisoformat(row[name]).toordinal()
            for name in ("allocate by", "complete by", "last safe start")
        ]
        assert days == [dated.allocate_by, dated.complete_by, dated.last_safe_start]
        assert int(row["U"].split("= ")[-1]) == dated.urgency
    loads = {row.reviewer_id: row for row in planned.plan.workloads}
    for row in table(page, "reviewer"):
        load = loads[row["reviewer"].strip("`")]
        assert int(row["capacity"].split("= ")[-1]) == 60 * load.capacity_hours
        assert int(row["given"].split("= ")[-1]) == 60 * (load.held_hours + load.new_hours)


def test_the_answer_stands_beside_the_data() -> None:
    """tests/data/tiny_week/README.md has the same takers and values."""
    page = text_of("tests/data/tiny_week/README.md")
    takers = {row["case"].strip("`"): row["goes to"].strip("`") for row in table(page, "case")}
    assert tuple(takers[case] for case in CASES) == (*BEST[:3], "nobody")
    assert tuple(int(row["value"]) for row in table(page, "level")) == VALUES
