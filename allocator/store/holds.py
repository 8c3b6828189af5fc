"""Holds of a stored case: those that its versions tell of; one begun, and one ended."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from allocator import holds
from allocator.errors import BadInput, Conflict, Fault
from allocator.holds import Hold, HoldTold
from allocator.store.records import Record

OPEN: Final = ("on_hold_since", "hold_reason", "hold_until")
"""What a case says of the hold that is open."""


def holds_of(versions: Iterable[Record]) -> tuple[list[Hold], int]:
    """A case's holds by day, and how many days of ended ones are known without one.

    Parameters
    ----------
    versions : all of the case's, the first one first; what was forgotten tells nothing
    """
    found = holds.holds_of(_told(one.body) for one in versions if one.body)
    return list(found.dated), found.undated


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


def _told(body: Mapping[str, Any]) -> HoldTold:
    days, since, until = (body.get(name) for name in ("hold_days", "on_hold_since", "hold_until"))
    return HoldTold(int(days or 0), _day(since), body.get("hold_reason"), _day(until))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
