"""What is in the way of publishing lines: missing declarations and consents, rules that would break."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from sqlalchemy import Connection

from allocator.audit import broken_rules
from allocator.desk import Desk
from allocator.errors import Conflict, Fault
from allocator.held import Role
from allocator.snapshot import Snapshot
from allocator.store import records
from allocator.store.basis import Seat
from allocator.store.declaring import declared
from allocator.store.lines import Line
from allocator.store.queue import around, sharing
from allocator.store.sharing import without_consent
from allocator.takeover import releasing


def unobstructed(
    connection: Connection,
    about: str,
    lines: Sequence[Line],
    day: date,
    released: Mapping[str, str] = MappingProxyType({}),
) -> Snapshot:
    """What is near some lines, if nothing is in the way of letting them count.

    Parameters
    ----------
    about : what the lines are of, for the refusal
    released : by case, who hands it over by them

    Raises
    ------
    Conflict
        `declaration-missing`; `consent-missing`; `rule-broken`: with what is known now a rule would be. Each
        with a detail for every line that is in the way.
    """
    refuse("declaration-missing", about, undeclared(connection, lines))
    refuse("consent-missing", about, unconsented(connection, lines))
    case_ids = sharing(connection, [one.case_id for one in lines])
    near = around(connection, day, case_ids, [one.reviewer_id for one in lines]).snapshot
    snapshot = releasing(near, released)
    refuse("rule-broken", about, broken(snapshot, lines))
    return snapshot


def refuse(code: str, about: str, faults: Sequence[Fault]) -> None:
    """Nothing, if there are no faults.

    Raises
    ------
    Conflict
        There are, each a detail of it.
    """
    if faults:
        more = f", and {len(faults) - 1} more" if len(faults) > 1 else ""
        raise Conflict(code, about, f"{faults[0].message}{more}", faults)


Pair = tuple[str, str]
"""A case, and a reviewer who is to have a place of it."""


@dataclass(frozen=True)
class Lack:
    """What a line lacks to be published.

    Parameters
    ----------
    sentences : one for each thing
    lender : the area whose consent it lacks
    """

    sentences: tuple[str, ...]
    lender: str | None


def missing(connection: Connection, lines: Sequence[Line]) -> dict[Seat, Lack]:
    """What each of the lines lacks that lacks a declaration or a consent, by place."""
    undeclared, unlent = _undeclared(connection, lines), _unconsented(connection, lines)
    found: dict[Seat, Lack] = {}
    for one in lines:
        pair = one.case_id, one.reviewer_id
        lender, fault = unlent.get(pair, (None, None))
        faults = [fault for fault in (undeclared.get(pair), fault) if fault is not None]
        if faults:
            found[one.seat] = Lack(tuple(f"{one.message}: {one.hint}" for one in faults), lender)
    return found


def undeclared(connection: Connection, lines: Sequence[Line]) -> list[Fault]:
    """A fault for each line of a case without organisations whose reviewer has not declared independence."""
    return list(_undeclared(connection, lines).values())


def unconsented(connection: Connection, lines: Sequence[Line]) -> list[Fault]:
    """A fault for each line that uses another area's reviewer, who was not lent."""
    return [fault for _, fault in _unconsented(connection, lines).values()]


def _undeclared(connection: Connection, lines: Sequence[Line]) -> dict[Pair, Fault]:
    found = records.get_many(connection, "cases", (one.case_id for one in lines))
    unknown = [one for one in lines if not found[one.case_id].body.get("organisations")]
    told = declared(connection, [one.case_id for one in unknown])
    return {
        (one.case_id, one.reviewer_id): Fault(
            "declaration-missing",
            f"no organisation of {one.case_id} is known, and {one.reviewer_id} has not declared independence",
            value=one.case_id,
            hint="give the organisations, or have the reviewer declare",
        )
        for one in unknown
        if (one.case_id, one.reviewer_id) not in told
    }


def _unconsented(connection: Connection, lines: Sequence[Line]) -> dict[Pair, tuple[str, Fault]]:
    """By pair the area that has not lent the reviewer, and the fault."""
    pairs = [(one.case_id, one.reviewer_id) for one in lines]
    return {
        (case_id, reviewer_id): (
            lender,
            Fault(
                "consent-missing",
                f"{case_id} is in {borrower}, and {lender} has not lent {reviewer_id}",
                value=case_id,
                hint=f"ask {lender} for consent, always or for this case",
            ),
        )
        for case_id, reviewer_id, lender, borrower in without_consent(connection, pairs)
    }


def broken(snapshot: Snapshot, lines: Sequence[Line]) -> list[Fault]:
    """A fault for each rule that would be broken, by the audit that shares no code with what makes plans."""
    given = _kept(snapshot) | {one.seat: one.reviewer_id for one in lines}
    moves = sum(one.role == "lead" and one.previous_reviewer_id is not None for one in lines)
    return [
        Fault("rule-broken", f"{one.where}: {one.message} (`{one.code}`)", value=one.code)
        for one in broken_rules(snapshot, given, moves)
    ]


def _kept(snapshot: Snapshot) -> dict[Seat, str]:
    """By place who has it now and may keep it."""
    desk = Desk(snapshot)
    now, kept = desk.now(), dict[Seat, str]()
    for row, case in enumerate(desk.facts.cases):
        for role in Role:
            who = now.holder(row, role)
            if who is not None:
                kept[case.case_id, role.label] = who
    return kept
