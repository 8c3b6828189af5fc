"""The lines of a plan, read with suspicion: what cannot be understood becomes a finding, never an error."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from allocator.audit.exact import Bools, Ints
from allocator.audit.facts import LEAD, ROLES, SECOND, Facts
from allocator.audit.finding import Finding
from allocator.audit.standing import NOBODY, Standing

Line = dict[str, object]
ASSIGNMENT_COLUMNS = (
    "case_id",
    "role",
    "reviewer_id",
    "change",
    "previous_reviewer_id",
    "hours",
    "distance_km",
    "start_on",
    "finish_on",
    "complete_by",
    "on_time",
    "reason",
)
UNASSIGNED_COLUMNS = ("case_id", "role", "reason_code", "reason", "remedy")
WORKLOAD_COLUMNS = (
    "reviewer_id",
    "capacity_hours",
    "held_hours",
    "new_hours",
    "workload_percent",
    "open_cases",
    "state",
)


@dataclass(frozen=True)
class Rows:
    """The plan as arrays: one entry an assignment that could be read.

    Parameters
    ----------
    kept : ndarray of shape (n_rows,), dtype=np.bool_
        True where the place stays with its holder by the snapshot, whatever the plan calls it.
    given : ndarray of shape (2, n_cases), dtype=np.int64
        The reviewer of each place in the plan, or NOBODY.
    unassigned : dict of (role, case) to the line
        The places the plan leaves empty.
    """

    lines: tuple[Line, ...]
    case: Ints
    role: Ints
    reviewer: Ints
    kept: Bools
    minutes: Ints
    given: Ints
    unassigned: dict[tuple[int, int], Line]

    def new_leads(self) -> Bools:
        """Return which rows are leads that are new to their reviewer."""
        new: Bools = (self.role == LEAD) & ~self.kept
        return new


def read_rows(facts: Facts, standing: Standing, plan: Line) -> tuple[Rows, list[Finding]]:
    """Return the lines that can be read, each place once, and what is wrong with the rest."""
    findings: list[Finding] = []
    assigned = dict(_places(facts, plan, "assignments", ASSIGNMENT_COLUMNS, findings))
    unassigned = dict(_places(facts, plan, "unassigned", UNASSIGNED_COLUMNS, findings))
    for place in list(assigned):
        reviewer_id = assigned[place]["reviewer_id"]
        if not isinstance(reviewer_id, str) or reviewer_id not in facts.seat_of:
            del assigned[place]
            message = f"no reviewer {reviewer_id!r} in the snapshot"
            findings.append(Finding("shape", facts.label(place[1], place[0]), message))
    findings += _each_place_once(facts, set(assigned), set(unassigned))
    return _arrays(facts, standing, assigned, unassigned), findings


def lines_of(plan: Line, table: str, columns: tuple[str, ...], findings: list[Finding]) -> Iterator[Line]:
    """Yield the lines of one table that have every column; note those that do not."""
    lines = plan.get(table)
    if not isinstance(lines, list):
        findings.append(Finding("shape", table, "a list of lines is asked for"))
        return
    for index, line in enumerate(lines):
        missing = [name for name in columns if not isinstance(line, dict) or name not in line]
        if missing:
            findings.append(Finding("shape", f"{table}[{index}]", f"no {', '.join(missing)}"))
        else:
            yield line


def _places(
    facts: Facts, plan: Line, table: str, columns: tuple[str, ...], findings: list[Finding]
) -> Iterator[tuple[tuple[int, int], Line]]:
    """Yield (role, case) with its line, each place once, and note what is out of order."""
    seen: dict[tuple[int, int], None] = {}
    for line in lines_of(plan, table, columns, findings):
        case_id, role = line["case_id"], line["role"]
        row = facts.row_of.get(case_id) if isinstance(case_id, str) else None
        if row is None or role not in ROLES:
            where = f"{table}, case {case_id!r}, {role!r}"
            findings.append(Finding("shape", where, "no such place among the snapshot's cases in scope"))
            continue
        place = (ROLES.index(str(role)), row)
        label = facts.label(row, place[0])
        if place[0] == SECOND and not facts.has_second[row]:
            findings.append(Finding("assignment", label, "its review type has no second reviewer"))
        elif place in seen:
            findings.append(Finding("shape", label, f"stands twice in {table}"))
        else:
            seen[place] = None
            yield place, line
    order = [(row, role) for role, row in seen]
    if order != sorted(order):
        findings.append(Finding("shape", table, "the lines are not in the order of case_id, lead first"))


def _each_place_once(
    facts: Facts, assigned: set[tuple[int, int]], unassigned: set[tuple[int, int]]
) -> Iterator[Finding]:
    """Yield places that stand in both tables or in neither."""
    for role, row in sorted(assigned & unassigned):
        yield Finding("shape", facts.label(row, role), "stands both in assignments and in unassigned")
    places = {(LEAD, row) for row in range(len(facts.cases))}
    places |= {(SECOND, row) for row in np.flatnonzero(facts.has_second).tolist()}
    for role, row in sorted(places - assigned - unassigned):
        yield Finding("shape", facts.label(row, role), "stands neither in assignments nor in unassigned")


def _arrays(
    facts: Facts,
    standing: Standing,
    assigned: dict[tuple[int, int], Line],
    unassigned: dict[tuple[int, int], Line],
) -> Rows:
    """Return the lines as arrays."""
    role = np.array([place[0] for place in assigned], dtype=np.int64)
    case = np.array([place[1] for place in assigned], dtype=np.int64)
    seats = [facts.seat_of[str(line["reviewer_id"])] for line in assigned.values()]
    reviewer = np.array(seats, dtype=np.int64)
    given = np.full((2, len(facts.cases)), NOBODY)
    given[role, case] = reviewer
    kept = standing.holder[role, case] == reviewer
    fresh = facts.efforts.minutes(role, case, reviewer)
    minutes = np.where(kept, standing.minutes[role, case], fresh)
    return Rows(tuple(assigned.values()), case, role, reviewer, kept, minutes, given, unassigned)
