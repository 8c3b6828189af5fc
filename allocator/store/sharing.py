"""Reviewers who work for another area: whose consent there is, and how many hours are lent and borrowed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, or_, select, update

from allocator.errors import Conflict, Unknown
from allocator.plan import RoleName
from allocator.store import cases, holdings, records
from allocator.store.chain import Entry, append
from allocator.store.database import Tx
from allocator.store.tables import consents


@dataclass(frozen=True)
class Consent:
    """That an area lends its reviewers to another: always, or for one case.

    Parameters
    ----------
    case_id : None: whatever the case
    ended_at : None while it stands
    """

    consent: int
    lender: str
    borrower: str
    case_id: str | None
    given_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True)
class Lent:
    """One place of a case in one area that a reviewer of another has.

    Parameters
    ----------
    hours : that are left of it, as far as they are told
    """

    lender: str
    borrower: str
    case_id: str
    role: RoleName
    reviewer_id: str
    hours: float | None


def consent(tx: Tx, lender: str, borrower: str, case_id: str | None = None) -> Consent:
    """The lender's consent, given; where it stands already, that one.

    Raises
    ------
    Unknown
        There is no such area. Of the case nothing is said: it is the borrower's.
    Conflict
        `not-lendable`: both are one area.
    """
    if lender == borrower:
        raise Conflict("not-lendable", lender, "an area needs no consent of its own")
    missing = {lender, borrower} - {one.record_id for one in records.every(tx.connection, "areas")}
    if missing:
        area = min(missing)
        raise Unknown("not-found", area, f"there is no {area} among the areas")
    standing = [one for one in every_consent(tx.connection, lender) if one.borrower == borrower]
    for one in standing:
        if one.case_id in (None, case_id):
            return one
    row = {"lender": lender, "borrower": borrower, "case_id": case_id, "given_at": tx.at}
    number = tx.connection.execute(insert(consents).returning(consents.c.consent), row).scalar_one()
    append(
        tx,
        [Entry("consent", "consents", str(number), None, {k: v for k, v in row.items() if k != "given_at"})],
    )
    return Consent(number, lender, borrower, case_id, tx.at, None)


def end_consent(tx: Tx, number: int) -> None:
    """Nothing; the consent stands no more. What was lent under it stays.

    Raises
    ------
    Unknown
        There is no such consent that stands.
    """
    is_it = (consents.c.consent == number) & consents.c.ended_at.is_(None)
    done = tx.connection.execute(update(consents).where(is_it).values(ended_at=tx.at))
    if not done.rowcount:
        raise Unknown("not-found", str(number), f"there is no consent {number} that stands")
    append(tx, [Entry("end-consent", "consents", str(number))])


def every_consent(connection: Connection, area: str | None = None) -> list[Consent]:
    """The consents that stand, of all areas or those that one gives or has."""
    query = select(consents).where(consents.c.ended_at.is_(None)).order_by(consents.c.consent)
    if area is not None:
        query = query.where(or_(consents.c.lender == area, consents.c.borrower == area))
    return [Consent(**row._asdict()) for row in connection.execute(query)]


def is_lent(connection: Connection, lender: str, borrower: str, case_id: str) -> bool:
    """Whether an area lends its reviewers to another, always or for a case."""
    query = select(consents.c.consent).where(
        consents.c.lender == lender,
        consents.c.borrower == borrower,
        consents.c.ended_at.is_(None),
        or_(consents.c.case_id.is_(None), consents.c.case_id == case_id),
    )
    return connection.execute(query.limit(1)).first() is not None


def without_consent(
    connection: Connection, lines: Iterable[tuple[str, str]]
) -> list[tuple[str, str, str, str]]:
    """Case, reviewer, lender and borrower of each pair of a case and a reviewer of another area that has no
    consent.
    """
    pairs = list(lines)
    about = records.get_many(connection, "cases", (case_id for case_id, _ in pairs))
    people = records.get_many(connection, "reviewers", (reviewer_id for _, reviewer_id in pairs))
    standing = {(one.lender, one.borrower, one.case_id) for one in every_consent(connection)}
    missing = []
    for case_id, reviewer_id in pairs:
        if case_id in about and reviewer_id in people:
            lender, borrower = str(people[reviewer_id].area), str(about[case_id].area)
            given = {(lender, borrower, None), (lender, borrower, case_id)} & standing
            if lender != borrower and not given:
                missing.append((case_id, reviewer_id, lender, borrower))
    return missing


def lent(connection: Connection, area: str | None = None) -> list[Lent]:
    """Each place that a reviewer of another area has, of all areas or of one, lent by it and borrowed."""
    held = holdings.current(connection)
    about = records.get_many(connection, "cases", (case_id for case_id, _ in held))
    people = records.get_many(connection, "reviewers", (one.reviewer_id for one in held.values()))
    found = []
    for (case_id, role), one in sorted(held.items()):
        case, reviewer = about.get(case_id), people.get(one.reviewer_id)
        if case is None or reviewer is None or case.area == reviewer.area:
            continue
        hours = case.body.get(cases.HOURS[role])
        found.append(Lent(str(reviewer.area), str(case.area), case_id, role, one.reviewer_id, hours))
    return [one for one in found if area in (None, one.lender, one.borrower)]
