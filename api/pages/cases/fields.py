"""What is said of a case, as a form has it: what each field is called, how it is typed, how it is read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from werkzeug.datastructures import MultiDict

from api import words
from api.pages.cases.said import HOLDS
from api.pages.typed import PARTS, boxes, number_of, typed_day

Kind = Literal["day", "choice", "number", "lines", "text", "tick"]
Values = Mapping[str, Any]


@dataclass(frozen=True)
class Field:
    """One thing that is said of a case.

    Parameters
    ----------
    options : of a choice, what can be chosen and what it is called
    """

    name: str
    label: str
    kind: Kind
    hint: str = ""
    options: tuple[tuple[str, str], ...] = ()

    @property
    def boxes(self) -> tuple[str, ...]:
        """What its boxes are called in the form."""
        return tuple(f"{self.name}-{part}" for part in PARTS) if self.kind == "day" else (self.name,)

    def in_words(self, value: Any) -> str:
        """A value as people read it."""
        if given(value) is None:
            return "not given"
        if self.kind == "day":
            return words.day(value) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", str(value)) else str(value)
        if self.kind == "tick":
            return "yes"
        if self.kind == "number":
            return words.figure(value, 2) if isinstance(value, (int, float)) else str(value)
        if self.kind == "choice":
            return dict(self.options).get(str(value), str(value))
        return ", ".join(value) if isinstance(value, (list, tuple)) else str(value)

    def typed(self, value: Any) -> dict[str, str]:
        """A value as it stands in the boxes of the form."""
        if self.kind == "day":
            return boxes(self.name, value)
        if self.kind == "lines":
            return {self.name: "\n".join(value or ())}
        if self.kind == "tick":
            return {self.name: "true" if value else ""}
        is_text = isinstance(value, str)
        return {self.name: value if is_text else words.in_full(value)}

    def read(self, form: MultiDict[str, str]) -> Any:
        """The value in the boxes, None for nothing; what is none of its kind as it was typed."""
        if self.kind == "day":
            return typed_day(form, self.name) or None
        text = (form.getlist(self.name) or [""])[-1].strip()
        if self.kind == "lines":
            return [one.strip() for one in re.split(r"[\n;,]", text) if one.strip()] or None
        if self.kind == "tick":
            return text == "true" or None
        if self.kind == "number" and text:
            return number_of(text)
        return text or None


def given(value: Any) -> Any:
    """The value; None for what says nothing: 0 does say something."""
    return None if value is False or value in (None, "", []) else value


_OUT = (("opt_out", "Opted out"), ("child", "Child"), ("duplicate", "Duplicate"), ("other", "Another reason"))
FIELDS: Final[Sequence[tuple[str, Sequence[Field]]]] = (
    (
        "The case",
        (
            Field("notified_on", "Notified on", "day", "Both clocks start on this day"),
            Field("review_type", "Type of review", "choice"),
            Field("area", "Area", "choice"),
            Field("priority", "Urgency set by hand", "number", "0 to 9; leave empty where there is none"),
        ),
    ),
    (
        "What the review needs",
        (
            Field("skills", "Skills the lead must have", "lines", "One on each line"),
            Field("organisations", "Organisations involved in the care", "lines",
                  "Their codes, one on each line, such as RXX"),
            Field("effort_hours", "Hours the review takes", "number",
                  "Leave empty for what is usual for its type"),
            Field("linked_to", "Linked cases", "text",
                  "A word that linked cases share: they go to one reviewer"),
            Field("excluded_reviewers", "Reviewers who must not take it", "lines",
                  "Their numbers, one on each line"),
        ),
    ),
    (
        "Holds and evidence",
        (
            Field("on_hold_since", "On hold since", "day", "Leave empty where it is not on hold"),
            Field("hold_reason", "Why it is on hold", "choice", options=tuple(HOLDS.items())),
            Field("hold_until", "Hold expected to end on", "day"),
            Field("hold_days", "Days of holds that have ended", "number"),
            Field("evidence_received_on", "Evidence complete on", "day"),
            Field("evidence_expected_on", "Evidence expected on", "day", "Leave empty once it is complete"),
        ),
    ),
    (
        "Work that is left",
        (
            Field("hours_left", "Hours the lead still needs", "number"),
            Field("second_hours_left", "Hours the second reviewer still needs", "number"),
            Field("admin_hours_left", "Hours of administration still needed", "number"),
            Field("locked", "It must stay with its lead", "tick"),
            Field("out_of_scope", "Out of scope because", "choice", "Leave empty for a case that is reviewed",
                  _OUT),
        ),
    ),
)  # fmt: skip
EVERY: Final[Mapping[str, Field]] = {one.name: one for _, fields in FIELDS for one in fields}
OF_LEAD, OF_SECOND = {"hours_left", "locked"}, {"second_hours_left"}
"""What is said only while somebody has the place."""


def fields_of(
    case: Mapping[str, Any], types: Sequence[str], areas: Sequence[tuple[str, str]]
) -> Iterator[tuple[str, list[Field]]]:
    """Yield the fields of a case as it stands, under their headings, with what can be chosen.

    Parameters
    ----------
    types : of review
    areas : codes, and what they are called
    """
    options = {"review_type": tuple((one, words.sentence(one)) for one in types), "area": tuple(areas)}
    left_out = (set() if case["lead"] else OF_LEAD) | (set() if case["second"] else OF_SECOND)
    for heading, fields in FIELDS:
        shown = [one for one in fields if one.name not in left_out]
        yield heading, [replace(one, options=options.get(one.name, one.options)) for one in shown]


def changes(before: Values, after: Values) -> Iterator[tuple[str, str, str]]:
    """Yield what each thing is called that is said otherwise, as it was and as it is."""
    for name, field in EVERY.items():
        old, new = before.get(name), after.get(name)
        if old != new:
            if field.kind == "choice" and not field.options:
                field = replace(field, options=tuple((str(v), _named(name, v)) for v in (old, new) if v))
            yield field.label, field.in_words(old), field.in_words(new)
    if _position(before) != _position(after):
        yield "Position", _position(before), _position(after)


def _position(values: Values) -> str:
    if "latitude" not in values:
        return "not given"
    return (
        f"{_degrees(values['latitude'], 'north', 'south')}, {_degrees(values['longitude'], 'east', 'west')}"
    )


def _degrees(given: float, above: str, below: str) -> str:
    return f"{abs(given)} degrees {above if given >= 0 else below}"


def _named(name: str, value: Any) -> str:
    return words.sentence(str(value)) if name == "review_type" else str(value)
