"""Who sends events to webhooks: one at a time, each on a lease, and sees what came of it."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

from allocator.errors import Conflict
from allocator.jobs.patient import write
from allocator.store import sending
from allocator.store.database import Database
from allocator.store.sending import Letter, Outcome, Patience

ACTOR = "sender"
log = logging.getLogger("allocator.jobs")


@dataclass(frozen=True)
class Sender:
    """One who sends events, one at a time.

    Parameters
    ----------
    now : the clock
    send : sends one, and says what came of it; it never raises, and takes less than a lease
    jitter : a number from 0 to 1 each time, so that what failed together is not sent together again
    """

    database: Database
    now: Callable[[], datetime]
    send: Callable[[Letter], Outcome]
    patience: Patience = field(default_factory=Patience)
    jitter: Callable[[], float] = random.random

    def run_one(self, ending: Callable[[], bool] = lambda: False) -> bool:
        """Whether there was something to do; a message in hand is seen through, whoever is `ending`."""
        with self.database.read() as connection:
            if not sending.is_any_due(connection, self.now()):
                return False
        with self.database.write(ACTOR, self.now) as tx:
            sending.set_out(tx)
            letter = sending.claim(tx, self.patience)
        if letter is None:
            return False
        outcome = self.send(letter)
        told = {"delivery": letter.delivery.delivery, "status": outcome.status, "problem": outcome.problem}
        log.info("event-sent", extra=told | {"webhook": letter.webhook.webhook_id})
        with suppress(Conflict):  # somebody else sends it by now
            write(
                self.database,
                self.now,
                ACTOR,
                lambda tx: sending.settle(tx, letter, outcome, self.patience, self.jitter),
            )
        return True
