"""What is wrong with rows and cases, and how it is mended, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from allocator.errors import Fault
from allocator.intake.quarantine import LEANS

SAYS: Final[Mapping[str, str]] = {
    "missing-value": "is missing",
    "missing-column": "is missing",
    "dangling-reference": "names something that is not known here",
    "not-a-date": "is not a date",
    "not-a-number": "is not a number",
    "not-an-integer": "is not a whole number",
    "nan": "is not a number",
    "out-of-range": "is out of range",
    "bad-choice": "is none of the words allowed",
    "bad-boolean": "is neither true nor false",
    "bad-text": "holds characters that it may not",
    "too-long": "is too long",
    "wrong-type": "is of the wrong kind",
    "formula-text": "begins like a formula",
    "excel-error": "shows an error of the spreadsheet",
    "duplicate-id": "stands in more than one row",
    "unknown-review-type": "is no type that the policy has",
    "other-holder": "is somebody else than who has the case here",
    "case-ended": "names somebody, and the case has ended here",
    "version-reused": "was sent before, with something else",
    LEANS: "names a row that was set aside",
}
"""What is wrong with a field, by the code of its fault."""
HOW: Final[Mapping[str, str]] = {
    "missing-value": "Find it out, and give it",
    "missing-column": "Find it out, and give it",
    "dangling-reference": "Correct it; or enter what it names, and try all rows again",
    "duplicate-id": "Find out which row is right, and dismiss the others",
    "version-reused": "Give it the version that its source has",
    LEANS: "Mend what it names, or ask whose that is; then try all rows again",
}
LACKING: Final[Mapping[str, tuple[str, str]]] = {
    "organisations": ("No organisation is known", "Give the organisations that were involved in the care"),
    "holder": (
        "Whoever has the case is not among the reviewers",
        "Enter the reviewer, or correct who has it",
    ),
    "hours_left": ("The hours left are assumed", "Ask whoever has the case how many hours it still takes"),
    "evidence": (
        "The day of the evidence is assumed",
        "Give the day on which it was complete, or is expected",
    ),
    "position": ("The place is that of the area, or none", "Give latitude and longitude, to two decimals"),
}
"""By what a kept case lacks: in words, and how it is mended."""


def hint_of(faults: Iterable[Fault]) -> str:
    """What would be right, if that is the same for all."""
    hints = {fault.hint for fault in faults if fault.hint}
    hint = hints.pop() if len(hints) == 1 else "correct it"
    return hint[:1].upper() + hint[1:]


def name_of(name: str) -> str:
    """A field or a kind, as a sentence begins with it."""
    text = name.removesuffix("_id").replace("_", " ")
    return text[:1].upper() + text[1:]
