"""The policy in force: a record like any other, with the order of its review types beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection

from allocator.errors import BadInput, Conflict, Fault
from allocator.intake import read_policy
from allocator.policy import Policy
from allocator.store import records
from allocator.store.database import Tx
from allocator.store.kinds import POLICY
from allocator.store.records import Record

THE_ONE: Final = "policy"
ORDER: Final = "review_type_order"
"""A database keeps no order of keys, and the first review type is the base."""


def policy_of(connection: Connection, moment: datetime | None = None) -> Policy:
    """The policy in force, or that was at a moment; the shipped one where none was ever given."""
    if moment is None:
        record = records.get(connection, POLICY, THE_ONE)
    else:
        record = next(iter(records.known(connection, POLICY, moment)), None)
    return Policy() if record is None else as_policy(record.body)


def has_policy(connection: Connection) -> bool:
    """Whether one was ever given."""
    return records.get(connection, POLICY, THE_ONE) is not None


def as_policy(body: Mapping[str, Any]) -> Policy:
    """The policy that a record keeps."""
    types = body["policy"]["review_types"]
    ordered = {name: types[name] for name in body[ORDER]}
    return Policy.model_validate({**body["policy"], "review_types": ordered})


def _types(connection: Connection) -> Iterator[str]:
    """Yield the review types that cases have and that reviewers may lead."""
    for one in records.every(connection, "cases"):
        if one.body:
            yield str(one.body["review_type"])
    for one in records.every(connection, "reviewers"):
        yield from one.body.get("review_types", ())


def put_policy(tx: Tx, given: Mapping[str, Any], expected: int | None = None) -> Record:
    """The policy's record, once it is in force.

    Raises
    ------
    BadInput
        With every fault of its keys, or with one for each review type that a case still has.
    Conflict
        `changed-since`: it is at another version than the one expected.
    """
    policy = read_policy(given)
    before = records.get(tx.connection, POLICY, THE_ONE)
    if expected is not None and expected != (before.version if before else 0):
        raise Conflict("changed-since", THE_ONE, "the policy was changed since it was read; read it again")
    used = set(_types(tx.connection))
    missing = sorted(used - set(policy.review_types))
    if missing:
        hint = "keep the type, or give them another one first"
        message = "cases or reviewers have this review type"
        raise BadInput(
            [
                Fault("type-in-use", message, pointer="/review_types", value=name, hint=hint)
                for name in missing
            ]
        )
    body = {"policy": policy.model_dump(mode="json"), ORDER: list(policy.review_types)}
    return records.save(tx, "put", [Record(POLICY, THE_ONE, 0, body)])[0]


def types_without_second(connection: Connection) -> frozenset[str]:
    """The review types whose cases have no second reviewer."""
    kinds = policy_of(connection).review_types
    return frozenset(name for name, kind in kinds.items() if kind.second is None)
