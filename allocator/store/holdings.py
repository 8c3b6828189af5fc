"""Who has which case: one current lead and one current second each, which the database itself sees to."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from allocator.errors import Conflict
from allocator.plan import RoleName
from allocator.store.chain import Entry, append
from allocator.store.database import Tx
from allocator.store.events import Kind, News, tell
from allocator.store.records import chunks
from allocator.store.states import ENDED
from allocator.store.tables import holdings

DECLINED = "declined"
RELEASED = frozenset({DECLINED, "conflict", "excluded", "left"})
"""Why a lead lost a case who is not asked again: it is new in everything but admin and evidence."""
MOVED, UNDONE = "moved", "undone"
"""Somebody else has the place at once; nobody should have been given it."""


@dataclass(frozen=True)
class Holding:
    """That somebody has a place of a case, from when to when.

    Parameters
    ----------
    ended_at, ended_why : None while it is current
    publication : what it came of; None for who was told of with the case
    accepted_at : when they said that they do it
    holding_id : its number in the store
    """

    case_id: str
    role: RoleName
    reviewer_id: str
    allocated_on: date
    given_at: datetime
    ended_at: datetime | None = None
    ended_why: str | None = None
    publication: int | None = None
    accepted_at: datetime | None = None
    holding_id: int = field(default=0, compare=False)

    @property
    def content(self) -> dict[str, Any]:
        """What stands beside its audit line."""
        told = {"role": self.role, "reviewer_id": self.reviewer_id}
        return told | {"allocated_on": self.allocated_on.isoformat()}


def of_cases(connection: Connection, case_ids: Iterable[str]) -> dict[tuple[str, RoleName], Holding]:
    """By case and role, who has it now."""
    found: dict[tuple[str, RoleName], Holding] = {}
    for some in chunks(sorted(set(case_ids))):
        found |= _by_place(connection, _CURRENT & holdings.c.case_id.in_(some))
    return found


def of_reviewers(connection: Connection, reviewer_ids: Iterable[str]) -> dict[tuple[str, RoleName], Holding]:
    """By case and role, all that some reviewers have now."""
    found: dict[tuple[str, RoleName], Holding] = {}
    for some in chunks(sorted(set(reviewer_ids))):
        found |= _by_place(connection, _CURRENT & holdings.c.reviewer_id.in_(some))
    return found


def current(connection: Connection, moment: datetime | None = None) -> dict[tuple[str, RoleName], Holding]:
    """By case and role, everyone who has a place now, or had it at a moment."""
    if moment is None:
        return _by_place(connection, _CURRENT)
    not_yet = or_(holdings.c.ended_at.is_(None), holdings.c.ended_at > moment)
    return _by_place(connection, and_(holdings.c.given_at <= moment, not_yet))


def ended(
    connection: Connection,
    whys: Collection[str],
    moment: datetime | None = None,
    of: Collection[str] | None = None,
) -> dict[str, Holding]:
    """By case, who was its last lead, if they lost it for one of some reasons by now or by a moment.

    What was undone is as if it had never been.

    Parameters
    ----------
    of : the cases asked about; None: all
    """
    past = (holdings.c.role == "lead") & (holdings.c.ended_why != UNDONE)
    if moment is not None:
        past &= holdings.c.ended_at <= moment
    found: dict[str, Holding] = {}
    for some in [None] if of is None else chunks(sorted(of)):
        asked = past if some is None else past & holdings.c.case_id.in_(some)
        last = select(func.max(holdings.c.holding_id)).where(asked).group_by(holdings.c.case_id)
        wanted = holdings.c.holding_id.in_(last) & holdings.c.ended_why.in_(whys)
        found |= {case_id: one for (case_id, _), one in _by_place(connection, wanted).items()}
    return found


def led_at(connection: Connection, moment: datetime, case_ids: Collection[str]) -> set[str]:
    """Those of some cases that somebody led at a moment."""
    not_yet = or_(holdings.c.ended_at.is_(None), holdings.c.ended_at > moment)
    then = and_(holdings.c.role == "lead", holdings.c.given_at <= moment, not_yet)
    found: set[str] = set()
    for some in chunks(sorted(case_ids)):
        query = select(holdings.c.case_id).where(then & holdings.c.case_id.in_(some))
        found |= set(connection.execute(query).scalars())
    return found


def changed_since(connection: Connection, moment: datetime) -> set[str]:
    """The reviewers who were given a place, or had one ended, after a moment."""
    after = or_(holdings.c.given_at > moment, holdings.c.ended_at > moment)
    return set(connection.execute(select(holdings.c.reviewer_id).where(after)).scalars())


def numbered(connection: Connection, holding_id: int) -> Holding:
    """The holding of a number that the store gave."""
    row = connection.execute(select(holdings).where(holdings.c.holding_id == holding_id)).one()
    return _holding(row._asdict())


def of_case(connection: Connection, case_id: str) -> list[Holding]:
    """All who ever had a place of a case, the first one first."""
    query = select(holdings).where(holdings.c.case_id == case_id).order_by(holdings.c.holding_id)
    return [_holding(row._asdict()) for row in connection.execute(query)]


def give(tx: Tx, wanted: Sequence[Holding]) -> None:
    """Nothing; each of the places has its new holder.

    Raises
    ------
    Conflict
        `already-held`: somebody has one of them.
    """
    if not wanted:
        return
    rows = [
        {
            "case_id": one.case_id,
            "role": one.role,
            "reviewer_id": one.reviewer_id,
            "allocated_on": one.allocated_on,
            "given_at": one.given_at,
            "publication": one.publication,
            "accepted_at": one.accepted_at,
        }
        for one in wanted
    ]
    try:
        tx.connection.execute(insert(holdings), rows)
    except IntegrityError as error:
        raise Conflict("already-held", wanted[0].case_id, "somebody has this place already") from error
    append(tx, [Entry("give", "cases", one.case_id, None, one.content) for one in wanted])
    tell(tx, [_news(_given(one), one, publication=one.publication) for one in wanted])


def end(tx: Tx, ended: Sequence[Holding], why: str) -> None:
    """Nothing; nobody has any of the places any more."""
    for one in ended:
        is_it = and_(_CURRENT, holdings.c.case_id == one.case_id, holdings.c.role == one.role)
        tx.connection.execute(update(holdings).where(is_it).values(ended_at=tx.at, ended_why=why))
    append(tx, [Entry("take-back", "cases", one.case_id, one.content, {"why": why}) for one in ended])
    if why == DECLINED:
        tell(tx, [_news(Kind.DECLINED, one) for one in ended])
    elif why not in ENDED:  # that the case has ended is told of the case
        tell(tx, [_news(Kind.WITHDRAWN, one, why=why) for one in ended])


def accept(tx: Tx, held: Holding) -> None:
    """Nothing; whoever has the place has said that they do it."""
    is_it = and_(_CURRENT, holdings.c.case_id == held.case_id, holdings.c.role == held.role)
    tx.connection.execute(update(holdings).where(is_it).values(accepted_at=tx.at))
    append(tx, [Entry("accept", "cases", held.case_id, None, held.content)])
    tell(tx, [_news(Kind.ACCEPTED, held)])


_CURRENT = holdings.c.ended_at.is_(None)


def _given(one: Holding) -> Kind:
    """What is told of somebody who has a place: that it was published, or else is on record."""
    return Kind.RECORDED if one.publication is None else Kind.PUBLISHED


def _news(kind: Kind, one: Holding, **more: object) -> News:
    given = {name: value for name, value in more.items() if value is not None}
    return News(kind, one.case_id, {"role": one.role, "reviewer_id": one.reviewer_id, **given})


def _by_place(connection: Connection, condition: ColumnElement[bool]) -> dict[tuple[str, RoleName], Holding]:
    query = select(holdings).where(condition).order_by(holdings.c.holding_id)
    each = (_holding(row._asdict()) for row in connection.execute(query))
    return {(one.case_id, one.role): one for one in each}


def _holding(row: dict[str, Any]) -> Holding:
    return Holding(**row)
