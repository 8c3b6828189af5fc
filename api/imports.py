"""Calls that fill the store: with a document's tables, or those of files, or with the made-up sample."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from allocator.errors import BadInput, Fault
from allocator.intake import FilesRead, read_files
from allocator.snapshot import snapshot_schema
from allocator.store import Record, quarantine
from allocator.store.callers import Role
from allocator.store.counts import by_area
from allocator.store.hearing import Versioned
from allocator.store.importing import ORDER, checked_tables, keep_tables
from allocator.store.kinds import CASES, KINDS
from allocator.store.policies import has_policy, put_policy
from allocator.store.sampled import load_sample
from allocator.store.writing import Checked
from api.calls import Call, Reply, Route
from api.errors import Refusal
from api.files import MULTIPART, SCHEMA, Files
from api.openapi import RequestBody
from api.records import CHANGE
from api.roles import ADMINS, STAFF_AND_SYSTEMS
from api.scope import is_everywhere, may_change, may_keep, may_set_aside, other_area, told_of
from api.stored import Came, ImportAnswer, LeftOut, NotApplied, Partial


def routes() -> tuple[Route, ...]:
    """The calls."""
    tables = RequestBody("Tables", _schema(), {MULTIPART: SCHEMA})
    return (
        Route("POST", "/v1/imports", "import", "Keep all tables of a document, or of files",
              STAFF_AND_SYSTEMS, _import, ImportAnswer, query=Partial, body=tables),
        Route("POST", "/v1/sample", "load-sample", "Put the made-up sample into a store that is empty",
              ADMINS, _sample, ImportAnswer),
    )  # fmt: skip


def _import(call: Call) -> Reply:
    given = read_files(call.body.given) if isinstance(call.body, Files) else FilesRead(_tables(call.body))
    for name in given.rows:
        if call.caller.role not in CHANGE[name]:
            raise Refusal(403, "not-allowed", f"The role {call.caller.role} may not change {name}.")
    for kind, rows in given.rows.items():
        may_change(call, kind, _ids(kind, rows))
    has_its_policy, warnings = _keep_policy(call, given)
    checked = _checked(call, given)
    for kind, one in checked.items():
        may_keep(call, [Record(kind, record_id, 0, body) for record_id, body in one.sound.items()])
    aside = quarantine.of_rows(call.connection, checked, given.typed) if call.query.quarantine else None
    may_set_aside(call, aside or {})
    done = keep_tables(call.tx, checked, call.day, aside)
    numbers = done.set_aside.numbers if done.set_aside else {}
    left_out = tuple(
        LeftOut(
            kind=kind,
            row=row,
            errors=tuple(_placed(given, kind, row, one) for one in faults),
            quarantine=numbers.get(kind, {}).get(row),
        )
        for kind, rows in done.left_out.items()
        for row, faults in rows.items()
    )
    areas = by_area(CASES, given.rows[CASES], checked[CASES], done.set_aside) if CASES in checked else {}
    older = tuple(NotApplied(row=one.row, id=one.case_id, source_version=one.version) for one in done.older)
    return Reply(
        ImportAnswer(
            kept=dict(done.kept),
            left_out=left_out,
            older=older,
            withdrawn=told_of(call.caller, done.withdrawn),
            policy=has_its_policy,
            warnings=(*given.warnings, *warnings),
            counts={kind: Came(**vars(one)) for kind, one in done.counts.items()},
            cases_by_area={area: Came(**vars(one)) for area, one in areas.items()},
        )
    )


def _sample(call: Call) -> Reply:
    if not is_everywhere(call.caller):
        raise other_area("The sample goes into a store that is empty in every area.")
    done = load_sample(call.tx, call.day)
    return Reply(ImportAnswer(kept=dict(done.kept), left_out=(), older=(), withdrawn=()))


def _checked(call: Call, given: FilesRead) -> Mapping[str, Checked]:
    """The rows as they would be kept.

    Raises
    ------
    BadInput
        With every fault: of files whatever is asked for, of rows unless the sound ones are to be kept.
    """
    partial = (call.query.partial or call.query.quarantine) and not given.faults
    try:
        checked = checked_tables(call.connection, given.rows, call.day, partial, given.known)
    except BadInput as error:
        raise BadInput(given.with_all(error.faults)) from error
    if given.faults:
        raise BadInput(given.faults)
    return checked


def _placed(given: FilesRead, kind: str, row: int, fault: Fault) -> Fault:
    """A fault of a row that is left out: in its file, if it came in one."""
    if kind not in given.places:
        return fault
    return given.placed(replace(fault, pointer=f"/{kind}/{row}{fault.pointer or ''}"))


def _keep_policy(call: Call, given: FilesRead) -> tuple[bool, tuple[Fault, ...]]:
    """Whether the policy that came with files is in force now: the first is, if an administrator sends it."""
    if given.policy is None:
        return False, ()
    if call.caller.role is not Role.ADMIN or has_policy(call.connection):
        message = "the policy was not read: the one in force stays"
        return False, (
            Fault("ignored-file", message, "policy", hint="an administrator changes it by itself"),
        )
    put_policy(call.tx, given.policy.model_dump(mode="json"))
    return True, ()


def _tables(body: Any) -> dict[str, list[Any]]:
    """The tables of a document."""
    if not isinstance(body, dict):
        raise Refusal(422, "not-an-object", "Send one object, with an array for each table.")
    faults = [
        Fault(
            "unknown-table",
            f"there is no table `{name}`",
            pointer=f"/{name}",
            hint=f"one of {', '.join(ORDER)}",
        )
        for name in body
        if name not in ORDER
    ]
    faults += [
        Fault("wrong-type", f"`{name}` is not an array", pointer=f"/{name}", hint="an array of objects")
        for name, rows in body.items()
        if name in ORDER and not isinstance(rows, list)
    ]
    if faults:
        raise BadInput(faults)
    return dict(body)


def _ids(kind: str, rows: list[Any]) -> Iterator[str]:
    """Yield the ids under which the rows would be kept, as far as they say any."""
    key = KINDS[kind].key
    for row in rows:
        if key and isinstance(row, dict) and isinstance(row.get(key), str):
            yield KINDS[kind].written(row[key])


@cache
def _schema() -> dict[str, Any]:
    """The schema of a snapshot without its day and its policy, every table optional."""
    schema = snapshot_schema()
    properties = {name: schema["properties"][name] for name in ORDER}
    versioned = Versioned.model_json_schema()
    schema["$defs"] |= versioned["$defs"]
    schema["$defs"]["Case"]["properties"] |= versioned["properties"]
    return {**schema, "title": "Tables", "properties": properties, "required": []}
