"""How likely each line of a plan is to be in time, when hours and evidence turn out as they may.

Each draw stretches the hours of every place and the days to every case's evidence by a factor from a
triangular distribution (least, most likely, most: the policy's, assumptions), and the plan is forecast again
with them. A place's draws depend on the seed, the case and the role alone: two plans of one snapshot are
compared on the same luck (common random numbers: Law 2015, Simulation Modeling and Analysis, section 11.2).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from hashlib import sha256

import numpy as np
from pydantic import Field

from allocator.encode import Encoding
from allocator.exact import Ints
from allocator.facts import Facts
from allocator.forecast import Filled
from allocator.held import Role
from allocator.plan import Number, Part
from allocator.planned import Planned
from allocator.policy import Range
from allocator.rules import Bools
from solver.by_hand import oldest_first
from solver.problem import Floats


class LineChance(Part):
    """One lead, and how often it was in time."""

    case_id: str
    reviewer_id: str
    on_time_chance: Number = Field(description="Share of the draws in which it is in time, to 0.001")
    planned_on_time: bool = Field(description="It is in time if all goes as expected")
    fragile: bool = Field(description="A smaller share than the policy's `chance.fragile`")


class InTime(Part):
    """How many leads of a plan are in time, over the draws."""

    leads: int = Field(description="Cases led and not on hold")
    mean: Number = Field(description="Mean number in time")
    low: int = Field(description="In a tenth of the draws it is this or fewer")
    high: int = Field(description="In a tenth of the draws it is this or more")
    unallocated: int = Field(description="Points of level 1 that the plan leaves undone")


class Chances(Part):
    """How sure the dates of a plan are, and what it is worth beside a plan by hand."""

    draws: int
    seed: int
    assumed_hours: Range = Field(description="Hours needed ÷ expected: least, most likely, most; assumed")
    assumed_evidence: Range = Field(description="Days to the evidence ÷ expected, likewise; assumed")
    lines: tuple[LineChance, ...] = Field(description="Every lead that is not on hold, by case")
    fragile: int = Field(description="How many of them are fragile")
    plan: InTime
    oldest_first: InTime = Field(
        description="The same draws for a plan by hand: the oldest first, to the least loaded who may"
    )


def chances(planned: Planned, seed: int = 1) -> Chances:
    """How likely each lead of a plan is to be in time, and how many are, beside the plan by hand."""
    encoding, policy = planned.encoding, planned.encoding.facts.policy.chance
    draws = _Draws(encoding.facts, seed)
    ours = _in_time(encoding.facts, planned.filled, draws)
    hand = replace(planned, assignment=_by_hand(encoding))
    theirs = _in_time(encoding.facts, hand.filled, draws)
    lines = tuple(_lines(planned, ours))
    return Chances(
        draws=policy.draws,
        seed=seed,
        assumed_hours=policy.hours,
        assumed_evidence=policy.evidence,
        lines=lines,
        fragile=sum(line.fragile for line in lines),
        plan=_summed(planned, ours),
        oldest_first=_summed(hand, theirs),
    )


def _by_hand(encoding: Encoding) -> Ints:
    """The plan that a coordinator makes by hand; held work that may move stays."""
    cases, places = encoding.facts.cases, encoding.places
    notified = np.array([cases[row].notified_on.toordinal() for row in places.case.tolist()], np.int64)
    return oldest_first(encoding.problem, notified)


@dataclass(frozen=True, eq=False)
class _Draws:
    """The factors of every place and case, drawn when they are asked for."""

    facts: Facts
    seed: int

    def hours(self, row: int, role: Role) -> Floats:
        """Hours needed ÷ expected of a place, shape (draws,)."""
        return self._drawn(row, role.label, self.facts.policy.chance.hours)

    def evidence(self, row: int) -> Floats:
        """Days to the evidence ÷ expected of a case, shape (draws,)."""
        return self._drawn(row, "evidence", self.facts.policy.chance.evidence)

    def _drawn(self, row: int, what: str, range_: Range) -> Floats:
        name = f"{self.seed}/{self.facts.cases[row].case_id}/{what}"
        rng = np.random.default_rng(np.frombuffer(sha256(name.encode()).digest(), np.uint32))
        return _triangular(rng.random(self.facts.policy.chance.draws), range_)


def _triangular(u: Floats, range_: Range) -> Floats:
    """Numbers between 0 and 1 as those of a triangular distribution; its ends may be one."""
    least, mode, most = range_
    width = most - least
    if not width:
        return np.full(len(u), least)
    rising = np.sqrt(u * width * (mode - least))
    falling = np.sqrt((1 - u) * width * (most - mode))
    return np.where(u * width < mode - least, least + rising, most - falling)


@dataclass(frozen=True, eq=False)
class _Outcome:
    """Which leads were in time: their positions among the filled places, and shape (draws, n_leads)."""

    at: Ints
    in_time: Bools


def _in_time(facts: Facts, filled: Filled, draws: _Draws) -> _Outcome:
    """Which leads that are not on hold are in time, draw by draw."""
    clocks = facts.clocks
    counted = (filled.role == Role.LEAD) & ~clocks.on_hold[filled.case]
    n_draws = facts.policy.chance.draws
    in_time = np.zeros((n_draws, len(filled.place)), np.bool_)
    order = np.lexsort((clocks.rank[filled.case], filled.reviewer))
    edges = np.searchsorted(filled.reviewer[order], np.arange(facts.n_reviewers + 1)).tolist()
    for reviewer in np.flatnonzero(np.diff(edges)).tolist():
        theirs = order[edges[reviewer] : edges[reviewer + 1]]
        in_time[:, theirs] = _worked(facts, filled, theirs, draws)
    at = np.flatnonzero(counted)
    return _Outcome(at, in_time[:, at])


def _worked(facts: Facts, filled: Filled, theirs: Ints, draws: _Draws) -> Bools:
    """Which of one reviewer's places, in the order of work, are done in time, shape (draws, n)."""
    clocks, capacities, policy = facts.clocks, facts.capacities, facts.policy
    cases, roles = filled.case[theirs], filled.role[theirs]
    pairs = list(zip(cases.tolist(), roles.tolist(), strict=True))
    factor = np.stack([draws.hours(row, Role(role)) for row, role in pairs], axis=1)
    minutes = np.floor(filled.minutes[theirs] * factor + 0.5).astype(np.int64)
    end = capacities.done_on(int(filled.reviewer[theirs[0]]), np.cumsum(minutes, axis=1))
    ready = np.stack([_evidence(facts, row, draws) for row, _ in pairs], axis=1)
    sign_off = [policy.review_types[facts.cases[row].review_type].sign_off_days for row, _ in pairs]
    finish = np.maximum(end, ready) + np.array(sign_off, np.int64)
    return np.asarray((end > 0) & (finish <= clocks.complete_by[cases]))


