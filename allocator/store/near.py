"""The organisations that some rows lean on: a few of the hundreds that there are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any, Final, TypeVar

from sqlalchemy import Connection

from allocator.store import records
from allocator.store.kinds import KINDS
from allocator.store.records import Record

T = TypeVar("T")
NAMED_IN: Final = ("organisations", "organisation", "parent", "successor")
"""Fields that name organisations, of a row of any kind."""
FEW: Final = 100
"""Rows up to which it is worth while to look for what they name."""


def organisations_of(connection: Connection, rows: Iterable[Mapping[str, Any]]) -> list[Record]:
    """The organisations that rows name, and all that these have become or are part of, by id."""
    return leaned_on(rows, partial(records.get_many, connection, "organisations"), lambda one: one.body)


def leaned_on(
    rows: Iterable[Mapping[str, Any]],
    get: Callable[[set[str]], Mapping[str, T]],
    body_of: Callable[[T], Mapping[str, Any]],
) -> list[T]:
    """The organisations that rows name, and all that these have become or are part of, by id.

    Parameters
    ----------
    get : those of some ids that there are
    body_of : the fields of one
    """
    found: dict[str, T] = {}
    wanted = {code for row in rows for code in _named(row)}
    while wanted:
        there = get(wanted)
        found |= there
        wanted = {code for one in there.values() for code in _named(body_of(one))} - found.keys()
    return [found[code] for code in sorted(found)]


def _named(row: Mapping[str, Any]) -> Iterator[str]:
    """Yield the codes that a row names, as it was typed or as it is kept."""
    for name in NAMED_IN:
        cell = row.get(name)
        for one in cell if isinstance(cell, (list, tuple)) else str(cell or "").split(";"):
            if code := KINDS["organisations"].written(str(one)):
                yield code
