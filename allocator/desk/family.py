"""What a family may be told of a case as it stands now: who reviews is not named, nor any other case."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np

from allocator.desk.desk import Now
from allocator.explain.public import of_empty, somebody, when
from allocator.forecast import One
from allocator.held import Role
from allocator.reasons import Spoken
from allocator.unplaced import stopped_by
from allocator.voice import NOTHING
from allocator.wording import Said

PLACES = {"type", "skill"}
"""Rules that, where they are met, let it be said that whoever reviews has the training for it."""


def family(now: Now, case_id: str) -> tuple[str, ...]:
    """What may be told, a paragraph for each place; of a second reviewer only once there is a lead.

    Raises
    ------
    BadInput
        There is no such case, or it is out of scope.
    """
    row = now.desk.case(case_id)
    roles = [Role.LEAD]
    if now.desk.place(row, Role.SECOND) is not None and now.holder(row, Role.LEAD) is not None:
        roles.append(Role.SECOND)
    return tuple(_place(now, row, role) for role in roles)


def _place(now: Now, row: int, role: Role) -> str:
    found = np.flatnonzero((now.filled.case == row) & (now.filled.role == role))
    if len(found):
        return _filled(now, int(found[0]))
    stops = now.stops(row, role)
    code = NOTHING if len(now.open_to(stops)) else stops.codes()[0]
    return of_empty(now.facts, row, role, "on_hold" if now.facts.clocks.on_hold[row] else code)


def _filled(now: Now, at: int) -> str:
    """Why whoever has a place has it, in what still holds of them, and when the review will be done."""
    row, role = int(now.filled.case[at]), Role(int(now.filled.role[at]))
    one = One(at, row, role, int(now.filled.reviewer[at]), int(now.filled.minutes[at]), True)
    days = [] if role is Role.SECOND or now.facts.clocks.on_hold[row] else [_when(now, at, row)]
    return somebody(role, _said(now, one), days)


def _said(now: Now, one: One) -> Iterator[Said]:
    spoken = Spoken(now.facts, now.desk.held, now.standing)
    if (one.row, one.role) in now.desk.held.released:
        yield from spoken.moved(one)
    if now.facts.clocks.on_hold[one.row]:
        yield Said("on_hold", {"since": now.facts.cases[one.row].on_hold_since})
    stopped = stopped_by(now.stops(one.row, one.role), one.reviewer)
    if not PLACES & set(stopped):
        yield Said("one_of")
    if "area" not in stopped:
        yield from spoken.place(one)
    yield from spoken.independence(one)


def _when(now: Now, at: int, row: int) -> str:
    finish, by = int(now.forecast.finish[at]), int(now.facts.clocks.complete_by[row])
    return when(date.fromordinal(finish) if finish else None, date.fromordinal(by))
