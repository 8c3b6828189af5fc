"""What was notified on some days: each case that is to be reviewed, and whether it has been on hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Notified:
    """A case that was notified, to be reviewed.

    Parameters
    ----------
    was_held : whether it is on hold, or has been
    """

    area: str
    notified_on: date
    was_held: bool


@dataclass(frozen=True)
class Inflow:
    """All that was notified from a day on, until before another.

    Parameters
    ----------
    since, until : the first day, and the one after the last
    """

    since: date
    until: date
    cases: tuple[Notified, ...]

    @property
    def days(self) -> int:
        """How many days these are."""
        return (self.until - self.since).days
