"""What a family may be told of a place: words that name no other person, no case and no price."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from allocator.facts import Facts
from allocator.forecast import One
from allocator.held import Role
from allocator.plan import Assignment, Unassigned
from allocator.reasons import Spoken
from allocator.wording import AGAIN, NO_TIME, NOBODY, PAUSED, UNKNOWN, Said


def of_filled(spoken: Spoken, one: One, written: Assignment) -> str:
    """Why whoever has a place has it, and when the review will be done."""
    if one.new:
        said = [*spoken.moved(one), Said("one_of"), *spoken.place(one), *spoken.independence(one)]
    else:
        said = [*spoken.kept(one), *spoken.independence(one)]
    opening = (
        "This review has a second reviewer." if one.role is Role.SECOND else "This review has a reviewer."
    )
    return _text([opening, *(each.public for each in said), *_days(written)])


def _days(written: Assignment) -> list[str]:
    """When it is to begin and to be complete; nothing while it is paused, and nothing of a second's part."""
    if written.on_time is None or written.role != "lead":
        return []
    if written.finish_on is None:
        return ["It cannot be said yet when it will be complete."]
    done = f"It is planned to be complete by {_said(written.finish_on)}"
    if written.on_time:
        return [f"{done}."]
    return [f"{done}. That is later than {_said(written.complete_by)}, by when it should be."]


def of_empty(facts: Facts, row: int, role: Role, written: Unassigned) -> str:
    """Why nobody has a place, and what happens next."""
    case = facts.cases[row]
    if written.reason_code == "on_hold":
        return PAUSED
    unknown = not case.organisations and facts.policy.conflict.unknown_organisations == "hold"
    if written.reason_code == "conflict" and unknown and role is Role.LEAD:
        return _text([UNKNOWN, AGAIN])
    which = (
        "This review has no second reviewer yet."
        if role is Role.SECOND
        else "This review waits for a reviewer."
    )
    return _text([which, NOBODY.get(written.reason_code, NO_TIME), AGAIN])


def _text(sentences: Iterable[str]) -> str:
    return " ".join(dict.fromkeys(sentence for sentence in sentences if sentence))


def _said(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
