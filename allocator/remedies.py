"""What would place a case: the smallest changes, each tried by planning with it.

All single changes stand in one model beside the problem, and the cheapest is asked for with which the case is
placed and nobody whom the plan has placed is given up. The snapshot is then made with it, and a plan of that
must pass the solver's check before the remedy is told.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from pydantic import Field

from allocator.arcs import masks
from allocator.calendar import capacities, horizon_weeks
from allocator.changes import (
    MOST_HOURS,
    Change,
    HigherLimit,
    MoreAdmin,
    MoreHours,
    MoreOfContract,
    NewArea,
    NewSkill,
    NewType,
)
from allocator.encode import Encoding, encode
from allocator.exact import Ints
from allocator.groups import Kind
from allocator.held import Role
from allocator.plan import Part, RoleName
from allocator.reviewers import Reviewer
from allocator.rules import RULES, Bools
from allocator.rules.table import without
from allocator.snapshot import Snapshot
from allocator.totals import open_limits, year_limits
from solver.amend import Amended, Amendment, Changes, UndecidedError, amend
from solver.check import breaches
from solver.cpsat import CpLimits
from solver.problem import NO_LIMIT, Problem

HOURS_TRIED = 20
LARGEST = 2_000
HOURS_OF_ADMIN, HOURS_OF_CONTRACT = 12, 40


class Remedy(Part):
    """Changes with which a case is placed, and nobody who was placed is given up."""

    changes: tuple[str, ...] = Field(description="What to change; one, or two where no single one does")
    cost: int = Field(description="Hours of somebody's time, as remedies are ranked")
    cheapest: bool = Field(description="Nothing cheaper of all that was looked at does it")


class Remedied(Part):
    """What would help one empty place."""

    case_id: str
    role: RoleName
    remedies: tuple[Remedy, ...] = Field(description="The cheapest first; none, if decided: no two place it")
    decided: bool = Field(description="Whether there was time to look at all that was to be looked at")


@dataclass(frozen=True, eq=False)
class Remedies:
    """A plan, read for what would place what it leaves empty.

    Parameters
    ----------
    snapshot : what the plan is of
    assignment : ndarray of shape (n_places,), the plan's
    max_moves : what it was made with
    """

    snapshot: Snapshot
    assignment: Ints
    max_moves: int = 0
    seed: int = 1

    @cached_property
    def encoding(self) -> Encoding:
        """The snapshot's problem, with every arc that a change could open; its limits are those of now."""
        rules = without(*self._opened)
        now, most = encode(self.snapshot, self.max_moves, rules), encode(self._roomy, self.max_moves, rules)
        problem, groups = most.problem, most.problem.groups
        limits = replace(groups, limit=now.problem.groups.limit)
        problem = problem.replace(capacity=now.problem.capacity, slots=now.problem.slots, groups=limits)
        return replace(now, problem=problem.keep_arcs(~self._shut(now, problem)))

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

    def _shut(self, now: Encoding, problem: Problem) -> Bools:
        """Arcs that only room opens, and that would take none of it: the model could not tell when."""
        arc_key = problem.arc_place * problem.n_reviewers + problem.arc_reviewer
        own_key = now.problem.arc_place * problem.n_reviewers + now.problem.arc_reviewer
        takes_none = problem.arc_minutes == 0
        over = {area for area, free in now.totals.admin.items() if free < 0}
        cases = [now.facts.cases[row] for row in now.places.case.tolist()]
        asks_none = np.array([one.area in over and one.reviewer_id is not None for one in cases], np.bool_)
        return np.asarray(~np.isin(arc_key, own_key) & (takes_none | asks_none[problem.arc_place]))

    @property
    def _opened(self) -> tuple[str, ...]:
        """Rules about a person that a change could satisfy; none satisfies a conflict or a decline."""
        by_area = self.snapshot.policy.geography.rule == "area"
        return ("type", "skill", "area") if by_area else ("type", "skill")

    def of(self, place: int, limits: CpLimits, count: int = 3) -> Remedied:
        """The cheapest remedies of an empty place, each of another kind or person."""
        row, role = int(self.encoding.places.case[place]), int(self.encoding.places.role[place])
        found: list[Remedy] = []
        decided = True
        if not self.encoding.facts.clocks.on_hold[row]:
            try:
                for one in self._found(place, limits, count):
                    found.append(one)
            except UndecidedError:
                decided = False
        return Remedied(
            case_id=self.encoding.facts.cases[row].case_id,
            role="lead" if role == Role.LEAD else "second",
            remedies=tuple(found),
            decided=decided,
        )

    @property
    def is_small(self) -> bool:
        """Whether all changes of such a problem can be looked at in seconds."""
        return self.encoding.problem.n_arcs <= LARGEST

    def _found(self, place: int, limits: CpLimits, count: int) -> Iterator[Remedy]:
        needed = int(self.encoding.problem.needs[place])
        fill = {*np.flatnonzero(self.assignment >= 0).tolist(), place, *([needed] if needed >= 0 else [])}
        refused: frozenset[int] = frozenset()
        for _ in range(count):
            answer = self._cheapest(fill, limits, 1, refused)
            if answer is None:
                break
            yield self._tried(answer, fill)
            refused |= self._like(answer.chosen)
        if not refused and (answer := self._cheapest(fill, limits, 2)) is not None:
            yield self._tried(answer, fill)

    def _cheapest(
        self, fill: set[int], limits: CpLimits, most: int, refused: frozenset[int] = frozenset()
    ) -> Amended | None:
        changes = Changes([one for _, one in self._options], self._behind, self._apart, most, refused)
        return amend(self.encoding.problem, fill, changes, limits)

    def _tried(self, answer: Amended, fill: set[int]) -> Remedy:
        """The remedy, once a plan of the snapshot with it has passed the check."""
        chosen = [self._options[at][0] for at in answer.chosen]
        snapshot = self.snapshot
        for change in chosen:
            snapshot = change.apply(snapshot)
        problem = encode(snapshot, self.max_moves).problem
        faults = breaches(problem, answer.assignment)
        if faults or np.any(answer.assignment[sorted(fill)] < 0):
            raise RemedyError(f"{'; '.join(change.sentence for change in chosen)}: {faults[:1]}")
        return Remedy(
            changes=tuple(change.sentence for change in chosen),
            cost=sum(change.cost for change in chosen),
            cheapest=answer.cheapest,
        )

    def _like(self, chosen: tuple[int, ...]) -> frozenset[int]:
        """Changes of the same kind for the same person or place as those chosen."""
        return frozenset(at for alike in self._apart if not set(chosen).isdisjoint(alike) for at in alike)

    @cached_property
    def _apart(self) -> list[list[int]]:
        """The numbers of changes of one kind for one person or place: at most one of them is made."""
        kinds: dict[tuple[str, ...], list[int]] = {}
        for at, (change, _) in enumerate(self._options):
            kinds.setdefault(_kind(change), []).append(at)
        return list(kinds.values())

    @cached_property
    def _options(self) -> list[tuple[Change, Amendment]]:
        """Every change that is looked at, with what it does to the problem."""
        return [
            *self._hours(),
            *self._limits(),
            *self._groups(),
            *((one, Amendment(one.cost, {}, {}, {})) for one in self._openers),
        ]

    def _hours(self) -> Iterator[tuple[Change, Amendment]]:
        """Hours a week, from one up, for anyone."""
        facts, capacity = self.encoding.facts, self.encoding.problem.capacity
        snapshot = facts.snapshot
        for hours in range(1, HOURS_TRIED + 1):
            people = [_with_hours(one, hours) for one in facts.reviewers]
            limit = capacities(people, snapshot.absences, snapshot.policy, snapshot.as_of).limit
            for row, reviewer in enumerate(facts.reviewers):
                more = int(max(limit[row], capacity[row]) - capacity[row])
                if more and reviewer.hours_per_week + hours <= MOST_HOURS:
                    weeks = horizon_weeks(reviewer, snapshot.policy)
                    change = MoreHours(reviewer.reviewer_id, hours, weeks)
                    yield change, Amendment(change.cost, {row: more}, {}, {})

    def _limits(self) -> Iterator[tuple[Change, Amendment]]:
        """One case more, open or in the year."""
        facts, slots = self.encoding.facts, self.encoding.problem.slots
        most, year = open_limits(facts), year_limits(facts)
        leads = np.bincount(
            self.encoding.held.lead[self.encoding.held.lead >= 0], minlength=facts.n_reviewers
        )
        for row, reviewer in enumerate(facts.reviewers):
            still = NO_LIMIT if most[row] == NO_LIMIT else max(0, int(most[row] - leads[row]))
            if most[row] < NO_LIMIT:
                more = int(min(max(0, int(most[row]) + 1 - int(leads[row])), year[row]) - slots[row])
                change = HigherLimit(reviewer.reviewer_id, "max_open_cases", int(most[row]) + 1)
                if more > 0:
                    yield change, Amendment(change.cost, {}, {row: more}, {})
            if reviewer.cases_a_year is not None:
                left = max(0, reviewer.cases_a_year + 1 - (reviewer.cases_this_year or 0))
                change = HigherLimit(reviewer.reviewer_id, "cases_a_year", reviewer.cases_a_year + 1)
                if (more := int(min(still, left) - slots[row])) > 0:
                    yield change, Amendment(change.cost, {}, {row: more}, {})

    def _groups(self) -> Iterator[tuple[Change, Amendment]]:
        """Administration of an area, and contracts."""
        weeks = self.snapshot.policy.horizon.weeks
        for row, key in enumerate(self.encoding.groups):
            change: Change
            if key.kind is Kind.ADMIN:
                for hours in range(1, HOURS_OF_ADMIN + 1):
                    change, free = MoreAdmin(key.name, hours, weeks), self.encoding.totals.admin[key.name]
                    more = max(0, free + 60 * key.parts * hours * weeks) - max(0, free)
                    yield change, Amendment(change.cost, {}, {}, {row: more})
            elif key.kind is Kind.CONTRACT_CASES:
                change = MoreOfContract(key.name, "cases_left", 1)
                yield change, Amendment(change.cost, {}, {}, {row: 1})
            elif key.kind is Kind.CONTRACT_MINUTES:
                for hours in range(1, HOURS_OF_CONTRACT + 1):
                    change = MoreOfContract(key.name, "hours_left", hours)
                    yield change, Amendment(change.cost, {}, {}, {row: 60 * hours})

    @cached_property
    def _openers(self) -> list[Change]:
        """Skills, types and areas that would open an arc."""
        return list(dict.fromkeys(change for needed in self._lacking.values() for change in needed if change))

    @cached_property
    def _behind(self) -> dict[int, tuple[int, ...]]:
        """By arc that a rule about a person shuts, the numbers of the changes that open it."""
        number = {change: at for at, (change, _) in enumerate(self._options)}
        return {arc: tuple(number[one] for one in needed) for arc, needed in self._lacking.items()}

    @cached_property
    def _lacking(self) -> dict[int, tuple[Change, ...]]:
        """By arc that a rule about a person shuts, the changes that would satisfy it."""
        encoding, found = self.encoding, dict[int, tuple[Change, ...]]()
        problem, places = encoding.problem, encoding.places
        for role in Role:
            asked = masks(encoding.facts, encoding.held, role, [r for r in RULES if r.code in self._opened])
            for place in np.flatnonzero((places.role == role) & (places.holder < 0)).tolist():
                row = int(places.case[place])
                may = {code: mask(np.array([row]))[0] for code, mask in asked.items()}
                for arc in range(problem.arc_start[place], problem.arc_start[place + 1]):
                    who = int(problem.arc_reviewer[arc])
                    codes = [code for code, open_to in may.items() if not open_to[who]]
                    if codes:
                        found[arc] = tuple(
                            one for code in codes for one in self._satisfying(code, row, role, who)
                        )
        return found

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


class RemedyError(RuntimeError):
    """A change does not do what its model says: a fault of ours, never of the input."""


def _with_hours(one: Reviewer, hours: int) -> Reviewer:
    """The reviewer with so many hours a week more, as far as there may be."""
    return one.model_copy(update={"hours_per_week": min(float(MOST_HOURS), one.hours_per_week + hours)})


def _kind(change: Change) -> tuple[str, ...]:
    """What a change is and whose, however much of it."""
    names = [str(getattr(change, name, "")) for name in ("reviewer_id", "limit", "skill", "area", "provider")]
    return (type(change).__name__, *names)
