"""The clock, looked at here and nowhere below: the service's days begin and end in London."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

Clock = Callable[[], datetime]
LONDON = ZoneInfo("Europe/London")


def now() -> datetime:
    """The present moment in Europe/London."""
    return datetime.now(LONDON)
