"""The open cases as they are asked for: which of them, in what order, and as a file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from allocator.backlog import OpenCase
from allocator.needs import Need
from allocator.store import State
from api.stored import MOST, ONE_ID, Area

COLUMNS = ("urgency", "case_id", "area", "review_type", "state", "priority", "notified_on", "days",
           "allocate_by", "complete_by", "reviewer_id")  # fmt: skip
"""What cases can be sorted by."""


class QueueCase(OpenCase):
    """One open case of the store."""

    state: State
    needs: tuple[Need, ...] = Field(description="Why somebody has to see to it, as far as the caller is told")


class Row(NamedTuple):
    """An open case, its state, and why somebody has to see to it."""

    case: OpenCase
    state: State
    needs: tuple[Need, ...]

    @property
    def told(self) -> QueueCase:
        """The case as it is answered."""
        return QueueCase(**dict(self.case), state=self.state, needs=self.needs)


class Wanted(BaseModel):
    """Which queue is asked for, and which of its cases."""

    model_config = ConfigDict(frozen=True)

    known_on: date | None = Field(
        default=None, description="As it was known when this day ended; empty: as it is known now"
    )
    as_of: date | None = Field(
        default=None, description="The day of the clocks; empty: that of known_on, else today"
    )
    area: Area | None = Field(default=None, description="Of this area alone")
    state: State | None = Field(default=None, description="cases in one state")
    review_type: str | None = Field(default=None, pattern=ONE_ID, description="cases of one review type")
    need: Need | None = Field(default=None, description="cases that somebody has to see to, by why")
    find: str | None = Field(default=None, pattern=ONE_ID, description="cases whose ids hold this")
    sort: str = Field(
        default="-urgency",
        pattern=f"^-?({'|'.join(COLUMNS)})$",
        description="by this column; with a minus the largest first; equal ones by urgency",
    )
    limit: int = Field(default=100, ge=0, le=MOST, description="so many cases at most")
    after: int = Field(default=0, ge=0, le=2**31 - 1, description="leave out so many")
    format: Literal["json", "csv", "xlsx"] = Field(
        default="json", description="a file holds all cases that are asked for, whatever the limit"
    )


def chosen(rows: Iterable[Row], wanted: Wanted) -> list[Row]:
    """The cases that are asked for, in their order.

    Parameters
    ----------
    rows : the most urgent first
    """
    found = [one for one in rows if _is_wanted(one, wanted)]
    return found if wanted.sort == "-urgency" else _sorted(found, wanted.sort)


def _is_wanted(one: Row, wanted: Wanted) -> bool:
    return (
        wanted.state in (None, one.state)
        and wanted.review_type in (None, one.case.review_type)
        and (wanted.need is None or wanted.need in one.needs)
        and (wanted.find is None or wanted.find.casefold() in one.case.case_id.casefold())
    )


def _sorted(rows: Sequence[Row], sort: str) -> list[Row]:
    """The rows by one column; those that have nothing there come last, whichever way."""
    column = sort.removeprefix("-")

    def key(one: Row) -> Any:
        return one.state if column == "state" else getattr(one.case, column)

    there = [one for one in rows if key(one) is not None]
    return sorted(there, key=key, reverse=sort.startswith("-")) + [one for one in rows if key(one) is None]
