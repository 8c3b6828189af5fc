"""How long a client waits (`Prefer: wait`, RFC 7240), and when a search should stop for it."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field

_WAIT = re.compile(r'(?:^|,)\s*wait\s*=\s*"?(\d{1,9})"?\s*(?=[;,]|$)', re.IGNORECASE)
SHORTEST_SECONDS = 0.01  # a search is given at least this long, so that there is a plan to give


def preferred_wait(header: str) -> int | None:
    """The whole seconds of the first `wait` preference; None without one (RFC 7240)."""
    found = _WAIT.search(header)
    return int(found.group(1)) if found else None


@dataclass
class Patience:
    """Until when somebody waits for a plan.

    Parameters
    ----------
    ends_at : float, seconds of `clock`
    is_gone : whether the client has hung up
    clock : seconds that never go back
    """

    ends_at: float
    is_gone: Callable[[], bool]
    clock: Callable[[], float] = time.monotonic
    _has_plan: bool = field(default=False, init=False)

    def seconds_left(self) -> float:
        """The seconds a search may still take, above 0."""
        return max(SHORTEST_SECONDS, self.ends_at - self.clock())

    def plan_found(self) -> None:
        """Nothing; from now on the end of the wait may stop the search, as there is something to give."""
        self._has_plan = True

    def is_over(self) -> bool:
        """True when the client is gone, or when the wait is over and there is a plan."""
        return self.is_gone() or (self._has_plan and self.clock() >= self.ends_at)
