"""The rows of a plan as it was written: of plan.json, whoever wrote it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from allocator.errors import BadInput, Fault
from allocator.plan import Assignment, RoleName, Unassigned, Workload

Seat = tuple[str, RoleName]
"""A place, as a plan names it: case and role."""
Row = TypeVar("Row")
_ASSIGNMENTS = TypeAdapter(tuple[Assignment, ...])
_UNASSIGNED = TypeAdapter(tuple[Unassigned, ...])
_WORKLOADS = TypeAdapter(tuple[Workload, ...])


def assignments_of(plan: Mapping[str, object]) -> tuple[Assignment, ...]:
    """The filled places of a plan's document.

    Raises
    ------
    BadInput
        They are not as a plan writes them.
    """
    return _rows(plan, "assignments", _ASSIGNMENTS)


def unassigned_of(plan: Mapping[str, object]) -> tuple[Unassigned, ...]:
    """The empty places of a plan's document.

    Raises
    ------
    BadInput
        They are not as a plan writes them.
    """
    return _rows(plan, "unassigned", _UNASSIGNED)


def workloads_of(plan: Mapping[str, object]) -> tuple[Workload, ...]:
    """How full everyone is in a plan's document.

    Raises
    ------
    BadInput
        They are not as a plan writes them.
    """
    return _rows(plan, "workloads", _WORKLOADS)


def _rows(plan: Mapping[str, object], table: str, rows: TypeAdapter[tuple[Row, ...]]) -> tuple[Row, ...]:
    try:
        return rows.validate_python(plan.get(table, ()))
    except ValidationError as error:
        message = f"`{table}` of the plan is not as a plan writes it"
        hint = "the plan.json that `plan --out` wrote"
        raise BadInput([Fault("unreadable-plan", message, pointer=f"/{table}", hint=hint)]) from error
