"""`POST /v1/imports`: a document's tables into the store: all, or nothing, or what is sound."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from allocator.errors import BadInput, Fault
from allocator.snapshot import snapshot_schema
from allocator.store import Record
from allocator.store.callers import Role
from allocator.store.hearing import Versioned
from allocator.store.importing import ORDER, checked_tables, keep_tables
from allocator.store.kinds import KINDS
from api.auth import STAFF
from api.calls import Call, Reply, Route
from api.errors import Refusal
from api.openapi import RequestBody
from api.records import CHANGE
from api.scope import may_change, may_keep, told_of
from api.stored import ImportAnswer, LeftOut, NotApplied, Partial


def routes() -> tuple[Route, ...]:
    """The one call."""
    return (
        Route(
            "POST",
            "/v1/imports",
            "import",
            "Keep all tables of a document",
            STAFF | {Role.CASE_SYSTEM},
            _import,
            ImportAnswer,
            query=Partial,
            body=RequestBody("Tables", _schema()),
        ),
    )


def _import(call: Call) -> Reply:
    tables, partial = _tables(call), call.query.partial
    for kind, rows in tables.items():
        may_change(call, kind, _ids(kind, rows))
    checked = checked_tables(call.connection, tables, call.day, partial)
    for kind, one in checked.items():
        may_keep(call, [Record(kind, record_id, 0, body) for record_id, body in one.sound.items()])
    done = keep_tables(call.tx, checked, call.day)
    left_out = tuple(
        LeftOut(kind=kind, row=row, errors=tuple(faults))
        for kind, rows in done.left_out.items()
        for row, faults in rows.items()
    )
    older = tuple(NotApplied(row=one.row, id=one.case_id, source_version=one.version) for one in done.older)
    withdrawn = told_of(call.caller, done.withdrawn)
    return Reply(ImportAnswer(kept=dict(done.kept), left_out=left_out, older=older, withdrawn=withdrawn))


def _tables(call: Call) -> dict[str, list[Any]]:
    """The tables of the body, each one that the caller may change."""
    if not isinstance(call.body, dict):
        raise Refusal(422, "not-an-object", "Send one object, with an array for each table.")
    faults = [
        Fault(
            "unknown-table",
            f"there is no table `{name}`",
            pointer=f"/{name}",
            hint=f"one of {', '.join(ORDER)}",
        )
        for name in call.body
        if name not in ORDER
    ]
    faults += [
        Fault("wrong-type", f"`{name}` is not an array", pointer=f"/{name}", hint="an array of objects")
        for name, rows in call.body.items()
        if name in ORDER and not isinstance(rows, list)
    ]
    if faults:
        raise BadInput(faults)
    for name in call.body:
        if call.caller.role not in CHANGE[name]:
            raise Refusal(403, "not-allowed", f"The role {call.caller.role} may not change {name}.")
    return dict(call.body)


def _ids(kind: str, rows: list[Any]) -> Iterator[str]:
    """Yield the ids under which the rows would be kept, as far as they say any."""
    key = KINDS[kind].key
    for row in rows:
        if key and isinstance(row, dict) and isinstance(row.get(key), str):
            yield KINDS[kind].written(row[key])


def _schema() -> dict[str, Any]:
    """The schema of a snapshot without its day and its policy, every table optional."""
    schema = snapshot_schema()
    properties = {name: schema["properties"][name] for name in ORDER}
    versioned = Versioned.model_json_schema()
    schema["$defs"] |= versioned["$defs"]
    schema["$defs"]["Case"]["properties"] |= versioned["properties"]
    return {**schema, "title": "Tables", "properties": properties, "required": []}
