"""A plan in words and tables: who takes what and why, what could not be placed, how good it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from allocator.plan import Assignment, Counts, Level, Plan, Workload
from api.cli import screen

_PROOFS = {"optimal": "proved best", "within_gap": "proved within the gap", "best_found": "best found"}
_BOUNDS = {
    "prices": "certified: `check` recomputes it",
    "search": "proved by search, not certified",
    "fixed": "no plan could avoid it",
}
_ONLY_FIXED = "nothing is proved beyond what no plan could avoid"
_MARKED_ABOVE_PERCENT = 110


def whole(plan: Plan) -> None:
    """Print all of a plan that a coordinator acts on."""
    figures(plan)
    taken(plan)
    empty(plan)
    workloads(plan)
    quality(plan)
    warnings(plan)


def summary(plan: Plan, directory: Path) -> None:
    """Print a plan's figures, and where its files are."""
    figures(plan)
    quality(plan)
    warnings(plan)
    screen.heading("Files")
    screen.say(f"{directory}: plan.json, assignments.csv, unassigned.csv, workloads.csv, certificate.json")


def figures(plan: Plan) -> None:
    """Print the plan's figures, the most asked for first."""
    told = plan.summary
    screen.say(f"Plan {plan.plan_id[:12]} as of {plan.as_of}, found in {plan.solver.seconds:.1f} s")
    screen.say(f"Leads: {told.leads.new} new, {told.leads.kept} kept, {told.leads.moved} moved")
    if any(told.seconds.model_dump().values()):
        screen.say(f"Seconds: {told.seconds.new} new, {told.seconds.kept} kept, {told.seconds.moved} moved")
    screen.say(f"Without a lead: {_by_reason(told.unallocated_leads)}")
    if told.unallocated_seconds:
        screen.say(f"Without a second: {_by_reason(told.unallocated_seconds)}")
    screen.say(f"On hold: {told.on_hold}; out of scope: {_by_reason(told.out_of_scope_reasons)}")
    screen.say(f"Not on hold: {_in_time(told.eligible)} without a lead")
    screen.say(f"All in scope: {_in_time(told.all)} without a lead or on hold")


IN_WORDS = {
    "on_hold": "on hold",
    "type": "nobody for the review type",
    "skill": "nobody with the skills",
    "area": "nobody in reach",
    "excluded": "everyone excluded",
    "conflict": "conflicts of interest",
    "available": "nobody available",
    "linked": "linked cases",
    "admin": "administration at its limit",
    "contract": "contract at its limit",
    "open_cases": "open cases at their limit",
    "year_limit": "cases of the year at their limit",
    "no_capacity": "too few hours",
    "opt_out": "opted out",
}
"""A reason code as a coordinator would say it, after a count."""


def _by_reason(counts: Mapping[str, int]) -> str:
    listed = ", ".join(f"{count} {IN_WORDS.get(code, code)}" for code, count in counts.items() if count)
    total = sum(counts.values())
    return f"{total} ({listed})" if total else "0"


def _in_time(counts: Counts) -> str:
    others = counts.cases - counts.in_time - counts.late
    return f"of {counts.cases} cases {counts.in_time} in time, {counts.late} late, {others}"


def taken(plan: Plan) -> None:
    """Print who newly takes what, and why; kept cases are only counted."""
    rows = [row for row in plan.assignments if row.change != "kept"]
    screen.heading(f"Who takes what ({len(rows)} new or moved)")
    if not rows:
        screen.say("Nothing new.")
    elif screen.is_narrow():
        cells = ([r.case_id, r.reviewer_id, _finish(r), _why(r)] for r in rows)
        screen.table(["case", "reviewer", "done", "why"], cells)
    else:
        columns = ["case", "role", "reviewer", "hours", "start", "done", "due", "why"]
        screen.table(columns, (_wide(row) for row in rows))


def _wide(row: Assignment) -> list[str]:
    return [
        row.case_id,
        row.role,
        row.reviewer_id,
        f"{row.hours:g}",
        str(row.start_on or "-"),
        _finish(row),
        str(row.complete_by),
        _why(row),
    ]


def _finish(row: Assignment) -> str:
    late = " late" if row.on_time is False else ""
    return f"{row.finish_on or 'not in 5 years'}{late}"


def _why(row: Assignment) -> str:
    return f"second: {row.reason}" if row.role == "second" and screen.is_narrow() else row.reason


def empty(plan: Plan) -> None:
    """Print the places nobody takes, why, and what kind of change would help."""
    rows = plan.unassigned
    if not rows:
        return
    screen.heading(f"What could not be placed, and why ({len(rows)})")
    columns = ["case", "role", "because", "reason, and what would help"]
    screen.table(columns, ([r.case_id, r.role, r.reason_code, f"{r.reason} {r.remedy}"] for r in rows))


def workloads(plan: Plan) -> None:
    """Print how much of their hours each reviewer is given; those above 110 % are marked apart."""
    screen.heading("Reviewers")
    columns = ["reviewer", "capacity h", "held h", "new h", "load", "open", "state"]
    screen.table(columns, (_load(row) for row in plan.workloads))


def _load(row: Workload) -> list[str]:
    share = row.workload_percent
    mark = " (above 110 %)" if share is not None and share > _MARKED_ABOVE_PERCENT else ""
    return [
        row.reviewer_id,
        *(f"{hours:g}" for hours in (row.capacity_hours, row.held_hours, row.new_hours)),
        "-" if share is None else f"{share:g} %",
        str(row.open_cases),
        f"{row.state}{mark}",
    ]


def quality(plan: Plan) -> None:
    """Print each level's value and what is proved of it, and on what the proof rests."""
    screen.heading("How good (points; a higher line is never given up for a lower one)")
    levels = [(name, getattr(plan.objective, name)) for name in type(plan.objective).model_fields]
    columns = ["level", "value", "fixed", "at least", "gap", "proof"]
    screen.table(columns, (level(name, of) for name, of in levels))


def level(name: str, of: Level) -> Sequence[str]:
    """Return a level's cells: its value, what is proved of it, and on what the proof rests."""
    numbers = (f"{number:,}" for number in (of.value, of.fixed, of.bound))
    return [name, *numbers, f"{100 * of.gap:.1f} %", f"{_PROOFS[of.proof]} ({_basis(of)})"]


def _basis(level: Level) -> str:
    if level.bounded_by == "fixed" and level.value > level.bound:
        return _ONLY_FIXED
    if level.bounded_by == "search" and level.certified_bound is not None:
        return f"{_BOUNDS['search']}; {level.certified_bound:,} is certified"
    return _BOUNDS[level.bounded_by]


def warnings(plan: Plan) -> None:
    """Print what is worth knowing of the input."""
    if plan.warnings:
        screen.heading("Worth knowing")
        screen.say(*(screen.one_line(_warning(one)) for one in plan.warnings))


def _warning(one: Mapping[str, object]) -> str:
    line = f"line {one['line']}" if "line" in one else None
    place = " ".join(_words((one.get("file"), line, one.get("pointer"))))
    return ": ".join(_words((place, one.get("message"), one.get("hint"))))


def _words(parts: Iterable[object]) -> list[str]:
    return [str(part) for part in parts if part]
