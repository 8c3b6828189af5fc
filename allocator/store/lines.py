"""The lines of kept plans: proposed, approved, and what each rests on."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, bindparam, func, insert, select, update

from allocator.errors import Conflict, Fault, Unknown
from allocator.plan import RoleName
from allocator.store.basis import Basis, Seat, bases, changed, changed_since, outdated
from allocator.store.chain import Entry, append
from allocator.store.database import Tx
from allocator.store.events import Kind, News, tell
from allocator.store.records import chunks
from allocator.store.tables import plan_lines, plans

PLANS: Final = "plans"
"""The kind of a plan in the audit."""


class LineState(StrEnum):
    """What has become of a line."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    PUBLISHED = "published"
    UNDONE = "undone"


REASONS: Final = (
    "family_request",
    "local_knowledge",
    "reviewer_request",
    "continuity",
    "language",
    "training",
    "other",
)
"""Why somebody else is chosen than the plan advises."""
ADVICE: Final = ("hours", "finish_on", "on_time", "reason")
"""What a line keeps of what its plan says of who is advised, so that it is told without the whole plan."""


@dataclass(frozen=True)
class Line:
    """One new or moved line of a plan.

    Parameters
    ----------
    advised : the reviewer that the plan gives the place to
    reviewer_id : who is to have it: another one, if a coordinator departs from the advice
    reason : why another one; None where none is
    advice : what the plan says of who is advised; None once that was deleted after its time
    basis : what it rests on
    before : what undoing its publication restores
    publication : with which it was published last
    """

    case_id: str
    role: RoleName
    advised: str
    reviewer_id: str
    previous_reviewer_id: str | None
    state: LineState
    reason: str | None
    advice: Mapping[str, Any] | None
    basis: Basis
    before: Mapping[str, Any] | None
    publication: int | None

    @property
    def seat(self) -> Seat:
        """The place that it is about."""
        return self.case_id, self.role


@dataclass(frozen=True)
class Choice:
    """What a coordinator says of one line: that it is right, or who is to have the place instead, and why."""

    case_id: str
    role: RoleName
    reviewer_id: str | None = None
    reason: str | None = None


def propose_lines(tx: Tx, number: int, assignments: Iterable[Mapping[str, Any]], known_at: datetime) -> None:
    """Nothing; each new and moved line of a plan is proposed, and rests on what was known then."""
    chosen = [a for a in assignments if a["change"] != "kept"]
    seats: dict[Seat, str] = {(a["case_id"], a["role"]): a["reviewer_id"] for a in chosen}
    rests, since = bases(tx.connection, seats), changed_since(tx.connection, known_at, seats)
    rows = [
        {
            "plan": number,
            "case_id": a["case_id"],
            "role": a["role"],
            "advised": a["reviewer_id"],
            "reviewer_id": a["reviewer_id"],
            "previous_reviewer_id": a["previous_reviewer_id"],
            "state": LineState.PROPOSED,
            "advice": {name: a.get(name) for name in ADVICE},
            "basis": outdated(rests[a["case_id"], a["role"]], since[a["case_id"], a["role"]]),
        }
        for a in chosen
    ]
    if rows:
        tx.connection.execute(insert(plan_lines), rows)
    proposed = [({"plan": number, "role": a["role"], "reviewer_id": a["reviewer_id"]}, a) for a in chosen]
    tell(tx, [News(Kind.PROPOSED, a["case_id"], data) for data, a in proposed])


def lines_of(connection: Connection, number: int, seats: Iterable[Seat] | None = None) -> list[Line]:
    """The lines of a plan, or some of them, by case and lead first.

    Raises
    ------
    Unknown
        There is no such plan, or one of those asked for is no new or moved line of it.
    """
    if connection.execute(select(plans.c.plan).where(plans.c.plan == number)).first() is None:
        raise Unknown("not-found", str(number), f"there is no plan {number}")
    if seats is None:
        return _found(connection, plan_lines.c.plan == number)
    wanted = set(seats)
    found = lines_among(connection, number, wanted)
    missing = sorted(wanted - {one.seat for one in found})
    if missing:
        case_id, role = missing[0]
        raise Unknown("not-found", case_id, f"plan {number} has no new or moved {role} of it")
    return found


def lines_among(connection: Connection, number: int, seats: Collection[Seat]) -> list[Line]:
    """Those of some places of which a plan has a line, by case and lead first."""
    about = lines_about(connection, number, {case_id for case_id, _ in seats})
    return [one for one in about if one.seat in seats]


def lines_about(
    connection: Connection, number: int, case_ids: Iterable[str] = (), reviewer_ids: Iterable[str] = ()
) -> list[Line]:
    """The lines of a plan that are about some cases or reviewers, by case and lead first."""
    found: dict[Seat, Line] = {}
    for column, ids in ((plan_lines.c.case_id, case_ids), (plan_lines.c.reviewer_id, reviewer_ids)):
        for some in chunks(sorted(set(ids))):
            is_it = (plan_lines.c.plan == number) & column.in_(some)
            found |= {one.seat: one for one in _found(connection, is_it)}
    return [found[seat] for seat in sorted(found)]


def lines_published(connection: Connection, publication: int) -> list[Line]:
    """The lines that were published last with a publication, by case and lead first."""
    return _found(connection, plan_lines.c.publication == publication)


