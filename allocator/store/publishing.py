"""Publishing: lines of a plan become who has which case, once each was audited against what is known now.

All of them, or none: in one transaction, which is alone in writing, so that what was audited is what is there
when it is done.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from allocator.errors import Conflict, Fault, Unknown
from allocator.store import cases, holders, holdings, records
from allocator.store.basis import Seat, bases, changed
from allocator.store.chain import Entry, append
from allocator.store.counting import Used, begin_work, give_back, new_minutes, use_up
from allocator.store.database import Tx
from allocator.store.following import withdraw
from allocator.store.holdings import Holding
from allocator.store.lines import (
    PLANS,
    Line,
    LineState,
    lines_about,
    lines_of,
    lines_published,
    save_lines,
    stale,
)
from allocator.store.obstacles import refuse, unobstructed
from allocator.store.plans import found_plan
from allocator.store.states import State
from allocator.store.tables import publications


@dataclass(frozen=True)
class Publication:
    """That lines of a plan were published.

    Parameters
    ----------
    undone_at : None while it stands
    lines : those that it published
    """

    publication: int
    plan: int
    published_at: datetime
    undone_at: datetime | None
    lines: tuple[Line, ...]


def publish(tx: Tx, number: int, day: date, seats: Iterable[Seat] | None = None) -> Publication:
    """What was published: the approved lines of a plan, or some of them.

    Raises
    ------
    Unknown
        There is no such plan or line.
    Conflict
        Nothing is published. `nothing-to-publish`; `not-approved`; `stale`: what a line rests on has changed;
        `declaration-missing`; `consent-missing`; `rule-broken`: with what is known now a rule would be. Each
        with a detail for every line that is in the way.
    """
    lines = _approved(lines_of(tx.connection, number, seats), number, seats is None)
    refuse("stale", str(number), stale(tx.connection, lines))
    released = _released(tx.connection, number, lines)
    snapshot = unobstructed(tx.connection, str(number), lines, day, released)
    row = {"plan": number, "published_at": tx.at, "actor": tx.actor}
    query = insert(publications).returning(publications.c.publication)
    publication = int(tx.connection.execute(query, row).scalar_one())
    rest = _fresh_rest(tx.connection, number, lines)
    minutes = new_minutes(snapshot, lines)
    lines = _with_before(tx.connection, lines)
    for one in sorted(lines, key=lambda line: (line.case_id, line.role)):
        _hand_over(tx, one, Holding(*one.seat, one.reviewer_id, day, tx.at, publication=publication))
    begin_work(tx, lines, minutes)
    used = use_up(tx, lines, minutes)
    done = [
        replace(one, state=LineState.PUBLISHED, publication=publication, before=_with(one, used))
        for one in lines
    ]
    save_lines(tx, number, [*done, *_rest_again(tx.connection, rest)])
    append(tx, [Entry("publish", PLANS, str(number), None, {"lines": [list(one.seat) for one in done]})])
    return Publication(publication, number, tx.at, None, tuple(done))


def undo(tx: Tx, publication: int, day: date) -> Publication:
    """The publication, undone: who had what it published has it no more, who had it before has it.

    Raises
    ------
    Unknown
        There is no such publication.
    Conflict
        `undone-already`; `not-undoable`: work on one of the cases has begun, or somebody else has it now.
    """
    found = publication_of(tx.connection, publication)
    if found.undone_at is not None:
        raise Conflict("undone-already", str(publication), f"publication {publication} was undone before")
    refuse("not-undoable", str(found.plan), _begun(tx.connection, found))
    for one in sorted(found.lines, key=lambda line: (line.case_id, line.role), reverse=True):
        _restore(tx, one)
    give_back(tx, found.lines)
    withdraw(tx, day, case_ids=[one.case_id for one in found.lines])
    is_it = publications.c.publication == publication
    tx.connection.execute(update(publications).where(is_it).values(undone_at=tx.at))
    done = [replace(one, state=LineState.UNDONE) for one in found.lines]
    save_lines(tx, found.plan, done)
    append(tx, [Entry("undo", PLANS, str(found.plan), None, {"publication": publication})])
    return replace(found, undone_at=tx.at, lines=tuple(done))


def publication_of(connection: Connection, publication: int) -> Publication:
    """A publication, with the lines that it published and no later one did.

    Raises
    ------
    Unknown
        There is none of that number.
    """
    row = connection.execute(select(publications).where(publications.c.publication == publication)).first()
    if row is None:
        raise Unknown("not-found", str(publication), f"there is no publication {publication}")
    mine = tuple(lines_published(connection, publication))
    return Publication(publication, row.plan, row.published_at, row.undone_at, mine)


def _approved(lines: Sequence[Line], number: int, every: bool) -> list[Line]:
    """The lines that can be published: all that are approved, or exactly those asked for."""
    if every:
        lines = [one for one in lines if one.state is LineState.APPROVED]
    if not lines:
        raise Conflict("nothing-to-publish", str(number), f"no line of plan {number} is approved")
    faults = [
        Fault("not-approved", f"the {one.role} of {one.case_id} is {one.state}", value=one.case_id)
        for one in lines
        if one.state is not LineState.APPROVED
    ]
    refuse("not-approved", str(number), faults)
    return list(lines)


def _released(connection: Connection, number: int, lines: Sequence[Line]) -> dict[str, str]:
    """By case of some lines of a plan, who hands it over by that."""
    released = found_plan(connection, number).released
    return {one.case_id: released[one.case_id] for one in lines if one.case_id in released}


def _hand_over(tx: Tx, line: Line, new: Holding) -> None:
    """Let the new holder have the place, from whoever has it now."""
    if line.seat in holdings.of_cases(tx.connection, [line.case_id]):
        cases.take_back(tx, line.case_id, line.role, holdings.MOVED)
    cases.give(tx, new)


def _fresh_rest(connection: Connection, number: int, published: Sequence[Line]) -> list[Line]:
    """The plan's other lines about the same people and cases that were not stale before this."""
    done = {one.seat for one in published}
    people, about = {one.reviewer_id for one in published}, {one.case_id for one in published}
    people |= {one.previous_reviewer_id for one in published if one.previous_reviewer_id}
    states = (LineState.PROPOSED, LineState.APPROVED)
    rest = [
        one
        for one in lines_about(connection, number, about, people)
        if one.seat not in done and one.state in states
    ]
    now = bases(connection, {one.seat: one.reviewer_id for one in rest})
    return [one for one in rest if not list(changed(one.basis, now[one.seat], one.seat, one.reviewer_id))]


