"""Calls for records of every kind: one, all page by page, kept, taken back, versions."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from pydantic import BaseModel

from allocator.store import Record, holdings, records
from allocator.store.callers import Role
from allocator.store.following import followed, withdraw_after
from allocator.store.hearing import Versioned
from allocator.store.importing import check_one, keep
from allocator.store.kinds import CASES, KINDS, Dates, Kind
from allocator.store.records import Filter
from allocator.store.writing import Checked, check_versions, remove
from api.calls import Call, Reply, Route, etag
from api.caseflow import alone
from api.errors import Refusal
from api.openapi import RequestBody
from api.roles import (
    ADMINS,
    EVERYONE,
    OVERSEERS,
    READERS,
    REVIEWERS,
    STAFF,
    STAFF_AND_AUDITORS,
    STAFF_AND_REVIEWERS,
    STAFF_AND_SYSTEMS,
)
from api.scope import EVERYBODYS, covers_reviewer, may_change, may_keep, own, told_of
from api.stored import Follows, Records, StoredRecord, Wanted, schema_of
from api.telling import answer, told, told_all, told_versions

SEE: Mapping[str, frozenset[Role]] = {
    CASES: READERS | REVIEWERS,
    "reviewers": STAFF_AND_AUDITORS | REVIEWERS,
    "absences": STAFF_AND_AUDITORS | REVIEWERS,
    "declines": STAFF_AND_AUDITORS | REVIEWERS,
    "interests": STAFF_AND_AUDITORS | REVIEWERS,
    "areas": EVERYONE,
    "organisations": EVERYONE,
    "contracts": OVERSEERS,
}
CHANGE: Mapping[str, frozenset[Role]] = {
    CASES: STAFF_AND_SYSTEMS,
    "reviewers": STAFF,
    "absences": STAFF_AND_REVIEWERS,
    "declines": STAFF,
    "interests": STAFF_AND_REVIEWERS,
    "areas": ADMINS,
    "organisations": ADMINS,
    "contracts": ADMINS,
}
_DATED: Mapping[str, type[BaseModel]] = {name: Dates for name, kind in KINDS.items() if kind.dated}
_MORE: Mapping[str, type[BaseModel]] = {CASES: Versioned, **_DATED}
"""What is sent beside the contract's fields."""
_IF = {"If-Match": "the version that is changed; If-None-Match: * for one that is not there yet"}
_SAVED = {200: "It is kept.", 201: "It is kept, and was not there before."}


def routes() -> tuple[Route, ...]:
    """The calls of every kind."""
    return tuple(route for kind in KINDS.values() for route in _of(kind))


def _of(kind: Kind) -> tuple[Route, ...]:
    name = kind.name
    one = name.removesuffix("s")
    path, at = f"/v1/{name}", f"/v1/{name}/{{record_id}}"
    body = RequestBody(f"Stored{one.capitalize()}", schema_of(name, kind.model, _MORE.get(name)))
    see, change = SEE[name], CHANGE[name]

    def listed(call: Call) -> Reply:
        return _list(call, name)

    def got(call: Call) -> Reply:
        found = own(call, name, call.path["record_id"])
        if name != CASES:
            return answer(call, found)
        return Reply(alone(call, found, told(call, found)), headers=etag(found.version))

    def versions(call: Call) -> Reply:
        own(call, name, call.path["record_id"])
        every = records.history(call.connection, name, call.path["record_id"])
        theirs = [one for one in every if name in EVERYBODYS or call.caller.covers(one.area)]
        return Reply(Records(items=told_versions(call, theirs), next=None))

    def kept(call: Call) -> Reply:
        return _keep(call, name)

    def removed(call: Call) -> Reply:
        found = own(call, name, call.path["record_id"])
        return answer(call, remove(call.tx, name, found.record_id, call.expected))

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
    return Reply(
        Records(items=told_all(call, page), next=page[-1].record_id if len(found) > wanted.limit else None)
    )


def _filter(call: Call, kind: str, wanted: Wanted) -> Filter:
    """What is asked for, of what is the caller's."""
    caller, areas, about, ids = call.caller, None, wanted.reviewer_id, None
    if kind not in EVERYBODYS and caller.role is not Role.REVIEWER and caller.areas:
        areas = set(caller.areas)
    if wanted.area is not None:
        areas = {wanted.area} if areas is None else areas & {wanted.area}
    if caller.role is Role.REVIEWER and kind not in EVERYBODYS:
        about = caller.reviewer_id if about in (None, caller.reviewer_id) else ""
    if kind == CASES and about is not None:
        ids, about = {case_id for case_id, _ in holdings.of_reviewers(call.connection, [about])}, None
    if kind == "reviewers" and about is not None:
        ids, about = {about}, None
    states = None if wanted.state is None else {wanted.state}
    return Filter(areas, states, about, wanted.after, ids)


def _keep(call: Call, kind: str) -> Reply:
    return keep_row(call, kind, KINDS[kind].written(call.path["record_id"]), _row(call.body))


def keep_row(call: Call, kind: str, record_id: str, row: Mapping[str, Any]) -> Reply:
    """The record that a row is, kept, with what follows.

    Raises
    ------
    Refusal, BadInput, Conflict
        It is another area's, it has faults, or is at another version.
    """
    before = records.get(call.connection, kind, record_id)
    may_change(call, kind, [record_id])
    checked = check_one(call.connection, kind, record_id, row, call.day)
    may_keep(call, [Record(kind, one, 0, body) for one, body in checked.sound.items()])
    if call.expected is not None:
        check_versions(call.tx, kind, {record_id: call.expected})
    if checked.older or checked.repeated:
        now = own(call, kind, record_id)
        return Reply(_heard(told(call, now), checked), headers=etag(now.version))
    return _reply(call, before, keep(call.tx, kind, checked)[0], checked)


def _heard(answer: StoredRecord, checked: Checked) -> StoredRecord:
    """The same, with what became of the version of its source that was sent."""
    word = checked.words.get(answer.id)
    if word is None:
        applied = not checked.older if checked.older or checked.repeated else None
        return answer.model_copy(update={"applied": applied})
    told = {"applied": True, "replaced": word.replaced, "standing": word.standing}
    return answer.model_copy(update=told)


def _reply(call: Call, before: Record | None, done: Record, checked: Checked) -> Reply:
    """The record as it now is, with what follows from its change."""
    changed = before is not None and before.version != done.version
    follows = None
    if changed and done.kind == CASES and before is not None and before.body:
        follows = Follows.of(followed(call.tx, before, done, call.day), partial(covers_reviewer, call))
    withdrawn = told_of(call.caller, withdraw_after(call.tx, call.day, [done]))
    now = records.get(call.connection, done.kind, done.record_id) or done
    status = 200 if before else 201
    return Reply(_heard(told(call, now, follows, withdrawn), checked), status, etag(now.version))


def _row(body: Any) -> Mapping[str, Any]:
    if not isinstance(body, dict):
        raise Refusal(422, "not-an-object", "Send one object: the record's fields.")
    return body