def _evidence(facts: Facts, row: int, draws: _Draws) -> Ints:
    """Ordinals of the day on which the evidence is complete, shape (draws,); a day that is known stays."""
    case, planned_for = facts.cases[row], int(facts.clocks.evidence_ready[row])
    days = facts.policy.review_types[case.review_type].evidence_days
    if case.evidence_received_on is not None:
        return np.full(facts.policy.chance.draws, planned_for)
    asked = planned_for - days
    drawn = asked + np.floor(days * draws.evidence(row) + 0.5).astype(np.int64)
    return np.maximum(drawn, facts.snapshot.as_of.toordinal())


def _lines(planned: Planned, outcome: _Outcome) -> Iterator[LineChance]:
    facts, filled = planned.encoding.facts, planned.filled
    shares = (outcome.in_time.mean(axis=0) if outcome.in_time.size else np.zeros(0)).tolist()
    named = sorted(
        (facts.cases[row].case_id, facts.reviewers[who].reviewer_id, row not in planned.late, share)
        for row, who, share in zip(
            filled.case[outcome.at].tolist(), filled.reviewer[outcome.at].tolist(), shares, strict=True
        )
    )
    for case_id, reviewer_id, on_time, share in named:
        yield LineChance(
            case_id=case_id,
            reviewer_id=reviewer_id,
            on_time_chance=round(share, 3),
            planned_on_time=on_time,
            fragile=share < facts.policy.chance.fragile,
        )


def _summed(planned: Planned, outcome: _Outcome) -> InTime:
    counts = outcome.in_time.sum(axis=1)
    return InTime(
        leads=len(outcome.at),
        mean=round(float(counts.mean()), 1),
        low=int(np.quantile(counts, 0.1, method="lower")),
        high=int(np.quantile(counts, 0.9, method="higher")),
        unallocated=int(planned.values[0]),
    )
