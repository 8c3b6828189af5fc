"""What is typed, as values: days in three boxes, and numbers. What is none stays as it was typed."""

from __future__ import annotations

import re
from calendar import month_abbr
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final

from allocator.fields import EARLIEST, LATEST

PARTS: Final = ("day", "month", "year")
DIGITS: Final = 12
"""Of a number that is told exactly."""
MONTHS: Final = {name.lower(): str(number) for number, name in enumerate(month_abbr) if name}
_LEFT_OUT: Final = re.compile(r"[\s,£%]")
_LARGEST: Final = 300
"""Digits before the point, beyond which a float is none."""


def typed_day(form: Mapping[str, str], name: str) -> str:
    """The day typed into three boxes, written YYYY-MM-DD; what is no day as it was typed: the call tells.

    Parameters
    ----------
    form : with `name-day`, `name-month` and `name-year`
    """
    day, month, year = (form.get(f"{name}-{part}", "").strip() for part in PARTS)
    if not (day or month or year):
        return ""
    month = MONTHS.get(month.lower()[:3], month)
    if all(one.isascii() and one.isdigit() for one in (year, month, day)):
        return f"{year}-{month:0>2}-{day:0>2}"
    return f"{year}-{month}-{day}"


def boxes(name: str, day: str | None) -> dict[str, str]:
    """What stands in the three boxes of a day written YYYY-MM-DD; nothing for none."""
    year, _, rest = (day or "").partition("-")
    month, _, date_ = rest.partition("-")
    return dict(zip((f"{name}-{part}" for part in PARTS), (_short(date_), _short(month), year), strict=True))


def day_of(text: str | None) -> date | None:
    """The day written YYYY-MM-DD; None where it is none."""
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def written_day(text: str) -> str | None:
    """A day written in one box, such as 3/12/2026, 3 December 2026 or 2026-12-03, as YYYY-MM-DD."""
    parts = [one for one in re.split(r"[\s./-]+", text.strip()) if one]
    if len(parts) != len(PARTS):
        return None
    day, month, year = parts[::-1] if len(parts[0]) == len("2026") else parts
    found = day_of(f"{year}-{MONTHS.get(month.lower()[:3], month):0>2}-{day:0>2}")
    return found.isoformat() if found and EARLIEST <= found <= LATEST else None


def number_of(text: str, scale: int = 1) -> float | int | str:
    """A number of so many parts; what is none stays as it is."""
    try:
        found = Decimal(_LEFT_OUT.sub("", text))
    except InvalidOperation:
        return text
    if not found.is_finite() or found.adjusted() > _LARGEST:
        return text
    exact = found / scale
    return int(exact) if exact == exact.to_integral_value() and abs(exact) < 10**DIGITS else float(exact)


def whole_of(text: str, digits: int = 9) -> int | None:
    """A whole number that is not below 0, of at most so many digits; None: it is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= digits else None


def place_of(text: str, last: int) -> int:
    """The number of a page of a list that is asked for, or of the nearest there is."""
    return max(1, min(whole_of(text, 6) or 1, last))


def _short(part: str) -> str:
    return part.lstrip("0") or part if part.isdigit() else part
