"""What a family may be told of a place: words that name no other person, no case and no price."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from allocator.facts import Facts
from allocator.forecast import One
from allocator.held import Role
from allocator.plan import Assignment
from allocator.reasons import Spoken
from allocator.wording import AGAIN, NO_TIME, NOBODY, PAUSED, UNKNOWN, Said


def of_filled(spoken: Spoken, one: One, written: Assignment) -> str:
    """Why whoever has a place has it, and when the review will be done."""
    if one.new:
        said = [*spoken.moved(one), Said("one_of"), *spoken.place(one), *spoken.independence(one)]
    else:
        said = [*spoken.kept(one), *spoken.independence(one)]
    paused = written.on_time is None or written.role != "lead"
    days = [] if paused else [when(written.finish_on, written.complete_by)]
    return somebody(one.role, said, days)


def somebody(role: Role, said: Iterable[Said], days: Iterable[str]) -> str:
    """That somebody has a place, what there is to say of it, and when it will be done."""
    opening = "This review has a second reviewer." if role is Role.SECOND else "This review has a reviewer."
    return _text([opening, *(each.public for each in said), *days])


def when(finish_on: date | None, complete_by: date) -> str:
    """When a review is planned to be complete, and whether that is in time."""
    if finish_on is None:
        return "It cannot be said yet when it will be complete."
    done = f"It is planned to be complete by {_said(finish_on)}"
    if finish_on <= complete_by:
        return f"{done}."
    return f"{done}. That is later than {_said(complete_by)}, by when it should be."


def of_empty(facts: Facts, row: int, role: Role, code: str) -> str:
    """Why nobody has a place, by reason code, and what happens next."""
    case = facts.cases[row]
    if code == "on_hold":
        return PAUSED
    unknown = not case.organisations and facts.policy.conflict.unknown_organisations == "hold"
    if code == "conflict" and unknown and role is Role.LEAD:
        return _text([UNKNOWN, AGAIN])
    which = (
        "This review has no second reviewer yet."
        if role is Role.SECOND
        else "This review waits for a reviewer."
    )
    return _text([which, NOBODY.get(code, NO_TIME), AGAIN])


def _text(sentences: Iterable[str]) -> str:
    return " ".join(dict.fromkeys(sentence for sentence in sentences if sentence))


def _said(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
