"""The policy: every number a service may set for itself, with its default and its range.

The defaults here and those of the shipped `policy.toml`, which explains each key, are the same: a test
compares them. Weights are whole points, so that plans can be compared exactly.
"""

from datetime import date
from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, field_validator, model_validator

from allocator.fields import Kilometres, Label, Labels, Row, SomeHours

Weeks = Annotated[int, Field(ge=1, le=260)]
Months = Annotated[int, Field(ge=1, le=120)]
Days = Annotated[int, Field(ge=0, le=730)]
Points = Annotated[int, Field(ge=0, le=100_000)]
Share = Annotated[float, Field(ge=0, le=2, allow_inf_nan=False)]
Rate = Annotated[int, Field(ge=0, le=1_000)]
Times = Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)]
Range = tuple[Times, Times, Times]
SHARE_DECIMALS = 4
"""Of a band: its points are reckoned in whole numbers, and these must fit 64 bits."""
MOST_BASE_HOURS = 100
"""Times the base's hours that a type or a second may take: its price must fit 64 bits."""
MonthDay = Annotated[str, StringConstraints(pattern=r"^[0-9]{2}-[0-9]{2}$")]


class Horizon(Row):
    """How far ahead work is handed out."""

    weeks: Weeks = Field(default=8, description="Weeks of work this plan hands out")
    day_job_weeks: Weeks = Field(
        default=52, description="The same for day-job staff, who do a few reviews a year"
    )


class Clocks(Row):
    """The two clocks that start with the notification."""

    allocate_months: Months = Field(
        default=3, description="Calendar months in which a case is to be allocated"
    )
    complete_months: Months = Field(
        default=6, description="Calendar months in which a review is to be completed"
    )

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.complete_months < self.allocate_months:
            raise ValueError("complete_months must not be less than allocate_months")
        return self


class Second(Row):
    """What a review type asks of its second reviewer."""

    hours: SomeHours = Field(default=3.0, description="Hours the second reviewer needs")
    skills: Labels = Field(default=(), description="Skills the second reviewer must have, all of them")


class ReviewType(Row):
    """One type of review: how much work it is. All figures are assumptions."""

    hours: SomeHours = Field(description="Expected hours of the lead")
    admin_hours: Annotated[float, Field(ge=0, le=1_000, allow_inf_nan=False)] = Field(
        default=4.0, description="Hours of administration"
    )
    evidence_days: Days = Field(default=42, description="Calendar days until the evidence is complete")
    sign_off_days: Days = Field(default=14, description="Calendar days from the end of the work to sign-off")
    second: Second | None = Field(default=None, description="The second reviewer; none if not given")


class Conflict(Row):
    """How interests count."""

    cooling_off_months: Annotated[int, Field(ge=0, le=600)] = Field(
        default=24, description="Calendar months for which an ended interest still counts"
    )
    commissioner_is_conflict: bool = Field(
        default=False, description="True: the area's own commissioner counts as involved in the care"
    )
    unknown_organisations: Literal["warn", "hold"] = Field(
        default="warn", description="A case without organisations: place it with a warning, or hold it back"
    )


class Geography(Row):
    """Who may serve where."""

    rule: Literal["area", "distance", "anywhere"] = Field(default="area", description="The rule of geography")
    max_distance_km: Kilometres | None = Field(
        default=None,
        description="Farthest case, km, of reviewers without a limit of their own; empty: no limit",
    )


class CapacityPolicy(Row):
    """How much work a reviewer may be given."""

    max_workload: Annotated[float, Field(gt=0, le=2, allow_inf_nan=False)] = Field(
        default=1.0, description="Largest share of the capacity that may be given away"
    )
    day_job_open_cases: Annotated[int, Field(ge=0, le=1_000)] = Field(
        default=2, description="Most leads at one time of day-job staff without a limit of their own"
    )
    bank_holidays: Literal["england", "none"] = Field(
        default="england", description="Bank holidays nobody works on"
    )
    year_starts: MonthDay = Field(default="04-01", description="MM-DD: first day of the year of cases_a_year")

    @field_validator("year_starts")
    @classmethod
    def _a_day_of_every_year(cls, value: str) -> str:
        month, day = int(value[:2]), int(value[3:])
        date(2023, month, day)  # ValueError: not a day of a year without 29 February
        return value


