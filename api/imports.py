"""`POST /v1/imports`: a document's tables into the store: all, or nothing, or what is sound."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from allocator.errors import BadInput, Fault
from allocator.snapshot import snapshot_schema
from allocator.store import Record
from allocator.store.following import withdraw
from allocator.store.importing import ORDER, checked_tables, keep_tables
from allocator.store.keys import Role
from api.auth import STAFF
from api.calls import Call, Reply, Route
from api.errors import Refusal
from api.openapi import RequestBody
from api.records import CHANGE, may_keep
from api.stored import ImportAnswer, LeftOut, Partial, TakenBack


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
    checked = checked_tables(call.connection, tables, call.day, partial)
    for kind, one in checked.items():
        may_keep(call, [Record(kind, record_id, 0, body) for record_id, body in one.sound.items()])
    done = keep_tables(call.tx, checked)
    left_out = tuple(
        LeftOut(kind=kind, row=row, errors=tuple(faults))
        for kind, rows in done.left_out.items()
        for row, faults in rows.items()
    )
    gone = withdraw(call.tx, call.day, _named(tables, "case_id"), _named(tables, "reviewer_id"))
    withdrawn = tuple(TakenBack.of(one) for one in gone)
    return Reply(ImportAnswer(kept=dict(done.kept), left_out=left_out, withdrawn=withdrawn))


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
        if call.key.role not in CHANGE[name]:
            raise Refusal(403, "not-allowed", f"The role {call.key.role} may not change {name}.")
    return dict(call.body)


def _named(tables: Mapping[str, list[Any]], key: str) -> set[str]:
    rows = (row for kind in ("cases", "declines", "interests", "reviewers") for row in tables.get(kind, ()))
    return {row[key] for row in rows if isinstance(row, dict) and isinstance(row.get(key), str)}


def _schema() -> dict[str, Any]:
    """The schema of a snapshot without its day and its policy, every table optional."""
    schema = snapshot_schema()
    properties = {name: schema["properties"][name] for name in ORDER}
    return {**schema, "title": "Tables", "properties": properties, "required": []}
