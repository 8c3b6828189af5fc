"""A case's two clocks, how urgent it is, when its work is due and when its evidence is ready.

Days are ordinals (`date.toordinal`), so that they can be added and compared as whole numbers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from allocator.cases import Case
from allocator.dates import add_months
from allocator.exact import Ints
from allocator.policy import Policy

SAFE_START_DAYS = 14
BASE_URGENCY, A_WEEK, A_PRIORITY, NOT_ALLOCATED_IN_TIME, LAST_SAFE_START = 100, 7, 100, 200, 400


class Clock(NamedTuple):
    """One case's days, as ordinals, and its urgency in points."""

    days: int
    allocate_by: int
    complete_by: int
    work_due: int
    evidence_ready: int
    last_safe_start: int
    urgency: int


@lru_cache(maxsize=65_536)
def month_later(day: date, months: int) -> int:
    """The day so many months after another, as an ordinal."""
    return add_months(day, months).toordinal()


def clock(case: Case, policy: Policy, as_of: date) -> Clock:
    """The case's clocks as they stand on a day; a hold stops them."""
    kind = policy.review_types[case.review_type]
    now = as_of.toordinal()
    stopped = case.on_hold_since.toordinal() if case.on_hold_since else now
    held_days = case.hold_days + now - stopped
    allocate_by = month_later(case.notified_on, policy.clocks.allocate_months) + held_days
    complete_by = month_later(case.notified_on, policy.clocks.complete_months) + held_days
    work_due = complete_by - kind.sign_off_days
    safe = work_due - kind.evidence_days - SAFE_START_DAYS
    days = max(0, stopped - case.notified_on.toordinal() - case.hold_days)
    urgency = BASE_URGENCY + A_WEEK * (days // 7) + A_PRIORITY * case.priority
    urgency += NOT_ALLOCATED_IN_TIME * (now > allocate_by) + LAST_SAFE_START * (now >= safe)
    ready = _evidence_ready(case, kind.evidence_days, now)
    return Clock(days, allocate_by, complete_by, work_due, ready, safe, urgency)


def _evidence_ready(case: Case, evidence_days: int, now: int) -> int:
    if case.evidence_received_on:
        return case.evidence_received_on.toordinal()
    if case.evidence_expected_on:
        return case.evidence_expected_on.toordinal()
    return (case.allocated_on.toordinal() if case.allocated_on else now) + evidence_days


@dataclass(frozen=True, eq=False)
class Clocks:
    """The clocks of all cases, each array of shape (n_cases,), and the order in which work is done.

    `rank` is the position of a case by max(work_due, evidence_ready), then notified_on, then case_id; `each`
    is the same by case.
    """

    days: Ints
    complete_by: Ints
    work_due: Ints
    evidence_ready: Ints
    urgency: Ints
    rank: Ints
    on_hold: NDArray[np.bool_]
    each: tuple[Clock, ...]


def clocks(
    cases: Sequence[Case], policy: Policy, as_of: date, known: Mapping[int, Clock] = MappingProxyType({})
) -> Clocks:
    """Every case's clocks, as arrays.

    Parameters
    ----------
    known : those of cases, by the identity of each, that need not be worked out again
    """
    each = [known.get(id(case)) or clock(case, policy, as_of) for case in cases]
    order = sorted(
        range(len(cases)),
        key=lambda i: (
            max(each[i].work_due, each[i].evidence_ready),
            cases[i].notified_on,
            cases[i].case_id,
        ),
    )
    rank = np.empty(len(cases), np.int64)
    rank[order] = np.arange(len(cases))
    columns = np.array(each, np.int64).reshape(-1, len(Clock._fields))
    by_name = dict(zip(Clock._fields, columns.T, strict=True))
    return Clocks(
        days=by_name["days"],
        complete_by=by_name["complete_by"],
        work_due=by_name["work_due"],
        evidence_ready=by_name["evidence_ready"],
        urgency=by_name["urgency"],
        rank=rank,
        on_hold=np.array([c.on_hold_since is not None for c in cases], np.bool_),
        each=tuple(each),
    )
