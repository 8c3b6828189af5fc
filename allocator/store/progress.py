"""How far a review is, as whoever does it says: the hours it still takes, and its evidence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import Connection

from allocator.errors import BadInput, Conflict, Fault
from allocator.plan import RoleName
from allocator.store import cases, holders, holdings, records
from allocator.store.cases import HOURS
from allocator.store.database import Tx
from allocator.store.hearing import check_case
from allocator.store.kinds import CASES
from allocator.store.records import Record
from allocator.store.writing import Sent

RECEIVED, EXPECTED = "evidence_received_on", "evidence_expected_on"
TOLD: Final = (*HOURS.values(), "admin_hours_left", RECEIVED, EXPECTED)
"""The fields of a case that say how far it is."""


@dataclass(frozen=True)
class Progress:
    """What is said of a review; None: nothing.

    Parameters
    ----------
    hours_left : of whoever says it
    admin_hours_left : of administration
    received_on, expected_on : when the evidence was complete, or is expected to be: one of the two
    """

    hours_left: float | None = None
    admin_hours_left: float | None = None
    received_on: date | None = None
    expected_on: date | None = None


def tell(
    tx: Tx, seat: tuple[str, RoleName], said: Progress, day: date, reviewer_id: str | None = None
) -> Record:
    """The case as far as it is said to be; what nothing is said of stays as it was.

    Parameters
    ----------
    reviewer_id : who says it of their own place; None: somebody says it for whoever has it

    Raises
    ------
    Unknown
        There is no such case.
    Conflict
        `not-held`: nobody has the place; `not-yours`: somebody else has it.
    BadInput
        Evidence that came on a day to come, is expected on a day that has passed, or both.
    """
    case_id, role = seat
    case = cases.found_case(tx.connection, case_id)
    held = holdings.of_cases(tx.connection, [case_id]).get(seat)
    if held is None:
        raise Conflict("not-held", case_id, f"nobody is its {role}")
    if reviewer_id not in (None, held.reviewer_id):
        raise Conflict("not-yours", case_id, f"{reviewer_id} is not its {role}")
    faults = list(_faults(said, day))
    if faults:
        raise BadInput(faults)
    row = holders.without(case.body, _outdated(said)) | _fields(said, role)
    return cases.put_cases(tx, check_case(tx.connection, case_id, row, day))[0]


def still_told(connection: Connection, rows: Sequence[Sent]) -> list[Sent]:
    """The rows of an import, with how far each review is where they say nothing of it: a system that tells of
    cases day by day does not know it, and does not take back what was said of it.
    """
    ids = [_id(row) for row in rows]
    known = records.get_many(connection, CASES, ids)
    return [_completed(row, known.get(one)) for row, one in zip(rows, ids, strict=True)]


def _id(row: Sent) -> str:
    return str(row.get("case_id")).strip() if isinstance(row, Mapping) else ""


def _completed(row: Any, case: Record | None) -> Sent:
    if case is None or row.get("source_version") is not None:  # what its source says anew is weighed there
        return row
    said = {name for name in TOLD if row.get(name) not in (None, "")}
    silent = set(TOLD) - said - ({RECEIVED, EXPECTED} if said & {RECEIVED, EXPECTED} else set())
    return {**row, **{name: case.body[name] for name in silent if name in case.body}}


def _faults(said: Progress, day: date) -> Iterator[Fault]:
    received, expected = said.received_on, said.expected_on
    if received is not None and expected is not None:
        hint = f"give `{RECEIVED}` once all of it has come, and until then `{EXPECTED}`"
        yield Fault("evidence-twice", "it has come, or it is expected", pointer=f"/{EXPECTED}", hint=hint)
    if received is not None and received > day:
        hint = f"{day} or earlier; `{EXPECTED}` for a day to come"
        yield Fault("not-yet", "this day is to come", pointer=f"/{RECEIVED}", value=str(received), hint=hint)
    if expected is not None and expected < day:
        hint = f"{day} or later"
        yield Fault("past", "this day has passed", pointer=f"/{EXPECTED}", value=str(expected), hint=hint)


def _outdated(said: Progress) -> set[str]:
    """What was said before and another day of the evidence takes the place of."""
    return set() if said.received_on is None and said.expected_on is None else {RECEIVED, EXPECTED}


def _fields(said: Progress, role: RoleName) -> dict[str, Any]:
    told = {
        HOURS[role]: said.hours_left,
        "admin_hours_left": said.admin_hours_left,
        RECEIVED: said.received_on and said.received_on.isoformat(),
        EXPECTED: said.expected_on and said.expected_on.isoformat(),
    }
    return {name: value for name, value in told.items() if value is not None}
