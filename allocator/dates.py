"""Calendar months, counted the way clocks and cooling-off periods count them."""

from calendar import monthrange
from datetime import date


def add_months(day: date, months: int) -> date:
    """Return the same day of the month `months` later, or that month's last day if it is shorter.

    Parameters
    ----------
    day : the day to start from
    months : calendar months, may be negative

    Raises
    ------
    OverflowError
        The result is not between the years 1 and 9999.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        raise OverflowError(f"{months} months from {day} is outside the calendar")
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
