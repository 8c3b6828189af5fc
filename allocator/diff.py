"""What differs between two plans, place by place, and because of what in the later one's snapshot."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from pydantic import Field, TypeAdapter, ValidationError

from allocator.desk import Desk
from allocator.errors import BadInput, Fault
from allocator.held import Role
from allocator.plan import Assignment, LevelName, Objective, Part, RoleName, Unassigned, Workload
from allocator.snapshot import Snapshot
from allocator.unplaced import stopped_by
from allocator.written import Seat, rows_of

Kind = Literal["new", "gone", "placed", "lost", "moved"]
Cause = Literal[
    "case_new", "case_gone", "out_of_scope", "type_changed", "reviewer_left", "reviewer_new", "hold_began",
    "hold_ended", "rule", "fewer_hours", "more_hours", "choice",
]  # fmt: skip
"""Why a place changed; `rule`: one that now stops whoever had it; `choice`: another plan is better now."""
_FORCED = ("case_gone", "out_of_scope", "type_changed", "reviewer_left", "hold_began", "rule", "fewer_hours")


class Changed(Part):
    """One place that is not as it was."""

    case_id: str
    role: RoleName
    before: str | None = Field(description="Who had it; empty: nobody")
    after: str | None = Field(description="Who has it; empty: nobody")
    kind: Kind = Field(description="new or gone with its case; placed, lost, or moved to someone else")
    cause: Cause = Field(description="What it is put down to")
    forced: bool = Field(description="No choice: a rule would be broken else, or there is no case")
    because: str = Field(description="The same in a sentence")


class Points(Part):
    """One level's points in both plans."""

    before: int
    after: int


class PlanDiff(Part):
    """All that differs between two plans."""

    before_plan_id: str
    after_plan_id: str
    same: int = Field(description="Places with the same reviewer in both")
    changes: tuple[Changed, ...] = Field(description="The others, by case and role")
    points: dict[LevelName, Points] = Field(
        description="By level; they compare only where the queue is the same"
    )


def diff(snapshot: Snapshot, before: Mapping[str, object], after: Mapping[str, object]) -> PlanDiff:
    """What changed from one plan to another, and because of what.

    Parameters
    ----------
    snapshot : the later plan's
    before, after : the contents of two plan.json

    Raises
    ------
    BadInput
        One of them is no plan.
    """
    old, new = _Written.of(before), _Written.of(after)
    causes = _Causes(Desk(snapshot), old, new)
    seats = sorted({*old.seats, *new.seats})
    changes = [changed for seat in seats if (changed := causes.change(seat))]
    filled = [seat for seat in seats if seat in old.filled and old.filled[seat] == new.filled.get(seat)]
    return PlanDiff(
        before_plan_id=old.plan_id,
        after_plan_id=new.plan_id,
        same=len(filled),
        changes=tuple(changes),
        points={name: Points(before=of, after=new.points[name]) for name, of in old.points.items()},
    )


@dataclass(frozen=True)
class _Written:
    """A plan as it was written: who has which seat, why others are empty, hours, and points by level."""

    plan_id: str
    filled: dict[Seat, str]
    empty: dict[Seat, str]
    workloads: dict[str, Workload]
    points: dict[LevelName, int]

    @staticmethod
    def of(plan: Mapping[str, object]) -> _Written:
        filled = {(a.case_id, a.role): a.reviewer_id for a in rows_of(plan, "assignments", Assignment)}
        empty = {(u.case_id, u.role): u.reason_code for u in rows_of(plan, "unassigned", Unassigned)}
        workloads = {one.reviewer_id: one for one in rows_of(plan, "workloads", Workload)}
        try:
            levels = TypeAdapter(Objective).validate_python(plan.get("objective"))
        except ValidationError as error:
            fault = "`objective` of the plan is not as a plan writes it"
            raise BadInput([Fault("unreadable-plan", fault, pointer="/objective")]) from error
        points: dict[LevelName, int] = {
            "unallocated": levels.unallocated.value,
            "late": levels.late.value,
            "cost": levels.cost.value,
        }
        return _Written(str(plan.get("plan_id", "")), filled, empty, workloads, points)

    @cached_property
    def seats(self) -> frozenset[Seat]:
        """Every place of the plan."""
        return frozenset((*self.filled, *self.empty))

    @cached_property
    def cases(self) -> frozenset[str]:
        """Every case of the plan."""
        return frozenset(case_id for case_id, _ in self.seats)

    def hours(self, reviewer_id: str) -> float:
        """What a reviewer has in the horizon."""
        return self.workloads[reviewer_id].capacity_hours if reviewer_id in self.workloads else 0.0


