"""Edits of a plan, as values: what a page, a program or a command line asks for."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

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


PlanEdit = Annotated[Give | TakeBack | Swap | Pin | Forbid, Field(discriminator="edit")]
