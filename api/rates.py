"""How often one caller may call: a bucket that fills at a steady rate, in each process."""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable

from api.errors import Refusal

BURST_SECONDS = 10
"""Who has been quiet for so long may send so many seconds' calls at once."""
MOST_CALLERS = 10_000


class Rates:
    """Of each caller, how many calls they may still send.

    Parameters
    ----------
    rate : calls a second
    clock : seconds that never go back
    """

    def __init__(self, rate: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate, self._clock = rate, clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def count(self, who: str) -> None:
        """Nothing; one more call is counted.

        Raises
        ------
        Refusal
            429, with the seconds after which there is room for one.
        """
        most = float(self._rate * BURST_SECONDS)
        with self._lock:
            now = self._clock()
            left, at = self._left.pop(who, (most, now))
            left = min(most, left + (now - at) * self._rate)
            self._left[who] = (left - 1 if left >= 1 else left, now)
            if len(self._left) > MOST_CALLERS:
                self._left.popitem(last=False)
        if left < 1:
            wait = {"Retry-After": str(math.ceil((1 - left) / self._rate))}
            raise Refusal(429, "too-many-calls", f"No more than {self._rate} calls a second.", headers=wait)
