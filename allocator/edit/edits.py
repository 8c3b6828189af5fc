"""Edits of a plan, as values: what a page, a program or a command line asks for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from allocator.plan import Part, RoleName


class Give(Part):
    """Give a place to a reviewer, whoever has it in the plan."""

    edit: Literal["give"] = "give"
    case_id: str = Field(description="The case")
    role: RoleName = Field(default="lead", description="lead or second")
    reviewer_id: str = Field(description="Who is to have the place")


class TakeBack(Part):
    """Take a place from whoever has it; nobody has it then."""

    edit: Literal["take_back"] = "take_back"
    case_id: str = Field(description="The case")
    role: RoleName = Field(default="lead", description="lead or second")


class Swap(Part):
    """Let whoever has two places change them."""

    edit: Literal["swap"] = "swap"
    case_id: str = Field(description="The one case")
    role: RoleName = Field(default="lead", description="lead or second")
    other_case_id: str = Field(description="The other case")
    other_role: RoleName = Field(default="lead", description="lead or second")


class Pin(Part):
    """Keep a place with who has it, when the rest is planned anew."""

    edit: Literal["pin"] = "pin"
    case_id: str = Field(description="The case")
    role: RoleName = Field(default="lead", description="lead or second")


class Forbid(Part):
    """Keep a place from a reviewer; if they have it, nobody has it then."""

    edit: Literal["forbid"] = "forbid"
    case_id: str = Field(description="The case")
    role: RoleName = Field(default="lead", description="lead or second")
    reviewer_id: str = Field(description="Who is not to have the place")


class SeatOf(Part):
    """A place, and who is to have it."""

    case_id: str = Field(description="The case")
    role: RoleName = Field(default="lead", description="lead or second")
    reviewer_id: str | None = Field(description="Who is to have the place; empty: nobody")


class Rearrange(Part):
    """Let several places change hands at once, such as all that somebody else for one of them asks for."""

    edit: Literal["rearrange"] = "rearrange"
    seats: tuple[SeatOf, ...] = Field(min_length=1, description="Each place once; the others stay")

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        if len({(one.case_id, one.role) for one in self.seats}) < len(self.seats):
            raise ValueError("seats must name each place once")
        return self


PlanEdit = Annotated[Give | TakeBack | Swap | Pin | Forbid | Rearrange, Field(discriminator="edit")]


def seats_of(edit: PlanEdit) -> Iterator[SeatOf]:
    """Yield each place that an edit names, with the reviewer whom it names for it, if any."""
    if isinstance(edit, Rearrange):
        yield from edit.seats
        return
    who = edit.reviewer_id if isinstance(edit, Give | Forbid) else None
    yield SeatOf(case_id=edit.case_id, role=edit.role, reviewer_id=who)
    if isinstance(edit, Swap):
        yield SeatOf(case_id=edit.other_case_id, role=edit.other_role, reviewer_id=None)