def _rest_again(connection: Connection, rest: Sequence[Line]) -> list[Line]:
    """The same, resting on what is there now: what their own plan does makes no line of it stale."""
    now = bases(connection, {one.seat: one.reviewer_id for one in rest})
    return [replace(one, basis=now[one.seat]) for one in rest]


def _begun(connection: Connection, publication: Publication) -> list[Fault]:
    """A fault for each line that cannot be undone."""
    found = records.get_many(connection, "cases", (one.case_id for one in publication.lines))
    held = holdings.of_cases(connection, found)
    faults = []
    for one in publication.lines:
        now = held.get(one.seat)
        if now is None or now.publication != publication.publication:
            message = f"{one.reviewer_id} no longer has the {one.role} of {one.case_id}"
        elif one.role == "lead" and found[one.case_id].state != State.ALLOCATED:
            message = f"{one.case_id} is {str(found[one.case_id].state).replace('_', ' ')} by now"
        else:
            continue
        faults.append(Fault("not-undoable", message, value=one.case_id, hint="take it back by itself"))
    return faults


def _with_before(connection: Connection, lines: Sequence[Line]) -> list[Line]:
    """The lines with what undoing them restores: who has the place, and what the case says of it."""
    held = holdings.of_cases(connection, [one.case_id for one in lines])
    found = records.get_many(connection, "cases", (one.case_id for one in lines))
    told = []
    for one in lines:
        has, case = held.get(one.seat), found[one.case_id]
        said = {key: case.body[key] for key in _SAID[one.role] if key in case.body}
        before = {"holding": has.holding_id if has else None, "state": case.state, "said": said}
        told.append(replace(one, before=before))
    return told


def _with(line: Line, used: Mapping[Seat, Used]) -> dict[str, Any]:
    more = vars(used[line.seat]) if line.seat in used else {}
    return {**(line.before or {}), "used": more}


def _restore(tx: Tx, line: Line) -> None:
    """Let the place, and what the case says because of it, be as it was before it was published."""
    before = line.before or {}
    had = before.get("holding")
    cases.take_back(tx, line.case_id, line.role, holdings.MOVED if had else holdings.UNDONE)
    if had:
        held = holdings.numbered(tx.connection, had)
        again = replace(held, given_at=tx.at, ended_at=None, ended_why=None)
        cases.give(tx, again)
    now = cases.found_case(tx.connection, line.case_id)
    body = {**holders.without(now.body, _SAID[line.role]), **before.get("said", {})}
    state = before.get("state", now.state) if line.role == "lead" else now.state
    records.save(tx, "undo", [replace(now, body=body, state=state)])


_SAID: Mapping[str, frozenset[str]] = {
    "lead": frozenset({"hours_left", "locked", "admin_hours_left"}),
    "second": frozenset({"second_hours_left"}),
}
"""What a case says that a place's being given and taken back changes."""