def is_proposed(connection: Connection, case_id: str, reviewer_id: str) -> bool:
    """Whether the newest plan that says who is to have a case would give it to a reviewer, and has not."""
    return any(one.case_id == case_id for one in proposed_to(connection, reviewer_id))


def proposed_to(connection: Connection, reviewer_id: str) -> list[Line]:
    """The lines by which the newest plan that says who is to have a case would give it to a reviewer."""
    later = plan_lines.alias()
    newest = select(func.max(later.c.plan)).where(later.c.case_id == plan_lines.c.case_id).scalar_subquery()
    is_open = plan_lines.c.state.in_([str(LineState.PROPOSED), str(LineState.APPROVED)])
    theirs = plan_lines.c.reviewer_id == reviewer_id
    return _found(connection, theirs & is_open & (plan_lines.c.plan == newest))


def why_stale(connection: Connection, lines: Sequence[Line]) -> dict[Seat, list[str]]:
    """By place of the lines that are stale, a sentence for each thing that is not as it was."""
    now = bases(connection, {one.seat: one.reviewer_id for one in lines})
    found = {one.seat: list(changed(one.basis, now[one.seat], one.seat, one.reviewer_id)) for one in lines}
    return {seat: sentences for seat, sentences in found.items() if sentences}


def stale(connection: Connection, lines: Sequence[Line]) -> list[Fault]:
    """A fault for each line, and each thing that it rests on and that is not as it was."""
    return [
        Fault("stale", f"the {role} of {case_id}: {why}", value=case_id, hint="plan again")
        for (case_id, role), sentences in why_stale(connection, lines).items()
        for why in sentences
    ]


def approve(tx: Tx, number: int, choices: Sequence[Choice] | None = None) -> list[Line]:
    """The lines approved: all that are proposed, or those chosen, each for who is to have it.

    Raises
    ------
    Unknown
        There is no such plan or line.
    Conflict
        `not-proposed`: one is published; `reason-needed`: somebody else is to have a place than is
        advised, and no reason of those there are is given.
    """
    by_seat: dict[Seat, Choice] = {(one.case_id, one.role): one for one in choices or ()}
    lines = lines_of(tx.connection, number, None if choices is None else by_seat)
    if choices is None:
        lines = [one for one in lines if one.state is LineState.PROPOSED]
    approved = [_chosen(one, by_seat.get(one.seat)) for one in lines]
    moved = [one for one, old in zip(approved, lines, strict=True) if one.reviewer_id != old.reviewer_id]
    rests = bases(tx.connection, {one.seat: one.reviewer_id for one in moved})
    approved = [replace(one, basis=rests.get(one.seat, one.basis)) for one in approved]
    save_lines(tx, number, approved)
    append(tx, [Entry("approve", "cases", one.case_id, None, _told(number, one)) for one in approved])
    return approved


def departures(connection: Connection) -> list[tuple[int, Line]]:
    """Every published line whose reviewer is another than was advised, with its plan, the newest first."""
    query = select(plan_lines).where(
        plan_lines.c.reviewer_id != plan_lines.c.advised, plan_lines.c.state == LineState.PUBLISHED
    )
    ordered = query.order_by(plan_lines.c.plan.desc(), plan_lines.c.case_id, plan_lines.c.role)
    return [(row.plan, _line(row._asdict())) for row in connection.execute(ordered)]


def save_lines(tx: Tx, number: int, lines: Iterable[Line]) -> None:
    """Nothing; the lines are as they are given here."""
    is_it = (
        (plan_lines.c.plan == number)
        & (plan_lines.c.case_id == bindparam("of_case"))
        & (plan_lines.c.role == bindparam("of_role"))
    )
    values = [
        {
            "of_case": one.case_id,
            "of_role": one.role,
            "reviewer_id": one.reviewer_id,
            "state": one.state,
            "reason": one.reason,
            "basis": one.basis,
            "before": one.before,
            "publication": one.publication,
        }
        for one in lines
    ]
    if values:
        tx.connection.execute(update(plan_lines).where(is_it), values)


def _chosen(line: Line, choice: Choice | None) -> Line:
    if line.state is LineState.PUBLISHED:
        raise Conflict("not-proposed", line.case_id, f"its {line.role} is published: undo that first")
    who = choice.reviewer_id if choice and choice.reviewer_id else line.advised
    reason = choice.reason if choice else None
    if who != line.advised and reason not in REASONS:
        message = f"{line.advised} is advised as its {line.role}; give a reason: {', '.join(REASONS)}"
        raise Conflict("reason-needed", line.case_id, message)
    return replace(
        line, reviewer_id=who, reason=reason if who != line.advised else None, state=LineState.APPROVED
    )


def _told(number: int, line: Line) -> dict[str, Any]:
    """What stands of a line beside its audit line."""
    told = {"plan": number, "role": line.role, "reviewer_id": line.reviewer_id}
    more = {"advised": line.advised, "reason": line.reason} if line.reviewer_id != line.advised else {}
    return told | more


def _found(connection: Connection, wanted: ColumnElement[bool]) -> list[Line]:
    query = select(plan_lines).where(wanted).order_by(plan_lines.c.case_id, plan_lines.c.role)
    return [_line(row._asdict()) for row in connection.execute(query)]


def _line(row: dict[str, Any]) -> Line:
    content = {key: value for key, value in row.items() if key != "plan"}
    return Line(**(content | {"state": LineState(row["state"])}))
