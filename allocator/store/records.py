"""Records: what is known now, every version of it, and what was known at an earlier moment."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, func, insert, select, tuple_, update
from sqlalchemy.engine import Row

from allocator.store.chain import Entry, append
from allocator.store.database import Tx
from allocator.store.kinds import KINDS, about_of, area_of
from allocator.store.tables import records, versions

IDS_AT_ONCE = 500
"""In one question: a database takes many values and not any number of them."""
LONGEST_ID = 64


@dataclass(frozen=True)
class Record:
    """A record as it is, or as one version of it was.

    Parameters
    ----------
    version : from 1; 0 is a record that is not kept yet
    state : a case's; None for any other kind
    merged_into : the case that a duplicate is one with
    removed : whether it was taken back
    body : its fields, as the contract names them
    at : when it became so
    last_area : the area that it belonged to when it was written
    """

    kind: str
    record_id: str
    version: int
    body: Mapping[str, Any]
    state: str | None = None
    merged_into: str | None = None
    removed: bool = False
    at: datetime | None = field(default=None, compare=False)
    last_area: str | None = field(default=None, compare=False)

    @property
    def area(self) -> str | None:
        """The area that it belongs to, or did before it was forgotten; None for what is nobody's."""
        return area_of(self.kind, self.body) if self.body else self.last_area

    @property
    def content(self) -> dict[str, Any]:
        """All that may change about it, as it stands beside its audit line."""
        told = {"state": self.state, "merged_into": self.merged_into}
        flags = {"removed": True} if self.removed else {}
        return {"body": dict(self.body)} | {key: value for key, value in told.items() if value} | flags


def get(connection: Connection, kind: str, record_id: str) -> Record | None:
    """A record as it is now; None where there never was one."""
    return get_many(connection, kind, [record_id]).get(record_id)


def get_many(connection: Connection, kind: str, record_ids: Iterable[str]) -> dict[str, Record]:
    """By id, those of the records that there are."""
    found: dict[str, Record] = {}
    for some in chunks(sorted(set(record_ids))):
        query = select(records).where(records.c.kind == kind, records.c.record_id.in_(some))
        found |= {row.record_id: _record(row) for row in connection.execute(query)}
    return found


def every(connection: Connection, kind: str) -> list[Record]:
    """All records of a kind that were not taken back, by id."""
    query = select(records).where(records.c.kind == kind, records.c.removed.is_(False))
    return [_record(row) for row in connection.execute(query.order_by(records.c.record_id))]


def in_states(connection: Connection, kind: str, states: Collection[str]) -> list[Record]:
    """All records of a kind in some states that were not taken back, by id."""
    query = select(records).where(
        records.c.kind == kind, records.c.removed.is_(False), records.c.state.in_(sorted(states))
    )
    return [_record(row) for row in connection.execute(query.order_by(records.c.record_id))]


def states(connection: Connection, kind: str) -> dict[str, str]:
    """By id the state of each record of a kind that has one."""
    query = select(records.c.record_id, records.c.state).where(
        records.c.kind == kind, records.c.state.is_not(None)
    )
    return {row.record_id: row.state for row in connection.execute(query)}


def is_any(connection: Connection) -> bool:
    """Whether there is a record of any table's row; a policy is none."""
    query = select(records.c.record_id).where(records.c.kind.in_(sorted(KINDS)))
    return connection.execute(query.limit(1)).first() is not None


def changed_since(connection: Connection, kind: str, moment: datetime) -> list[Record]:
    """The records of a kind that changed after a moment, those that were taken back too."""
    query = select(records).where(records.c.kind == kind, records.c.changed_at > moment)
    return [_record(row) for row in connection.execute(query)]


def ids_elsewhere(connection: Connection, kind: str, areas: Collection[str]) -> dict[str, str | None]:
    """The ids of all records of a kind that are in other areas than these, with the area of each."""
    query = select(records.c.record_id, records.c.area).where(
        records.c.kind == kind, records.c.area.not_in(sorted(areas))
    )
    return {row.record_id: row.area for row in connection.execute(query)}


def areas_of(connection: Connection, kind: str, record_ids: Iterable[str]) -> dict[str, str | None]:
    """By id the area of those of the records that there are."""
    found: dict[str, str | None] = {}
    for some in chunks(sorted(set(record_ids))):
        query = select(records.c.record_id, records.c.area)
        rows = connection.execute(query.where(records.c.kind == kind, records.c.record_id.in_(some)))
        found |= {row.record_id: row.area for row in rows}
    return found


def ids_where(
    connection: Connection, kind: str, fields: Mapping[str, Collection[str]], states: Collection[str]
) -> set[str]:
    """The ids of the records in some states each of whose fields has one of some values."""
    found: set[str] = set()
    for name, values in fields.items():
        for some in chunks(sorted(values)):
            query = select(records.c.record_id).where(
                records.c.kind == kind,
                records.c.state.in_(sorted(states)),
                records.c.body[name].as_string().in_(some),
            )
            found |= set(connection.execute(query).scalars())
    return found


def about(connection: Connection, kind: str, reviewer_ids: Iterable[str]) -> list[Record]:
    """The records of a kind about some reviewers that were not taken back, by id."""
    found: list[Record] = []
    for some in chunks(sorted(set(reviewer_ids))):
        query = select(records).where(
            records.c.kind == kind, records.c.about.in_(some), records.c.removed.is_(False)
        )
        found += [_record(row) for row in connection.execute(query)]
    return sorted(found, key=lambda one: one.record_id)


