"""One cell, read: from text, a spreadsheet's value or a JSON value to the field's value, or what is wrong."""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time

from allocator.intake.findings import did_you_mean

NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
WHOLE = re.compile(r"[+-]?[0-9]+(?:\.0*)?")
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
NEARLY_A_DATE = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})(?:[T ].*)?")
NOT_FINITE = {"nan", "inf", "infinity", "-inf", "+inf", "-infinity", "+infinity", "+nan", "-nan"}
EXCEL_ERRORS = frozenset(
    ("#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!")
)
LONGEST_NUMBER = 40
SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class CellFault:
    """What is wrong with a cell. `message` completes "`column` …"."""

    code: str
    message: str
    hint: str


Reader = Callable[[object], object]
"""A cell that is not empty → its value, or a CellFault."""


@dataclass(frozen=True, slots=True)
class Range:
    """The range of a number or a day; None: no limit on that side."""

    at_least: float | date | None = None
    more_than: float | None = None
    at_most: float | date | None = None

    def refuses(self, value: float | date) -> bool:
        """Return whether the value is outside."""
        low, above, high = self.at_least, self.more_than, self.at_most
        below = (low is not None and value < low) or (above is not None and value <= above)  # type: ignore[operator]
        return below or (high is not None and value > high)  # type: ignore[operator]

    def __str__(self) -> str:
        """Return the range in words."""
        low = f"more than {self.more_than}" if self.more_than is not None else f"{self.at_least}"
        return f"{low}, at most {self.at_most}" if self.more_than is not None else f"{low} to {self.at_most}"


def _out_of(limits: Range) -> CellFault:
    open_ended = "; leave it empty if it is open" if isinstance(limits.at_most, date) else ""
    return CellFault("out-of-range", "is out of range", f"must be {limits}{open_ended}")


def _wrong_type(wanted: str) -> CellFault:
    return CellFault("wrong-type", "has a value of the wrong type", f"must be {wanted}")


def _not_a_number(text: str) -> CellFault:
    if text.lower() in NOT_FINITE:
        return CellFault("nan", "is not a finite number", "a number, or empty if it is not known")
    comma = re.fullmatch(r"([+-]?[0-9]+),([0-9]{1,2})", text)
    example = f"{comma[1]}.{comma[2]}" if comma else "digits and a point, such as 7.5"
    return CellFault("not-a-number", "is not a number", f"write {example}")


def number(limits: Range) -> Reader:
    """Return a reader of decimal numbers within the limits."""

    def read(cell: object) -> object:
        if isinstance(cell, str):
            if len(cell) > LONGEST_NUMBER or not NUMBER.fullmatch(cell):
                return _not_a_number(cell)
            cell = float(cell)
        if isinstance(cell, bool) or not isinstance(cell, (int, float)):
            return _wrong_type("a number")
        if isinstance(cell, float) and not math.isfinite(cell):
            return _not_a_number("nan")
        return _out_of(limits) if limits.refuses(cell) else float(cell)

    return read


def whole(limits: Range) -> Reader:
    """Return a reader of whole numbers within the limits; a spreadsheet's 12.0 is 12."""
    fraction = CellFault("not-an-integer", "is not a whole number", "write digits only, such as 12")

    def read(cell: object) -> object:
        if isinstance(cell, str):
            if len(cell) > LONGEST_NUMBER or not NUMBER.fullmatch(cell):
                return _not_a_number(cell)
            if not WHOLE.fullmatch(cell):
                return fraction
            cell = int(cell.partition(".")[0])
        if isinstance(cell, bool) or not isinstance(cell, (int, float)):
            return _wrong_type("a whole number")
        if isinstance(cell, float) and not math.isfinite(cell):
            return _not_a_number("nan")
        if cell != int(cell):
            return fraction
        return _out_of(limits) if limits.refuses(cell) else int(cell)

    return read


