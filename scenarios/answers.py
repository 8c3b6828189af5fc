"""What a scenario says: each variant in figures with their chance, and what it changes against the base."""

from __future__ import annotations

from datetime import date
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from scenarios.scenario import End

TOTAL: Final = "open"


class Part(BaseModel):
    """A part of the answer."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Band(Part):
    """A figure over the replications: its mean, and between what nine of ten, or nearly all, lie."""

    mean: float
    low_95: float = Field(description="2.5 % lie below")
    low_80: float = Field(description="10 % lie below")
    high_80: float = Field(description="10 % lie above")
    high_95: float = Field(description="2.5 % lie above")


class Estimate(Part):
    """A mean over the replications, and the interval that it lies in with 95 %."""

    mean: float
    half_width: float | None = Field(description="Empty: of a single replication nobody knows")


class WeekBands(Part):
    """Open cases at the end of every week, the first entry at the start."""

    stage: str
    mean: tuple[float, ...]
    low_95: tuple[float, ...]
    low_80: tuple[float, ...]
    high_80: tuple[float, ...]
    high_95: tuple[float, ...]


class InTime(Part):
    """A share in time."""

    end: End
    of: Literal["eligible", "all"] = Field(description="eligible: the clock stops while on hold")
    months: float
    share: Estimate | None = Field(description="Of all cases whose clock ended; empty: none did")
    years: tuple[Estimate | None, ...] = Field(description="The same by year")
    target: float | None
    mean_meets: bool | None = Field(description="The mean is at least the target")
    chance: float | None = Field(description="Of a year in which the share is at least the target")
    chance_meets: bool | None = Field(description="That chance is at least the one that is wanted")


class Clearance(Part):
    """From which week on, for half a year, nobody waits who should have been allocated."""

    chance: float = Field(description="Of being there before the run ends")
    week: float | None = Field(description="The middle one of the weeks in which it is reached; empty: never")
    earliest: float | None = Field(description="10 % are earlier")
    latest: float | None = Field(description="10 % are later")
    day: date | None = Field(description="The day on which that middle week begins")
    sure_week: float | None = Field(
        default=None, description="The week by which nine of ten runs are there; empty: fewer ever are"
    )
    sure_day: date | None = Field(default=None, description="The day on which that week begins")


class Days(Part):
    """Days of a completed case, on average."""

    to_allocation: float
    to_beginning: float = Field(description="From there: evidence, and the work before it")
    to_completion: float = Field(description="From there: work, sign-off, returns")


class Binds(Part):
    """What keeps reviews from being done sooner."""

    what: Literal["reviewers", "administration", "evidence", "skill", "nothing"]
    says: str
    load: float | None = Field(description="Hours asked for ÷ hours there; above 1 it never settles")
    admin_load: float | None
    settles: bool


class Money(Part):
    """What it costs."""

    a_year: Band
    a_review: float | None
    a_review_in_time: float | None = Field(description="A review completed in time (eligible)")


class AreaAnswer(Part):
    """One area, or all."""

    area: str
    notified_a_year: float
    completed_a_year: float
    weeks: tuple[WeekBands, ...]
    at_end: Band = Field(description="Open cases when the run ends")
    in_time: tuple[InTime, ...]
    clearance: Clearance
    wait: Estimate | None = Field(description="Days from notification to allocation, of those allocated")
    at_once: float | None = Field(description="Share of those allocated that did not wait")
    days: Days | None = Field(description="Empty: none was completed")
    workload: Band | None = Field(description="Hours worked ÷ hours there, of the posts at home there")
    money: Money = Field(description="Of the posts at home there")
    binds: Binds


class GroupAnswer(Part):
    """One group of staff."""

    group: str
    workload: Band | None = Field(description="Hours worked ÷ hours there, as a share; empty: no hours")
    hours: float = Field(description="Worked in a year, on average")
    reviews: float = Field(description="Completed in a year, on average")


class Difference(Part):
    """What a variant changes, each replication against the same one of the base."""

    figure: str
    unit: Literal["share", "cases", "£"]
    base: float
    here: float
    difference: Estimate
    is_sure: bool = Field(description="Its interval does not hold 0")


class VariantAnswer(Part):
    """One variant."""

    name: str
    change: dict[str, JsonValue]
    replications: int
    says: str
    areas: tuple[AreaAnswer, ...] = Field(
        description="All together first, then each, where there are several"
    )
    groups: tuple[GroupAnswer, ...]
    binds: Binds
    money: Money
    against_base: tuple[Difference, ...]
    fast_differs: tuple[Difference, ...] = Field(
        default=(),
        description="Where the allocation itself is simulated: what the quick discipline gives instead",
    )


class Bar(Part):
    """One assumption, at the lowest and the highest that it may be."""

    key: str
    says: str
    unit: str
    reason: str
    low: float
    value: float
    high: float
    at_low: Estimate | None = Field(description="Share completed in time, less than the base's if below 0")
    at_high: Estimate | None
    low_cannot: str | None = Field(description="Why the lowest cannot be and is left out; empty: it can")
    high_cannot: str | None
    swing: float = Field(description="Between the two")
    reversed: bool = Field(
        description="More of it should be better (or worse), and surely was not: look into it"
    )


class Tornado(Part):
    """All assumptions, the one that matters most first."""

    base: Estimate | None
    bars: tuple[Bar, ...]
    untried: tuple[str, ...] = Field(default=(), description="Keys that there was no time for")


class ScenarioAnswer(Part):
    """All of it."""

    scenario: str
    says: str = Field(default="", description="All variants in one sentence")
    digest: str
    seed: int
    versions: dict[str, str]
    assumptions: tuple[str, ...] = Field(description="Keys whose values have no public source")
    variants: tuple[VariantAnswer, ...]
    tornado: Tornado | None = Field(default=None, description="Of the base; empty: it was not asked")
