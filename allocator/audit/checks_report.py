"""The tables that sum up a plan: a line a reviewer, and the counts of the summary."""

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from allocator.audit.exact import half_up, hours_of, number
from allocator.audit.facts import LEAD
from allocator.audit.finding import Finding
from allocator.audit.rows import WORKLOAD_COLUMNS, Line, lines_of
from allocator.audit.view import View


def workloads(view: View) -> Iterator[Finding]:
    """Yield reviewers without a right line of workloads, and lines without a reviewer."""
    findings: list[Finding] = []
    lines = list(lines_of(view.plan, "workloads", WORKLOAD_COLUMNS, findings))
    yield from findings
    ids = [line["reviewer_id"] for line in lines]
    if ids != [reviewer.reviewer_id for reviewer in view.facts.reviewers]:
        yield Finding("workloads", "workloads", "one line a reviewer is asked for, in the order of ids")
    held, new, leads = view.minutes_given(new=False), view.minutes_given(new=True), view.leads_given()
    for line in lines:
        reviewer_id = line["reviewer_id"]
        seat = view.facts.seat_of.get(reviewer_id) if isinstance(reviewer_id, str) else None
        if seat is not None:
            yield from _workload(view, seat, line, (int(held[seat]), int(new[seat]), int(leads[seat])))


def _workload(view: View, seat: int, line: Line, work: tuple[int, int, int]) -> Iterator[Finding]:
    """Yield what is wrong in one reviewer's line; `work` is held minutes, new minutes and leads."""
    held, new, leads = work
    whole = int(view.facts.diaries.capacity[seat])
    share = Fraction(100 * (held + new), whole) if whole else None
    shown = None if share is None else half_up(share * 10) / 10
    right: dict[str, float | None] = {
        "capacity_hours": hours_of(whole),
        "held_hours": hours_of(held),
        "new_hours": hours_of(new),
        "workload_percent": shown,
        "open_cases": leads,
    }
    where = f"reviewer {view.facts.reviewers[seat].reviewer_id}"
    for name, value in right.items():
        said = line[name]
        if (said is not None) if value is None else number(said) != value:
            yield Finding("workloads", where, f"{name} is {said!r}, it is {value}")
    # The contract does not say whether a state follows the exact share or the one shown.
    states = (_state(share), _state(shown))
    if line["state"] not in states:
        yield Finding("workloads", where, f"state is {line['state']!r}, it is {states[0]}")


def _state(percent: Fraction | float | None) -> str:
    """Return the word for a workload."""
    if percent is None:
        return "unavailable"
    return "over" if percent > 100 else "full" if percent >= 90 else "ok"


def summary(view: View, ended: dict[str, int]) -> Iterator[Finding]:
    """Yield counts of the summary that are not what the plan holds; `ended` counts leads in time and late."""
    said = view.plan.get("summary")
    if not isinstance(said, dict):
        yield Finding("summary", "summary", "an object of counts is asked for")
        return
    for name, right in _counts(view, ended).items():
        value = said.get(name)
        if isinstance(value, dict) and name == "unallocated":
            value = {code: count for code, count in value.items() if count != 0 or isinstance(count, bool)}
        if not _same_counts(value, right):
            yield Finding("summary", f"summary.{name}", f"is {value!r}, the plan holds {right!r}")


def _counts(view: View, ended: dict[str, int]) -> dict[str, object]:
    """Return the counts as the plan's lines and the snapshot give them."""
    facts, rows = view.facts, view.rows
    holds = int(facts.on_hold.sum())
    named = np.array([_had_holder(view, index) for index in range(len(rows.case))], dtype=np.bool_)
    codes = Counter(str(line["reason_code"]) for line in rows.unassigned.values())
    return {
        "new": int((~rows.kept & ~named).sum()),
        "kept": int(rows.kept.sum()),
        "moved": int((~rows.kept & named).sum()),
        "unallocated": dict(codes),
        "on_hold": holds,
        "out_of_scope": len(facts.snapshot.cases) - len(facts.cases),
        "eligible": {"cases": len(facts.cases) - holds, **ended},
        "all": {"cases": len(facts.cases), **ended},
    }


def _had_holder(view: View, index: int) -> bool:
    """Return whether someone held the place of a row before."""
    case = view.facts.cases[view.rows.case[index]]
    return (case.reviewer_id if view.rows.role[index] == LEAD else case.second_reviewer_id) is not None


def _same_counts(said: object, right: object) -> bool:
    """Return whether counts are the same whole numbers; more keys beside them are allowed in none."""
    if isinstance(right, dict):
        return (
            isinstance(said, dict)
            and said.keys() == right.keys()
            and all(_same_counts(said[key], value) for key, value in right.items())
        )
    return type(said) is int and said == right