@dataclass(frozen=True)
class _Causes:
    """Says because of what a place changed."""

    desk: Desk
    old: _Written
    new: _Written

    def change(self, seat: Seat) -> Changed | None:
        """What became of one place; None where nothing did, or nobody has had it."""
        had, has = self.old.filled.get(seat), self.new.filled.get(seat)
        if seat in self.old.seats and seat in self.new.seats and had == has:
            return None
        kind, (cause, because) = self._kind(seat, had, has), self._cause(seat, had, has)
        case_id, role = seat
        return Changed(
            case_id=case_id,
            role=role,
            before=had,
            after=has,
            kind=kind,
            cause=cause,
            forced=cause in _FORCED,
            because=because,
        )

    def _kind(self, seat: Seat, had: str | None, has: str | None) -> Kind:
        if seat not in self.old.seats:
            return "new"
        if seat not in self.new.seats:
            return "gone"
        return "placed" if had is None else "lost" if has is None else "moved"

    def _cause(self, seat: Seat, had: str | None, has: str | None) -> tuple[Cause, str]:
        case_id, _ = seat
        if seat not in self.old.seats:
            known = case_id in self.old.cases
            return ("type_changed", "Its review type changed.") if known else ("case_new", "The case is new.")
        if seat not in self.new.seats:
            return self._gone(case_id)
        if self.new.empty.get(seat) == "on_hold":
            return "hold_began", "The case is on hold now."
        return self._left(seat, had) if had is not None else self._came(seat, has or "")

    def _gone(self, case_id: str) -> tuple[Cause, str]:
        if case_id in self.new.cases:
            return "type_changed", "Its review type changed."
        if any(case.case_id == case_id for case in self.desk.snapshot.cases):
            return "out_of_scope", "The case is out of scope now."
        return "case_gone", "The case is no longer in the queue."

    def _left(self, seat: Seat, had: str) -> tuple[Cause, str]:
        """Because of what whoever had a place has it no more."""
        facts, (case_id, role) = self.desk.facts, seat
        row = facts.reviewer_row.get(had)
        last = None if row is None else facts.reviewers[row].leaves_on
        if row is None or (last is not None and last < self.desk.snapshot.as_of):
            return "reviewer_left", f"{had} has left."
        asked, now = Role[role.upper()], self.desk.now()
        holder = now.holder(facts.case_row[case_id], asked)
        if holder is not None and holder != had:
            return "rule", f"{holder} holds it now."
        if role == "second" and (case_id, "lead") not in self.new.filled:
            return "rule", "The case has no lead now."
        stops = now.stops(facts.case_row[case_id], asked)
        codes = [code for code in stopped_by(stops, row) if code != "assignment"]
        fewer = self.old.hours(had) - self.new.hours(had)
        if codes and not (codes[0] == "capacity" and fewer > 0):
            voice = now.unplaced.voice(facts.case_row[case_id], asked)
            return "rule", f"{had} {voice.stopped(codes[0])}."
        if fewer > 0:
            return "fewer_hours", f"{had} has {fewer:g} h fewer in the horizon."
        return "choice", f"{had} could still have it; the later plan chooses otherwise."

    def _came(self, seat: Seat, has: str) -> tuple[Cause, str]:
        """Because of what somebody has a place that nobody had."""
        if self.old.empty[seat] == "on_hold":
            return "hold_ended", "The case is on hold no more."
        if has not in self.old.workloads:
            return "reviewer_new", f"{has} is new."
        more = self.new.hours(has) - self.old.hours(has)
        if more > 0:
            return "more_hours", f"{has} has {more:g} h more in the horizon."
        return "choice", f"{has} could have had it before; the later plan chooses so."


def by_cause(changes: tuple[Changed, ...]) -> Iterator[tuple[Cause, int]]:
    """How many changes each cause has, the most first."""
    counts: dict[Cause, int] = {}
    for one in changes:
        counts[one.cause] = counts.get(one.cause, 0) + 1
    yield from sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
