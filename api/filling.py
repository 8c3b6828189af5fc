"""A scenario with what the stored queue knows put in."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from allocator.errors import BadInput, Conflict
from allocator.store import Connection, queue
from allocator.store.inflow import inflow
from scenarios.fill import Filling, fill
from scenarios.scenario import Scenario


def filled(connection: Connection, scenario: Scenario, day: date, areas: Collection[str]) -> Filling:
    """The scenario with what the store knows of some areas; none: of all.

    Raises
    ------
    Conflict
        Records do not fit together; they may not be the caller's: none is named.
    BadInput
        The values that are known make no scenario that can be run.
    """
    try:
        reading, notified = queue(connection, day, areas=areas), inflow(connection, day, areas)
    except BadInput as error:
        message = "Records of the queue do not fit together; planning it tells which"
        raise Conflict("inconsistent", "queue", message) from error
    return fill(scenario, reading.snapshot, areas, notified)
