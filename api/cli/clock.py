"""The clock, looked at here and nowhere below: the service's days begin and end in London."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def now() -> datetime:
    """Return the present moment in Europe/London."""
    return datetime.now(LONDON)


def today() -> date:
    """Return today's date in Europe/London."""
    return now().date()
