"""Reviewers, and what limits them: absences, declined cases and interests."""

from typing import Annotated, Literal

from pydantic import Field

from allocator.fields import (
    CoarseLatitude,
    CoarseLongitude,
    Code,
    Codes,
    Count,
    Day,
    FreeText,
    Identifier,
    Kilometres,
    Label,
    Labels,
    Row,
)

Employment = Literal["dedicated", "day_job", "bank", "agency", "provider"]
InterestKind = Literal["employment", "financial", "professional", "personal", "indirect", "involvement"]


class Reviewer(Row):
    """One reviewer. `None` and `()` mean "not given"."""

    reviewer_id: Identifier = Field(description="The reviewer's id; no name")
    areas: Annotated[Codes, Field(min_length=1)] = Field(
        description="Codes of the areas covered; the first is home"
    )
    hours_per_week: Annotated[float, Field(ge=0, le=60, allow_inf_nan=False)] = Field(
        description="Hours a week for reviews, 0 to 60"
    )
    employment: Employment = Field(default="dedicated", description="How the reviewer is employed")
    provider: Label | None = Field(default=None, description="Label of the provider, as in contracts")
    skills: Labels = Field(default=(), description="Skills the reviewer has")
    review_types: Labels = Field(default=(), description="Review types the reviewer may lead; empty: all")
    organisations: Codes = Field(
        default=(), description="Codes of organisations where the reviewer has a post now"
    )
    latitude: CoarseLatitude | None = Field(
        default=None, description="Degrees north, rounded to 2 decimals on reading"
    )
    longitude: CoarseLongitude | None = Field(
        default=None, description="Degrees east, rounded to 2 decimals on reading"
    )
    max_distance_km: Kilometres | None = Field(
        default=None, description="Farthest case, km; default: the policy's"
    )
    max_open_cases: Count | None = Field(default=None, description="Most leads at one time; empty: no limit")
    cases_a_year: Count | None = Field(default=None, description="Most leads in a year; empty: no limit")
    cases_this_year: Count | None = Field(
        default=None, description="Leads since the year began, those held included"
    )
    starts_on: Day | None = Field(default=None, description="First working day; empty: already here")
    leaves_on: Day | None = Field(default=None, description="Last working day; empty: stays")
    horizon_weeks: Annotated[int, Field(ge=1, le=260)] | None = Field(
        default=None, description="Weeks of work to hand out; default: the policy's"
    )
    completed_reviews: Count | None = Field(default=None, description="Reviews completed so far")
    hours_factor: Annotated[float, Field(gt=0, le=10, allow_inf_nan=False)] = Field(
        default=1.0, description="Hours this reviewer needs for an hour of expected effort"
    )
    cost_per_hour: Annotated[float, Field(ge=0, le=10_000, allow_inf_nan=False)] | None = Field(
        default=None, description="Pounds an hour"
    )


class Absence(Row):
    """Days on which a reviewer has less time, or none."""

    reviewer_id: Identifier = Field(description="Whose absence it is")
    from_: Day = Field(alias="from", description="First day")
    to: Day = Field(description="Last day, inclusive")
    percent: Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)] = Field(
        default=100.0, description="Share of the time lost, percent"
    )
    reason: FreeText | None = Field(default=None, description="A remark; no rule reads it")


class Decline(Row):
    """A reviewer's refusal of one case."""

    reviewer_id: Identifier = Field(description="Who declined")
    case_id: Identifier = Field(description="The case declined")
    on: Day | None = Field(default=None, description="Day of the refusal")
    reason: FreeText | None = Field(default=None, description="A remark; no rule reads it")


class Interest(Row):
    """A declared interest of a reviewer in an organisation or in a case: exactly one of the two."""

    reviewer_id: Identifier = Field(description="Whose interest it is")
    kind: InterestKind = Field(description="Kind of interest; `involvement` never cools off")
    organisation: Code | None = Field(default=None, description="Code of the organisation")
    case_id: Identifier | None = Field(default=None, description="The case")
    from_: Day | None = Field(default=None, alias="from", description="First day; empty: always")
    to: Day | None = Field(default=None, description="Last day; empty: still open")
    note: FreeText | None = Field(default=None, description="A remark; no rule reads it")
