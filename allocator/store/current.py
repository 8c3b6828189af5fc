"""The queue as it stands, held by a process that is asked about it often: what has changed is read, no more.

Reading a national queue takes half a second, what one change made of it a few milliseconds. What changed is
told by the audit, of which no change is without a line; what many rows lean on, such as an area or the
policy, has the whole read anew.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import Connection

from allocator.cases import Case
from allocator.errors import BadInput
from allocator.fields import Row
from allocator.intake import parse_snapshot
from allocator.intake.specs import REQUIRED_TABLES
from allocator.places import Organisation
from allocator.snapshot import Snapshot
from allocator.store import chain, holdings, records
from allocator.store.kinds import KINDS, POLICY
from allocator.store.near import leaned_on
from allocator.store.policies import policy_of
from allocator.store.queue import Stored, queue, released, rows_of
from allocator.store.records import Record
from allocator.store.writing import STUBS

MOST: Final = 500
"""Changes after which the whole is read anew."""
ABOUT: Final = ("absences", "declines", "interests")
"""Kinds of which each record is about one reviewer: all of theirs are read again."""
WIDE: Final = frozenset({*KINDS, POLICY}) - {*ABOUT, "cases", "reviewers"}
"""Kinds on which many rows lean."""


@dataclass(frozen=True, eq=False)
class Read:
    """A snapshot as it was read.

    Parameters
    ----------
    day, number : of which day, and the newest audit line then
    whose : by kind and id the reviewer whom a record is about
    named : by case that is not planned, the reviewers of whom a record names it
    """

    snapshot: Snapshot
    day: date
    number: int
    whose: Mapping[tuple[str, str], str]
    named: Mapping[str, frozenset[str]]


class Current:
    """The one queue of a process, for whichever thread asks; each question is of one transaction."""

    def __init__(self) -> None:
        self._read: Read | None = None
        self._lock = threading.Lock()

    def on(self, connection: Connection, day: date) -> Read:
        """The queue of a day, as a transaction knows it; of several that ask at once, one reads it.

        Raises
        ------
        BadInput
            The queue's records do not fit together.
        """
        number = chain.head(connection).number
        with self._lock:
            read = self._read
            if read is not None and (read.day, read.number) == (day, number):
                return read
            goes_on = read is not None and read.day == day and read.number < number
            found = _onward(connection, read, number) if read is not None and goes_on else None
            if found is None:
                found = _whole(connection, day, number)
            if read is None or number >= read.number:  # an older transaction's is for itself alone
                self._read = found
            return found


def _whole(connection: Connection, day: date, number: int) -> Read:
    snapshot = queue(connection, day).snapshot
    planned = {one.case_id for one in snapshot.cases}
    whose, named = {}, defaultdict[str, set[str]](set)
    for kind in ABOUT:
        for one in records.every(connection, kind):
            whose[kind, one.record_id] = str(one.body["reviewer_id"])
            if one.body.get("case_id") not in {None, *planned}:
                named[one.body["case_id"]].add(str(one.body["reviewer_id"]))
    return Read(snapshot, day, number, whose, {key: frozenset(who) for key, who in named.items()})


def _onward(connection: Connection, read: Read, number: int) -> Read | None:
    """What was read, with what has changed since; None: the whole is to be read anew."""
    news = chain.actions(connection, read.number, MOST + 1)
    ids: dict[str, set[str]] = {kind: set() for kind in ("cases", "reviewers", *ABOUT)}
    for one in news:
        if one.kind in ids:
            ids[one.kind].add(str(one.record_id))
    if len(news) > MOST or any(one.kind in WIDE for one in news):
        return None
    if not any(ids.values()):
        return Read(read.snapshot, read.day, number, read.whose, read.named)
    try:
        return _Change(connection, read, ids).done(number)
    except BadInput:  # what it is part of tells what is wrong
        return None


class _Change:
    """What has changed of a queue: some cases, and all that is said of some people."""

    def __init__(self, connection: Connection, read: Read, ids: Mapping[str, Collection[str]]) -> None:
        self._connection, self._read, self._ids = connection, read, ids
        found = records.get_many(connection, "cases", ids["cases"])
        gone = holdings.ended(connection, holdings.RELEASED, of=ids["cases"])
        stored = Stored(
            {"cases": list(found.values())},
            holdings.of_cases(connection, ids["cases"]),
            released(found.values(), gone),
        )
        self._cases = {row["case_id"]: row for row in rows_of(stored)}
        was = {one.case_id for one in read.snapshot.cases}
        self._planned = (was - set(ids["cases"])) | self._cases.keys()
        self._turned = (was ^ self._planned) & set(ids["cases"])
        self._about = {kind: records.get_many(connection, kind, ids[kind]) for kind in ABOUT}
        self._people = {*ids["reviewers"], *self._talked_of()}

    def _talked_of(self) -> Iterator[str]:
        """Yield the people of whom something is said that has changed, or that names a case that has."""
        for kind, found in self._about.items():
            for record_id in self._ids[kind]:
                if (kind, record_id) in self._read.whose:
                    yield self._read.whose[kind, record_id]
            for one in found.values():
                if not one.removed:
                    yield str(one.body["reviewer_id"])
        for case_id in self._turned:
            yield from self._read.named.get(case_id, ())
        for kind in ABOUT:
            for row in getattr(self._read.snapshot, kind):
                if getattr(row, "case_id", None) in self._turned:
                    yield row.reviewer_id

    def done(self, number: int) -> Read | None:
        """The queue with it; None where a person was taken away."""
        said = {kind: records.about(self._connection, kind, self._people) for kind in ABOUT}
        people = records.get_many(self._connection, "reviewers", self._people | self._named())
        if not self._people <= people.keys():
            return None
        small = self._small(said, people)
        before = self._read.snapshot
        fresh: dict[str, Any] = {"cases": self._cases_of(small)}
        if self._people:
            for kind in ("reviewers", *ABOUT):
                stay = [one for one in getattr(before, kind) if one.reviewer_id not in self._people]
                stay += [one for one in getattr(small, kind) if one.reviewer_id in self._people]
                fresh[kind] = stay
            fresh = {name: getattr(before, name) for name in Snapshot.model_fields} | fresh
            snapshot = Snapshot.model_validate({_alias(name): value for name, value in fresh.items()})
        else:
            snapshot = before.model_copy(update=fresh)
        return Read(snapshot, before.as_of, number, self._whose(said), self._left(said))

    def _named(self) -> set[str]:
        """The people whom the cases name."""
        found: set[str] = set()
        for row in self._cases.values():
            found |= {row[name] for name in ("reviewer_id", "second_reviewer_id") if row.get(name)}
            found |= set(row.get("excluded_reviewers", ()))
        return found

    def _small(self, said: Mapping[str, list[Record]], people: Mapping[str, Record]) -> Snapshot:
        """What has changed, read as a snapshot of its own, beside what it leans on."""
        about = {
            kind: [dict(one.body) for one in found if one.body.get("case_id") in {None, *self._planned}]
            for kind, found in said.items()
        }
        spoken = {row["case_id"] for rows in about.values() for row in rows if row.get("case_id")}
        before = {one.case_id: one for one in self._read.snapshot.cases}
        stubs = [
            {name: value for name, value in before[case_id].model_dump(mode="json").items() if name in _STUB}
            for case_id in spoken - self._cases.keys()
        ]
        document: dict[str, list[dict[str, Any]]] = {
            "cases": [*self._cases.values(), *stubs],
            "reviewers": [dict(one.body) for one in people.values()],
            **about,
        }
        for kind in ("areas", "contracts"):
            document[kind] = [_written(one) for one in getattr(self._read.snapshot, kind)]
        rows = [row for each in document.values() for row in each]
        document["organisations"] = [_written(one) for one in leaned_on(rows, self._organisations, vars)]
        document = {kind: each for kind, each in document.items() if each or kind in REQUIRED_TABLES}
        day = self._read.day
        return parse_snapshot(document, policy=policy_of(self._connection), as_of=day, today=day).snapshot

    def _organisations(self, codes: Collection[str]) -> dict[str, Organisation]:
        return {
            one.organisation: one for one in self._read.snapshot.organisations if one.organisation in codes
        }

    def _cases_of(self, small: Snapshot) -> tuple[Case, ...]:
        now = {one.case_id: one for one in self._read.snapshot.cases if one.case_id in self._planned}
        now |= {one.case_id: one for one in small.cases if one.case_id in self._cases}
        return tuple(now[case_id] for case_id in sorted(now))

    def _whose(self, said: Mapping[str, Iterable[Record]]) -> dict[tuple[str, str], str]:
        stay = {key: who for key, who in self._read.whose.items() if who not in self._people}
        return stay | {
            (kind, one.record_id): str(one.body["reviewer_id"]) for kind in said for one in said[kind]
        }

    def _left(self, said: Mapping[str, Iterable[Record]]) -> dict[str, frozenset[str]]:
        """By case that is not planned, of whom a record names it."""
        found = defaultdict[str, set[str]](set)
        for case_id, who in self._read.named.items():
            found[case_id] |= who - self._people
        for each in said.values():
            for one in each:
                if one.body.get("case_id") not in {None, *self._planned}:
                    found[str(one.body["case_id"])].add(str(one.body["reviewer_id"]))
        return {case_id: frozenset(who) for case_id, who in found.items() if who}


_STUB: Final = frozenset(STUBS["cases"])


def _written(one: Row) -> dict[str, Any]:
    return one.model_dump(mode="json", by_alias=True, exclude_defaults=True)


def _alias(name: str) -> str:
    """What a field of the snapshot is called when it is written."""
    return Snapshot.model_fields[name].alias or name
