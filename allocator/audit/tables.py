"""Small tables from which the rules about a person are read: a row a distinct need, a column a reviewer."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from allocator.audit.exact import Bools, Ints
from allocator.audit.facts import Facts
from allocator.audit.geography import Positions, read_positions
from allocator.audit.sameness import Roots, counts

Whom = Ints | slice
"""Reviewers that broadcast with cases, or EVERYONE."""

EVERYONE = slice(None)
"""In place of indices of reviewers: each case with every reviewer, in a row of its own."""


@dataclass(frozen=True)
class Table:
    """True where a rule stops: `stops[row[case], reviewer]`."""

    row: Ints
    stops: Bools

    def __call__(self, cases: Ints, reviewers: Whom) -> Bools:
        """Return whether the rule stops each case with its reviewer; the indices broadcast."""
        found: Bools = self.stops[self.row[cases], reviewers]
        return found


@dataclass(frozen=True)
class Tables:
    """What the rules about a person look up; pairs are (lead's table, second's table)."""

    types: Table
    skills: tuple[Table, Table]
    areas: Table
    positions: Positions
    by_distance: bool
    excluded: Table
    organisations: Table
    named: Table
    unknown: Bools
    available: tuple[Table, Table]


def read_tables(facts: Facts) -> Tables:
    """Return the tables of a snapshot."""
    organisations, named = _conflicts(facts)
    hold_back = facts.policy.conflict.unknown_organisations == "hold"
    return Tables(
        types=_types(facts),
        skills=_skills(facts),
        areas=_areas(facts),
        positions=read_positions(facts),
        by_distance=facts.policy.geography.rule == "distance",
        excluded=_excluded(facts),
        organisations=organisations,
        named=named,
        unknown=np.array([hold_back and not case.organisations for case in facts.cases], dtype=np.bool_),
        available=_available(facts),
    )


def _table(keys: Sequence[Hashable], width: int, stopped: Callable[[Hashable], Bools | bool]) -> Table:
    """Return a table with a row for each distinct key."""
    rows = {key: index for index, key in enumerate(dict.fromkeys(keys))}
    stops = np.zeros((len(rows), width), dtype=np.bool_)
    for key, index in rows.items():
        stops[index] = stopped(key)
    return Table(np.array([rows[key] for key in keys], dtype=np.int64), stops)


def _types(facts: Facts) -> Table:
    """Stop who may not lead the type."""
    names = [case.review_type for case in facts.cases]
    may = [set(reviewer.review_types) for reviewer in facts.reviewers]

    def barred(name: Hashable) -> Bools:
        return np.array([bool(types) and name not in types for types in may], dtype=np.bool_)

    return _table(names, len(may), barred)


def _skills(facts: Facts) -> tuple[Table, Table]:
    """Stop who lacks a skill: of the case for leads, of the type's second for seconds."""
    has = [frozenset(reviewer.skills) for reviewer in facts.reviewers]
    seconds = [facts.kind(row).second for row in range(len(facts.cases))]
    lead = [frozenset(case.skills) for case in facts.cases]
    second = [frozenset(part.skills if part else ()) for part in seconds]

    def lacking(needs: Hashable) -> Bools:
        return np.array([not needs <= skills for skills in has], dtype=np.bool_)  # type: ignore[operator]

    return _table(lead, len(has), lacking), _table(second, len(has), lacking)


def _areas(facts: Facts) -> Table:
    """Stop who does not cover the area and is at home in no neighbour of it."""
    neighbours = {area.area: set(area.neighbours) for area in facts.snapshot.areas}
    by_area = facts.policy.geography.rule == "area"

    def far(area: Hashable) -> Bools:
        near = neighbours.get(str(area), set())
        may = [area in reviewer.areas or reviewer.areas[0] in near for reviewer in facts.reviewers]
        return ~np.array(may, dtype=np.bool_) & by_area

    return _table([case.area for case in facts.cases], len(facts.reviewers), far)


