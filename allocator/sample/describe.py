"""How hard a snapshot is, in a few figures: read from the same masks that a plan is made with."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np

from allocator.efforts import Efforts
from allocator.exact import Ints
from allocator.facts import Facts, gather
from allocator.geography import Floats
from allocator.held import Held, Role, who_stays
from allocator.rules import RULES
from allocator.rules.rule import Bools, Mask
from allocator.sample.shortage import Shortage, find_shortages, in_words
from allocator.snapshot import Snapshot

BLOCK_CELLS = 4_000_000
FEW = 3
SMALL_MINUTES = 40 * 60


@dataclass(frozen=True)
class Description:
    """How hard a snapshot is. Shares are from 0 to 1; *waiting* cases are in scope, not held, not on hold.

    Parameters
    ----------
    cases, out_of_scope, held, on_hold, waiting, reviewers : counts; held ones on hold count as both
    eligible_median : median over waiting cases of the reviewers who pass every rule about a person
    eligible_share : median of the same as a share of those at home in the case's area or its neighbours
    few_share : share of waiting cases that at most three may take
    nobody_share : share of waiting cases that nobody may take
    conflict_share : share of pairs within reach (the area rule) that a conflict takes away
    small_share : share of reviewers with less than 40 hours in their horizon
    work_hours : hours of lead and second of the waiting cases somebody may take, at the mean hours factor
    free_hours : capacity less held work, no reviewer's below 0
    shortages : the same two by area, and by skill in it, of those who could do it; most missing first
    """

    cases: int
    out_of_scope: int
    held: int
    on_hold: int
    waiting: int
    reviewers: int
    eligible_median: float
    eligible_share: float
    few_share: float
    nobody_share: float
    conflict_share: float
    small_share: float
    work_hours: float
    free_hours: float
    shortages: tuple[Shortage, ...]

    @property
    def load(self) -> float:
        """Return work ÷ what held work leaves free; infinite if nothing is left."""
        return self.work_hours / self.free_hours if self.free_hours else float("inf")

    def as_dict(self) -> dict[str, object]:
        """Return the figures by name, the load with them."""
        return {**asdict(self), "load": self.load}

    def __str__(self) -> str:
        return "\n".join(
            (
                f"{self.cases} cases: {self.waiting} waiting, {self.held} held, {self.on_hold} on hold, "
                f"{self.out_of_scope} out of scope; {self.reviewers} reviewers",
                f"load {self.load:.2f}: {self.work_hours:,.0f} hours of work, {self.free_hours:,.0f} free",
                f"eligible reviewers a waiting case: median {self.eligible_median:g}, "
                f"{self.eligible_share:.0%} of those in its and neighbouring areas (hard: at most 30 %)",
                f"cases with at most three: {self.few_share:.1%} (hard: at least 10 %)",
                f"cases nobody may take: {self.nobody_share:.1%} (fair: at most 3 %)",
                f"pairs within reach removed by conflict: {self.conflict_share:.1%} (hard: at least 15 %)",
                f"reviewers with less than 40 hours: {self.small_share:.1%} (hard: at least 40 %)",
                in_words(self.shortages),
            )
        )


def describe(snapshot: Snapshot) -> Description:
    """Return how hard a snapshot is; `str` of it is a paragraph to print."""
    facts = gather(snapshot)
    held, efforts = who_stays(facts), Efforts(facts)
    rows = np.flatnonzero((held.lead < 0) & ~facts.clocks.on_hold)
    counts = _count(facts, held, rows)
    capacity = facts.capacities.capacity
    free = np.maximum(0, facts.capacities.limit - _held_minutes(facts, held, efforts))
    placeable = rows[counts.eligible > 0]
    work = _work_hours(facts, efforts, placeable)
    shares = counts.eligible / np.maximum(1, counts.nearby)
    return Description(
        cases=len(snapshot.cases),
        out_of_scope=len(snapshot.cases) - len(facts.cases),
        held=int((held.lead >= 0).sum()),
        on_hold=int(facts.clocks.on_hold.sum()),
        waiting=len(rows),
        reviewers=facts.n_reviewers,
        eligible_median=float(np.median(counts.eligible)) if len(rows) else 0.0,
        eligible_share=float(np.median(shares)) if len(rows) else 0.0,
        few_share=_share(counts.eligible <= FEW),
        nobody_share=_share(counts.eligible == 0),
        conflict_share=counts.conflicts / max(1, counts.pairs),
        small_share=_share(capacity < SMALL_MINUTES),
        work_hours=float(work.sum()),
        free_hours=float(free.sum()) / 60,
        shortages=find_shortages(facts, placeable, _masks(facts, held)["area"], work, free / 60),
    )


@dataclass(frozen=True)
class _Counts:
    """Per waiting case who may take it and who is nearby; over all, pairs within reach and conflicts."""

    eligible: Ints
    nearby: Ints
    pairs: int
    conflicts: int


def _count(facts: Facts, held: Held, rows: Ints) -> _Counts:
    masks = _masks(facts, held)
    size = max(1, BLOCK_CELLS // max(1, facts.n_reviewers))
    eligible, pairs, conflicts = [np.zeros(0, np.int64)], 0, 0
    for block in np.split(rows, range(size, len(rows), size)):
        near = masks["area"](block)
        pairs += int(near.sum())
        conflicts += int((near & ~masks["conflict"](block)).sum())
        eligible.append(_all_of(masks, block).sum(axis=1))
    return _Counts(np.concatenate(eligible), _nearby(facts)[facts.case_area[rows]], pairs, conflicts)


def _masks(facts: Facts, held: Held) -> dict[str, Mask]:
    """Return the rules about a person, as a lead, by code."""
    return {r.code: make(facts, held) for r in RULES if r.person and (make := r.of(Role.LEAD)) is not None}


def _all_of(masks: dict[str, Mask], block: Ints) -> Bools:
    may: Bools = np.logical_and.reduce([mask(block) for mask in masks.values()])
    return may


def _nearby(facts: Facts) -> Ints:
    """Return for each area (by the facts' row) the reviewers at home there or in a neighbouring area."""
    row = {case.area: key for case, key in zip(facts.cases, facts.case_area.tolist(), strict=True)}
    row |= {r.areas[0]: key for r, key in zip(facts.reviewers, facts.home_area.tolist(), strict=True)}
    home = np.bincount(facts.home_area, minlength=len(row)).astype(np.int64)
    nearby = home.copy()
    for area in facts.snapshot.areas:
        if area.area in row:
            others = {row[code] for code in area.neighbours if code in row and code != area.area}
            nearby[row[area.area]] += home[sorted(others)].sum()
    return nearby


def _held_minutes(facts: Facts, held: Held, efforts: Efforts) -> Ints:
    """Return the minutes of held work of each reviewer."""
    minutes = np.zeros(facts.n_reviewers, np.int64)
    for role in Role:
        holders = held.of(role)
        for row in np.flatnonzero(holders >= 0).tolist():
            minutes[holders[row]] += efforts.left(row, int(holders[row]), role)
    return minutes


def _work_hours(facts: Facts, efforts: Efforts, rows: Ints) -> Floats:
    """Return the hours of lead and second of each case."""
    at_work = [r.hours_factor for r in facts.reviewers if r.hours_per_week > 0]
    hours = np.array([sum(efforts.hours(row, role) for role in Role) for row in rows.tolist()], np.float64)
    return hours * float(np.mean(at_work)) if at_work else np.zeros(len(rows))


def _share(condition: Bools) -> float:
    return float(condition.mean()) if len(condition) else 0.0
