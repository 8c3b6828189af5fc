"""Notices: what somebody has to know, written with the change that it comes of."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select

from allocator.store.database import Tx
from allocator.store.tables import notices


@dataclass(frozen=True)
class Notice:
    """What is to be known.

    Parameters
    ----------
    code : stable, kebab-case
    case_id : None where it is about no case
    area : whose coordinators are told
    """

    code: str
    case_id: str | None
    reviewer_id: str | None
    area: str | None
    detail: str


def notify(tx: Tx, notice: Notice) -> None:
    """Nothing; the notice is there from now on."""
    tx.connection.execute(insert(notices), {"at": tx.at, **vars(notice)})


def notices_after(
    connection: Connection, areas: Collection[str], number: int, limit: int
) -> list[dict[str, Any]]:
    """So many notices at most that come after a number, of some areas; no areas: of all."""
    query = select(notices).where(notices.c.notice_id > number).order_by(notices.c.notice_id).limit(limit)
    if areas:
        query = query.where(notices.c.area.in_(sorted(areas)))
    rows = (row._asdict() for row in connection.execute(query))
    return [{"number": row.pop("notice_id"), **row} for row in rows]
