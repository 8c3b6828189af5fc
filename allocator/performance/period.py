"""The days that a report is about, month by month."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from allocator.dates import add_months

APRIL: Final = 4
"""The month in which the financial year begins."""


def quarter(day: date) -> tuple[date, date]:
    """The first and the last day of the quarter that a day is in; the first one of a year begins in April."""
    first = day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
    return first, add_months(first, 3) - timedelta(days=1)


def financial_year(day: date) -> tuple[date, date]:
    """The first and the last day of the financial year that a day is in, from April to March."""
    first = date(day.year - (day.month < APRIL), APRIL, 1)
    return first, add_months(first, 12) - timedelta(days=1)


@dataclass(frozen=True)
class Period:
    """Some days, and until when what happened on them is known.

    Parameters
    ----------
    first, last : its days
    known_on : the day as known on which the report is
    """

    first: date
    last: date
    known_on: date

    @property
    def end(self) -> date:
        """The last day that is known: what is open then is the backlog."""
        return min(self.last, self.known_on)

    @property
    def months(self) -> tuple[date, ...]:
        """The first day of each month of which a day is known."""
        found, month = [], self.first.replace(day=1)
        while month <= self.end:
            found.append(month)
            month = add_months(month, 1)
        return tuple(found)

    def has(self, day: date | None) -> bool:
        """Whether a day is one of it, and known."""
        return day is not None and self.first <= day <= self.end

    def by_month(self, days: Iterable[date | None]) -> list[int]:
        """How many of some days are in each month; those outside are none of it."""
        found = dict.fromkeys(self.months, 0)
        for day in days:
            if day is not None and self.first <= day <= self.end:
                found[day.replace(day=1)] += 1
        return list(found.values())

    def label(self, month: date) -> str:
        """A month in words; one of which a part alone is known, by its days."""
        month_end = add_months(month, 1) - timedelta(days=1)
        first, last, name = max(self.first, month), min(self.end, month_end), f"{month:%B %Y}"
        if (first, last) == (month, month_end):
            return name
        return f"{first.day} {name}" if first == last else f"{first.day} to {last.day} {name}"
