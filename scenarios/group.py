"""The staff of a scenario: groups of posts alike."""

from __future__ import annotations

from typing import Final, Literal, get_args

from pydantic import Field

from scenarios.fields import Part, Share, number, unit
from scenarios.units import FULL_TIME

Kind = Literal["dedicated", "day_job", "bank", "provider"]
KINDS: Final[tuple[str, ...]] = get_args(Kind)


class Group(Part):
    """Some posts alike."""

    name: str = Field(min_length=1, max_length=64, description="its name", title="What is this group called?")
    kind: Kind = Field(
        default="dedicated", description="how they are employed", title="What kind of staff are they?"
    )
    wte: float | None = Field(
        default=None, ge=0, le=10_000, description="full-time posts; a rest is a part-time one",
        title="How many full-time posts (WTE)?",
    )  # fmt: skip
    people: int | None = Field(
        default=None, ge=0, le=10_000, title="Or how many people?",
        description="people, in place of full-time posts; each of the hours below",
    )  # fmt: skip
    hours_a_week: float = Field(
        default=FULL_TIME, ge=0, le=168, description="contracted, of one of them",
        json_schema_extra=unit("hours a week"),
        title="How many hours a week does one of them work, by contract?",
    )  # fmt: skip
    review_share: Share = number(
        0.85, "share of hours at work that go into reviews", "share", (0.7, 0.95), grows="better"
    )
    away_weeks: float = number(
        8.4, "weeks of leave, bank holidays and training", "weeks a year", (7, 10),
        "29 + 8 + 5 days", "worse", le=52,
        title="How many weeks a year is one of them away, with bank holidays and training?",
    )  # fmt: skip
    sickness: Share = number(
        0.051, "share of hours lost to illness", "share", (0.036, 0.067), "NHS England 2025", "worse"
    )
    turnover: float = number(
        0.10,
        "share that leaves in a year",
        "share a year",
        (0.088, 0.125),
        "NHS workforce statistics",
        "worse",
        le=52,
    )
    recruitment_weeks: float = number(16, "weeks until there is a new one", "weeks", (8, 30), grows="worse")
    training_weeks: float = number(4, "weeks of training before they begin", "weeks", (1, 10), grows="worse")
    first_case: float = number(
        1.6, "times the usual hours, of the first review", "times", (1, 2.5), grows="worse"
    )
    cases_to_learn: float = number(
        8, "reviews by which the excess shrinks to a third", "reviews", (3, 20), grows="worse"
    )
    forgets_weeks: float = number(52, "weeks in which experience halves", "weeks", (26, 104), grows="better")
    experienced: bool = Field(default=True, description="those who are there at the start have learnt")
    returned: Share = number(
        0.1, "share of reviews returned at sign-off", "share", (0.03, 0.25), grows="worse"
    )
    caseload: int = Field(default=8, ge=1, le=200, description="cases that one has at once")
    cases_a_year: float | None = Field(default=None, gt=0, description="cases a year that one takes at most")
    from_week: float = Field(
        default=0.0, ge=0, description="week from which on they are there",
        title="From which week on are they there?",
    )  # fmt: skip
    joining_weeks: float = Field(
        default=0.0,
        ge=0,
        description="weeks from then on in which they come one after the other; 0: all at once",
    )
    to_week: float | None = Field(
        default=None, gt=0, description="week after which they are gone; empty: they stay",
        title="Until which week?",
    )  # fmt: skip
    skills: tuple[str, ...] = Field(default=(), description="what they can do, of what cases need")
    areas: tuple[str, ...] = Field(
        default=(), description="where they are at home; empty: in all, by their parts"
    )
    cost: float = number(
        64_000, "full cost of a full-time post a year", "£", (55_000, 75_000),
        "Agenda for Change band 7, 2025/26, and a quarter for on-costs",
        title="What does a full-time post cost a year, with everything?",
    )  # fmt: skip
    price: float = Field(
        default=0.0, ge=0, description="price of one review, of a provider", json_schema_extra=unit("£")
    )
    minimum: float = Field(
        default=0.0, ge=0, description="reviews a year that are paid in any case, of a provider"
    )
    ceiling: float | None = Field(
        default=None, gt=0, description="reviews a year at most, of all of them together"
    )
