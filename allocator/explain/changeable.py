"""All single changes that a snapshot could have, and its problem with every arc that one could open."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np

from allocator.arcs import masks
from allocator.calendar import capacities, horizon_weeks
from allocator.encode import Encoding, encode
from allocator.exact import Ints
from allocator.explain.changes import (
    MOST_HOURS,
    Change,
    HigherLimit,
    LongerHorizon,
    MoreAdmin,
    MoreHours,
    MoreOfContract,
    NewArea,
    NewSkill,
    NewType,
)
from allocator.explain.lifting import Leading, Lifting, beyond_hours, left_of_admin, open_cases_apart
from allocator.groups import Kind
from allocator.held import Role
from allocator.policy import Policy
from allocator.reviewers import Reviewer
from allocator.rules import RULES, Mask, Rule
from allocator.rules.table import without
from allocator.snapshot import Snapshot
from solver.amend import Amendment, Changes
from solver.part import Part

HOURS_TRIED, WEEKS_TRIED, HOURS_OF_ADMIN, HOURS_OF_CONTRACT = 20, 4, 12, 40


@dataclass(frozen=True, eq=False)
class Open:
    """What may be changed for some reviewers, and their part of the problem with all that it could open.

    Parameters
    ----------
    part : whose rows the others' are
    options : every change that is looked at, with what it does to the part
    behind : by arc that a rule or a limit shuts: of each tuple of numbers one change must be made to open it
    """

    part: Part
    options: list[tuple[Change, Amendment]]
    behind: dict[int, list[tuple[int, ...]]]

    def changes(self, most: int, refused: frozenset[int]) -> Changes:
        """The same for the solver: so many at most, and none of those refused."""
        return Changes([one for _, one in self.options], self.behind, self._apart, most, refused)

    def like(self, chosen: tuple[int, ...]) -> frozenset[int]:
        """Changes of the same kind for the same person or place as those chosen."""
        return frozenset(at for alike in self._apart if not set(chosen).isdisjoint(alike) for at in alike)

    @cached_property
    def _apart(self) -> list[list[int]]:
        """The numbers of changes of one kind for one person or place: at most one of them is made."""
        kinds: dict[tuple[str, ...], list[int]] = {}
        for at, (change, _) in enumerate(self.options):
            kinds.setdefault(_kind(change), []).append(at)
        return list(kinds.values())


class _New(NamedTuple):
    """An arc of a part to a reviewer who does not hold the place."""

    arc: int
    place: int
    who: int


@dataclass(frozen=True, eq=False)
class Changeable:
    """A snapshot, and what may be changed of it.

    Parameters
    ----------
    max_moves : int ≥ 0, how many held leads may change hands by choice
    near : the pairs that are looked at, as a rule; all unless given
    """

    snapshot: Snapshot
    max_moves: int = 0
    near: Rule | None = None

    @cached_property
    def encoding(self) -> Encoding:
        """The snapshot's problem, with every arc that a change could open; its limits are those of now."""
        rules = (*([] if self.near is None else [self.near]), *without(*self._opened))
        now, most = (encode(one, self.max_moves, rules) for one in (self.snapshot, self._roomy))
        limits = replace(most.problem.groups, limit=now.problem.groups.limit)
        return open_cases_apart(now, most.problem.replace(capacity=now.problem.capacity, groups=limits))

    def open(self, part: Part) -> Open:
        """What may be changed for the reviewers of a part of its problem."""
        rows = part.reviewers
        opening = list(self._opening(part))
        options = [
            *_in_rows(self._hours(rows), rows),
            *_in_rows(self._horizons(rows), rows),
            *_in_rows(self._limits(rows), rows),
            *self._groups(),
            *((one, Amendment(one.cost)) for one in dict.fromkeys(c for _, each in opening for c in each)),
        ]
        number = {change: at for at, (change, _) in enumerate(options)}
        lifting = Lifting(self.encoding, [change for change, _ in options])
        behind: dict[int, list[tuple[int, ...]]] = {}
        for new, needed in opening:
            clauses = [*lifting.clauses(new.place, new.who), *((number[one],) for one in needed)]
            if clauses:
                behind[new.arc] = clauses
        return Open(part, options, behind)

    @property
    def _roomy(self) -> Snapshot:
        """The snapshot with all the hours that are tried for anyone and any area."""
        people = tuple(_with_hours(one, HOURS_TRIED) for one in self.snapshot.reviewers)
        areas = tuple(
            one
            if one.admin_hours_per_week is None
            else one.model_copy(update={"admin_hours_per_week": one.admin_hours_per_week + HOURS_OF_ADMIN})
            for one in self.snapshot.areas
        )
        return self.snapshot.model_copy(update={"reviewers": people, "areas": areas})

    @property
    def _opened(self) -> tuple[str, ...]:
        """Rules about a person that a change could satisfy; none satisfies a conflict or a decline."""
        by_area = self.snapshot.policy.geography.rule == "area"
        return ("type", "skill", "area") if by_area else ("type", "skill")

    def _hours(self, rows: Ints) -> Iterator[tuple[Change, Amendment]]:
        """Hours a week, from one up, for each of them."""
        facts, capacity = self.encoding.facts, self.encoding.problem.capacity
        snapshot, beyond = facts.snapshot, beyond_hours(self.encoding)
        for hours in range(1, HOURS_TRIED + 1):
            people = [_with_hours(facts.reviewers[row], hours) for row in rows.tolist()]
            limit = capacities(people, snapshot.absences, snapshot.policy, snapshot.as_of).limit
            for row, minutes in zip(rows.tolist(), limit.tolist(), strict=True):
                reviewer, more = facts.reviewers[row], minutes - int(capacity[row])
                if _reaches(more, beyond[row]) and reviewer.hours_per_week + hours <= MOST_HOURS:
                    weeks = horizon_weeks(reviewer, snapshot.policy)
                    change = MoreHours(reviewer.reviewer_id, hours, weeks)
                    yield change, Amendment(change.cost, {row: more})

    def _horizons(self, rows: Ints) -> Iterator[tuple[Change, Amendment]]:
        """Weeks more of work for each of them who is here, unless an interest may begin in them."""
        facts, capacity = self.encoding.facts, self.encoding.problem.capacity
        snapshot, ends = facts.snapshot, facts.capacities.horizon_ends
        beyond = beyond_hours(self.encoding)
        soon = {
            one.reviewer_id
            for one in snapshot.interests
            if one.from_ is not None and one.from_.toordinal() > ends[facts.reviewer_row[one.reviewer_id]]
        }
        for weeks in range(1, WEEKS_TRIED + 1):
            people = [_with_weeks(facts.reviewers[row], weeks, snapshot.policy) for row in rows.tolist()]
            limit = capacities(people, snapshot.absences, snapshot.policy, snapshot.as_of).limit
            for row, minutes, later in zip(rows.tolist(), limit.tolist(), people, strict=True):
                reviewer, to = facts.reviewers[row], later.horizon_weeks
                more = minutes - int(capacity[row])
                here = reviewer.starts_on is None or reviewer.starts_on.toordinal() <= ends[row]
                may = here and reviewer.reviewer_id not in soon
                if _reaches(more, beyond[row]) and may and to is not None:
                    change = LongerHorizon(reviewer.reviewer_id, weeks, to)
                    yield change, Amendment(change.cost, {row: more})

    def _limits(self, rows: Ints) -> Iterator[tuple[Change, Amendment]]:
        """One case more, open or in the year."""
        facts, leading = self.encoding.facts, Leading.of(self.encoding)
        group = {key.name: at for at, key in enumerate(self.encoding.groups) if key.kind is Kind.OPEN_CASES}
        for row in rows.tolist():
            reviewer = facts.reviewers[row]
            if (more := leading.raises(row)) is not None:
                change = HigherLimit(reviewer.reviewer_id, "max_open_cases", int(leading.most[row]) + 1)
                yield change, Amendment(change.cost, group={group[reviewer.reviewer_id]: more})
            if reviewer.cases_a_year is not None:
                change = HigherLimit(reviewer.reviewer_id, "cases_a_year", reviewer.cases_a_year + 1)
                if reviewer.cases_a_year >= (reviewer.cases_this_year or 0):
                    yield change, Amendment(change.cost, slots={row: 1})

    def _groups(self) -> Iterator[tuple[Change, Amendment]]:
        """Administration of an area, and contracts."""
        weeks = self.snapshot.policy.horizon.weeks
        for row, key in enumerate(self.encoding.groups):
            change: Change
            if key.kind is Kind.ADMIN:
                for hours in range(1, HOURS_OF_ADMIN + 1):
                    change, free = MoreAdmin(key.name, hours, weeks), self.encoding.totals.admin[key.name]
                    more = max(0, left_of_admin(self.encoding, change)) - max(0, free)
                    yield change, Amendment(change.cost, group={row: more})
            elif key.kind is Kind.CONTRACT_CASES:
                change = MoreOfContract(key.name, "cases_left", 1)
                yield change, Amendment(change.cost, group={row: 1})
            elif key.kind is Kind.CONTRACT_MINUTES:
                for hours in range(1, HOURS_OF_CONTRACT + 1):
                    change = MoreOfContract(key.name, "hours_left", hours)
                    yield change, Amendment(change.cost, group={row: 60 * hours})

    def _opening(self, part: Part) -> Iterator[tuple[_New, tuple[Change, ...]]]:
        """Arcs of a part to somebody new, and the changes that satisfy each rule that forbids it to them."""
        places, problem = self.encoding.places, part.problem
        for at, place in enumerate(part.places.tolist()):
            role, row = Role(int(places.role[place])), int(places.case[place])
            if problem.arc_start[at] < problem.arc_start[at + 1]:
                may = {code: mask(np.array([row]))[0] for code, mask in self._asked[role].items()}
                for arc in range(problem.arc_start[at], problem.arc_start[at + 1]):
                    who = int(part.reviewers[problem.arc_reviewer[arc]])
                    if who != places.holder[place]:
                        codes = (code for code, open_to in may.items() if not open_to[who])
                        each = (self._satisfying(code, row, role, who) for code in codes)
                        yield _New(arc, place, who), tuple(one for some in each for one in some)

    @cached_property
    def _asked(self) -> dict[Role, dict[str, Mask]]:
        """The rules about a person that a change could satisfy, by role and code."""
        rules = [rule for rule in RULES if rule.code in self._opened]
        return {role: masks(self.encoding.facts, self.encoding.held, role, rules) for role in Role}

    def _satisfying(self, code: str, row: int, role: Role, who: int) -> Iterator[Change]:
        facts = self.encoding.facts
        case, reviewer = facts.cases[row], facts.reviewers[who]
        if code == "type":
            yield NewType(reviewer.reviewer_id, case.review_type)
        elif code == "area":
            yield NewArea(reviewer.reviewer_id, case.area, reviewer.areas[0])
        else:
            second = facts.policy.review_types[case.review_type].second
            wanted = case.skills if role is Role.LEAD else second.skills if second else ()
            yield from (NewSkill(reviewer.reviewer_id, one) for one in wanted if one not in reviewer.skills)


