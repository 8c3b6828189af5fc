"""What is the caller's: which records they see, may change, and are told of."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from allocator.store import Connection, Record, holdings, quarantine, records
from allocator.store.aside import Aside
from allocator.store.callers import Caller, Role
from allocator.store.following import Withdrawn
from allocator.store.holders import holders_of
from allocator.store.jobs import Reader
from allocator.store.kinds import CASES, KINDS
from allocator.store.plans import Stored as Plan
from allocator.store.sharing import is_lent
from api.calls import Call, not_there
from api.errors import Refusal
from api.stored import TakenBack

EVERYBODYS = ("areas", "organisations", "contracts")
"""What tells of no case and no person."""
ELSEWHERE = "another-area"
"""What is told of the case that a duplicate is merged into, where that is none of the caller's."""


def sees(connection: Connection, caller: Caller, record: Record) -> bool:
    """Whether a record is one of the caller's: of their areas, and of a reviewer's own."""
    if record.kind in EVERYBODYS or is_everywhere(caller):
        return True
    if caller.role is Role.REVIEWER:
        return caller.reviewer_id in _people(connection, record)
    return caller.covers(area_of(connection, record))


def area_of(connection: Connection, record: Record) -> str | None:
    """The area that a record belongs to: what is about a reviewer, to their home."""
    about = record.body.get("reviewer_id") if KINDS[record.kind].removable else None
    if about is None:
        return record.area
    reviewer = records.get(connection, "reviewers", str(about))
    return reviewer.area if reviewer else None


def own(call: Call, kind: str, record_id: str) -> Record:
    """A record that is there, and the caller's.

    Raises
    ------
    Refusal
        404 for any other: nobody can tell whether there is one.
    """
    found = records.get(call.connection, kind, KINDS[kind].written(record_id))
    if found is None or not sees(call.connection, call.caller, found):
        raise not_there(kind, record_id)
    return found


def own_case(call: Call) -> Record:
    """The case that stands in a call's path, if it is the caller's.

    Raises
    ------
    Refusal
        404 for any other: nobody can tell whether there is one.
    """
    return own(call, CASES, call.path["record_id"])


def may_change(call: Call, kind: str, ids: Iterable[str]) -> None:
    """Nothing, if all that is kept under some ids is the caller's. Asked before anything is said of a row.

    Raises
    ------
    Refusal
        403 otherwise.
    """
    if is_everywhere(call.caller):
        return
    asked = set(ids)
    for one in records.get_many(call.connection, kind, asked).values():
        if not sees(call.connection, call.caller, one):
            raise other_area()
    if call.caller.areas and quarantine.elsewhere(call.connection, kind, asked, call.caller.areas):
        raise other_area()


def may_set_aside(call: Call, rows: Mapping[str, Mapping[int, Aside]]) -> None:
    """Nothing, if no row that is to be set aside is of another area than the caller's.

    Raises
    ------
    Refusal
        403 otherwise.
    """
    if is_everywhere(call.caller):
        return
    if any(one.area is not None and not call.caller.covers(one.area)
           for each in rows.values() for one in each.values()):  # fmt: skip
        raise other_area()


def may_keep(call: Call, wanted: Sequence[Record]) -> None:
    """Nothing, if the caller may keep records as they are to be, and give cases to whom they say has them.

    Raises
    ------
    Refusal
        403 otherwise.
    """
    if is_everywhere(call.caller):
        return
    told = {one.record_id: one.body for one in wanted if one.kind == CASES}
    now = holders_of(call.connection, list(told))
    new = [
        (case_id, str(body[name]), str(body["area"]))
        for case_id, body in told.items()
        for name in ("reviewer_id", "second_reviewer_id")
        if name in body and name not in now.get(case_id, {})
    ]
    if not all(may_have(call, *one) for one in new):
        raise other_area()
    if not all(sees(call.connection, call.caller, one) for one in wanted):
        raise other_area()


def told_of(caller: Caller, withdrawn: Iterable[Withdrawn]) -> tuple[TakenBack, ...]:
    """What was withdrawn, of the caller's areas: the others are told by a notice of their own."""
    mine = (one for one in withdrawn if caller.covers(one.area))
    return tuple(TakenBack.of(one) for one in mine)


def may_have(call: Call, case_id: str, reviewer_id: str, area: str) -> bool:
    """Whether the caller may say that a reviewer has a case: one of their areas, or one who is lent."""
    reviewer = records.get(call.connection, "reviewers", reviewer_id)
    if reviewer is None:
        return False
    return call.caller.covers(reviewer.area) or is_lent(call.connection, str(reviewer.area), area, case_id)


def covers_all(caller: Caller, areas: Collection[str]) -> bool:
    """Whether something of these areas is the caller's alone: each is one of theirs; none are all."""
    return is_everywhere(caller) or (bool(areas) and all(map(caller.covers, areas)))


def areas_asked(call: Call, area: str | None) -> Collection[str]:
    """The areas that are asked for, of the caller's; none are all.

    Raises
    ------
    Refusal
        403: it is none of the caller's.
    """
    if area is None:
        return call.caller.areas
    if not call.caller.covers(area):
        raise other_area("This area is not yours.")
    return (area,)


def is_everywhere(caller: Caller) -> bool:
    """Whether every area is the caller's."""
    return caller.role is not Role.REVIEWER and not caller.areas


def reader(caller: Caller) -> Reader:
    """A caller as one who asks for jobs."""
    return Reader(caller.actor, caller.role, None if is_everywhere(caller) else caller.areas)


def covered(call: Call, kind: str, ids: Iterable[str]) -> set[str]:
    """The ids of the records that are in the caller's areas."""
    found = records.get_many(call.connection, kind, set(ids)).values()
    return {one.record_id for one in found if call.caller.covers(one.area)}


def sees_plan(caller: Caller, plan: Plan) -> bool:
    """Whether a plan has a part that is the caller's: it is for one of their areas, or for all."""
    return is_everywhere(caller) or not plan.areas or any(area in caller.areas for area in plan.areas)


def other_area(detail: str = "This record is of another area than yours.") -> Refusal:
    """The refusal of a call about what is another area's."""
    return Refusal(403, "other-area", detail)


def covers_reviewer(call: Call, reviewer_id: str) -> bool:
    """Whether a reviewer is one whose hours and absences the caller may know of."""
    reviewer = records.get(call.connection, "reviewers", reviewer_id)
    return reviewer is not None and sees(call.connection, call.caller, reviewer)


def _people(connection: Connection, record: Record) -> set[str]:
    """Whose own a record is."""
    if record.kind == "reviewers":
        return {record.record_id}
    if record.kind == CASES:
        return {one.reviewer_id for one in holdings.of_cases(connection, [record.record_id]).values()}
    return {str(record.body.get("reviewer_id"))}