@dataclass(frozen=True)
class Filter:
    """Which records of a kind are asked for.

    Parameters
    ----------
    areas : those of these areas, or of nobody's; None: of all
    states : those in these; None: in any
    about : those about this reviewer; None: about any
    after : those whose ids come after this one
    ids : those of these ids; None: of any
    """

    areas: Collection[str] | None = None
    states: Collection[str] | None = None
    about: str | None = None
    after: str | None = None
    ids: Collection[str] | None = None


def find(connection: Connection, kind: str, wanted: Filter, limit: int) -> list[Record]:
    """So many records of a kind at most, by id, without those that were taken back.

    What is about a reviewer is of the area of that reviewer's home.
    """
    query = select(records).where(records.c.kind == kind, records.c.removed.is_(False))
    if wanted.areas is not None:
        query = query.where(_in_areas(kind, sorted(wanted.areas)))
    if wanted.states is not None:
        query = query.where(records.c.state.in_(sorted(wanted.states)))
    if wanted.about is not None:
        query = query.where(records.c.about == wanted.about)
    if wanted.ids is not None:
        query = query.where(records.c.record_id.in_(sorted(wanted.ids)))
    if wanted.after is not None:
        query = query.where(records.c.record_id > wanted.after)
    return [_record(row) for row in connection.execute(query.order_by(records.c.record_id).limit(limit))]


def _in_areas(kind: str, areas: Sequence[str]) -> ColumnElement[bool]:
    if not (KINDS.get(kind) and KINDS[kind].removable):
        return records.c.area.is_(None) | records.c.area.in_(areas)
    theirs = records.alias("theirs")
    people = select(theirs.c.record_id).where(theirs.c.kind == "reviewers", theirs.c.area.in_(areas))
    return records.c.about.in_(people)


def history(connection: Connection, kind: str, record_id: str) -> list[Record]:
    """Every version of a record, the first one first; a body that retention deleted is empty."""
    query = select(versions).where(versions.c.kind == kind, versions.c.record_id == record_id)
    return [_version(row) for row in connection.execute(query.order_by(versions.c.version))]


def known(connection: Connection, kind: str, moment: datetime) -> list[Record]:
    """All records of a kind as they were known at a moment, by id, without those taken back by then."""
    last = (
        select(versions.c.record_id, func.max(versions.c.version).label("version"))
        .where(versions.c.kind == kind, versions.c.known_at <= moment)
        .group_by(versions.c.record_id)
        .subquery()
    )
    pairs = tuple_(versions.c.record_id, versions.c.version).in_(select(last.c.record_id, last.c.version))
    query = select(versions).where(versions.c.kind == kind, pairs, versions.c.removed.is_(False))
    return [_version(row) for row in connection.execute(query.order_by(versions.c.record_id))]


def save(tx: Tx, action: str, wanted: Sequence[Record], always: Collection[str] = ()) -> list[Record]:
    """The records as they now are, each under its next version; what is already so stays as it is.

    Parameters
    ----------
    action : what the audit calls it
    wanted : as they are to be; of one kind, each id once
    always : ids that get a next version all the same, as somebody else has them now
    """
    before = get_many(tx.connection, wanted[0].kind, (one.record_id for one in wanted)) if wanted else {}
    done, changed, entries = [], [], []
    for one in wanted:
        old = before.get(one.record_id)
        if old is not None and old.content == one.content and one.record_id not in always:
            done.append(old)
            continue
        new = replace(one, version=(old.version if old else 0) + 1, at=tx.at)
        was = None if old is None else old.content
        done.append(new)
        changed.append(new)
        entries.append(Entry(action, new.kind, new.record_id, was, new.content))
    _write(tx, changed, before)
    append(tx, entries)
    return done


def chunks(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    """Yield the ids, so many at once as a question takes; none that a database may refuse."""
    askable = [one for one in ids if "\0" not in one and len(one) <= LONGEST_ID]
    for first in range(0, len(askable), IDS_AT_ONCE):
        yield askable[first : first + IDS_AT_ONCE]


def _write(tx: Tx, new: Sequence[Record], before: Mapping[str, Record]) -> None:
    rows = [_but(asdict(one), "last_area") for one in new]
    for row in rows:
        kind, body = row["kind"], row["body"]
        row["changed_at"] = row["known_at"] = row.pop("at")
        row |= {"area": area_of(kind, body), "about": about_of(kind, body)}
    if rows:
        tx.connection.execute(insert(versions), [_but(row, "changed_at") for row in rows])
    there = [row for row in rows if row["record_id"] in before]
    fresh = [_but(row, "known_at") for row in rows if row["record_id"] not in before]
    if fresh:
        tx.connection.execute(insert(records), fresh)
    if there:
        is_it = (records.c.kind == bindparam("of_kind")) & (records.c.record_id == bindparam("of_id"))
        values = [
            _but(row, "known_at", "kind", "record_id") | {"of_kind": row["kind"], "of_id": row["record_id"]}
            for row in there
        ]
        tx.connection.execute(update(records).where(is_it), values)


def _but(row: dict[str, Any], *left_out: str) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key not in left_out}


def _record(row: Row[Any]) -> Record:
    return Record(  # by name, one by one: of thousands of rows each is read so many times quicker
        row.kind,
        row.record_id,
        row.version,
        row.body,
        row.state,
        row.merged_into,
        row.removed,
        row.changed_at,
        row.area,
    )


def _version(row: Row[Any]) -> Record:
    content = _but(row._asdict(), "area", "about")
    body = content.pop("body") or {}
    return Record(at=content.pop("known_at"), last_area=row.area, body=body, **content)
