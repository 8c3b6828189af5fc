"""The performance report: the tables of an area's quarterly and annual reports."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from pydantic import Field

from allocator.performance import activity, advice, backlog, timeliness, workforce
from allocator.performance.facts import Facts
from allocator.performance.period import Period
from allocator.performance.table import Draft, Table, withheld
from allocator.plan import Part

TABLES: Final[Mapping[str, Callable[[Facts, Period], Draft]]] = {
    "by_month": activity.by_month,
    "allocated_in_time": timeliness.allocation,
    "completed_in_time": timeliness.completion,
    "by_type": activity.by_type,
    "sign_off": activity.sign_off,
    "backlog": backlog.by_age,
    "holds": backlog.holds,
    "overrides": advice.overrides,
    "fairness": workforce.by_employment,
    "shares": workforce.by_share,
    "lending": workforce.lending,
}
"""By name, in their order."""


class Performance(Part):
    """What happened in a period, in figures, as it was known on a day."""

    first: date = Field(description="First day of the period")
    last: date = Field(description="Last day of the period")
    end: date = Field(description="The last of its days that is known")
    known_on: date = Field(description="As it was known when this day ended")
    areas: tuple[str, ...] = Field(description="Whose report it is; empty: of all areas")
    tables: tuple[Table, ...]


def performance(facts: Facts, period: Period) -> Performance:
    """The report of a period, without what may not be told of few people."""
    return Performance(
        first=period.first,
        last=period.last,
        end=period.end,
        known_on=period.known_on,
        areas=tuple(sorted(facts.areas)),
        tables=withheld({name: table(facts, period) for name, table in TABLES.items()}),
    )
