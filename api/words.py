"""How pages and the audit say dates, figures and states: plain English, the same everywhere."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from allocator.voice import UNTESTED

_ISO_DAY: Final = re.compile(r"(?<![\w-])\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?![\w-])")
_PERCENT: Final = re.compile(r"(\d) %")
_CODE: Final = re.compile(r" \(`[\w-]+`\)")
STATES: Mapping[str, str] = {
    "notified": "To allocate",
    "allocated": "Allocated",
    "in_review": "In review",
    "awaiting_sign_off": "Awaiting sign-off",
    "returned": "Returned",
    "completed": "Completed",
    "closed_without_review": "Closed without review",
    "reopened": "Reopened",
}
LABELS: Mapping[str, str] = {
    "reviewer_id": "Reviewer",
    "case_id": "Case",
    "from": "First day",
    "to": "Last day",
    "percent": "Share of the time, percent",
    "hours_per_week": "Hours a week",
    "kind": "Kind",
    "max_open_cases": "Most open cases",
    "max_distance_km": "Farthest case, km",
    "cases_a_year": "Most cases a year",
    "cases_this_year": "Cases this year",
    "starts_on": "First working day",
    "leaves_on": "Last working day",
    "horizon_weeks": "Weeks of work handed out",
    "hours_factor": "Hours needed for an hour of expected work",
    "cost_per_hour": "Pounds an hour",
    "hours_left": "Hours left",
    "second_hours_left": "Hours left of the second reviewer",
    "admin_hours_left": "Hours of administration left",
    "complete_by": "To be completed by",
    "allocate_by": "To be allocated by",
}
"""Fields whose names, as words, say too little."""
NEEDS: Mapping[str, str] = {
    "to_allocate": "To allocate",
    "overdue": "Overdue",
    "at_risk": "At risk",
    "on_hold": "On hold",
    "not_placeable": "Not placeable",
    "declined": "Declined",
    "independence": "Independence to confirm",
    "leaver": "With a leaver",
}
"""Why somebody has to see to a case."""
DISMISSED: Mapping[str, str] = {
    "duplicate": "it stands here twice",
    "ended": "its review has ended, or is not needed",
    "elsewhere": "another area or service has it",
    "unknowable": "nobody can find out what is right",
    "made_up": "it is no real row",
}
"""Why a row that was set aside counts for nothing."""
ROLES: Mapping[str, str] = {
    "reviewer": "Reviewer",
    "coordinator": "Coordinator",
    "commissioner": "Commissioner",
    "case-system": "Case system",
    "auditor": "Auditor",
    "admin": "Administrator",
}


def day(given: date | str | None) -> str:
    """A day such as 3 March 2027; a dash for none."""
    if given is None or given == "":
        return "–"
    found = date.fromisoformat(given[:10]) if isinstance(given, str) else given
    return f"{found.day} {found:%B %Y}"


def moment(zone: ZoneInfo | None = None) -> Callable[[datetime | str | None], str]:
    """What says a moment such as 3 March 2027 at 2:05pm, in a time zone; a dash for none."""

    def say(given: datetime | str | None) -> str:
        if given is None or given == "":
            return "–"
        found = datetime.fromisoformat(given) if isinstance(given, str) else given
        here = found.astimezone(zone) if zone else found
        return f"{day(here.date())} at {here.hour % 12 or 12}:{here:%M}{'am' if here.hour < 12 else 'pm'}"

    return say


def figure(given: float | str | None, places: int = 1) -> str:
    """A number with commas and few decimals, none where they are 0; a dash for none."""
    if given is None or given == "":
        return "–"
    text = f"{float(given):,.{places}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def in_full(given: float | None) -> str:
    """A number as it stands in a field, to be read again as it was; empty for none."""
    return "" if given is None else f"{given:.12g}"


def percent(given: float | None, places: int = 0) -> str:
    """A share as a percentage, such as 62%; a dash for none."""
    return "–" if given is None else f"{figure(100 * given, places)}%"


def count(number: int, one: str, many: str | None = None) -> str:
    """A number of things: 1 case, 2 cases."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def in_a_row(given: Sequence[str]) -> str:
    """Things one after another, such as A, B and C."""
    return " and ".join(filter(None, (", ".join(given[:-1]), *given[-1:])))


def hours(given: float | None, places: int = 1) -> str:
    """An amount of work: 1 hour, 7.5 hours; a dash for none."""
    return "–" if given is None else f"{figure(given, places)} {'hour' if given == 1 else 'hours'}"


def pounds(given: float | None) -> str:
    """An amount of money in whole pounds; a dash for none."""
    return "–" if given is None else f"£{given:,.0f}"


def state(given: str) -> str:
    """A case's state in words."""
    return STATES.get(given, sentence(given))


def sentence(given: str) -> str:
    """A name of the program's as words: `own_area` is Own area."""
    text = given.replace("_", " ").replace("-", " ")
    return text[:1].upper() + text[1:]


def plain(given: str | None) -> str:
    """A sentence of the calls as people write it: 2026-11-30 is 30 November 2026, 62 % is 62%, no code stands
    in brackets, and what is of another area has no name.
    """
    said = _CODE.sub("", given or "").replace("another-area", "one of another area")
    return _PERCENT.sub(r"\1%", _ISO_DAY.sub(lambda found: _day_in(found[0]), said))


def remedy(given: str | None) -> str:
    """What might help, said plainly, where the words around it say that it was not tried."""
    return plain(given).removesuffix(UNTESTED).rstrip()


def _day_in(text: str) -> str:
    try:
        return day(text)
    except ValueError:
        return text


def label(given: str) -> str:
    """What a field is called on a page."""
    return LABELS.get(given, sentence(given))


def lower_first(given: str) -> str:
    """The words to go on with inside a sentence."""
    return given[:1].lower() + given[1:]


def capital(given: str) -> str:
    """A sentence with a capital letter first, unless a program's name is; without the marks around such."""
    text = given.replace("`", "")
    return text if given.startswith("`") else text[:1].upper() + text[1:]


def away(given: date | str, today: date) -> str:
    """How far a day is from today, in words: in 5 days, 3 days ago, today."""
    found = date.fromisoformat(given[:10]) if isinstance(given, str) else given
    days = (found - today) // timedelta(days=1)
    if days == 0:
        return "today"
    return f"in {count(days, 'day')}" if days > 0 else f"{count(-days, 'day')} ago"
