"""A case: one notified death to be reviewed, as much of it as allocation needs and no more."""

from typing import Annotated, Literal

from pydantic import Field

from allocator.fields import (
    CoarseLatitude,
    CoarseLongitude,
    Code,
    Codes,
    Day,
    Hours,
    Identifier,
    Identifiers,
    Label,
    Labels,
    Row,
    SomeHours,
)

HoldReason = Literal["coroner", "safeguarding", "police", "family", "other"]
OutOfScope = Literal["opt_out", "child", "duplicate", "other"]


class Case(Row):
    """One case of the queue. `None` and `()` mean "not given"."""

    case_id: Identifier = Field(description="The case's id; no NHS number")
    area: Code = Field(
        description="Code of the area responsible, after its closed areas were read as their successors"
    )
    notified_on: Day = Field(description="Day of the notification: both clocks start")
    review_type: Label = Field(description="A key of policy.review_types")
    priority: Annotated[int, Field(ge=0, le=9)] = Field(default=0, description="Urgency set by hand, 0 to 9")
    skills: Labels = Field(default=(), description="Skills the lead must have, all of them")
    organisations: Codes = Field(default=(), description="Codes of the organisations involved in the care")
    latitude: CoarseLatitude | None = Field(
        default=None, description="Degrees north, rounded to 2 decimals on reading"
    )
    longitude: CoarseLongitude | None = Field(
        default=None, description="Degrees east, rounded to 2 decimals on reading"
    )
    effort_hours: SomeHours | None = Field(
        default=None, description="Hours the review takes; default: its type's"
    )
    hold_days: Annotated[int, Field(ge=0, le=36_500)] = Field(
        default=0, description="Days of holds that have ended"
    )
    on_hold_since: Day | None = Field(default=None, description="First day of the hold that is open now")
    hold_reason: HoldReason | None = Field(default=None, description="Why the case is on hold")
    hold_until: Day | None = Field(default=None, description="Day on which the open hold is expected to end")
    evidence_received_on: Day | None = Field(
        default=None, description="Day on which the evidence was complete"
    )
    evidence_expected_on: Day | None = Field(
        default=None, description="Day on which evidence that is not complete is expected to be"
    )
    reviewer_id: Identifier | None = Field(default=None, description="The lead who holds the case now")
    allocated_on: Day | None = Field(default=None, description="Day on which the lead was given the case")
    hours_left: Hours | None = Field(default=None, description="Hours the lead still needs; default: assumed")
    admin_hours_left: Hours = Field(default=0.0, description="Hours of administration still needed")
    second_reviewer_id: Identifier | None = Field(default=None, description="The second reviewer now")
    second_hours_left: Hours | None = Field(
        default=None, description="Hours the second still needs; default: all"
    )
    locked: bool = Field(default=False, description="True: the case must stay with its lead")
    excluded_reviewers: Identifiers = Field(
        default=(), description="Ids of reviewers who must not take the case"
    )
    linked_to: Label | None = Field(
        default=None, description="Label: cases with one label go to one reviewer"
    )
    out_of_scope: OutOfScope | None = Field(
        default=None, description="Why the case is not planned, only counted"
    )
