"""Every line of a plan at once: why, in both texts, and what anyone else costs at least, proved by prices."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from allocator.explain.speaker import Speaker
from allocator.explain.weighing import Weighing
from allocator.facts import gather
from allocator.held import Role
from allocator.plan import Assignment, Part, RoleName, Unassigned
from allocator.snapshot import Snapshot
from allocator.written import rows_of


class Floor(Part):
    """Somebody else for a place, and what that costs the whole plan at least."""

    reviewer_id: str
    at_least: int = Field(description="Points of level 1 more, at the least, in every plan with them; ≥ 0")


class Line(Part):
    """One place of a plan."""

    case_id: str
    role: RoleName
    reviewer_id: str | None = Field(description="Who has it; empty: nobody")
    reason: str = Field(description="Why, for staff")
    reason_public: str = Field(description="Why, for a family")
    others: tuple[Floor, ...] = Field(
        description="Everyone else who may have it, the least first; none of a place that somebody keeps"
    )


class Lines(Part):
    """Every place of a plan."""

    proved_by: Literal["prices", "none"] = Field(
        description="The certificate's of level 1; or it was proved without any: no floor is above 0"
    )
    lines: tuple[Line, ...] = Field(description="By case and role")


def every_line(snapshot: Snapshot, plan: Mapping[str, object], certificate: object) -> Lines:
    """Every place of a plan, with a proved floor for everybody else.

    Raises
    ------
    BadInput
        The plan is of other data, breaks a rule, or is no plan; or its certificate is none.
    """
    weighing, facts = Weighing.of(snapshot, plan, certificate), gather(snapshot)
    filled, empty = rows_of(plan, "assignments", Assignment), rows_of(plan, "unassigned", Unassigned)
    speaker = Speaker(facts, filled, empty)
    seats = sorted([(a.case_id, a.role) for a in filled] + [(u.case_id, u.role) for u in empty])
    return Lines(
        proved_by="none" if weighing.duals is None else "prices",
        lines=tuple(_line(speaker, weighing, seat) for seat in seats),
    )


def _line(speaker: Speaker, weighing: Weighing, seat: tuple[str, RoleName]) -> Line:
    case_id, role = seat
    row, kind = weighing.encoding.facts.case_row[case_id], Role[role.upper()]
    has, reason, public = speaker.words(row, kind)
    return Line(
        case_id=case_id,
        role=role,
        reviewer_id=has,
        reason=reason,
        reason_public=public,
        others=tuple(Floor(reviewer_id=who, at_least=least) for who, least in weighing.floors(row, kind)),
    )
