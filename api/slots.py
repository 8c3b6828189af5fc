"""How many searches run at once: one more is refused, and told when to come again."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from api.errors import busy


class Slots:
    """So many searches at once, whatever is searched for."""

    def __init__(self, count: int) -> None:
        self._free = threading.BoundedSemaphore(count)

    @contextmanager
    def one(self) -> Iterator[None]:
        """Take one for a while.

        Raises
        ------
        Refusal
            503 when every slot is taken.
        """
        if not self._free.acquire(blocking=False):
            raise busy("busy", "As many plans are being made as this server makes at once. Send it again.")
        try:
            yield
        finally:
            self._free.release()