class Weights(Row):
    """Points of level 3, all whole numbers."""

    kilometre: Points = Field(default=1, description="Points a kilometre from reviewer to case")
    away_from_home_area: Points = Field(default=20, description="Points for a new lead outside the home area")
    move: Points = Field(default=50, description="Points for each case moved by choice")
    workload: tuple[tuple[Share, Rate], ...] = Field(
        default=((0.5, 1), (0.8, 2), (0.9, 6)),
        description="Bands (share of capacity, points an hour above it), both increasing",
    )

    @field_validator("workload")
    @classmethod
    def _increasing(cls, bands: tuple[tuple[float, int], ...]) -> tuple[tuple[float, int], ...]:
        for (share, rate), (next_share, next_rate) in pairwise(bands):
            if next_share <= share or next_rate <= rate:
                raise ValueError("bands must increase in share and in rate, such as [[0.5, 1], [0.8, 2]]")
        if any(share != round(share, SHARE_DECIMALS) for share, _ in bands):
            raise ValueError(f"a band's share has at most {SHARE_DECIMALS} decimals, such as 0.3333")
        return bands


class Chance(Row):
    """How hours and delays may turn out, for the chance to be in time. All figures are assumptions."""

    draws: Annotated[int, Field(ge=1, le=10_000)] = Field(
        default=200, description="Times that hours and delays are drawn"
    )
    hours: Range = Field(
        default=(0.7, 1.0, 1.6), description="Hours needed ÷ hours expected: least, most likely, most"
    )
    evidence: Range = Field(
        default=(0.5, 1.0, 2.0), description="Days to the evidence ÷ evidence_days: least, most likely, most"
    )
    fragile: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)] = Field(
        default=0.7, description="A line with a smaller chance to be in time than this is fragile"
    )

    @field_validator("hours", "evidence")
    @classmethod
    def _in_order(cls, value: tuple[float, float, float]) -> tuple[float, float, float]:
        if not value[0] <= value[1] <= value[2]:
            raise ValueError("least, most likely and most must not decrease, such as [0.7, 1.0, 1.6]")
        return value


def _shipped_types() -> dict[str, ReviewType]:
    """Return the shipped review types; the first is the base."""
    second = Second(hours=3.0, skills=("senior",))
    return {
        "initial": ReviewType(hours=14.0, admin_hours=4.0, evidence_days=42, sign_off_days=14),
        "focused": ReviewType(hours=30.0, admin_hours=8.0, evidence_days=56, sign_off_days=28, second=second),
    }


class Policy(Row):
    """The whole policy; `Policy()` is the shipped one."""

    horizon: Horizon = Field(default=Horizon(), description="How far ahead work is handed out")
    clocks: Clocks = Field(default=Clocks(), description="The two clocks that start with the notification")
    review_types: Annotated[dict[Label, ReviewType], Field(min_length=1)] = Field(
        default_factory=_shipped_types, description="Types of review, in order; the first is the base"
    )
    conflict: Conflict = Field(default=Conflict(), description="How interests count")
    geography: Geography = Field(default=Geography(), description="Who may serve where")
    capacity: CapacityPolicy = Field(
        default=CapacityPolicy(), description="How much work a reviewer may be given"
    )
    weights: Weights = Field(default=Weights(), description="Points of level 3")
    chance: Chance = Field(
        default=Chance(), description="How hours and delays may turn out; no rule reads it"
    )

    @model_validator(mode="after")
    def _of_one_measure(self) -> Self:
        most = MOST_BASE_HOURS * self.base_type.hours
        for name, kind in self.review_types.items():
            if max(kind.hours, kind.second.hours if kind.second else 0.0) > most:
                raise ValueError(
                    f"`{name}` must not take more than {MOST_BASE_HOURS} times the hours of the first type"
                )
        return self

    @property
    def base_type(self) -> ReviewType:
        """Return the first review type, whose hours are the measure of the others."""
        return next(iter(self.review_types.values()))
