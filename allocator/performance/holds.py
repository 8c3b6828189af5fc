"""A case's holds by day, worked out from what was told of them one time after the other.

A case says how many days its ended holds took, and since when one is open. So of a hold that was told of
while it was open both days are known, and of one that was told of once it had ended its length alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from allocator.performance.span import Span


class HoldTold(NamedTuple):
    """What one version of a case says of its holds: the days of ended ones, and what is open, since when."""

    days: int = 0
    since: date | None = None
    reason: str | None = None


class Hold(NamedTuple):
    """One hold: the days on which the clock stood still, and why."""

    span: Span
    reason: str | None


@dataclass(frozen=True)
class Holds:
    """All holds of a case.

    Parameters
    ----------
    undated : days of those of which no day is known: they count from the notification on
    dated : the others
    """

    undated: int = 0
    dated: tuple[Hold, ...] = ()

    def days_by(self, day: date) -> int:
        """For how many days the clock had stood still by a day."""
        return max(0, self.undated + sum(one.span.days_by(day) for one in self.dated))

    def on(self, day: date) -> Hold | None:
        """The hold that the case was on; None: it was on none."""
        return next((one for one in self.dated if one.span.covers(day)), None)


NONE = Holds()


def holds_of(told: Iterable[HoldTold]) -> Holds:
    """The holds that a case's versions tell of, the first version first.

    Days that are told when an open hold is no longer told of are that hold's. An open one that goes without
    any was told of by mistake; days that come or go without one are a correction.
    """
    undated, ended, now, days = 0, list[Hold](), HoldTold(), 0
    for one in told:
        more, days = one.days - days, one.days
        if now.since is not None and now.since != one.since and more > 0:
            ended.append(Hold(Span(now.since, now.since + timedelta(days=more)), now.reason))
            more = 0
        undated += more
        now = one
    still = (Hold(Span(now.since), now.reason),) if now.since is not None else ()
    return Holds(undated, (*ended, *still))
