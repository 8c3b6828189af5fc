"""The sample in the store: made up, put in where there is nothing yet, and told of as long as it is there."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from sqlalchemy import Connection, select

from allocator.errors import Conflict
from allocator.sample import demo_tables
from allocator.store import records
from allocator.store.database import Tx
from allocator.store.importing import Imported, import_tables
from allocator.store.tables import audit_lines

SAMPLE = "sample"
"""Why its records are there, in the audit."""


def load_sample(tx: Tx, day: date) -> Imported:
    """What was put in: the ready-made queue, as it would be on a day.

    Raises
    ------
    Conflict
        `not-empty`: there is something in the store, and made-up cases among real ones would be planned.
    """
    if records.is_any(tx.connection):
        message = "it holds records already, and the sample goes into an empty one"
        raise Conflict("not-empty", "the store", message)
    return import_tables(replace(tx, reason=SAMPLE), demo_tables(day), day)


def is_sample(connection: Connection) -> bool:
    """Whether the store began with the sample: the first case that it was ever told of is made up."""
    query = select(audit_lines.c.reason).where(audit_lines.c.kind == "cases")
    return connection.execute(query.order_by(audit_lines.c.number).limit(1)).scalar() == SAMPLE
