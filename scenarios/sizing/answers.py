"""What a search for sizes says."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from scenarios.answers import Estimate, Part
from scenarios.scenario import End


class Reached(Part):
    """What comes of one target."""

    end: End
    months: float
    target: float
    share: Estimate | None = Field(description="In time; empty: no clock ended when it counts")


class Point(Part):
    """One size of the workforce."""

    groups: dict[str, float] = Field(description="Posts of each group that is sought, or its people")
    wte: float = Field(description="Of these groups together")
    chance: float = Field(
        description="Of a year in which all targets are met; of areas apart, in the one where it is least"
    )
    shares: tuple[Reached, ...] = Field(description="Of all cases")
    cost: float = Field(description="£ a year, of all staff")


class Steady(Part):
    """What the targets take for good, without a backlog."""

    at: Point
    met: bool = Field(description="False: no size that was tried meets them; the best one tried is told")
    fluid_wte: float = Field(description="The least that the work alone takes: what is less never settles")
    fluid_cost: float = Field(description="The same in £ a year, of the groups that are sought")


class Clearing(Part):
    """What clears the backlog by a date, beside what is there for good."""

    weeks: float
    groups: dict[str, float] = Field(description="Posts more of each group, or people")
    extra_wte: float
    wte_months: float
    cost: float = Field(description="£ in all")
    chance: float = Field(description="Of a run in which nobody is overdue anywhere after so many weeks")
    met: bool = Field(description="Whether it is cleared in each of the areas apart with the chance wanted")


class AreaSize(Part):
    """One area's part."""

    area: str
    groups: dict[str, float] = Field(description="Posts of each group that are at home there, or people")
    wte: float
    extra: dict[str, float] = Field(description="More of them, to clear the backlog")
    chance: float | None = Field(description="Of a year in which its own cases meet all targets")
    shares: tuple[Reached, ...] = Field(description="Of its own cases")
    cost: float = Field(description="£ a year, of the posts at home there")
    met: bool = Field(description="False: no size that was tried is enough for it and those it pools with")
    cleared: bool = Field(description="False: nor do any posts more clear its backlog, if that was asked")


class Sized(Part):
    """How many are needed."""

    scenario: str
    groups: tuple[str, ...] = Field(description="Those whose size is sought")
    least: Literal["cost", "wte"] = Field(description="Of what there should be least")
    says: str
    chance: float = Field(description="That is wanted")
    of: Literal["eligible", "all"]
    steady: Steady
    clearing: Clearing | None = Field(description="Empty: it was not asked")
    frontier: tuple[Point, ...] = Field(
        description="What more and less chance costs: the cheapest size for each of some chances"
    )
    areas: tuple[AreaSize, ...]
    fresh_replications: int = Field(description="That all chances come from; the search has not seen them")
