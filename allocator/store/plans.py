"""Plans that are kept: the documents, and the moment whose queue each is of."""

from __future__ import annotations

import json
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, or_, select

from allocator.errors import Conflict, Unknown
from allocator.intake import Reading
from allocator.store import records
from allocator.store.basis import Seat
from allocator.store.chain import Entry, append
from allocator.store.database import Tx
from allocator.store.lines import PLANS, LineState, propose_lines
from allocator.store.queue import queue
from allocator.store.tables import plan_lines, plans
from allocator.store.tables import records as records_table
from allocator.takeover import handed_over, releasing


@dataclass(frozen=True)
class Stored:
    """A plan that is kept.

    Parameters
    ----------
    plan : its number in the store
    plan_id : its own id: the same input, seed and limits have the same
    areas : the areas that it is for; empty: all
    known_at : the moment whose queue it is of
    parent : the plan that it was made from by hand
    released : by case, who hands it over by this plan
    """

    plan: int
    plan_id: str
    areas: tuple[str, ...]
    made_at: datetime
    known_at: datetime
    as_of: date
    parent: int | None
    released: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_handover(self) -> bool:
        """Whether it is of who takes over from somebody, and not of what waits."""
        return bool(self.released)


@dataclass(frozen=True)
class Made:
    """A plan as it was made.

    Parameters
    ----------
    document, certificate : the content of plan.json and of certificate.json
    known_at : the moment whose queue it is of
    released : by case, who hands it over by this plan
    """

    document: Mapping[str, Any]
    certificate: Mapping[str, Any]
    known_at: datetime
    areas: tuple[str, ...] = ()
    parent: int | None = None
    released: Mapping[str, str] = field(default_factory=dict)


def propose(tx: Tx, made: Made) -> Stored:
    """The plan, kept: each of its new and moved lines is proposed, and rests on what is known now.

    What changed between the moment that it was planned at and now makes its lines stale at once.
    """
    document = made.document
    row = {
        "plan_id": document["plan_id"],
        "areas": list(made.areas),
        "made_at": tx.at,
        "known_at": made.known_at,
        "as_of": date.fromisoformat(document["as_of"]),
        "parent": made.parent,
        "document": _packed(document),
        "certificate": _packed(made.certificate),
        "released": dict(made.released) or None,
    }
    number = int(tx.connection.execute(insert(plans).returning(plans.c.plan), row).scalar_one())
    propose_lines(tx, number, _told(made, _of_areas(tx.connection, made)), made.known_at)
    append(tx, [Entry("propose", PLANS, str(number), None, {"plan_id": row["plan_id"]})])
    return found_plan(tx.connection, number)


def propose_handover(tx: Tx, made: Made, reviewer_id: str) -> Stored:
    """The plan of who takes over from a reviewer, kept.

    Raises
    ------
    Conflict
        `nothing-to-hand-over`: of what they have in its areas nobody could take over anything.
    """
    if all(one["change"] == "kept" for one in _of_areas(tx.connection, made)):
        message = "there is nothing that anybody could take over"
        raise Conflict("nothing-to-hand-over", reviewer_id, message)
    return propose(tx, made)


def found_plan(connection: Connection, number: int) -> Stored:
    """A plan.

    Raises
    ------
    Unknown
        There is none of that number.
    """
    found = find_plan(connection, number)
    if found is None:
        raise Unknown("not-found", str(number), f"there is no plan {number}")
    return found


def find_plan(connection: Connection, number: int) -> Stored | None:
    """A plan; None if there is none of that number."""
    row = connection.execute(select(*_HEAD).where(plans.c.plan == number)).first()
    return None if row is None else _stored(row)


def every_plan(connection: Connection) -> list[Stored]:
    """All plans, the newest first."""
    return [_stored(row) for row in connection.execute(select(*_HEAD).order_by(plans.c.plan.desc()))]


def reading_of(connection: Connection, plan: Stored) -> Reading:
    """What a plan was made of, as it was known then."""
    found = queue(connection, plan.as_of, plan.known_at, plan.areas)
    return replace(found, snapshot=releasing(found.snapshot, plan.released))


def states_of(
    connection: Connection, numbers: Collection[int], areas: Collection[str]
) -> dict[int, dict[LineState, int]]:
    """By plan how many lines are in each state; of the cases of some areas, or of all where none is named."""
    query = select(plan_lines.c.plan, plan_lines.c.state, func.count()).where(plan_lines.c.plan.in_(numbers))
    if areas:
        is_its_case = (records_table.c.kind == "cases") & (records_table.c.record_id == plan_lines.c.case_id)
        query = query.join(records_table, is_its_case).where(
            or_(records_table.c.area.in_(sorted(areas)), records_table.c.area.is_(None))
        )
    found: dict[int, dict[LineState, int]] = {number: {} for number in numbers}
    for number, state, count in connection.execute(query.group_by(plan_lines.c.plan, plan_lines.c.state)):
        found[number][LineState(state)] = int(count)
    return found


def documents(connection: Connection, number: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """A plan's plan.json and certificate.json.

    Raises
    ------
    Unknown
        There is none of that number, or what it said was deleted after its time.
    """
    row = connection.execute(
        select(plans.c.document, plans.c.certificate).where(plans.c.plan == number)
    ).first()
    if row is None:
        raise Unknown("not-found", str(number), f"there is no plan {number}")
    if not row.document:
        raise Unknown("not-found", str(number), f"what plan {number} said was deleted after its time")
    return _unpacked(row.document), _unpacked(row.certificate)


def left_empty(connection: Connection, number: int) -> set[Seat]:
    """The places that a plan could not fill, those on hold apart; none once it was deleted after its time."""
    document = connection.execute(select(plans.c.document).where(plans.c.plan == number)).scalar()
    rows = _unpacked(document).get("unassigned", ()) if document else ()
    return {(row["case_id"], row["role"]) for row in rows if row["reason_code"] != "on_hold"}


def _told(made: Made, lines: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """Yield lines with why, in words that are true of whoever hands a case over."""
    for one in lines:
        who = made.released.get(one["case_id"])
        yield {**one, "reason": handed_over(one["reason"], who)} if who and one.get("reason") else one


def _of_areas(connection: Connection, made: Made) -> list[Mapping[str, Any]]:
    """The plan's lines that are about its areas: what is held elsewhere may lack a second there."""
    lines: list[Mapping[str, Any]] = list(made.document["assignments"])
    if not made.areas:
        return lines
    found = records.get_many(connection, "cases", {str(one["case_id"]) for one in lines})
    mine = {case_id for case_id, one in found.items() if one.area in made.areas}
    return [one for one in lines if one["case_id"] in mine]


_HEAD = [plans.c[one.name] for one in fields(Stored)]


def _stored(row: Row[Any]) -> Stored:
    return Stored(**(row._asdict() | {"areas": tuple(row.areas), "released": row.released or {}}))


def _packed(document: Mapping[str, Any]) -> bytes:
    return zlib.compress(json.dumps(document, ensure_ascii=False, allow_nan=False).encode(), 6)


def _unpacked(packed: bytes) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(zlib.decompress(packed))
    return found
