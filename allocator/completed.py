"""A completed review: what it took and when, and nothing of whom it was about."""

from typing import Annotated

from pydantic import Field

from allocator.fields import Count, Day, Hours, Identifier, Label, Row, SomeHours
from allocator.reviewers import Employment


class Completed(Row):
    """One review that is done. `None` means "not given"."""

    case_id: Identifier = Field(description="The case's id; no NHS number")
    review_type: Label = Field(description="A key of policy.review_types: what it was in the end")
    hours: SomeHours = Field(description="Hours of the lead, those after a return included")
    reviewer_id: Identifier | None = Field(default=None, description="Who led it; no name")
    employment: Employment | None = Field(default=None, description="How they were employed")
    reviews_before: Count | None = Field(
        default=None, description="Reviews that they had completed before this one"
    )
    admin_hours: Hours | None = Field(default=None, description="Hours of administration")
    notified_on: Day | None = Field(default=None, description="Day of the notification")
    allocated_on: Day | None = Field(default=None, description="Day on which it was first allocated")
    evidence_received_on: Day | None = Field(
        default=None, description="Day on which the evidence was complete"
    )
    begun_on: Day | None = Field(default=None, description="First day of the work")
    finished_on: Day | None = Field(default=None, description="Last day of the work")
    completed_on: Day | None = Field(default=None, description="Day on which it was signed off")
    hold_days: Annotated[int, Field(ge=0, le=36_500)] | None = Field(
        default=None, description="Days on hold; 0: it never was"
    )
    returned: bool | None = Field(default=None, description="Whether it was returned at sign-off")
