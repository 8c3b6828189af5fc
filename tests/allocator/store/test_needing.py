"""What of a stored case needs somebody, as plans tell it."""

from __future__ import annotations

from typing import Any

from allocator.needs import Need, Open
from allocator.store import Database, queue
from allocator.store.needing import needing
from allocator.store.plans import Made, propose
from tests.allocator.store.build import DAY, at, case, fill

EMPTY = {"case_id": "C2", "role": "lead", "reason_code": "no_capacity"}
HELD = {"reviewer_id": "R1", "allocated_on": "2026-10-01"}


def kept(database: Database, *empty: dict[str, str], **more: Any) -> None:
    """Nothing; a plan that leaves these places empty is kept."""
    document = {"plan_id": "P", "as_of": DAY.isoformat(), "assignments": [], "unassigned": list(empty)}
    with at(database) as tx:
        propose(tx, Made(document, {}, tx.at, ("QAA",), **more))


def not_placeable(database: Database) -> set[str]:
    """The cases that the newest plan could not place."""
    with database.read() as connection:
        found = needing(connection, Open(queue(connection, DAY).snapshot), ["QAA"])
    return set(found[Need.NOT_PLACEABLE])


def test_a_handover_is_not_the_newest_plan_of_what_waits(database: Database) -> None:
    """It leaves empty what it is not about, and fills nothing of it."""
    fill(database, case("C1", **HELD), case("C2"))
    kept(database)
    kept(database, EMPTY, released={"C1": "R1"})
    assert not_placeable(database) == set()
    kept(database, EMPTY)
    kept(database, released={"C1": "R1"})
    assert not_placeable(database) == {"C2"}