def _not_a_date(text: str) -> CellFault:
    nearly = NEARLY_A_DATE.fullmatch(text)
    if not nearly or DATE.fullmatch(text):
        return CellFault("not-a-date", "is not a date", "a day written YYYY-MM-DD, such as 2026-01-05")
    year, month, day_ = nearly.groups()
    return CellFault("not-a-date", "is not a date", f"write {year}-{month:>02}-{day_:>02}")


def _day_of(cell: object) -> date | CellFault:
    """Return the day a cell says, whatever its range."""
    if isinstance(cell, str):
        try:
            return date.fromisoformat(cell) if DATE.fullmatch(cell) else _not_a_date(cell)
        except ValueError:
            return _not_a_date(cell)
    if isinstance(cell, datetime):
        has_time = cell.time() != time()
        fault = CellFault("not-a-date", "is a date with a time of day", f"the day only: {cell:%Y-%m-%d}")
        return fault if has_time else cell.date()
    if isinstance(cell, date):
        return cell
    return CellFault("not-a-date", "is not a date", "a day: format the cell as a date, or write YYYY-MM-DD")


def day(limits: Range) -> Reader:
    """Return a reader of days: YYYY-MM-DD, or a spreadsheet's date at midnight."""

    def read(cell: object) -> object:
        found = _day_of(cell)
        return _out_of(limits) if isinstance(found, date) and limits.refuses(found) else found

    return read


def flag(cell: object) -> object:
    """Return true or false, whatever the capitals."""
    if isinstance(cell, bool):
        return cell
    known = {"true": True, "false": False}
    word = cell.lower() if isinstance(cell, str) else ""
    return (
        known[word]
        if word in known
        else CellFault("bad-boolean", "is neither true nor false", "true or false")
    )


def choice(options: tuple[str, ...]) -> Reader:
    """Return a reader of one of the options."""

    def read(cell: object) -> object:
        word = cell.lower() if isinstance(cell, str) else ""
        if word in options:
            return word
        near = did_you_mean(word, options)
        hint = f"did you mean {near}?" if near else "one of " + ", ".join(options)
        return CellFault("bad-choice", "is not one of the words allowed", hint)

    return read


@dataclass(frozen=True, slots=True)
class Wording:
    """How text is written: its longest length, what it may hold, and which letters."""

    longest: int
    pattern: re.Pattern[str]
    letters: Callable[[str], str]


def text(wording: Wording) -> Reader:
    """Return a reader of text; a whole number is taken as the text of its digits."""

    def read(cell: object) -> object:
        if isinstance(cell, (int, float)) and not isinstance(cell, bool):
            cell = _digits(cell)
        if not isinstance(cell, str):
            return _wrong_type("text (format the cell as text)" if isinstance(cell, date) else "text")
        word = wording.letters(cell.strip())
        if len(word) > wording.longest:
            return CellFault("too-long", "is too long", f"at most {wording.longest} characters")
        if not wording.pattern.fullmatch(word) or SURROGATE.search(word):
            return CellFault(
                "bad-text", "holds characters it may not", "no control characters, no `;` in one word"
            )
        return word

    return read


def _digits(cell: float) -> str | float:
    """Return 12 for 12.0, as a spreadsheet shows it; numbers too long to be ids stay as they are."""
    if isinstance(cell, float) and (not math.isfinite(cell) or abs(cell) >= 2**53):
        return cell
    return (
        str(int(cell))
        if cell == int(cell) and abs(cell) < 10**63
        else cell
        if isinstance(cell, int)
        else repr(cell)
    )


def listing(item: Reader) -> Reader:
    """Return a reader of lists: `a; b` in a cell, an array in JSON; without empty entries and repeats."""

    def read(cell: object) -> object:
        parts = cell if isinstance(cell, list) else cell.split(";") if isinstance(cell, str) else [cell]
        values = []
        for part in parts:
            if part is None or (isinstance(part, str) and not part.strip()):
                continue
            value = item(part.strip() if isinstance(part, str) else part)
            if isinstance(value, CellFault):
                return value
            values.append(value)
        return tuple(dict.fromkeys(values))

    return read
