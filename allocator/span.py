"""From a day until before another."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple


class Span(NamedTuple):
    """Some days, one after the other; `until` is the one after the last, None while there is none."""

    since: date
    until: date | None = None

    def covers(self, day: date) -> bool:
        """Whether a day is one of them."""
        return self.since <= day and (self.until is None or day < self.until)

    def days_by(self, day: date) -> int:
        """How many of them were over by a day."""
        end = day if self.until is None else min(day, self.until)
        return max(0, (end - self.since).days)
