"""What was notified since the store began: all of it is kept, so that it can be counted."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from typing import Final

from sqlalchemy import Connection, func, select

from allocator.inflow import Inflow, Notified
from allocator.store import records
from allocator.store.states import State
from allocator.store.tables import audit_lines

LONGEST_DAYS: Final = 365
"""Further back nobody looks: a year has all its seasons once."""


def inflow(connection: Connection, day: date, areas: Collection[str] = ()) -> Inflow:
    """What some areas, or all, notified until a day: since the store began, or a year before.

    Cases out of scope, closed without a review, or one with another case, are none.
    """
    first = connection.execute(select(func.min(audit_lines.c.at))).scalar()
    began = day if first is None else first.date() + timedelta(days=1)
    since = min(day, max(began, day - timedelta(days=LONGEST_DAYS)))
    found = []
    for one in records.every(connection, "cases"):
        if not one.body or one.merged_into is not None or one.state == State.CLOSED:
            continue
        notified_on, area = date.fromisoformat(one.body["notified_on"]), str(one.area)
        is_asked = since <= notified_on < day and (not areas or area in areas)
        if is_asked and "out_of_scope" not in one.body:
            was_held = bool(one.body.get("hold_days")) or "on_hold_since" in one.body
            found.append(Notified(area, notified_on, was_held))
    return Inflow(since, day, tuple(found))
