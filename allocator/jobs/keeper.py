"""Who sees to what is to be done from time to time: deadlines at risk are told, old events are deleted.

A duty is one line of `DUTIES`: its name, how often, and what it does. Of all processes over one database one
does it each time.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from allocator.jobs.orders import see_to_orders
from allocator.store import chain, checks, duties, events, risks
from allocator.store.database import Database

ACTOR = "keeper"
Clock = Callable[[], datetime]
log = logging.getLogger("allocator.jobs")


@dataclass(frozen=True)
class Duty:
    """Something that is done from time to time.

    Parameters
    ----------
    name : by which it is known that it was done
    do : what it does, as often as it is called; a process that dies half-way leaves the rest to the next time
    """

    name: str
    every: timedelta
    do: Callable[[Database, Clock], object]


def tell_risks(database: Database, now: Clock) -> int:
    """How many deadlines at risk were told: they are looked for outside the write, which so is short."""
    day, told = now().date(), 0
    with database.read() as connection:
        cases = sorted({one.case_id for one in risks.new_risks(connection, day)})
        overdue = risks.overdue(connection, day)
    with database.write(ACTOR, now) as tx:
        checks.note(tx, checks.OVERDUE, not overdue, str(overdue))
    for first in range(0, len(cases), AT_ONCE):
        with database.write(ACTOR, now) as tx:
            told += len(risks.tell(tx, day, cases[first : first + AT_ONCE]))
    return told


def forget_events(database: Database, now: Clock) -> int:
    """How many events were deleted, as their time was over."""
    with database.write(ACTOR, now) as tx:
        return events.forget_before(tx, tx.at - events.KEPT)


def check_audit(database: Database, now: Clock) -> int:
    """How many lines of the audit are not as they were written; that is noted, and told by the figures."""
    with database.read() as connection:
        broken, head = list(chain.verify(connection)), chain.head(connection)
    detail = f"line {broken[0].number}: {broken[0].why}" if broken else str(head)
    with database.write(ACTOR, now) as tx:
        checks.note(tx, checks.AUDIT, not broken, detail)
    return len(broken)


AT_ONCE: Final = 500
DUTIES: Final = (
    Duty("deadlines", timedelta(minutes=10), tell_risks),
    Duty("old-events", timedelta(days=1), forget_events),
    Duty("standing-orders", timedelta(seconds=5), see_to_orders),
    Duty("audit", timedelta(days=1), check_audit),
)


@dataclass(frozen=True)
class Keeper:
    """One who does what is due.

    Parameters
    ----------
    now : the clock, in the time zone of the service's days
    """

    database: Database
    now: Clock
    duties: Sequence[Duty] = DUTIES

    def run_one(self, ending: Callable[[], bool] = lambda: False) -> bool:
        """Whether a duty was due, which then is done."""
        for duty in self.duties:
            if not ending() and self._is_mine(duty):
                done = duty.do(self.database, self.now)
                log.info("duty-done", extra={"duty": duty.name, "count": done})
                return True
        return False

    def _is_mine(self, duty: Duty) -> bool:
        with self.database.read() as connection:
            if not duties.is_due(connection, duty.name, duty.every, self.now()):
                return False
        with self.database.write(ACTOR, self.now) as tx:
            return duties.take(tx, duty.name, duty.every, self.now())