def _marked(facts: Facts, pairs: Iterable[tuple[str, str]]) -> Table:
    """Return the table of pairs (case id, reviewer id), row 0 for the cases of none."""
    seats: dict[int, list[int]] = {}
    for case_id, reviewer_id in pairs:
        if case_id in facts.row_of and reviewer_id in facts.seat_of:
            seats.setdefault(facts.row_of[case_id], []).append(facts.seat_of[reviewer_id])
    row = np.zeros(len(facts.cases), dtype=np.int64)
    stops = np.zeros((len(seats) + 1, len(facts.reviewers)), dtype=np.bool_)
    for index, (case, found) in enumerate(seats.items(), start=1):
        row[case] = index
        stops[index, found] = True
    return Table(row, stops)


def _excluded(facts: Facts) -> Table:
    """Stop who is excluded from the case or has declined it."""
    excluded = [(case.case_id, reviewer) for case in facts.cases for reviewer in case.excluded_reviewers]
    declined = [(decline.case_id, decline.reviewer_id) for decline in facts.snapshot.declines]
    return _marked(facts, [*excluded, *declined])


def _conflicts(facts: Facts) -> tuple[Table, Table]:
    """Stop who has a tie to one of the case's organisations; and who has an interest in the case itself."""
    roots, snapshot = Roots(facts.snapshot), facts.snapshot
    tied: dict[str, set[int]] = {}
    for seat, reviewer in enumerate(facts.reviewers):
        for code in reviewer.organisations:
            tied.setdefault(roots[code], set()).add(seat)
    named = []
    for interest in snapshot.interests:
        seat_now = facts.seat_of.get(interest.reviewer_id)
        if seat_now is None or not counts(interest, facts.reviewers[seat_now], snapshot):
            continue
        if interest.organisation is not None:
            tied.setdefault(roots[interest.organisation], set()).add(seat_now)
        if interest.case_id is not None:
            named.append((interest.case_id, interest.reviewer_id))

    def conflicted(keys: Hashable) -> Bools:
        stopped = np.zeros(len(facts.reviewers), dtype=np.bool_)
        for root in keys:  # type: ignore[attr-defined]
            stopped[list(tied.get(root, ()))] = True
        return stopped

    return _table(_case_roots(facts, roots), len(facts.reviewers), conflicted), _marked(facts, named)


def _case_roots(facts: Facts, roots: Roots) -> list[Hashable]:
    """Return the organisations of each case, the commissioner's among them if the policy says so."""
    commissioner = {area.area: area.organisation for area in facts.snapshot.areas if area.organisation}
    if not facts.policy.conflict.commissioner_is_conflict:
        commissioner = {}
    found: list[Hashable] = []
    for case in facts.cases:
        extra = [commissioner[case.area]] if case.area in commissioner else []
        found.append(frozenset(roots[code] for code in [*case.organisations, *extra]))
    return found


def _available(facts: Facts) -> tuple[Table, Table]:
    """Stop who has no time, starts too late or, for leads, leaves before the evidence is due."""
    as_of, diaries = facts.snapshot.as_of, facts.diaries
    ends = [as_of + timedelta(days=day) for day in diaries.last_day.tolist()]
    starts = [reviewer.starts_on or as_of for reviewer in facts.reviewers]
    late = [start > end for start, end in zip(starts, ends, strict=True)]
    closed = (diaries.capacity <= 0) | np.array(late, dtype=np.bool_)
    leaves = [reviewer.leaves_on for reviewer in facts.reviewers]

    def gone(name: Hashable) -> Bools:
        due = as_of + timedelta(days=facts.policy.review_types[str(name)].evidence_days)
        return closed | np.array([day is not None and day < due for day in leaves], dtype=np.bool_)

    names = [case.review_type for case in facts.cases]
    return _table(names, len(leaves), gone), _table([0] * len(names), len(leaves), lambda _: closed)
