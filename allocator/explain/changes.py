"""Single changes that a manager could make, each a value that makes a snapshot with it.

What each costs is in hours of somebody's time, an assumption that ranks remedies and decides nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Final, Literal

from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass

from allocator.fields import Code, Identifier, Label
from allocator.places import Area, Contract
from allocator.reviewers import Reviewer
from allocator.snapshot import Snapshot

OPEN_CASE, YEAR_CASE, CONTRACT_CASE = 5, 5, 14
COVER, REVIEW_TYPE, SKILL, HORIZON_WEEK = 20, 40, 60, 10
MOST_HOURS = 60
CLOSED: Final = ConfigDict(extra="forbid")
Few = Annotated[int, Field(ge=1, le=MOST_HOURS)]
Weeks = Annotated[int, Field(ge=1, le=260)]
Count = Annotated[int, Field(ge=1, le=10_000)]


@dataclass(frozen=True, config=CLOSED)
class MoreHours:
    """So many hours a week more for a reviewer, over their horizon of so many weeks."""

    reviewer_id: Identifier
    hours: Few
    weeks: Weeks
    change: Literal["more_hours"] = "more_hours"

    @property
    def cost(self) -> int:
        """Hours that it takes of somebody."""
        return self.hours * self.weeks

    @property
    def sentence(self) -> str:
        """As a coordinator would say it."""
        return f"{_more_hours(self.hours)} a week for {self.reviewer_id}, for {_weeks(self.weeks)}"

    def apply(self, snapshot: Snapshot) -> Snapshot:
        """The snapshot with it."""
        return _reviewer(
            snapshot, self.reviewer_id, lambda r: {"hours_per_week": r.hours_per_week + self.hours}
        )


@dataclass(frozen=True, config=CLOSED)
class LongerHorizon:
    """Work of so many weeks more handed out to a reviewer, up to so many in all."""

    reviewer_id: Identifier
    weeks: Weeks
    to: Weeks
    change: Literal["longer_horizon"] = "longer_horizon"

    @property
    def cost(self) -> int:
        """Hours that it takes of somebody."""
        return HORIZON_WEEK * self.weeks

    @property
    def sentence(self) -> str:
        """As a coordinator would say it."""
        return f"a horizon of {_weeks(self.to)} for {self.reviewer_id}, {self.weeks} more than now"

    def apply(self, snapshot: Snapshot) -> Snapshot:
        """The snapshot with it."""
        return _reviewer(snapshot, self.reviewer_id, lambda _: {"horizon_weeks": self.to})


@dataclass(frozen=True, config=CLOSED)
class HigherLimit:
    """One more case for a reviewer: open at one time, or in the year."""

    reviewer_id: Identifier
    limit: Literal["max_open_cases", "cases_a_year"]
    to: Count
    change: Literal["higher_limit"] = "higher_limit"

    @property
    def cost(self) -> int:
        """Hours that it takes of somebody."""
        return OPEN_CASE if self.limit == "max_open_cases" else YEAR_CASE

    @property
    def sentence(self) -> str:
        """As a coordinator would say it."""
        when = "open at one time" if self.limit == "max_open_cases" else "a year"
        return f"up to {self.to} case{'' if self.to == 1 else 's'} {when} for {self.reviewer_id}"

    def apply(self, snapshot: Snapshot) -> Snapshot:
        """The snapshot with it."""
        return _reviewer(snapshot, self.reviewer_id, lambda _: {self.limit: self.to})


@dataclass(frozen=True, config=CLOSED)
class NewSkill:
    """A skill for a reviewer, or somebody like them who has it."""

    reviewer_id: Identifier
    skill: Label
    change: Literal["new_skill"] = "new_skill"

    @property
    def cost(self) -> int:
        """Hours that it takes of somebody."""
        return SKILL

    @property
    def sentence(self) -> str:
        """As a coordinator would say it."""
        return f"the skill {self.skill} for {self.reviewer_id}, or for somebody with their hours and areas"

    def apply(self, snapshot: Snapshot) -> Snapshot:
        """The snapshot with it."""
        return _reviewer(snapshot, self.reviewer_id, lambda r: {"skills": (*r.skills, self.skill)})


@dataclass(frozen=True, config=CLOSED)
class NewType:
    """Leave for a reviewer to lead a type of review."""

    reviewer_id: Identifier
    review_type: Label
    change: Literal["new_type"] = "new_type"

    @property
    def cost(self) -> int:
        """Hours that it takes of somebody."""
        return REVIEW_TYPE

    @property
    def sentence(self) -> str:
        """As a coordinator would say it."""
        return f"{self.review_type} reviews for {self.reviewer_id} to lead"

    def apply(self, snapshot: Snapshot) -> Snapshot:
        """The snapshot with it."""
        more = {self.review_type}
        return _reviewer(snapshot, self.reviewer_id, lambda r: {"review_types": (*r.review_types, *more)})


@dataclass(frozen=True, config=CLOSED)
class NewArea:
    """An area for a reviewer to cover."""

    reviewer_id: Identifier
    area: Code
    home: Code
    change: Literal["new_area"] = "new_area"

    @property
    def cost(self) -> int:
        """Hours that it takes of somebody."""
        return COVER

    @property
    def sentence(self) -> str:
        """As a coordinator would say it."""
        return f"area {self.area} covered by {self.reviewer_id}, who is at home in {self.home}"

    def apply(self, snapshot: Snapshot) -> Snapshot:
        """The snapshot with it."""
        return _reviewer(snapshot, self.reviewer_id, lambda r: {"areas": (*r.areas, self.area)})


@dataclass(frozen=True, config=CLOSED)
class MoreAdmin:
    """So many hours of administration a week more in an area, for so many weeks."""

    area: Code
    hours: Few
    weeks: Weeks
    change: Literal["more_admin"] = "more_admin"

    @property
    def cost(self) -> int:
        """Hours that it takes of somebody."""
        return self.hours * self.weeks

    @property
    def sentence(self) -> str:
        """As a coordinator would say it."""
        more = _more_hours(self.hours)
        return f"{more} of administration a week in {self.area}, for {_weeks(self.weeks)}"

    def apply(self, snapshot: Snapshot) -> Snapshot:
        """The snapshot with it."""

        def more(area: Area) -> Area:
            had = area.admin_hours_per_week or 0.0
            return area.model_copy(update={"admin_hours_per_week": had + self.hours})

        areas = tuple(more(one) if one.area == self.area else one for one in snapshot.areas)
        return snapshot.model_copy(update={"areas": areas})


@dataclass(frozen=True, config=CLOSED)
class MoreOfContract:
    """One more case, or so many more hours, of a provider's contract."""

    provider: Label
    limit: Literal["cases_left", "hours_left"]
    by: Count
    change: Literal["more_of_contract"] = "more_of_contract"

    @property
    def cost(self) -> int:
        """Hours that it takes of somebody."""
        return CONTRACT_CASE if self.limit == "cases_left" else self.by

    @property
    def sentence(self) -> str:
        """As a coordinator would say it."""
        what = "case" if self.limit == "cases_left" else "hours"
        return f"{self.by} more {what} in the contract of {self.provider}"

    def apply(self, snapshot: Snapshot) -> Snapshot:
        """The snapshot with it."""

        def more(one: Contract) -> Contract:
            return one.model_copy(update={self.limit: getattr(one, self.limit) + self.by})

        contracts = tuple(more(one) if one.provider == self.provider else one for one in snapshot.contracts)
        return snapshot.model_copy(update={"contracts": contracts})


Change = MoreHours | LongerHorizon | HigherLimit | NewSkill | NewType | NewArea | MoreAdmin | MoreOfContract
AnyChange = Annotated[Change, Field(discriminator="change")]
"""The same as a document holds it: `change` says which it is."""


Update = Callable[[Reviewer], dict[str, object]]


def _reviewer(snapshot: Snapshot, reviewer_id: str, update: Update) -> Snapshot:
    """The snapshot with one reviewer changed."""
    people = [
        one.model_copy(update=update(one)) if one.reviewer_id == reviewer_id else one
        for one in snapshot.reviewers
    ]
    return snapshot.model_copy(update={"reviewers": tuple(people)})


def _weeks(count: int) -> str:
    return f"{count} week{'' if count == 1 else 's'}"


def _more_hours(count: int) -> str:
    return f"{count} more hour{'' if count == 1 else 's'}"
