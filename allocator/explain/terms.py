"""What one place is worth and what it costs, term by term, in the points of the contract's three levels."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from pydantic import Field

from allocator.clocks import (
    A_PRIORITY,
    A_WEEK,
    BASE_URGENCY,
    LAST_SAFE_START,
    NOT_ALLOCATED_IN_TIME,
    clock,
)
from allocator.efforts import Efforts
from allocator.exact import exact, half_up
from allocator.explain.records import Pair
from allocator.facts import Facts, row_array
from allocator.held import Role
from allocator.plan import LevelName, Part
from allocator.points import pair_points
from allocator.standing import Standing
from allocator.totals import bands


class Term(Part):
    """Points of one kind."""

    level: LevelName = Field(description="The level that they count at")
    term: str = Field(description="Their kind")
    points: int = Field(description="How many; 0 where it does not apply")
    sentence: str = Field(description="How they come about")


@dataclass(frozen=True, eq=False)
class Terms:
    """Reads points under one plan."""

    facts: Facts
    efforts: Efforts
    standing: Standing

    def urgency(self, row: int) -> tuple[int, str]:
        """A case's urgency, and what it is made of."""
        case, now = self.facts.cases[row], self.facts.snapshot.as_of
        days = clock(case, self.facts.policy, now)
        weeks = days.days // 7
        parts = [f"{BASE_URGENCY}"]
        parts += [f"{A_WEEK} × {weeks} weeks"] if weeks else []
        parts += [f"{A_PRIORITY} × priority {case.priority}"] if case.priority else []
        parts += [f"{NOT_ALLOCATED_IN_TIME} as it is past its day to be allocated"] * (
            now.toordinal() > days.allocate_by
        )
        parts += [f"{LAST_SAFE_START} as its last safe start has come"] * (
            now.toordinal() >= days.last_safe_start
        )
        return days.urgency, " + ".join(parts)

    def empty(self, row: int, role: Role) -> Term:
        """What a place counts while nobody has it."""
        urgency, made_of = self.urgency(row)
        kind, base = self.facts.policy.review_types[self.facts.cases[row].review_type], self.facts.policy
        hours = kind.hours if role is Role.LEAD else kind.second.hours if kind.second else 0.0
        under = exact(base.base_type.hours) * (1 if role is Role.LEAD else 2)
        points = half_up(urgency * exact(hours) / under)
        share = f"{hours:g} ÷ {float(under):g} h"
        return Term(
            level="unallocated",
            term="lead" if role is Role.LEAD else "second",
            points=points,
            sentence=f"urgency {urgency} ({made_of}) × {share}",
        )

    def filled(self, pair: Pair, is_new: bool, is_moved: bool, is_late: bool) -> tuple[Term, ...]:
        """What a filled place counts.

        Parameters
        ----------
        is_moved : someone had it who could have kept it
        is_late : it is forecast to be late
        """
        found = [self._late(pair.row, is_late)] if pair.role is Role.LEAD else []
        return (*found, *(self._costs(pair, is_moved) if is_new else ()), *self._workload(pair, is_new))

    def _late(self, row: int, is_late: bool) -> Term:
        urgency, made_of = self.urgency(row)
        said = f"urgency {urgency} ({made_of})" if is_late else "forecast to be in time, or on hold"
        return Term(level="late", term="late", points=urgency if is_late else 0, sentence=said)

    def _costs(self, pair: Pair, is_moved: bool) -> Iterator[Term]:
        weights, one = self.facts.policy.weights, (row_array([pair.row]), row_array([pair.reviewer]))
        lead = np.array([pair.role is Role.LEAD])
        far = float(np.nan_to_num(self.facts.kilometres(*one))[0])
        yield _cost(
            "kilometre",
            int(pair_points(self.facts, *one, lead, frozenset({"kilometre"}))[0]),
            f"{weights.kilometre} × {half_up(Fraction(far))} km",
        )
        away = int(pair_points(self.facts, *one, lead, frozenset({"away_from_home_area"}))[0])
        if pair.role is Role.LEAD:
            home = self.facts.reviewers[pair.reviewer].areas[0]
            yield _cost("away_from_home_area", away, f"at home in {home}")
        if is_moved:
            yield _cost("move", weights.move, "it changes hands by choice")

    def _workload(self, pair: Pair, is_new: bool) -> Iterator[Term]:
        """What the place's hours add to the workload bands, taken away last."""
        who, minutes = (
            row_array([pair.reviewer]),
            self.efforts.minutes(pair.row, pair.reviewer, pair.role, is_new),
        )
        given = int(self.standing.given[pair.reviewer])
        after, before = (
            int(bands(self.facts).points(who, row_array([t]))[0]) for t in (given, given - minutes)
        )
        yield _cost("workload", after - before, "what its hours add to how full they are")


def _cost(term: str, points: int, sentence: str) -> Term:
    return Term(level="cost", term=term, points=points, sentence=sentence)
