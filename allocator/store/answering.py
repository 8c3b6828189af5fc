"""What a reviewer says to a case that was published to them: that they do it, or why they cannot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from allocator.errors import BadInput, Conflict, Fault
from allocator.plan import RoleName
from allocator.store import cases, holdings
from allocator.store.database import Tx
from allocator.store.following import withdraw
from allocator.store.holdings import Holding
from allocator.store.records import Record
from allocator.store.told import Notice, notify
from allocator.store.writing import check_rows, put

REASONS: Final = ("conflict", "capacity", "skill", "family", "other")
ASKED: Final = {"conflict": "interests", "capacity": "absences"}
"""What a reason rests on: it is asked for, and counts from then on for every other case too."""


@dataclass(frozen=True)
class Declined:
    """A case that a reviewer does not do.

    Parameters
    ----------
    case : it, waiting again
    declines : how often it was declined by now; from the second on a coordinator is told
    """

    case: Record
    declines: int


@dataclass(frozen=True)
class Why:
    """Why a reviewer does not do a case.

    Parameters
    ----------
    reason : one of `REASONS`
    record : the interest or the absence, where the reason is asked for one
    """

    reason: str
    record: Mapping[str, Any] | None = None


def accept(tx: Tx, case_id: str, role: RoleName, reviewer_id: str) -> Holding:
    """The holding, accepted; saying so again changes nothing.

    Raises
    ------
    Unknown
        There is no such case.
    Conflict
        `not-yours`: somebody else has the place, or nobody.
    """
    held = _held(tx, case_id, role, reviewer_id)
    if held.accepted_at is None:
        holdings.accept(tx, held)
    return _held(tx, case_id, role, reviewer_id)


def decline(tx: Tx, seat: tuple[str, RoleName], reviewer_id: str, why: Why, day: date) -> Declined:
    """The case, which waits again at once, its clock unchanged; the reviewer is not asked for it again.

    An interest that they tell of takes back at once whatever else they have and may not have by it.

    Raises
    ------
    Unknown
        There is no such case.
    Conflict
        `not-yours`: somebody else has the place, or nobody.
    BadInput
        The reason is none of those there are; the interest or the absence is missing, or has faults.
    """
    case_id, role = seat
    _held(tx, case_id, role, reviewer_id)
    if why.reason not in REASONS:
        hint = f"one of {', '.join(REASONS)}"
        raise BadInput(
            [Fault("unknown-reason", "this is no reason", pointer="/reason", value=why.reason, hint=hint)]
        )
    if why.reason in ASKED:
        _keep(tx, ASKED[why.reason], {"reviewer_id": reviewer_id}, why.record, day)
    told = {"reviewer_id": reviewer_id, "case_id": case_id, "on": day.isoformat(), "reason": why.reason}
    _keep(tx, "declines", {}, told, day)
    case = cases.take_back(tx, case_id, role, "declined")
    withdraw(tx, day, reviewer_ids=[reviewer_id])
    declined = sum(one.ended_why == "declined" for one in holdings.of_case(tx.connection, case_id))
    if declined > 1:
        detail = f"{case_id} was declined {declined} times: choose who is asked next"
        notify(tx, Notice("declined-again", case_id, reviewer_id, case.area, detail))
    return Declined(case, declined)


def _held(tx: Tx, case_id: str, role: RoleName, reviewer_id: str) -> Holding:
    cases.found_case(tx.connection, case_id)
    held = holdings.of_cases(tx.connection, [case_id]).get((case_id, role))
    if held is None or held.reviewer_id != reviewer_id:
        raise Conflict("not-yours", case_id, f"{reviewer_id} is not its {role}")
    return held


def _keep(tx: Tx, kind: str, own: Mapping[str, Any], record: Mapping[str, Any] | None, day: date) -> None:
    """Keep what a reason rests on."""
    one = kind.removesuffix("s")
    if record is None:
        hint = f"say which {one} it is"
        raise BadInput([Fault(f"{one}-needed", f"the {one} is missing", pointer=f"/{one}", hint=hint)])
    checked = check_rows(tx.connection, {kind: [{**record, **own}]}, day)[kind]
    if checked.faults:
        raise BadInput([_within(one, fault) for fault in checked.faults[0]])
    put(tx, kind, checked)


def _within(name: str, fault: Fault) -> Fault:
    return Fault(**(fault.as_dict() | {"pointer": f"/{name}{fault.pointer or ''}"}))  # type: ignore[arg-type]
