"""Counts that were published: how many were notified, completed, in progress and unallocated by some day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from pydantic import Field, ValidationError

from allocator.errors import BadInput, Fault
from scenarios.fields import Amount, Part
from scenarios.files import SHIPPED, faults_of, read_document

FIGURES: Final = ("notified", "completed", "in_progress", "unallocated")
"""What is counted: the first two since the programme began, the others on the day."""


class Count(Part):
    """What one publication says of one day."""

    on: date = Field(description="at the end of this day")
    notified: Amount | None = Field(default=None, description="since the first day")
    completed: Amount | None = Field(default=None, description="of them")
    in_progress: Amount | None = Field(default=None, description="somebody has them")
    unallocated: Amount | None = Field(default=None, description="nobody has had them")
    within: float = Field(
        default=0.0, ge=0, description="cases that rounding leaves open, up or down; 0: told to the case"
    )
    source: str = Field(min_length=1, description="where it was published")


class Counts(Part):
    """A file of published counts."""

    counts: tuple[Count, ...] = Field(min_length=1)


@dataclass(frozen=True)
class Published:
    """One figure of one day; `pointer` says where it stands in its file."""

    on: date
    figure: str
    cases: float
    within: float
    source: str
    pointer: str


def read_counts(path: Path) -> tuple[Published, ...]:
    """The figures in a file, by day.

    Raises
    ------
    BadInput
        With all that is wrong in it, each by its key.
    """
    return counts_of(read_document(path), path.name)


def shipped_counts() -> dict[str, Path]:
    """The files of counts that come with the program, by name."""
    return {path.stem: path for path in sorted((SHIPPED / "counts").glob("*.toml"))}


def counts_of(document: object, file: str | None = None) -> tuple[Published, ...]:
    """The figures of a decoded document, by day.

    Raises
    ------
    BadInput
        With all that is wrong in it, each by its key.
    """
    try:
        counts = Counts.model_validate(document)
    except ValidationError as error:
        raise BadInput(faults_of(error, file)) from None
    found = [one for at, row in enumerate(counts.counts) for one in _figures(row, at)]
    faults = list(_wrong(counts, found, file))
    if faults:
        raise BadInput(faults)
    return tuple(sorted(found, key=lambda one: (one.on, FIGURES.index(one.figure))))


def _figures(row: Count, at: int) -> Iterator[Published]:
    for figure in FIGURES:
        cases = getattr(row, figure)
        if cases is not None:
            yield Published(row.on, figure, cases, row.within, row.source, f"/counts/{at}/{figure}")


def _wrong(counts: Counts, found: list[Published], file: str | None) -> Iterator[Fault]:
    for at, row in enumerate(counts.counts):
        if not list(_figures(row, at)):
            hint = f"give one of {', '.join(FIGURES)}"
            yield Fault("bad-value", "nothing is counted", file, pointer=f"/counts/{at}", hint=hint)
    first: dict[tuple[date, str], Published] = {}
    for one in found:
        if first.setdefault((one.on, one.figure), one) is not one:
            message = "this was counted for this day already"
            yield Fault("duplicate", message, file, pointer=one.pointer, value=one.cases)
    for one in found:
        notified = first.get((one.on, "notified")) if one.figure != "notified" else None
        if notified and one.cases - one.within > notified.cases + notified.within:
            message = "more than were notified by then"
            yield Fault("bad-value", message, file, pointer=one.pointer, value=one.cases)
