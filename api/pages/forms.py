"""Forms: what was typed is read in the words of its field, and what is wrong stands beside the field."""

from __future__ import annotations

import re
from calendar import month_abbr
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from werkzeug.datastructures import MultiDict

from allocator.errors import BadInput, Fault
from allocator.fields import EARLIEST, LATEST
from api.pages.page import Page
from api.pages.words import day

PARTS = ("day", "month", "year")
DAYS = ("from", "to", "on")
"""What the names of days end with."""
_CODE, _DAY = re.compile("`([a-z_]+)`"), re.compile(r"\b\d{4}-\d\d-\d\d\b")
MONTHS = {name.lower(): number for number, name in enumerate(month_abbr) if name}


class Typed:
    """What was typed into a form, field by field; what is wrong with it is gathered for `check`.

    Parameters
    ----------
    labels : what the form calls each field
    """

    def __init__(self, form: MultiDict[str, str], labels: Mapping[str, str]) -> None:
        self._form, self._labels = form, labels
        self.faults: list[Fault] = []

    def text(self, name: str) -> str | None:
        """Words; None for none."""
        return self._form.get(name, "").strip() or None

    def needed(self, name: str, hint: str) -> str | None:
        """Words that have to be there."""
        found = self.text(name)
        if found is None:
            self._wrong(name, "missing-value", "is missing", hint)
        return found

    def number(self, name: str) -> float | None:
        """A number; None for none."""
        text = self.text(name)
        try:
            return None if text is None else float(text.replace(",", ""))
        except ValueError:
            self._wrong(name, "not-a-number", "is not a number", "write it in figures, such as 7.5", text)
            return None

    def day(self, name: str, is_needed: bool = False) -> str | None:
        """A day of three fields, as YYYY-MM-DD; None for none."""
        parts = [self.text(f"{name}-{part}") for part in PARTS]
        if not any(parts):
            if is_needed:
                self._wrong(name, "missing-value", "is missing", "give its day, month and year")
            return None
        found = _day(parts)
        if found is None:
            hint = "give its day, month and year in figures, such as 3 12 2026"
            self._wrong(name, "not-a-date", "is not a date", hint, " ".join(part or "–" for part in parts))
            return None
        return found.isoformat()

    def check(self) -> None:
        """Nothing, if nothing is wrong.

        Raises
        ------
        BadInput
            With all that is.
        """
        if self.faults:
            raise BadInput(self.faults)

    def in_words(self, error: BadInput) -> BadInput:
        """The same faults, found by a call, each in the form's words and at its field."""
        return BadInput([self._in_words(one) for one in error.faults])

    def _in_words(self, fault: Fault) -> Fault:
        name = name_of(fault.pointer)
        form = name[: name.rfind("-") + 1]

        def said(text: str | None) -> str | None:
            named = text and _CODE.sub(lambda one: self._labels.get(form + one[1], one[1]).lower(), text)
            return named and _DAY.sub(lambda one: day(one[0]), named)

        label = self._labels.get(name, fault.column)
        message = (said(fault.message) or "").removeprefix((label or "").lower()).lstrip()
        return replace(fault, pointer=f"/{name}", column=label, message=message, hint=said(fault.hint))

    def _wrong(self, name: str, code: str, message: str, hint: str, value: str | None = None) -> None:
        label = self._labels[name]
        self.faults.append(Fault(code, message, pointer=f"/{name}", column=label, value=value, hint=hint))


class Wrong:
    """What is wrong with the form that a page is shown for again."""

    def __init__(self, page: Page) -> None:
        self._faults: Sequence[Mapping[str, Any]] = (page.problem or {}).get("errors") or ()

    def at(self, name: str) -> str:
        """What is wrong with a field; empty: nothing."""
        return next((self.says(one) for one in self._faults if name_of(one.get("pointer")) == name), "")

    def says(self, fault: Mapping[str, Any]) -> str:
        """A fault in one sentence, which begins with what the form calls the field."""
        hint = f": {fault['hint']}" if fault.get("hint") else ""
        return f"{fault.get('column') or 'This'} {fault['message']}{hint}"

    def field(self, fault: Mapping[str, Any]) -> str:
        """The id of the field that a fault is at: of a day, that of its first part; empty: of none."""
        name = name_of(fault.get("pointer"))
        return f"{name}-day" if name.rpartition("-")[2].rpartition("_")[2] in DAYS else name


def name_of(pointer: str | None) -> str:
    """The field of a form that a fault is about: `/absence/from` is absence-from."""
    return (pointer or "").strip("/").replace("/", "-")


def typed_date(text: str) -> str | None:
    """A day written in one field, such as 3/12/2026, 3 December 2026 or 2026-12-03, as YYYY-MM-DD."""
    parts = [one for one in re.split(r"[\s./-]+", text.strip()) if one]
    if len(parts) != len(PARTS):
        return None
    found = _day(parts[::-1] if len(parts[0]) == len("2026") else parts)
    return found.isoformat() if found else None


def _day(parts: Sequence[str | None]) -> date | None:
    day, month, year = (part or "" for part in parts)
    try:
        number = MONTHS.get(month.lower()[:3]) or int(month)
        found = date(int(year), number, int(day))
    except (ValueError, OverflowError):
        return None
    return found if EARLIEST <= found <= LATEST else None
