"""The rows of a plan as it was written: of plan.json, whoever wrote it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from allocator.errors import BadInput, Fault
from allocator.plan import Part, RoleName

Seat = tuple[str, RoleName]
"""A place, as a plan names it: case and role."""
Row = TypeVar("Row", bound=Part)


def rows_of(plan: Mapping[str, object], table: str, kind: type[Row]) -> tuple[Row, ...]:
    """The rows of one table of a plan's document.

    Raises
    ------
    BadInput
        They are not as a plan writes them.
    """
    try:
        return TypeAdapter(tuple[kind, ...]).validate_python(plan.get(table, ()))  # type: ignore[valid-type]
    except ValidationError as error:
        message = f"`{table}` of the plan is not as a plan writes it"
        hint = "the plan.json that `plan --out` wrote"
        raise BadInput([Fault("unreadable-plan", message, pointer=f"/{table}", hint=hint)]) from error
