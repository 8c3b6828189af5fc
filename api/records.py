"""Calls for records of every kind: one, all page by page, kept, taken back, versions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from allocator.store import Connection, Record, holdings, records
from allocator.store.cases import CASES, check_case, holders_of, put_cases
from allocator.store.following import Withdrawn, followed, withdraw
from allocator.store.keys import Key, Role
from allocator.store.kinds import KINDS, Dates, Kind
from allocator.store.records import Filter
from allocator.store.sharing import every_consent
from allocator.store.writing import check_row, check_versions, put, remove
from api.auth import EVERYONE, READERS, STAFF
from api.calls import Call, Reply, Route, etag, not_there
from api.errors import Refusal
from api.openapi import RequestBody
from api.stored import (
    Follows,
    Records,
    StoredRecord,
    TakenBack,
    Wanted,
    schema_of,
    shown,
    shown_all,
    shown_versions,
)

OF_PEOPLE = STAFF | {Role.AUDITOR, Role.REVIEWER}
SEE: Mapping[str, frozenset[Role]] = {
    CASES: READERS | {Role.REVIEWER},
    "reviewers": OF_PEOPLE,
    "absences": OF_PEOPLE,
    "declines": OF_PEOPLE,
    "interests": OF_PEOPLE,
    "areas": EVERYONE,
    "organisations": EVERYONE,
    "contracts": STAFF | {Role.COMMISSIONER, Role.AUDITOR},
}
CHANGE: Mapping[str, frozenset[Role]] = {
    CASES: STAFF | {Role.CASE_SYSTEM},
    "reviewers": STAFF,
    "absences": STAFF | {Role.REVIEWER},
    "declines": STAFF,
    "interests": STAFF | {Role.REVIEWER},
    "areas": frozenset({Role.ADMIN}),
    "organisations": frozenset({Role.ADMIN}),
    "contracts": frozenset({Role.ADMIN}),
}
EVERYBODYS = ("areas", "organisations", "contracts")
"""What tells of no case and no person."""
ELSEWHERE = "another-area"
"""What is told of the case that a duplicate is merged into, where that is none of the caller's."""
_IF = {"If-Match": "the version that is changed; If-None-Match: * for one that is not there yet"}
_SAVED = {200: "It is kept.", 201: "It is kept, and was not there before."}


def routes() -> tuple[Route, ...]:
    """The calls of every kind."""
    return tuple(route for kind in KINDS.values() for route in _of(kind))


def sees(connection: Connection, key: Key, record: Record) -> bool:
    """Whether a record is one of the caller's: of their areas, and of a reviewer's own."""
    if record.kind in EVERYBODYS:
        return True
    if key.role is Role.REVIEWER:
        return key.reviewer_id in _people(connection, record)
    if not key.areas:
        return True
    return key.covers(area_of(connection, record))


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
    found = records.get(call.connection, kind, record_id)
    if found is None or not sees(call.connection, call.key, found):
        raise not_there(kind, record_id)
    return found


def may_change(call: Call, kind: str, ids: Iterable[str]) -> None:
    """Nothing, if all that is kept under some ids is the caller's. Asked before anything is said of a row.

    Raises
    ------
    Refusal
        403 otherwise.
    """
    if _is_everywhere(call.key):
        return
    for one in records.get_many(call.connection, kind, ids).values():
        if not sees(call.connection, call.key, one):
            raise _other_area()


def may_keep(call: Call, wanted: Sequence[Record]) -> None:
    """Nothing, if the caller may keep records as they are to be, and give cases to whom they say has them.

    Raises
    ------
    Refusal
        403 otherwise.
    """
    if _is_everywhere(call.key):
        return
    told = {one.record_id: one.body for one in wanted if one.kind == CASES}
    now = holders_of(call.connection, list(told))
    new = [
        (case_id, str(body[name]), str(body["area"]))
        for case_id, body in told.items()
        for name in ("reviewer_id", "second_reviewer_id")
        if name in body and name not in now.get(case_id, {})
    ]
    if not all(_may_have(call, *one) for one in new):
        raise _other_area()
    if not all(sees(call.connection, call.key, one) for one in wanted):
        raise _other_area()


