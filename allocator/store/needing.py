"""What of a stored case needs somebody and no snapshot tells: empty in the newest plan, or undeclared."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import Connection, func, select

from allocator.needs import Need, Open, Pair
from allocator.store.basis import Seat
from allocator.store.declaring import declared
from allocator.store.lines import LineState
from allocator.store.plans import every_plan, left_empty
from allocator.store.records import chunks
from allocator.store.tables import plan_lines


def needing(connection: Connection, queue: Open, areas: Collection[str]) -> dict[Need, Collection[str]]:
    """By need the ids of the cases of some areas that have it; what clocks tell is not among them.

    Parameters
    ----------
    queue : all open cases as they are now
    areas : those whose plans are looked into
    """
    unknown = [one.case_id for one in queue.unknown()]
    return {
        Need.NOT_PLACEABLE: queue.still_empty(_empty(connection, queue, areas)),
        Need.DECLINED: queue.declined(),
        Need.INDEPENDENCE: queue.unconfirmed(_proposed(connection, unknown), declared(connection, unknown)),
    }


def _empty(connection: Connection, queue: Open, areas: Collection[str]) -> set[Seat]:
    """The places of each area's cases that its own newest plan leaves empty.

    A handover is none of them: it fills what somebody hands over, and leaves all that waits as it is.
    """
    area_of = {one.case_id: one.area for one in queue.cases}
    waiting, found = set(areas), set[Seat]()
    for plan in every_plan(connection):
        if plan.is_handover:
            continue
        its = waiting & set(plan.areas) if plan.areas else set(waiting)
        if its:
            found |= {seat for seat in left_empty(connection, plan.plan) if area_of.get(seat[0]) in its}
            waiting -= its
        if not waiting:
            break
    return found


def _proposed(connection: Connection, case_ids: Iterable[str]) -> set[Pair]:
    """Case and reviewer of each line that the newest plan with a line of the case proposes."""
    found: set[Pair] = set()
    for some in chunks(sorted(set(case_ids))):
        newest = (
            select(plan_lines.c.case_id, func.max(plan_lines.c.plan).label("plan"))
            .where(plan_lines.c.case_id.in_(some))
            .group_by(plan_lines.c.case_id)
            .subquery()
        )
        is_it = (plan_lines.c.case_id == newest.c.case_id) & (plan_lines.c.plan == newest.c.plan)
        query = select(plan_lines.c.case_id, plan_lines.c.reviewer_id).where(
            is_it, plan_lines.c.state.in_([str(LineState.PROPOSED), str(LineState.APPROVED)])
        )
        found |= {(row.case_id, row.reviewer_id) for row in connection.execute(query)}
    return found
