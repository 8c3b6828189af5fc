"""The audit lines about one case, one plan or one person: what was done to it, and what they did."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, and_, exists, or_, select, union

from allocator.store import chain
from allocator.store.giving import DEPART
from allocator.store.lines import PLANS
from allocator.store.quarantine import KIND as QUARANTINE
from allocator.store.tables import (
    audit_lines,
    audit_values,
    declarations,
    holdings,
    keys,
    plan_lines,
    records,
    sessions,
)

Condition = ColumnElement[bool]
OF_PLACES: Final = ("give", "take-back", "accept", "declare", "approve", DEPART)
"""What is done to a case and names a reviewer."""


@dataclass(frozen=True)
class About:
    """What the lines are to be about: all of what is given here.

    Parameters
    ----------
    case_id : a case: what it says, who had it, who declined it
    plan : a plan's number
    reviewer_id : a reviewer: what is said of them, what they had, and what they did themselves
    actor : who did it, as the audit calls them
    """

    case_id: str | None = None
    plan: int | None = None
    reviewer_id: str | None = None
    actor: str | None = None


def lines_about(connection: Connection, about: About, number: int, limit: int) -> list[dict[str, Any]]:
    """So many lines about something at most that come after a number, each with the values beside it."""
    return chain.lines(connection, number, limit, and_(True, *_conditions(about)))


def _conditions(about: About) -> Iterator[Condition]:
    if about.case_id is not None:
        yield _of_case(about.case_id)
    if about.plan is not None:
        yield _of_plan(about.plan)
    if about.reviewer_id is not None:
        yield or_(_of_reviewer(about.reviewer_id), _by_reviewer(about.reviewer_id))
    if about.actor is not None:
        yield audit_lines.c.actor == about.actor


def _of_case(case_id: str) -> Condition:
    own = (audit_lines.c.kind == "cases") & (audit_lines.c.record_id == case_id)
    lent = (audit_lines.c.kind == "consents") & (audit_values.c.after["case_id"].as_string() == case_id)
    aside = _set_aside("cases", case_id)
    return or_(
        own, lent, aside, audit_lines.c.kind.in_(("declines", "interests")) & _says("case_id", case_id)
    )


def _set_aside(kind: str, record_id: str) -> Condition:
    """Lines about a row that would be a record and is, or was, set aside."""
    says_kind = audit_values.c.after["kind"].as_string() == kind
    says_id = audit_values.c.after["id"].as_string() == record_id
    return and_(audit_lines.c.kind == QUARANTINE, says_kind, says_id)


def _of_plan(plan: int) -> Condition:
    own = (audit_lines.c.kind == PLANS) & (audit_lines.c.record_id == str(plan))
    of_lines = (audit_lines.c.action == "approve") & (audit_values.c.after["plan"].as_integer() == plan)
    return or_(own, of_lines)


def _of_reviewer(reviewer_id: str) -> Condition:
    own = (audit_lines.c.kind == "reviewers") & (audit_lines.c.record_id == reviewer_id)
    said = exists().where(
        records.c.about == reviewer_id,
        records.c.kind == audit_lines.c.kind,
        records.c.record_id == audit_lines.c.record_id,
    )
    cases = union(
        *(
            select(table.c.case_id).where(table.c.reviewer_id == reviewer_id)
            for table in (holdings, plan_lines, declarations)
        )
    )
    had = (
        (audit_lines.c.kind == "cases")
        & audit_lines.c.action.in_(OF_PLACES)
        & audit_lines.c.record_id.in_(cases.scalar_subquery())
        & or_(
            *(
                side["reviewer_id"].as_string() == reviewer_id
                for side in (audit_values.c.before, audit_values.c.after)
            )
        )
    )
    return or_(own, said, had, _set_aside("reviewers", reviewer_id))


def _by_reviewer(reviewer_id: str) -> Condition:
    signed_in = select(sessions.c.actor).where(sessions.c.reviewer_id == reviewer_id)
    with_a_key = select("key:" + keys.c.key_id).where(keys.c.reviewer_id == reviewer_id)
    return audit_lines.c.actor.in_(signed_in) | audit_lines.c.actor.in_(with_a_key)


def _says(field: str, value: str) -> Condition:
    """Whether a record's body has, or had, a value in a field."""
    sides = (audit_values.c.before, audit_values.c.after)
    return or_(*(side[("body", field)].as_string() == value for side in sides))
