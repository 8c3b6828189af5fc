"""What must hold within one row, one rule a line of the table."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from allocator.intake.findings import Findings
from allocator.intake.tables import Table


@dataclass(frozen=True)
class RowRule:
    """One rule.

    Parameters
    ----------
    columns : what `broken` is given, in order; a row with a faulty cell among them is passed over
    blamed : the column the fault stands at
    message, hint : what is wrong, and what would be right
    """

    table: str
    code: str
    columns: tuple[str, ...]
    blamed: str
    broken: Callable[..., bool]
    message: str
    hint: str


def _reversed(first: date | None, then: date | None) -> bool:
    return first is not None and then is not None and first > then


def _one_only(one: object, other: object) -> bool:
    return (one is None) != (other is None)


def _both_or_neither(one: object, other: object) -> bool:
    return (one is None) == (other is None)


def _without(given: object, needed: object) -> bool:
    return given is not None and needed is None


def _same(one: object, other: object) -> bool:
    return one is not None and one == other


def _order(table: str, first: str, then: str) -> RowRule:
    message, hint = f"`{then}` is before `{first}`", f"the same day as `{first}` or later"
    return RowRule(table, "reversed-dates", (first, then), then, _reversed, message, hint)


def _position(table: str) -> RowRule:
    columns, hint = ("latitude", "longitude"), "give both or neither"
    return RowRule(table, "half-position", columns, "latitude", _one_only, "half a position", hint)


def _no_self(table: str, own: str, other: str) -> RowRule:
    message = f"`{other}` is the row itself"
    return RowRule(table, "succession-cycle", (own, other), other, _same, message, "another code, or empty")


def _last_before(*days: date | None) -> bool:
    """Whether the last of some days is before the nearest of the others that is given."""
    *earlier, then = days
    given = [day for day in earlier if day is not None]
    return then is not None and bool(given) and given[-1] > then


def _after(table: str, earlier: tuple[str, ...], then: str) -> RowRule:
    listed = ", ".join(f"`{column}`" for column in earlier)
    message, hint = f"`{then}` is before a step that it follows", f"not before {listed}"
    return RowRule(table, "reversed-dates", (*earlier, then), then, _last_before, message, hint)


def _held_longer(notified: date | None, completed: date | None, hold_days: int | None) -> bool:
    if notified is None or completed is None or hold_days is None:
        return False
    return hold_days > (completed - notified).days


def _after_work(evidence: date | None, finished: date | None, completed: date | None) -> bool:
    return _reversed(evidence, completed if finished is None else finished)


REVIEW_DAYS: Final = ("notified_on", "allocated_on", "begun_on", "finished_on", "completed_on")
"""The days of a review in their order; evidence may come at any time until the work is finished."""


ROW_RULES: Final = (
    _order("cases", "notified_on", "on_hold_since"),
    _order("cases", "notified_on", "allocated_on"),
    _order("cases", "on_hold_since", "hold_until"),
    RowRule("cases", "lead-incomplete", ("reviewer_id", "allocated_on"), "allocated_on", _one_only,
            "`reviewer_id` and `allocated_on` go together", "give both or neither"),
    RowRule("cases", "second-is-lead", ("reviewer_id", "second_reviewer_id"), "second_reviewer_id", _same,
            "the second reviewer is the lead", "another person"),
    RowRule("cases", "second-without-lead", ("second_reviewer_id", "reviewer_id"), "second_reviewer_id",
            _without, "there is a second reviewer but no lead", "give `reviewer_id`, or leave this empty"),
    RowRule("cases", "locked-without-lead", ("locked", "reviewer_id"), "locked",
            lambda locked, lead: bool(locked) and lead is None,
            "the case is locked but nobody holds it", "give `reviewer_id`, or false"),
    _position("cases"),
    _order("reviewers", "starts_on", "leaves_on"),
    _position("reviewers"),
    _order("absences", "from", "to"),
    _order("interests", "from", "to"),
    RowRule("interests", "interest-target", ("organisation", "case_id"), "organisation", _both_or_neither,
            "an interest is in exactly one of `organisation` and `case_id`", "give one of the two"),
    _position("areas"),
    RowRule("areas", "succession-cycle", ("area", "successors"), "successors",
            lambda own, after: own in (after or ()), "`successors` names the area", "other codes, or empty"),
    _no_self("organisations", "organisation", "parent"),
    _no_self("organisations", "organisation", "successor"),
    *(_after("completed", REVIEW_DAYS[:at], REVIEW_DAYS[at]) for at in range(1, len(REVIEW_DAYS))),
    _order("completed", "notified_on", "evidence_received_on"),
    RowRule("completed", "reversed-dates", ("evidence_received_on", "finished_on", "completed_on"),
            "evidence_received_on", _after_work, "`evidence_received_on` is after the work was finished",
            "not after `finished_on` and `completed_on`"),
    RowRule("completed", "hold-too-long", ("notified_on", "completed_on", "hold_days"), "hold_days",
            _held_longer, "`hold_days` are more than there are from the notification to the sign-off",
            "days on hold, at most all of them"),
)  # fmt: skip
"""The rules of rows."""


PAST: Final = {
    "cases": ("the day of the plan", ("notified_on", "on_hold_since", "allocated_on")),
    "completed": ("today", (*REVIEW_DAYS, "evidence_received_on")),
}
"""By table what `as_of` is, and the days that cannot be after it."""


def _not_after(table: str, column: str, as_of: date) -> RowRule:
    message, hint = f"`{column}` is after {PAST[table][0]}", f"{as_of} or earlier"
    broken: Callable[[Any], bool] = lambda day: day is not None and day > as_of  # noqa: E731
    return RowRule(table, "after-as-of", (column,), column, broken, message, hint)


def check_rows(tables: dict[str, Table], as_of: date | None, findings: Findings) -> None:
    """Note every row that breaks a rule of rows."""
    days = ((table, column) for table, (_, columns) in PAST.items() for column in columns)
    dated = tuple(_not_after(*day, as_of) for day in days) if as_of else ()
    for rule in (*ROW_RULES, *dated):
        if rule.table in tables:
            _check(tables[rule.table], rule, findings)


def _check(table: Table, rule: RowRule, findings: Findings) -> None:
    columns = [table.values[column] for column in rule.columns]
    for row, values in enumerate(zip(*columns, strict=True)):
        if rule.broken(*values) and not table.bad.get(row, set()).intersection(rule.columns):
            fault = table.raw.fault(row, rule.blamed, rule.code, rule.message, rule.hint)
            findings.refuse(table.name, row, fault)
