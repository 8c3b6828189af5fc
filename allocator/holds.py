"""A case's holds by day, worked out from what its versions tell of them one after the other.

A case says how many days its ended holds took, and since when one is open. So of a hold that was told of
while it was open both days are known, and of one that was told of once it had ended its length alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import NamedTuple

from allocator.span import Span


class HoldTold(NamedTuple):
    """What one version of a case says of its holds: the days of ended ones, and what is open, since when.

    Parameters
    ----------
    expected : when the open one is expected to end
    """

    days: int = 0
    since: date | None = None
    reason: str | None = None
    expected: date | None = None


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
    def span(self) -> Span:
        """The days on which they stood still."""
        return Span(self.since, self.until)

    @property
    def days(self) -> int:
        """How long it was; 0 while it is open."""
        return (self.until - self.since).days if self.until else 0


@dataclass(frozen=True)
class Holds:
    """All holds of a case.

    Parameters
    ----------
    undated : days of those of which no day is known: they count from the notification on
    dated : the others, the first one first
    """

    undated: int = 0
    dated: tuple[Hold, ...] = ()

    def days_by(self, day: date) -> int:
        """For how many days the clock had stood still by a day."""
        return self.undated + sum(one.span.days_by(day) for one in self.dated)

    def on(self, day: date) -> Hold | None:
        """The hold that the case was on; None: it was on none."""
        return next((one for one in self.dated if one.span.covers(day)), None)


NONE = Holds()


def holds_of(told: Iterable[HoldTold]) -> Holds:
    """The holds that a case's versions tell of, the first version first.

    Days that are told when an open hold is no longer told of are that hold's. An open one that goes without
    any was told of by mistake. Once fewer days are told than the holds took whose days are known, the sum was
    corrected: it counts, and no day of theirs is known any more.
    """
    ended, now, days = list[Hold](), None, 0
    for one in told:
        more, days = one.days - days, one.days
        if now is not None and now.since != one.since and more > 0:
            until = now.since + timedelta(days=more)
            ended.append(replace(now, until=until, expected=None))
        if sum(hold.days for hold in ended) > days:
            ended = []
        now = None if one.since is None else Hold(one.since, None, one.reason, one.expected)
    still = () if now is None else (now,)
    return Holds(days - sum(hold.days for hold in ended), (*ended, *still))
