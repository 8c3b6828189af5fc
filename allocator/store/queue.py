"""The stored queue as one snapshot: as it stands, or as it was known at an earlier moment."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, func, select

from allocator.errors import BadInput, Conflict
from allocator.intake import Reading, parse_snapshot
from allocator.plan import RoleName
from allocator.store import holdings, records
from allocator.store.holdings import Holding
from allocator.store.kinds import KINDS
from allocator.store.near import organisations_of
from allocator.store.policies import policy_of
from allocator.store.records import Record
from allocator.store.states import HELD, WAITING, State
from allocator.store.tables import audit_lines

Row = dict[str, Any]
Held = Mapping[tuple[str, RoleName], Holding]


@dataclass(frozen=True)
class Stored:
    """What a snapshot is made of.

    Parameters
    ----------
    by_kind : the records of each kind
    held : who has which place
    released : by case, the lead who lost it and is not asked again
    """

    by_kind: Mapping[str, list[Record]]
    held: Held
    released: Mapping[str, Holding]


def newest(connection: Connection) -> datetime:
    """The moment of the newest change: what is known now was known then."""
    found = connection.execute(select(func.max(audit_lines.c.at))).scalar()
    return datetime.min.replace(tzinfo=UTC) if found is None else found


def queue(
    connection: Connection, day: date, moment: datetime | None = None, areas: Collection[str] = ()
) -> Reading:
    """The snapshot of a day, of all that is known, or was at a moment.

    Parameters
    ----------
    areas : of cases that wait, those of these areas alone; empty: all. What is held counts wherever it is

    Raises
    ------
    BadInput
        Records that were each right do not fit together any more, such as a type that the policy lost.
    """
    by_kind = {kind: _all(connection, kind, moment) for kind in KINDS}
    if areas:
        wanted = [one for one in by_kind["cases"] if one.area in areas or one.state not in WAITING]
        by_kind["cases"] = wanted
    held = holdings.current(connection, moment)
    gone = holdings.ended(connection, holdings.RELEASED, moment)
    return _reading(connection, Stored(by_kind, held, released(by_kind["cases"], gone)), day, moment)


def states(connection: Connection, moment: datetime | None = None) -> dict[str, State]:
    """By case the state that it is in, or was known to be in at a moment."""
    if moment is not None:
        then = records.known(connection, "cases", moment)
        return {one.record_id: State(one.state) for one in then if one.state}
    return {case_id: State(state) for case_id, state in records.states(connection, "cases").items()}


def around(
    connection: Connection, day: date, cases: Iterable[str] = (), reviewers: Iterable[str] = ()
) -> Reading:
    """The part of the queue that tells whether rules hold for some cases and reviewers: all that they hold,
    all that is known of them, every area and contract, and the organisations that any of these lean on.

    Raises
    ------
    Conflict
        `inconsistent`: records near these do not fit together; they may not be the caller's: none is named.
    """
    wanted = set(cases)
    has = holdings.of_cases(connection, wanted) | holdings.of_reviewers(connection, reviewers)
    people = {*reviewers, *(one.reviewer_id for one in has.values())}
    has |= holdings.of_reviewers(connection, people)
    near = records.get_many(connection, "cases", wanted | {case_id for case_id, _ in has})
    people |= {one.reviewer_id for one in holdings.of_cases(connection, near).values()}
    by_kind = {
        kind: records.about(connection, kind, people) for kind in ("absences", "declines", "interests")
    }
    by_kind |= {kind: records.every(connection, kind) for kind in ("areas", "contracts")}
    by_kind["cases"] = [near[case_id] for case_id in sorted(near)]
    by_kind["reviewers"] = list(records.get_many(connection, "reviewers", people).values())
    bodies = [one.body for found in by_kind.values() for one in found]
    by_kind["organisations"] = organisations_of(connection, bodies)
    gone = holdings.ended(connection, holdings.RELEASED, of=near)
    stored = Stored(by_kind, holdings.of_cases(connection, near), released(by_kind["cases"], gone))
    try:
        return _reading(connection, stored, day, None)
    except BadInput as error:
        message = "records near this one do not fit together; planning the queue tells which"
        raise Conflict("inconsistent", next(iter(sorted(wanted)), "queue"), message) from error


def sharing(connection: Connection, case_ids: Iterable[str]) -> set[str]:
    """Some cases, and all that share a limit with them: of one label, or in an area with few hours."""
    wanted = set(case_ids)
    found = records.get_many(connection, "cases", wanted).values()
    labels = {str(one.body["linked_to"]) for one in found if "linked_to" in one.body}
    limited = {
        one.record_id for one in records.every(connection, "areas") if "admin_hours_per_week" in one.body
    }
    areas = {str(one.area) for one in found} & limited
    wanted |= records.ids_where(connection, "cases", {"linked_to": labels}, WAITING | HELD)
    return wanted | records.ids_where(connection, "cases", {"area": areas}, HELD)


def _all(connection: Connection, kind: str, moment: datetime | None) -> list[Record]:
    return records.every(connection, kind) if moment is None else records.known(connection, kind, moment)


def released(cases: Iterable[Record], gone: Mapping[str, Holding]) -> dict[str, Holding]:
    """By case that waits, the lead who lost it and is not asked again."""
    waiting = {one.record_id for one in cases if one.state in WAITING}
    return {case_id: one for case_id, one in gone.items() if case_id in waiting}


def _reading(connection: Connection, stored: Stored, day: date, moment: datetime | None) -> Reading:
    document: dict[str, list[Row]] = {"cases": list(rows_of(stored))}
    planned = {row["case_id"] for row in document["cases"]}
    for kind, found in stored.by_kind.items():
        if kind != "cases":
            rows = [_dated(one.body, day) if KINDS[kind].dated else dict(one.body) for one in found]
            document[kind] = [row for row in rows if _names_none_but(row, planned)]
    policy = policy_of(connection, moment)
    return parse_snapshot(document, policy=policy, as_of=day, today=day)


def _names_none_but(row: Row, cases: Collection[str]) -> bool:
    """Whether a row names no case, or one that is planned: what is said of a closed case binds nobody."""
    return row.get("case_id") is None or row["case_id"] in cases


def rows_of(stored: Stored) -> Iterable[Row]:
    """Yield the cases that wait or are held, with who has them."""
    for one in stored.by_kind["cases"]:
        if one.body and one.merged_into is None and one.state in WAITING | HELD:
            yield _case(one, stored)


def _case(one: Record, stored: Stored) -> Row:
    row, case_id = dict(one.body), one.record_id
    lead, second = stored.held.get((case_id, "lead")), stored.held.get((case_id, "second"))
    released = stored.released.get(case_id)
    if one.state == State.AWAITING_SIGN_OFF:
        row |= {"hours_left": 0.0, "second_hours_left": 0.0, "admin_hours_left": 0.0}
    if lead is None:
        row.pop("hours_left", None)
        row.pop("locked", None)
    if lead is None and released is not None:
        lead = released
        row["excluded_reviewers"] = [*row.get("excluded_reviewers", ()), released.reviewer_id]
    if lead is not None:
        row |= {"reviewer_id": lead.reviewer_id, "allocated_on": lead.allocated_on.isoformat()}
    if second is None or lead is None:
        row.pop("second_hours_left", None)
    else:
        row["second_reviewer_id"] = second.reviewer_id
    return row


def _dated(body: Mapping[str, Any], day: date) -> Row:
    """An area or an organisation as it is on a day: its successors count once it has closed."""
    row = dict(body)
    row.pop("opens_on", None)
    closes_on = row.pop("closes_on", None)
    if closes_on is not None and date.fromisoformat(closes_on) >= day:
        row.pop("successors", None)
        row.pop("successor", None)
    return row
