"""Figures as words, the same on the page, in the workbook and on the command line."""

from __future__ import annotations

from datetime import date

from scenarios.answers import Band, Bar, Clearance, Difference, Estimate

NOTHING = "-"
"""Where there is no figure."""


def share(value: float) -> str:
    """A share in percent."""
    return f"{value:.1%}"


def pounds(value: float) -> str:
    """Whole pounds."""
    return f"-£{-value:,.0f}" if value < 0 else f"£{value:,.0f}"


def count(value: float) -> str:
    """A number of cases or days: whole where it is large."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def days(value: float) -> str:
    """Days, to a tenth."""
    return f"{value:,.1f}"


FORMS = {"share": share, "£": pounds, "cases": count, "days": days}
"""How a figure of each unit is written."""


def estimated(found: Estimate | None, unit: str = "share") -> str:
    """A mean and the half-width of its interval, if it has one."""
    if found is None:
        return NOTHING
    form = FORMS[unit]
    return form(found.mean) + ("" if found.half_width is None else f" ± {form(found.half_width)}")


def banded(found: Band | None, unit: str) -> str:
    """A mean, and between what eight of ten runs lie."""
    if found is None:
        return NOTHING
    form = FORMS[unit]
    return f"{form(found.mean)} ({form(found.low_80)} to {form(found.high_80)})"


def points(found: Estimate | None) -> str:
    """A difference of shares, in percentage points."""
    if found is None:
        return NOTHING
    half = "" if found.half_width is None else f" ± {100 * found.half_width:.1f}"
    return f"{100 * found.mean:+.1f}{half} points"


def changed_by(row: Difference) -> str:
    """What a variant changes; of shares in points, and said if it may be luck."""
    form = FORMS[row.unit]
    half = row.difference.half_width
    if row.base == row.here and not row.difference.mean and not half:
        return "none"
    sign = "+" if row.difference.mean >= 0 else ""
    told = points(row.difference) if row.unit == "share" else f"{sign}{form(row.difference.mean)}"
    if row.unit != "share" and half is not None:
        told += f" ± {form(half)}"
    return told if row.is_sure else f"{told} (not sure)"


def cleared(found: Clearance) -> str:
    """When nobody is overdue any more, between when eight of ten runs lie, and in how many at all."""
    if found.week is None:
        return "not within the run"
    when = f"week {found.week:.0f}" + ("" if found.day is None else f" ({dated(found.day)})")
    if found.week == 0:
        when = "from the start"
    between = f", between week {found.earliest:.0f} and {found.latest:.0f}" if found.latest else ""
    return f"{when}{between}, in {found.chance:.0%} of runs"


def dated(day: date) -> str:
    """A day as people write it."""
    return f"{day.day} {day:%B %Y}"


def ended(bar: Bar, is_high: bool) -> str:
    """What one end of a range does, or why it cannot be."""
    cannot = bar.high_cannot if is_high else bar.low_cannot
    return f"cannot be: {cannot}" if cannot else points(bar.at_high if is_high else bar.at_low)