def _reaches(more: int, is_beyond: bool) -> bool:
    """Whether so many minutes more let anything happen: just to reach what is held does, too."""
    return more > 0 or (more == 0 and is_beyond)


def _in_rows(changes: Iterator[tuple[Change, Amendment]], rows: Ints) -> Iterator[tuple[Change, Amendment]]:
    """The same changes, of reviewers told by where they stand among those rows."""
    for change, one in changes:
        minutes, slots = (
            {int(np.searchsorted(rows, row)): more for row, more in what.items()}
            for what in (one.minutes, one.slots)
        )
        yield change, replace(one, minutes=minutes, slots=slots)


def _with_hours(one: Reviewer, hours: int) -> Reviewer:
    """The reviewer with so many hours a week more, as far as there may be."""
    return one.model_copy(update={"hours_per_week": min(float(MOST_HOURS), one.hours_per_week + hours)})


def _with_weeks(one: Reviewer, weeks: int, policy: Policy) -> Reviewer:
    """The reviewer with a horizon so many weeks longer."""
    return one.model_copy(update={"horizon_weeks": horizon_weeks(one, policy) + weeks})


def _kind(change: Change) -> tuple[str, ...]:
    """What a change is and whose, however much of it."""
    names = [str(getattr(change, name, "")) for name in ("reviewer_id", "limit", "skill", "area", "provider")]
    return (type(change).__name__, *names)
