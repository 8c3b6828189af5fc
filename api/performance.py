"""The call for performance over a period: the tables of quarterly and annual reports."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from allocator.dates import add_months
from allocator.errors import Fault
from allocator.fields import Day
from allocator.performance import TABLES, Performance, Period, performance
from allocator.performance.files import report_csv, table_csv
from allocator.performance.period import quarter
from allocator.store.performance import happened
from api.calls import Call, Reply, Route
from api.clock import LONDON, end_of
from api.downloads import download, media
from api.errors import Refusal, not_yet
from api.roles import OVERSEERS
from api.scope import areas_asked
from api.stored import Area

MOST_MONTHS = 60


class Wanted(BaseModel):
    """Which report is asked for."""

    model_config = ConfigDict(frozen=True)

    from_: Day | None = Field(
        default=None, alias="from", description="First day; empty: of the quarter of the last that is known"
    )
    to: Day | None = Field(default=None, description="Last day; empty: of the quarter of the first")
    area: Area | None = Field(default=None, description="Of this area alone")
    as_known_on: Day | None = Field(
        default=None, description="As it was known when this day ended; empty: as it is known now"
    )
    table: str | None = Field(
        default=None, pattern=f"^({'|'.join(TABLES)})$", description="This table alone; empty: all"
    )
    format: Literal["json", "csv"] = Field(default="json", description="a file, or JSON")


def routes() -> tuple[Route, ...]:
    """The call."""
    return (
        Route("GET", "/v1/performance", "performance", "What happened in a period, in tables for reports",
              OVERSEERS, _performance, Performance, query=Wanted, files=media("csv")),
    )  # fmt: skip


def _performance(call: Call) -> Reply:
    wanted: Wanted = call.query
    areas, period = areas_asked(call, wanted.area), _period(wanted, call.day)
    facts = happened(call.connection, areas, end_of(period.known_on), LONDON)
    report = performance(facts, period)
    if wanted.table is not None:
        chosen = tuple(one for one in report.tables if one.name == wanted.table)
        report = report.model_copy(update={"tables": chosen})
    if wanted.format == "json":
        return Reply(report)
    content = report_csv(report) if wanted.table is None else table_csv(report.tables[0])
    return download(report, content, "csv")


def _period(wanted: Wanted, today: date) -> Period:
    """The period that is asked for.

    Raises
    ------
    Refusal
        422: its days do not fit together, or nobody knows yet.
    """
    known_on = wanted.as_known_on or today
    if known_on > today:
        raise not_yet("as_known_on")
    first = wanted.from_ or quarter(known_on)[0]
    period = Period(first, wanted.to or quarter(first)[1], known_on)
    faults = tuple(_faults(period))
    if faults:
        raise Refusal(422, "bad-parameter", "The query has faults; nothing was done.", faults=faults)
    return period


def _faults(period: Period) -> Iterator[Fault]:
    first, last = str(period.first), str(period.last)
    if period.last < period.first:
        message, hint = "is before the first day", "a day on or after it"
        yield Fault("bad-parameter", message, column="to", value=last, hint=hint)
    elif period.last >= add_months(period.first, MOST_MONTHS):
        message, hint = "makes the period too long", f"{MOST_MONTHS} months at most"
        yield Fault("bad-parameter", message, column="to", value=last, hint=hint)
    if period.known_on < period.first:
        message, hint = "is after all that was known by then", "an earlier day, or as known on a later one"
        yield Fault("bad-parameter", message, column="from", value=first, hint=hint)