def mine(call: Call, one: StoredRecord) -> StoredRecord:
    """The same, without the id of a case of another area that it is merged into."""
    if one.merged_into is None:
        return one
    kept = records.get(call.connection, CASES, one.merged_into)
    is_mine = kept is not None and sees(call.connection, call.key, kept)
    return one if is_mine else one.model_copy(update={"merged_into": ELSEWHERE})


def told_of(key: Key, withdrawn: Iterable[Withdrawn]) -> tuple[TakenBack, ...]:
    """What was withdrawn, of the caller's areas: the others are told by a notice of their own."""
    mine = (one for one in withdrawn if key.covers(one.area))
    return tuple(TakenBack.of(one) for one in mine)


def _may_have(call: Call, case_id: str, reviewer_id: str, area: str) -> bool:
    """Whether the caller may say that a reviewer has a case: one of their areas, or one who is lent."""
    reviewer = records.get(call.connection, "reviewers", reviewer_id)
    if reviewer is None:
        return False
    lent = {(one.lender, one.borrower, one.case_id) for one in every_consent(call.connection, area)}
    is_lent = bool(lent & {(reviewer.area, area, None), (reviewer.area, area, case_id)})
    return is_lent or call.key.covers(reviewer.area)


def _is_everywhere(key: Key) -> bool:
    return key.role is not Role.REVIEWER and not key.areas


def _other_area() -> Refusal:
    return Refusal(403, "other-area", "This key does not count for this record.")


def _people(connection: Connection, record: Record) -> set[str]:
    """Whose own a record is."""
    if record.kind == "reviewers":
        return {record.record_id}
    if record.kind == CASES:
        return {one.reviewer_id for one in holdings.of_cases(connection, [record.record_id]).values()}
    return {str(record.body.get("reviewer_id"))}


def _of(kind: Kind) -> tuple[Route, ...]:
    name = kind.name
    one = name.removesuffix("s")
    path, at = f"/v1/{name}", f"/v1/{name}/{{record_id}}"
    body = RequestBody(
        f"Stored{one.capitalize()}", schema_of(name, kind.model, Dates if kind.dated else None)
    )
    see, change = SEE[name], CHANGE[name]

    def listed(call: Call) -> Reply:
        return _list(call, name)

    def got(call: Call) -> Reply:
        found = own(call, name, call.path["record_id"])
        return Reply(mine(call, shown(call.connection, found)), headers=etag(found.version))

    def versions(call: Call) -> Reply:
        own(call, name, call.path["record_id"])
        every = records.history(call.connection, name, call.path["record_id"])
        mine = [one for one in every if name in EVERYBODYS or call.key.covers(one.area)]
        return Reply(Records(items=tuple(shown_versions(mine)), next=None))

    def kept(call: Call) -> Reply:
        return _keep_case(call) if name == CASES else _keep(call, name)

    def removed(call: Call) -> Reply:
        found = own(call, name, call.path["record_id"])
        done = remove(call.tx, name, found.record_id, call.expected)
        return Reply(shown(call.connection, done), headers=etag(done.version))

    found = [
        Route("GET", path, f"list-{name}", f"List {name}", see, listed, Records, query=Wanted),
        Route("GET", at, f"get-{one}", f"One of the {name} as it is now", see, got, StoredRecord),
        Route("GET", f"{at}/versions", f"{one}-versions", "All it ever was", see, versions, Records),
        Route("PUT", at, f"put-{one}", f"Keep one of the {name}", change, kept, StoredRecord,
              _SAVED, body=body, headers=_IF),
    ]  # fmt: skip
    if kind.removable:
        found.append(
            Route("DELETE", at, f"remove-{one}", "Take it back: it counts no more, and its versions stay",
                  change, removed, StoredRecord, headers=_IF)
        )  # fmt: skip
    return tuple(found)


