"""The queue as it stands on a day: every open case with its clocks, and in figures, in all and by area."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Final

from pydantic import Field

from allocator.cases import Case
from allocator.clocks import SAFE_START_DAYS, Clock, clock
from allocator.needs import BY_CLOCK, Need, Open
from allocator.plan import Part
from allocator.snapshot import Snapshot

AGES = (("under_1_month", 31), ("under_3_months", 92), ("under_6_months", 183), ("under_12_months", 366))
OLDER = "12_months_or_more"


class OpenCase(Part):
    """One case that waits or is held, with its clocks."""

    case_id: str
    area: str
    review_type: str
    notified_on: date
    priority: int
    days: int = Field(description="Since it was notified, days on hold left out")
    allocate_by: date
    complete_by: date
    urgency: int = Field(description="In points of the objective")
    is_allocated: bool = Field(description="Somebody leads it")
    reviewer_id: str | None = Field(description="Who leads it")
    on_hold: bool
    overdue: bool = Field(description="Past allocate_by and nobody leads it, or past complete_by")
    at_risk: bool = Field(
        description=f"It waits, and begun now would leave less than {SAFE_START_DAYS} days to spare"
    )


class Figures(Part):
    """Some open cases in figures."""

    cases: int
    to_allocate: int = Field(description="Nobody leads them, and they are not on hold")
    allocated: int
    on_hold: int
    overdue_to_allocate: int = Field(description="Of those to allocate, past their day")
    overdue_to_complete: int = Field(description="Of those allocated and not on hold, past their day")
    at_risk: int
    longest_days: int = Field(description="Of those to allocate, the longest that one waits; 0 without any")
    ages: dict[str, int] = Field(description="Those to allocate, by how long they have waited")


class AreaFigures(Figures):
    """The open cases of one area in figures."""

    area: str


class Backlog(Part):
    """A queue as it stands on a day."""

    as_of: date
    total: Figures
    by_area: tuple[AreaFigures, ...]
    cases: tuple[OpenCase, ...] = Field(description="The most urgent first")


class OpenRows:
    """The open cases of a snapshot, the most urgent first.

    Parameters
    ----------
    before : those of a snapshot with cases in common, the same objects, which are not worked out again
    """

    def __init__(self, snapshot: Snapshot, before: OpenRows | None = None) -> None:
        self.snapshot = snapshot
        every, day = Open(snapshot), snapshot.as_of
        known = before._known if before is not None and before._is_of(snapshot) else {}
        self._known: dict[int, OpenCase] = {}
        for one in every.cases:
            lead, row = every.lead(one), known.get(id(one))
            if row is None or row.reviewer_id != lead:
                row = _row(one, lead, clock(one, snapshot.policy, day), day)
            self._known[id(one)] = row
        self.rows = sorted(self._known.values(), key=lambda row: (-row.urgency, row.notified_on, row.case_id))

    def _is_of(self, snapshot: Snapshot) -> bool:
        """Whether clocks stand alike in both."""
        return self.snapshot.policy is snapshot.policy and self.snapshot.as_of == snapshot.as_of


def backlog(every: OpenRows, areas: Collection[str] = ()) -> Backlog:
    """The open cases of some areas on the snapshot's day; of all areas where none is given."""
    rows = [one for one in every.rows if not areas or one.area in areas]
    by_area: dict[str, list[OpenCase]] = {}
    for row in rows:
        by_area.setdefault(row.area, []).append(row)
    return Backlog(
        as_of=every.snapshot.as_of,
        total=Figures(**_figures(rows)),
        by_area=tuple(AreaFigures(area=area, **_figures(by_area[area])) for area in sorted(by_area)),
        cases=tuple(rows),
    )


def needs_of(row: OpenCase, beside: Iterable[Need] = ()) -> tuple[Need, ...]:
    """Why somebody has to see to a case, in the order of `Need`.

    Parameters
    ----------
    beside : what its clocks do not tell
    """
    waits = not row.is_allocated and not row.on_hold
    by_clock = zip(BY_CLOCK, (waits, row.overdue, row.at_risk, row.on_hold), strict=True)
    return (*(need for need, is_so in by_clock if is_so), *sorted(beside, key=_RANK.__getitem__))


_RANK: Final = {need: at for at, need in enumerate(Need)}


def _row(case: Case, lead: str | None, at: Clock, day: date) -> OpenCase:
    now, on_hold = day.toordinal(), case.on_hold_since is not None
    waits = lead is None and not on_hold
    return OpenCase(
        case_id=case.case_id,
        area=case.area,
        review_type=case.review_type,
        notified_on=case.notified_on,
        priority=case.priority,
        days=at.days,
        allocate_by=date.fromordinal(at.allocate_by),
        complete_by=date.fromordinal(at.complete_by),
        urgency=at.urgency,
        is_allocated=lead is not None,
        reviewer_id=lead,
        on_hold=on_hold,
        overdue=not on_hold and (now > at.complete_by or (lead is None and now > at.allocate_by)),
        at_risk=waits and now >= at.last_safe_start,
    )


def _figures(rows: Sequence[OpenCase]) -> dict[str, object]:
    waiting = [row for row in rows if not row.is_allocated and not row.on_hold]
    return {
        "cases": len(rows),
        "to_allocate": len(waiting),
        "allocated": sum(row.is_allocated for row in rows),
        "on_hold": sum(row.on_hold for row in rows),
        "overdue_to_allocate": sum(row.overdue for row in waiting),
        "overdue_to_complete": sum(row.overdue and row.is_allocated for row in rows),
        "at_risk": sum(row.at_risk for row in waiting),
        "longest_days": max((row.days for row in waiting), default=0),
        "ages": _ages(waiting),
    }


def _ages(waiting: Sequence[OpenCase]) -> dict[str, int]:
    found = dict.fromkeys([*(name for name, _ in AGES), OLDER], 0)
    for row in waiting:
        found[next((name for name, days in AGES if row.days < days), OLDER)] += 1
    return found
