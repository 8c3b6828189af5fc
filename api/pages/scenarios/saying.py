"""How a scenario's form says what a schema has no words for: choices, and what is wrong with an answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from api import words
from api.pages.scenarios.asked import Asked, Asking, Section
from api.pages.scenarios.typed import amount
from api.words import capital

CHOICES: Final[Mapping[str, str]] = {
    "dedicated": "Dedicated: reviews are their job",
    "day_job": "Day job: they review beside other work",
    "bank": "Bank or agency staff",
    "provider": "A provider, paid by review",
    "own": "Each area has its own reviewers",
    "neighbours": "Neighbouring areas help each other",
    "region": "Areas of a region share reviewers",
    "country": "All areas share reviewers",
    "system_down": "Nothing can be notified",
    "wave": "More is notified than usual",
    "staff_away": "Some staff are not there",
    "lognormal": "A few take much longer",
    "exponential": "Most are short, some very long",
    "fixed": "All the same",
    "oldest": "The one that was notified first",
    "urgency": "The most urgent one",
    "allocator": "As the real allocation plans, once a week (slow)",
    "eligible": "Eligible cases, whose clock stops while on hold",
    "all": "All cases",
}
TITLES: Final[Mapping[str, str]] = {
    "": "General",
    "run": "When, and for how long",
    "demand": "Cases",
    "holds": "Holds",
    "evidence": "Evidence",
    "work": "What a review takes",
    "discipline": "Which case is taken next",
    "targets": "What is wanted",
}
_OF_MODEL = "input should be "
"""What begins the words of a fault that tells a value's kind or limits, and no more."""


def chosen(option: str) -> str:
    """A choice in words."""
    return CHOICES.get(option, words.sentence(option))


def titled(section: Section) -> str:
    """What a section is called."""
    return TITLES.get(section.path, section.title)


def wrong(fault: Mapping[str, Any], asked: Asked | None) -> str:
    """What is wrong with an answer, and what would be right."""
    message, hint = str(fault["message"]), fault.get("hint") or ""
    if asked is not None and (message.startswith(_OF_MODEL) or message == "field required"):
        return _right(asked)
    if asked is not None and message.startswith("string should have at least"):
        return "Write something here"
    told = "; ".join(filter(None, (message, hint)))
    value = fault.get("value")
    named = f" ({value})" if isinstance(value, str) and value and value not in told else ""
    return f"{capital(told)}{named}"


def keyed(key: str, asking: Asking) -> str:
    """A key, or several with commas between, in words."""
    return ", ".join(_keyed(one.strip(), asking) for one in key.split(","))


def changed(change: Mapping[str, Any], asking: Asking) -> str:
    """What a variant changes, in words."""
    known = {one.key: one for one in asking.every()}
    told = []
    for key, value in change.items():
        one = known.get(key)
        if one is None:
            text = ("none" if value == [] else str(len(value))) if isinstance(value, list) else str(value)
        else:
            text = chosen(str(value)) if one.shape.kind in ("choice", "yes-no") else amount(value, one.shape)
        told.append(f"{keyed(key, asking)}: {text}")
    return "; ".join(told)


def _keyed(key: str, asking: Asking) -> str:
    """A key in words; of one that every group has, as the first group has it."""
    groups = asking.listed("groups").entries
    for one in asking.every():
        if one.key == key:
            group = next((group.title for group in groups if one in group.asked), None)
            return one.short if group is None else f"{group}: {one.short[:1].lower()}{one.short[1:]}"
        if key.startswith("groups.*.") and one.path == f"groups/0/{key.removeprefix('groups.*.')}":
            return f"All staff: {one.short[:1].lower()}{one.short[1:]}"
    return "Staff" if key.startswith("groups") else words.sentence(key.replace(".", ", ").replace("*, ", ""))


def _right(asked: Asked) -> str:
    """What would be right for a question."""
    shape = asked.shape
    if shape.kind == "day":
        return "Enter a day, such as 1 4 2027"
    if shape.kind not in ("number", "whole", "numbers"):
        return "Choose one of these"
    what = "a whole number" if shape.kind == "whole" else "a number"
    low, high = (None if one is None else f"{one * shape.scale:,g}" for one in (shape.low, shape.high))
    if shape.high is not None and shape.high < 1e6 and low is not None:
        return f"Enter {what} from {low} to {high}"
    return f"Enter {what}" if low is None else f"Enter {what}, {low} or more"