def _list(call: Call, kind: str) -> Reply:
    wanted: Wanted = call.query
    found = records.find(call.connection, kind, _filter(call, kind, wanted), wanted.limit + 1)
    page = found[: wanted.limit]
    items = tuple(mine(call, one) for one in shown_all(call.connection, page))
    return Reply(Records(items=items, next=page[-1].record_id if len(found) > wanted.limit else None))


def _filter(call: Call, kind: str, wanted: Wanted) -> Filter:
    """What is asked for, of what is the caller's."""
    key, areas, about, ids = call.key, None, wanted.reviewer_id, None
    if kind not in EVERYBODYS and key.role is not Role.REVIEWER and key.areas:
        areas = set(key.areas)
    if wanted.area is not None:
        areas = {wanted.area} if areas is None else areas & {wanted.area}
    if key.role is Role.REVIEWER and kind not in EVERYBODYS:
        about = key.reviewer_id if about in (None, key.reviewer_id) else ""
    if kind == CASES and about is not None:
        ids, about = {case_id for case_id, _ in holdings.of_reviewers(call.connection, [about])}, None
    if kind == "reviewers" and about is not None:
        ids, about = {about}, None
    states = None if wanted.state is None else {wanted.state}
    return Filter(areas, states, about, wanted.after, ids)


def _keep(call: Call, kind: str) -> Reply:
    record_id = KINDS[kind].written(call.path["record_id"])
    before = records.get(call.connection, kind, record_id)
    may_change(call, kind, [record_id])
    checked = check_row(call.connection, kind, record_id, _row(call.body), call.day)
    may_keep(call, [Record(kind, one, 0, body) for one, body in checked.sound.items()])
    expected = {} if call.expected is None else {record_id: call.expected}
    done = put(call.tx, kind, checked, expected)[0]
    return _reply(call, before, done)


def _keep_case(call: Call) -> Reply:
    case_id = KINDS[CASES].written(call.path["record_id"])
    before = records.get(call.connection, CASES, case_id)
    may_change(call, CASES, [case_id])
    checked = check_case(call.connection, case_id, _row(call.body), call.day)
    may_keep(call, [Record(CASES, case_id, 0, checked.sound[case_id])])
    if call.expected is not None:
        check_versions(call.tx, CASES, {case_id: call.expected})
    done = put_cases(call.tx, checked)[0]
    return _reply(call, before, done)


def _reply(call: Call, before: Record | None, done: Record) -> Reply:
    """The record as it now is, with what follows from its change."""
    changed = before is not None and before.version != done.version
    follows = None
    if changed and done.kind == CASES and before is not None and before.body:
        follows = Follows.of(followed(call.tx, before, done, call.day), _covered(call))
    withdrawn = told_of(call.key, _withdrawn(call, done))
    now = records.get(call.connection, done.kind, done.record_id) or done
    status = 200 if before else 201
    return Reply(shown(call.connection, now, follows, withdrawn), status, etag(now.version))


def _covered(call: Call) -> Callable[[str], bool]:
    """Whether a reviewer is one whose hours and absences the caller may know of."""

    def covered(reviewer_id: str) -> bool:
        reviewer = records.get(call.connection, "reviewers", reviewer_id)
        return reviewer is not None and sees(call.connection, call.key, reviewer)

    return covered


def _withdrawn(call: Call, done: Record) -> tuple[Withdrawn, ...]:
    """What is taken back because of a record: of the case, of the reviewer, or of anyone."""
    if done.kind == CASES:
        return withdraw(call.tx, call.day, case_ids=[done.record_id])
    if done.kind in ("interests", "declines", "reviewers"):
        who = done.record_id if done.kind == "reviewers" else str(done.body["reviewer_id"])
        return withdraw(call.tx, call.day, reviewer_ids=[who])
    if done.kind in ("organisations", "areas"):
        every = {case_id for case_id, _ in holdings.current(call.connection)}
        return withdraw(call.tx, call.day, case_ids=every)
    return ()


def _row(body: Any) -> Mapping[str, Any]:
    if not isinstance(body, dict):
        raise Refusal(422, "not-an-object", "Send one object: the record's fields.")
    return body
