"""The clock, looked at here and nowhere below: the service's days begin and end in London."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

Clock = Callable[[], datetime]
LONDON = ZoneInfo("Europe/London")


def now() -> datetime:
    """The present moment in Europe/London."""
    return datetime.now(LONDON)


def end_of(day: date) -> datetime:
    """The moment at which a day ends in London."""
    return datetime.combine(day + timedelta(days=1), time(), LONDON)
