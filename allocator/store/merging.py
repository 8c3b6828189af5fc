"""Two notifications of one death: merged into one case with one lead and both ids, and parted again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from allocator.errors import Conflict
from allocator.plan import RoleName
from allocator.store import cases, holders, holdings, records
from allocator.store.database import Tx
from allocator.store.events import Kind, News, tell
from allocator.store.holdings import Holding
from allocator.store.policies import policy_of
from allocator.store.records import Record
from allocator.store.states import ENDED, HELD, State
from allocator.store.tables import merges

ROLES: tuple[RoleName, ...] = ("lead", "second")


def merge(tx: Tx, duplicate: str, kept: str) -> Record:
    """The case that is kept: the other is one with it, is planned no more, and can be parted from it again.

    Whoever has a place of the duplicate alone has that place of the kept case; where both have somebody, the
    kept case's stays, and the other has the case no longer.

    Raises
    ------
    Unknown
        One of the two is not there.
    Conflict
        `not-mergeable`: they are one, one is merged already or has others merged into it, or
        somebody is at work on the duplicate of a case that has ended.
    """
    one, other = cases.found_case(tx.connection, duplicate), cases.found_case(tx.connection, kept)
    if why := _why_not(tx, one, other):
        raise Conflict("not-mergeable", duplicate, why)
    mine, theirs = (_held(tx, case_id) for case_id in (duplicate, kept))
    holdings.end(tx, list(mine.values()), "merged")
    moved = _fitting(tx, other, mine, theirs) if other.state not in ENDED else {}
    _move(tx, one, other, moved)
    before = {
        "state": one.state,
        "kept_state": other.state,
        "held": {role: _kept(held) for role, held in mine.items()},
        "moved": sorted(moved),
    }
    row = {"duplicate": duplicate, "kept": kept, "before": before, "merged_at": tx.at}
    tx.connection.execute(insert(merges), row)
    records.save(tx, "merge", [replace(one, merged_into=kept)])
    tell(tx, [News(Kind.MERGED, duplicate, {})])  # into which is for who may see both to ask
    return cases.found_case(tx.connection, kept)


def unmerge(tx: Tx, duplicate: str) -> Record:
    """The duplicate, a case of its own again as it was before: with whoever had it, if they still have it.

    Raises
    ------
    Unknown
        There is no such case.
    Conflict
        `not-merged`: it is a case of its own; `forgotten`: its time to be kept is over.
    """
    one = cases.found_case(tx.connection, duplicate)
    query = select(merges).where(merges.c.duplicate == duplicate, merges.c.undone_at.is_(None))
    row = tx.connection.execute(query).first()
    if one.merged_into is None or row is None:
        raise Conflict("not-merged", duplicate, "it is a case of its own")
    before: Mapping[str, Any] = row.before
    if not before:
        raise Conflict("forgotten", duplicate, "what it said was deleted after its time")
    theirs = _held(tx, row.kept)
    back = {}
    for role in reversed(ROLES):  # a lead who is taken back takes the second along
        had = before["held"].get(role)
        if had is None:
            continue
        now = theirs.get(role)
        if role not in before["moved"]:
            back[role] = had
        elif now is not None and now.reviewer_id == had["reviewer_id"]:
            cases.take_back(tx, row.kept, role, "unmerged")
            back[role] = had
    if "lead" in back and "lead" in before["moved"]:
        records.save(
            tx, "unmerge", [replace(cases.found_case(tx.connection, row.kept), state=before["kept_state"])]
        )
    lost_lead = before["state"] in HELD and "lead" not in back
    if lost_lead:
        back = {}
    body = holders.without(one.body, holders.GONE["lead"] | holders.GONE["second"]) if lost_lead else one.body
    state = State.NOTIFIED if lost_lead else before["state"]
    wanted = replace(one, merged_into=None, state=state, body=body)
    alone = records.save(tx, "unmerge", [wanted])[0]
    tx.connection.execute(update(merges).where(merges.c.merge_id == row.merge_id).values(undone_at=tx.at))
    for role, had in back.items():
        day = date.fromisoformat(had["allocated_on"])
        accepted = had.get("accepted_at")
        moment = datetime.fromisoformat(accepted) if accepted else None
        again = Holding(duplicate, role, had["reviewer_id"], day, tx.at, accepted_at=moment)
        holdings.give(tx, [again])
    tell(tx, [News(Kind.PARTED, duplicate, {})])
    return alone


def duplicates_of(connection: Connection, kept: str) -> list[str]:
    """The cases that are one with a case, by id."""
    query = select(merges.c.duplicate).where(merges.c.kept == kept, merges.c.undone_at.is_(None))
    return sorted(connection.execute(query).scalars())


def _kept(held: Holding) -> dict[str, Any]:
    return held.content | {"accepted_at": held.accepted_at.isoformat() if held.accepted_at else None}


def _why_not(tx: Tx, one: Record, other: Record) -> str | None:
    if one.record_id == other.record_id:
        return "a case cannot be merged with itself"
    if one.merged_into or other.merged_into:
        return f"{(one if one.merged_into else other).record_id} is merged already"
    if duplicates_of(tx.connection, one.record_id):
        return f"others are merged into {one.record_id}: merge {other.record_id} into it instead"
    if one.state in HELD and other.state in ENDED:
        return f"{other.record_id} is {other.state}: reopen it first"
    return None


def _held(tx: Tx, case_id: str) -> dict[RoleName, Holding]:
    return {role: one for (_, role), one in holdings.of_cases(tx.connection, [case_id]).items()}


def _fitting(
    tx: Tx, kept: Record, mine: Mapping[RoleName, Holding], theirs: Mapping[RoleName, Holding]
) -> dict[RoleName, Holding]:
    """What of the duplicate's places the kept case can have: of its type, by two people, from its day on."""
    notified, kind = date.fromisoformat(kept.body["notified_on"]), kept.body["review_type"]
    has_second = policy_of(tx.connection).review_types[kind].second is not None
    found: dict[RoleName, Holding] = {}
    for role in ROLES:
        others = {one.reviewer_id for one in (*theirs.values(), *found.values())}
        is_place = role == "lead" or (has_second and ("lead" in theirs or "lead" in found))
        if is_place and role in mine and role not in theirs and mine[role].reviewer_id not in others:
            found[role] = replace(mine[role], allocated_on=max(mine[role].allocated_on, notified))
    return found


def _move(tx: Tx, one: Record, other: Record, moved: Mapping[RoleName, Holding]) -> None:
    """Let the kept case have what moves to it: who is at work, how far, and how much is left."""
    for role in ROLES:
        if role in moved:
            cases.give(tx, replace(moved[role], case_id=other.record_id, given_at=tx.at))
    now = cases.found_case(tx.connection, other.record_id)
    left = {cases.HOURS[role]: one.body[cases.HOURS[role]] for role in moved if cases.HOURS[role] in one.body}
    state = one.state if "lead" in moved else now.state
    records.save(tx, "merge", [replace(now, body=dict(now.body) | left, state=state)])
