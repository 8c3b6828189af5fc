"""Every kind of bad input that can stand in any of the three formats, each with its exact message.

A row of the table: the code, where it is (table, row from 0, column), what is put there, and the message after
its place. `{value}` stands for the value as that format shows it.
"""

# ruff: noqa: E501 - messages are compared whole, and are read best on one line

from dataclasses import dataclass
from typing import Any

ALL = ("csv", "xlsx", "json")


@dataclass(frozen=True)
class Kind:
    """One kind of bad input.

    Parameters
    ----------
    put : columns and values to put in the row
    column : where the fault is to stand
    message : the line without its place
    formats : where it can occur
    at : the row where the fault is to stand; `row` if None
    """

    code: str
    table: str
    row: int
    put: dict[str, Any]
    column: str
    message: str
    formats: tuple[str, ...] = ALL
    at: int | None = None


def _one(
    code: str, table: str, column: str, value: object, message: str, formats: tuple[str, ...] = ALL
) -> Kind:
    """Return a kind that puts one value in the first row."""
    return Kind(code, table, 0, {column: value}, column, message, formats)


TEXT_CELLS = ("csv", "xlsx")

KINDS = (
    _one("missing-value", "cases", "area", None, "`area` is required: give a value"),
    _one("missing-value", "reviewers", "areas", ";", "`areas` is required (value ';'): give a value", TEXT_CELLS),
    _one("missing-value", "reviewers", "areas", [], "`areas` is required (value '[…]'): give a value", ("json",)),
    _one("not-a-number", "reviewers", "hours_per_week", "seven",
         "`hours_per_week` is not a number (value 'seven'): write digits and a point, such as 7.5", TEXT_CELLS),
    _one("not-a-number", "reviewers", "hours_per_week", "7,5",
         "`hours_per_week` is not a number (value '7,5'): write 7.5", TEXT_CELLS),
    _one("not-a-number", "cases", "effort_hours", "1e3",
         "`effort_hours` is not a number (value '1e3'): write digits and a point, such as 7.5", TEXT_CELLS),
    _one("not-a-number", "cases", "hold_days", "1_000",
         "`hold_days` is not a number (value '1_000'): write digits and a point, such as 7.5", TEXT_CELLS),
    _one("not-a-number", "cases", "priority", "٢",
         "`priority` is not a number (value '٢'): write digits and a point, such as 7.5", TEXT_CELLS),
    _one("wrong-type", "reviewers", "hours_per_week", "7",
         "`hours_per_week` has a value of the wrong type (value '7'): must be a number", ("json",)),
    _one("wrong-type", "cases", "case_id", True,
         "`case_id` has a value of the wrong type (value True): must be text", ("xlsx", "json")),
    _one("wrong-type", "cases", "skills", "autism",
         '`skills` has a value of the wrong type (value \'autism\'): must be an array, such as ["a", "b"]',
         ("json",)),
    _one("wrong-type", "cases", "priority", True,
         "`priority` has a value of the wrong type (value True): must be a number", ("json",)),
    _one("nan", "cases", "latitude", "NaN",
         "`latitude` is not a finite number (value 'NaN'): a number, or empty if it is not known", TEXT_CELLS),
    _one("nan", "cases", "latitude", float("nan"),
         "`latitude` is not a finite number (value 'nan'): a number, or empty if it is not known", ("json",)),
    _one("nan", "cases", "hold_days", float("inf"),
         "`hold_days` is not a finite number (value 'inf'): a number, or empty if it is not known", ("json",)),
    _one("not-an-integer", "cases", "priority", 2.5,
         "`priority` is not a whole number (value {value}): write digits only, such as 12"),
    _one("out-of-range", "cases", "priority", 12,
         "`priority` is out of range (value {value}): must be 0 to 9"),
    _one("out-of-range", "cases", "effort_hours", 0,
         "`effort_hours` is out of range (value {value}): must be more than 0, at most 10000"),
    _one("out-of-range", "cases", "latitude", 91.5,
         "`latitude` is out of range (value {value}): must be -90 to 90"),
    _one("out-of-range", "reviewers", "hours_per_week", 61,
         "`hours_per_week` is out of range (value {value}): must be 0 to 60"),
    _one("out-of-range", "reviewers", "leaves_on", "9999-12-31",
         "`leaves_on` is out of range (value '9999-12-31'): "
         "must be 1900-01-01 to 2199-12-31; leave it empty if it is open"),
    _one("not-a-date", "cases", "notified_on", "2026-1-5",
         "`notified_on` is not a date (value '2026-1-5'): write 2026-01-05"),
    _one("not-a-date", "cases", "notified_on", "2026-02-30",
         "`notified_on` is not a date (value '2026-02-30'): a day written YYYY-MM-DD, such as 2026-01-05"),
    _one("not-a-date", "cases", "notified_on", "20260105",
         "`notified_on` is not a date (value '20260105'): a day written YYYY-MM-DD, such as 2026-01-05"),
    _one("not-a-date", "cases", "notified_on", "2026-01-05T09:30",
         "`notified_on` is not a date (value '2026-01-05T09:30'): write 2026-01-05"),
    _one("bad-boolean", "cases", "locked", "yes",
         "`locked` is neither true nor false (value 'yes'): true or false", TEXT_CELLS),
    _one("bad-choice", "interests", "kind", "finacial",
         "`kind` is not one of the words allowed (value 'finacial'): did you mean financial?"),
    _one("bad-choice", "reviewers", "employment", "x",
         "`employment` is not one of the words allowed (value 'x'): "
         "one of dedicated, day_job, bank, agency, provider"),
    _one("bad-text", "cases", "reviewer_id", "R1;R2",
         "`reviewer_id` holds characters it may not (value 'R1;R2'): "
         "no control characters, no `;` in one word"),
    _one("too-long", "cases", "linked_to", "x" * 65,
         "`linked_to` is too long (value '" + "x" * 65 + "'): at most 64 characters"),
    Kind("duplicate-id", "cases", 1, {"case_id": "C1"}, "case_id",
         "`case_id` stands twice, first on {first}: keep one row"),
    Kind("duplicate-id", "reviewers", 1, {"reviewer_id": "R1"}, "reviewer_id",
         "`reviewer_id` stands twice, first on {first}: keep one row"),
    Kind("duplicate-id", "areas", 1, {"area": "Q1"}, "area",
         "`area` stands twice, first on {first}: keep one row"),
    _one("dangling-reference", "absences", "reviewer_id", "R9",
         "`R9` is not in reviewers (value 'R9'): correct it, or add it to reviewers"),
    _one("dangling-reference", "declines", "case_id", "C99",
         "`C99` is not in cases (value 'C99'): correct it, or add it to cases"),
    _one("dangling-reference", "interests", "reviewer_id", "nobody",
         "`nobody` is not in reviewers (value 'nobody'): correct it, or add it to reviewers"),
    _one("dangling-reference", "cases", "area", "X9",
         "`X9` is not in areas (value 'X9'): correct it, or add it to areas"),
    _one("unknown-review-type", "cases", "review_type", "intial",
         "the policy has no review type `intial` (value 'intial'): did you mean `initial`?"),
    _one("unknown-review-type", "reviewers", "review_types", ["short"],
         "the policy has no review type `short` (value {list}): one of initial, focused"),
    _one("reversed-dates", "absences", "to", "2026-05-01",
         "`to` is before `from` (value '2026-05-01'): the same day as `from` or later"),
    _one("reversed-dates", "interests", "to", "2018-12-31",
         "`to` is before `from` (value '2018-12-31'): the same day as `from` or later"),
    _one("reversed-dates", "reviewers", "leaves_on", "2024-12-31",
         "`leaves_on` is before `starts_on` (value '2024-12-31'): the same day as `starts_on` or later"),
    Kind("reversed-dates", "cases", 2, {"on_hold_since": "2026-02-28"}, "on_hold_since",
         "`on_hold_since` is before `notified_on` (value '2026-02-28'): the same day as `notified_on` or later"),
    Kind("reversed-dates", "cases", 1, {"allocated_on": "2025-11-30"}, "allocated_on",
         "`allocated_on` is before `notified_on` (value '2025-11-30'): the same day as `notified_on` or later"),
    Kind("reversed-dates", "cases", 2, {"hold_until": "2026-03-31"}, "hold_until",
         "`hold_until` is before `on_hold_since` (value '2026-03-31'): "
         "the same day as `on_hold_since` or later"),
    _one("after-as-of", "cases", "notified_on", "2026-05-02",
         "`notified_on` is after the day of the plan (value '2026-05-02'): 2026-05-01 or earlier"),
    Kind("after-as-of", "cases", 1, {"allocated_on": "2026-05-02"}, "allocated_on",
         "`allocated_on` is after the day of the plan (value '2026-05-02'): 2026-05-01 or earlier"),
    Kind("after-as-of", "cases", 2, {"on_hold_since": "2026-05-02"}, "on_hold_since",
         "`on_hold_since` is after the day of the plan (value '2026-05-02'): 2026-05-01 or earlier"),
    _one("lead-incomplete", "cases", "allocated_on", "2026-02-01",
         "`reviewer_id` and `allocated_on` go together (value '2026-02-01'): give both or neither"),
    Kind("lead-incomplete", "cases", 1, {"allocated_on": None}, "allocated_on",
         "`reviewer_id` and `allocated_on` go together: give both or neither"),
    Kind("second-is-lead", "cases", 1, {"second_reviewer_id": "R1"}, "second_reviewer_id",
         "the second reviewer is the lead (value 'R1'): another person"),
    Kind("second-without-lead", "cases", 1,
         {"reviewer_id": None, "allocated_on": None, "locked": None}, "second_reviewer_id",
         "there is a second reviewer but no lead (value 'R2'): give `reviewer_id`, or leave this empty"),
    Kind("second-not-in-type", "cases", 1, {"review_type": "initial"}, "second_reviewer_id",
         "review type `initial` has no second reviewer (value 'R2'): "
         "leave it empty, or give the type a second in the policy"),
    _one("locked-without-lead", "cases", "locked", True,
         "the case is locked but nobody holds it (value {value}): give `reviewer_id`, or false"),
    _one("interest-target", "interests", "organisation", None,
         "an interest is in exactly one of `organisation` and `case_id`: give one of the two"),
    Kind("interest-target", "interests", 1, {"organisation": "RXX"}, "organisation",
         "an interest is in exactly one of `organisation` and `case_id` (value 'RXX'): give one of the two"),
    Kind("half-position", "cases", 0, {"longitude": None}, "latitude",
         "half a position (value {value}): give both or neither"),
    Kind("area-has-successors", "cases", 1, {}, "area",
         "area `Q2` is closed and has several successors (value 'Q2'): give the new code: one of Q1, Q3"),
    Kind("succession-cycle", "organisations", 3, {"parent": "RXX"}, "successor",
         "the chain leads back to where it began: RXX → RP → RXX: correct one of them", at=0),
    Kind("succession-cycle", "organisations", 0, {"parent": "RXX"}, "parent",
         "`parent` is the row itself (value 'RXX'): another code, or empty"),
    Kind("succession-cycle", "areas", 0, {"successors": ["Q1"]}, "successors",
         "`successors` names the area (value {list}): other codes, or empty"),
    Kind("unknown-column", "cases", 0, {"notifed_on": "2026-01-05"}, "notifed_on",
         "unknown column `notifed_on`: did you mean `notified_on`?"),
    Kind("personal-data-column", "cases", 0, {"nhs_number": "x"}, "nhs_number",
         "`nhs_number` looks like personal data: take it out: allocation needs none"),
    Kind("personal-data-column", "cases", 0, {"Date of Birth": "x"}, "Date of Birth",
         "`Date of Birth` looks like personal data: take it out: allocation needs none"),
)  # fmt: skip
