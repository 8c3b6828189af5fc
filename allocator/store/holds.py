"""Holds of a case: when each began and ended, told from its versions; one begun, and one ended.

A case says how many days its holds took that have ended, and since when one is open. What its versions say
one after the other tells from when to when each was; what was known of before the first version has no days.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

from allocator.errors import BadInput, Conflict, Fault
from allocator.store.records import Record

OPEN: Final = ("on_hold_since", "hold_reason", "hold_until")
"""What a case says of the hold that is open."""


@dataclass(frozen=True)
class Hold:
    """A time in which a case's clocks stood still.

    Parameters
    ----------
    until : the day from which they went on; None while the hold is open
    expected : the day on which an open one is expected to end
    """

    since: date
    until: date | None
    reason: str | None
    expected: date | None = None

    @property
    def days(self) -> int:
        """How long it was; 0 while it is open."""
        return (self.until - self.since).days if self.until else 0


def holds_of(versions: Iterable[Record]) -> tuple[list[Hold], int]:
    """A case's holds by day, and how many days of ended ones are known without one.

    Parameters
    ----------
    versions : all of the case's, the first one first
    """
    ended, now, days = list[Hold](), None, 0
    for body in (one.body for one in versions if one.body):
        hold, more = _open(body), int(body.get("hold_days", 0)) - days
        if now is not None and more > 0 and (hold is None or hold.since != now.since):
            ended.append(replace(now, until=now.since + timedelta(days=more), expected=None))
        now, days = hold, days + more
    dated = sum(one.days for one in ended)
    if dated > days:  # the sum was corrected since: it counts
        ended, dated = [], 0
    return [*ended, *([now] if now else [])], days - dated


def paused(case: Record, since: date, reason: str | None, until: date | None) -> dict[str, Any]:
    """A case's fields with a hold that is open from a day.

    Raises
    ------
    Conflict
        `on-hold`: one is open already.
    """
    if "on_hold_since" in case.body:
        raise Conflict("on-hold", case.record_id, f"it is on hold since {case.body['on_hold_since']}")
    told = {"on_hold_since": since, "hold_reason": reason, "hold_until": until}
    return dict(case.body) | {name: str(value) for name, value in told.items() if value is not None}


def resumed(case: Record, on: date, today: date) -> dict[str, Any]:
    """A case's fields with the hold ended that is open: its clocks go on from a day.

    Raises
    ------
    Conflict
        `not-on-hold`: none is.
    BadInput
        The hold begins after that day, or the day is still to come.
    """
    if "on_hold_since" not in case.body:
        raise Conflict("not-on-hold", case.record_id, "it is not on hold")
    since = date.fromisoformat(case.body["on_hold_since"])
    if on < since:
        raise _wrong_day("reversed-dates", "the hold begins after this day", on, f"{since} or later")
    if on > today:
        raise _wrong_day("after-as-of", "this day is still to come", on, f"{today} or earlier")
    kept = {name: value for name, value in case.body.items() if name not in OPEN}
    return kept | {"hold_days": int(case.body.get("hold_days", 0)) + (on - since).days}


def _wrong_day(code: str, message: str, on: date, hint: str) -> BadInput:
    return BadInput([Fault(code, message, pointer="/on", value=on.isoformat(), hint=hint)])


def _open(body: Mapping[str, Any]) -> Hold | None:
    since, until = body.get("on_hold_since"), body.get("hold_until")
    if since is None:
        return None
    expected = date.fromisoformat(until) if until else None
    return Hold(date.fromisoformat(since), None, body.get("hold_reason"), expected)
