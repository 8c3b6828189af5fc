"""Rows that could not be kept, set aside until somebody mends them, sends them anew or dismisses them.

One row is open for each record; of rows that were sent with one id in one document, each.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, and_, func, insert, select, update
from sqlalchemy.engine import Row as Found

from allocator.errors import Conflict, Fault, Unknown
from allocator.store import records
from allocator.store.aside import Aside, Fields, How, aside_of
from allocator.store.chain import Entry, append
from allocator.store.database import Tx
from allocator.store.kinds import KINDS
from allocator.store.records import chunks
from allocator.store.tables import quarantine
from allocator.store.writing import Checked, Sent

KIND: Final = "quarantine"
SHOWN: Final = ("code", "column", "message", "hint")


@dataclass(frozen=True)
class SetAside:
    """What became of rows that could not be kept.

    Parameters
    ----------
    numbers : by kind and place among those sent, where each lies now
    older : by kind, places of rows that are passed over, as a newer version lies there
    """

    numbers: Mapping[str, Mapping[int, int]]
    older: Mapping[str, Sequence[int]]


def of_rows(
    connection: Connection, found: Mapping[str, Checked], sent: Mapping[str, Sequence[Sent]]
) -> dict[str, dict[int, Aside]]:
    """By kind and place the rows with faults, as they would be set aside.

    Parameters
    ----------
    sent : the rows as they were typed
    """
    areas = {one.record_id for one in records.every(connection, "areas")}
    areas |= set(found["areas"].sound) if "areas" in found else set()
    asides = {
        kind: {at: aside_of(kind, sent[kind][at], faults, areas) for at, faults in checked.faults.items()}
        for kind, checked in found.items()
        if checked.faults
    }
    return _at_home(connection, found, asides)


def anew(connection: Connection, one: Aside, row: Mapping[str, Any]) -> Aside:
    """The same row, which says something else now."""
    areas = {each.record_id for each in records.every(connection, "areas")}
    made = aside_of(one.kind, row, one.faults, areas)
    (home,) = _at_home(connection, {}, {one.kind: {0: made}})[one.kind].values()
    return replace(one, row=home.row, record_id=home.record_id, area=home.area, version=home.version)


def set_aside(tx: Tx, wanted: Mapping[str, Mapping[int, Aside]]) -> SetAside:
    """Where each of the rows lies now; one that lies there already as it is stays as it is."""
    numbers: dict[str, dict[int, int]] = {}
    older: dict[str, list[int]] = {}
    new: list[Aside] = []
    gone: list[Aside] = []
    last = tx.connection.execute(select(func.max(quarantine.c.number))).scalar() or 0
    for kind, rows in wanted.items():
        there = _by_mark(tx.connection, kind, {one.mark for one in rows.values()})
        numbers[kind], older[kind], seen = {}, [], Counter[str]()
        for at, one in sorted(rows.items()):
            copy = seen[one.mark]
            same = there.get((one.mark, copy))
            if same is not None and _is_newer(same.version, one.version):
                older[kind].append(at)
                continue
            seen[one.mark] += 1
            if same is not None and _says_the_same(same, one):
                numbers[kind][at] = same.number
                continue
            last += 1
            numbers[kind][at] = last
            new.append(replace(one, number=last, copy=copy, since=tx.at, actor=tx.actor))
        lies = set(numbers[kind].values())
        gone += [one for (mark, _), one in there.items() if seen[mark] and one.number not in lies]
    end(tx, gone, "replaced")
    if new:
        tx.connection.execute(insert(quarantine), [_values(one) for one in new])
    append(tx, [Entry("set-aside", KIND, str(one.number), None, _told(one)) for one in new])
    return SetAside(numbers, older)


def settle(tx: Tx, kind: str, checked: Checked) -> None:
    """Nothing; what was wrong with rows that are kept now is mended, wherever they come from."""
    ids = list(checked.sound)
    found = [one for each in _by_record(tx.connection, kind, ids).values() for one in each]
    said = {one: word.said.version for one, word in checked.words.items()}
    end(tx, [one for one in found if not _is_newer(one.version, said.get(str(one.record_id)))], "mended")


def end(tx: Tx, rows: Sequence[Aside], how: How, why: str | None = None) -> None:
    """Nothing; the rows are open no more."""
    values = {"ended_at": tx.at, "ended_how": how, "ended_why": why}
    numbers = [one.number for one in rows]
    for first in range(0, len(numbers), records.IDS_AT_ONCE):
        some = quarantine.c.number.in_(numbers[first : first + records.IDS_AT_ONCE])
        tx.connection.execute(update(quarantine).where(some).values(**values))
    told = {"how": how} | ({"why": why} if why else {})
    append(tx, [Entry("settle", KIND, str(one.number), _told(one), _told(one) | told) for one in rows])


def amend(tx: Tx, rows: Sequence[Aside]) -> None:
    """Nothing; the rows lie there as they are now, and wait for what they refer to."""
    before = {one.number: one for one in every_open(tx.connection)}
    changed = [one for one in rows if not _says_the_same(one, before[one.number])]
    for one in changed:
        taken = {copy for _, copy in _by_mark(tx.connection, one.kind, {one.mark})}
        is_it = quarantine.c.number == one.number
        if one.mark != before[one.number].mark:
            one = replace(one, copy=min(set(range(len(taken) + 1)) - taken))
        tx.connection.execute(update(quarantine).where(is_it).values(**_values(one)))
    append(
        tx, [Entry("amend", KIND, str(one.number), _told(before[one.number]), _told(one)) for one in changed]
    )


@dataclass(frozen=True)
class Wanted:
    """Which open rows are asked for; None: any.

    Parameters
    ----------
    areas : empty: all, and those of no known area
    """

    areas: Collection[str] = ()
    kinds: Collection[str] | None = None
    code: str | None = None


def every_open(connection: Connection, wanted: Wanted | None = None) -> list[Aside]:
    """The rows that are open, by number."""
    asked = wanted or Wanted()
    query = select(quarantine).where(quarantine.c.ended_at.is_(None))
    if asked.areas:
        query = query.where(quarantine.c.area.in_(sorted(asked.areas)))
    if asked.kinds is not None:
        query = query.where(quarantine.c.kind.in_(sorted(asked.kinds)))
    found = (_read(row) for row in connection.execute(query.order_by(quarantine.c.number)))
    return [one for one in found if asked.code is None or asked.code in {f.code for f in one.faults}]


def find(connection: Connection, number: int) -> Aside | None:
    """A row, open or not; None where there never was one."""
    row = connection.execute(select(quarantine).where(quarantine.c.number == number)).first()
    return None if row is None else _read(row)


def open_one(connection: Connection, number: int) -> Aside:
    """A row that is open.

    Raises
    ------
    Unknown
        There never was one of that number.
    Conflict
        `quarantine-ended`: it was mended, sent anew or dismissed.
    """
    found = find(connection, number)
    if found is None:
        raise Unknown("not-found", str(number), f"there is no row {number} set aside")
    if found.how is not None:
        raise Conflict("quarantine-ended", str(number), f"the row is {found.how} already")
    return found


def elsewhere(connection: Connection, kind: str, ids: Iterable[str], areas: Collection[str]) -> set[str]:
    """Those of the ids under which a row of another area than these is set aside."""
    found = _by_record(connection, kind, list(ids)).values()
    return {
        str(one.record_id) for each in found for one in each if one.area is not None and one.area not in areas
    }


def forget(tx: Tx, case_ids: Collection[str], before: datetime) -> None:
    """Nothing; of rows that ended before then, and of those of some cases, their codes alone are kept."""
    old = quarantine.c.ended_at < before
    rows = list(tx.connection.execute(select(quarantine).where(old)))
    for some in chunks(sorted(case_ids)):
        theirs = and_(quarantine.c.kind == "cases", quarantine.c.record_id.in_(some))
        rows += list(tx.connection.execute(select(quarantine).where(theirs, quarantine.c.ended_at >= before)))
    for row in rows:
        codes = [{"code": one["code"], "column": one.get("column"), "message": ""} for one in row.faults]
        is_it = quarantine.c.number == row.number
        tx.connection.execute(update(quarantine).where(is_it).values(row={}, faults=codes))


def _at_home(
    connection: Connection, found: Mapping[str, Checked], asides: dict[str, dict[int, Aside]]
) -> dict[str, dict[int, Aside]]:
    """The same rows; of those about a reviewer, with the area of that reviewer's home."""
    about = {
        kind: {at: str(one.row.get("reviewer_id", "")).strip() for at, one in rows.items()}
        for kind, rows in asides.items()
        if KINDS[kind].removable
    }
    names = {who for each in about.values() for who in each.values()}
    homes = records.areas_of(connection, "reviewers", names)
    homes |= {str(one.record_id): one.area for one in every_open(connection, Wanted(kinds=("reviewers",)))}
    homes |= {str(one.record_id): one.area for one in asides.get("reviewers", {}).values()}
    sound = found["reviewers"].sound if "reviewers" in found else {}
    homes |= {who: str(body["areas"][0]) for who, body in sound.items()}
    for kind, each in about.items():
        asides[kind] = {at: replace(one, area=homes.get(each[at])) for at, one in asides[kind].items()}
    return asides


