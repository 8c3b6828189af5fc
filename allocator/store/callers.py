"""Who calls: what they may do, by their role, and where, by their areas."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection

from allocator.errors import Fault
from allocator.store import records


class Role(StrEnum):
    """What a caller may do; where, their areas say."""

    REVIEWER = "reviewer"
    COORDINATOR = "coordinator"
    COMMISSIONER = "commissioner"
    CASE_SYSTEM = "case-system"
    AUDITOR = "auditor"
    ADMIN = "admin"


@dataclass(frozen=True)
class Caller:
    """Somebody, or a machine, that calls.

    Parameters
    ----------
    actor : who it is in the audit: `key:…`, `invite:…` or `person:…`, and never a name
    areas : where they may do it; empty: everywhere
    reviewer_id : who they are, of the role reviewer
    """

    actor: str
    role: Role
    areas: tuple[str, ...] = ()
    reviewer_id: str | None = None

    def covers(self, area: str | None) -> bool:
        """Whether an area is one of theirs; what belongs to no area is everybody's."""
        return not self.areas or area is None or area in self.areas


def faults_of(
    connection: Connection, role: Role, areas: tuple[str, ...], reviewer_id: str | None
) -> Iterator[Fault]:
    """Yield what is wrong with whom somebody is to be: an area or a reviewer that there is not, or nobody."""
    known = {one.record_id for one in records.every(connection, "areas")}
    for area in areas:
        if area not in known:
            yield Fault("unknown-area", "there is no such area", value=area, hint="import it first")
    if role is Role.REVIEWER and reviewer_id is None:
        yield Fault("reviewer-needed", "a reviewer's key is one reviewer's", hint="say whose it is")
    if reviewer_id is not None and records.get(connection, "reviewers", reviewer_id) is None:
        yield Fault("unknown-reviewer", "there is no such reviewer", value=reviewer_id)
