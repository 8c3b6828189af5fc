"""Dates by the array: months added, working days counted."""

from __future__ import annotations

from datetime import date

import numpy as np

from allocator.sample.tables import Bools, Days, Ints

NEVER = np.datetime64("NaT", "D")


def day(value: date) -> np.datetime64:
    """Return a date as numpy's."""
    return np.datetime64(value, "D")


def add_months(days: Days, months: int) -> Days:
    """Return the days some calendar months on, clamped to the month's end."""
    month = days.astype("datetime64[M]")
    in_month = days - month.astype("datetime64[D]")
    later = month + np.timedelta64(months, "M")
    last = (later + np.timedelta64(1, "M")).astype("datetime64[D]") - np.timedelta64(1, "D")
    moved: Days = np.minimum(later.astype("datetime64[D]") + in_month, last)
    return moved


def span(start: Days, end: Days) -> Ints:
    """Return whole days from start to end."""
    return (end - start).astype("timedelta64[D]").astype(np.int64)


def shifted(days: Days | np.datetime64, by: Ints) -> Days:
    """Return the days moved by so many days each."""
    moved: Days = np.asarray(days) + by.astype("timedelta64[D]")
    return moved


def where_day(condition: Bools, days: Days) -> Days:
    """Return the days where the condition holds, "not a time" elsewhere."""
    kept: Days = np.where(condition, days, NEVER)
    return kept