def _says_the_same(one: Aside, other: Aside) -> bool:
    return (one.row, one.faults) == (other.row, other.faults)


def _is_newer(one: int | None, other: int | None) -> bool:
    return one is not None and other is not None and one > other


def _by_mark(connection: Connection, kind: str, marks: Collection[str]) -> dict[tuple[str, int], Aside]:
    each = _where(connection, kind, quarantine.c.mark, sorted(marks))
    return {(one.mark, one.copy): one for one in each}


def _by_record(connection: Connection, kind: str, ids: Sequence[str]) -> dict[str, list[Aside]]:
    """By id the rows of it that are open; several were sent together."""
    found = defaultdict[str, list[Aside]](list)
    for one in _where(connection, kind, quarantine.c.record_id, ids):
        found[str(one.record_id)].append(one)
    return found


def _where(
    connection: Connection, kind: str, column: ColumnElement[Any], values: Sequence[str]
) -> Iterator[Aside]:
    is_open = and_(quarantine.c.kind == kind, quarantine.c.ended_at.is_(None))
    if connection.execute(select(quarantine.c.number).where(is_open).limit(1)).first() is None:
        return
    for some in chunks(values):
        for row in connection.execute(select(quarantine).where(is_open, column.in_(some))):
            yield _read(row)


def _told(one: Aside) -> Fields:
    """What stands in the audit: which row it is and what is wrong with it, and nothing that it says."""
    named = {"kind": one.kind, "id": one.record_id, "area": one.area}
    return {name: value for name, value in named.items() if value} | {
        "codes": sorted({f.code for f in one.faults})
    }


def _values(one: Aside) -> Fields:
    return {
        "number": one.number,
        "kind": one.kind,
        "mark": one.mark,
        "copy": one.copy,
        "record_id": one.record_id,
        "area": one.area,
        "version": one.version,
        "row": dict(one.row),
        "faults": [{name: getattr(f, name) for name in SHOWN} for f in one.faults],
        "since": one.since,
        "actor": one.actor,
    }


def _read(row: Found[Any]) -> Aside:
    given = row._asdict()
    kept = {name: given[name] for name in ("kind", "record_id", "area", "version", "row", "number", "copy")}
    more = {name: given[name] for name in ("since", "actor", "ended_at")}
    faults = tuple(Fault(**one) for one in given["faults"])
    return Aside(**kept, faults=faults, **more, how=given["ended_how"], why=given["ended_why"])
