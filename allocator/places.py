"""Areas, organisations and contracts: where reviews happen, and who is who."""

from typing import Annotated

from pydantic import Field

from allocator.fields import Code, Codes, Count, Day, FreeText, Label, Latitude, Longitude, Row


class Area(Row):
    """One area (an ICB)."""

    area: Code = Field(description="The area's code")
    name: FreeText | None = Field(default=None, description="The area's name")
    latitude: Latitude | None = Field(default=None, description="Degrees north of the area's point")
    longitude: Longitude | None = Field(default=None, description="Degrees east of the area's point")
    organisation: Code | None = Field(default=None, description="Code of the commissioner")
    neighbours: Codes = Field(
        default=(), description="Home areas whose reviewers may serve this area; one way"
    )
    admin_hours_per_week: Annotated[float, Field(ge=0, le=100_000, allow_inf_nan=False)] | None = Field(
        default=None, description="Hours of administration a week; empty: no limit"
    )
    successors: Codes = Field(
        default=(), description="Codes that took over from this closed area; empty: open"
    )


class Organisation(Row):
    """One organisation. Two codes are the same if following successor, then parent, ends at one code."""

    organisation: Code = Field(description="The organisation's code")
    name: FreeText | None = Field(default=None, description="The organisation's name")
    parent: Code | None = Field(default=None, description="Code of the organisation it is part of")
    successor: Code | None = Field(default=None, description="Code of the organisation that took over")


class Contract(Row):
    """What a provider may still be given."""

    provider: Label = Field(description="The provider's label, as in reviewers")
    cases_left: Count | None = Field(default=None, description="New leads still bought; empty: no limit")
    hours_left: Annotated[float, Field(ge=0, le=1_000_000, allow_inf_nan=False)] | None = Field(
        default=None, description="Hours still bought; empty: no limit"
    )
    ends_on: Day | None = Field(default=None, description="Last day of the contract; empty: none")
