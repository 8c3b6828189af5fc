"""Days as they are typed: day, month and year in three boxes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

PARTS: Final = ("day", "month", "year")


def typed_day(form: Mapping[str, str], name: str) -> str:
    """The day typed into three boxes, written YYYY-MM-DD; what is no day as it was typed: the call tells.

    Parameters
    ----------
    form : with `name-day`, `name-month` and `name-year`
    """
    day, month, year = (form.get(f"{name}-{part}", "").strip() for part in PARTS)
    if not (day or month or year):
        return ""
    return f"{year}-{month.zfill(2)}-{day.zfill(2)}"


def boxes(name: str, day: str | None) -> dict[str, str]:
    """What stands in the three boxes of a day written YYYY-MM-DD; nothing for none."""
    year, month, date = (day or "--").split("-", 2)
    values = (date.lstrip("0"), month.lstrip("0"), year)
    return {f"{name}-{part}": value for part, value in zip(PARTS, values, strict=True)}
