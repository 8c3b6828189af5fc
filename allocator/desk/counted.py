"""A snapshot with what was published since it was taken, as if the case system had told of it."""

from __future__ import annotations

from collections.abc import Iterable

from allocator.cases import Case
from allocator.desk.desk import Desk, Publication
from allocator.held import Role
from allocator.snapshot import Snapshot


def counted(snapshot: Snapshot, published: Iterable[Publication]) -> Snapshot:
    """The snapshot in which these publications are held from its day, but for those that `Desk` ignores."""
    told = tuple(published)
    ignored = set(Desk(snapshot).now(told).ignored) if told else set()
    holders = {(one.case_id, one.role): one.reviewer_id for one in told if one not in ignored}

    def held(case: Case) -> Case:
        lead, second = (holders.get((case.case_id, role.label)) for role in (Role.LEAD, Role.SECOND))
        update: dict[str, object] = {}
        if lead is not None:
            update |= {"reviewer_id": lead, "allocated_on": snapshot.as_of, "hours_left": None}
        if second is not None:
            update |= {"second_reviewer_id": second, "second_hours_left": None}
        return case.model_copy(update=update) if update else case

    return snapshot.model_copy(update={"cases": tuple(held(case) for case in snapshot.cases)})
