"""Where on a scenario's form each fault belongs, and how it is said there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from api.pages.scenarios.asked import Asked
from api.pages.scenarios.draft import Draft
from api.pages.scenarios.saying import wrong

BESIDE: Final[Mapping[str, str]] = {
    "size/clear_by": "clear_by", "size/clear_weeks": "clear_by", "size/groups": "sought", "size": "question",
    "time_limit": "minutes",
}  # fmt: skip
"""Fields beside the scenario's own, by where the call finds their faults."""


@dataclass(frozen=True)
class Found:
    """One fault.

    Parameters
    ----------
    place : the field that it belongs to; empty: to none of them
    label : what that field asks
    """

    place: str
    label: str
    message: str


def faults(draft: Draft, problem: Mapping[str, Any] | None) -> list[Found]:
    """The faults that a wish was refused for, each at its question, in the order in which they were told."""
    asked = {one.path: one for one in draft.asking.every()}
    return [_found(one, draft, asked) for one in (problem or {}).get("errors") or ()]


def _found(fault: Mapping[str, Any], draft: Draft, asked: Mapping[str, Asked]) -> Found:
    path = str(fault.get("pointer") or "").strip("/")
    if path.startswith("variants/"):
        return _of_whatif(fault, path, draft)
    if path in BESIDE:
        return Found(BESIDE[path], "", wrong(fault, None))
    place = path
    if place not in asked:
        inside = (one for one in asked if one.startswith(f"{path}/") and path)
        before = (one for one in asked if path.startswith(f"{one}/"))
        place = next(before, None) or next(inside, "")
    one = asked.get(place)
    return Found(place, one.label if one else "", wrong(fault, one if place == path else None))


def _of_whatif(fault: Mapping[str, Any], path: str, draft: Draft) -> Found:
    number = path.split("/")[1]
    at = int(number) if number.isdigit() else -1
    one = draft.whatifs[at] if 0 <= at < len(draft.whatifs) else None
    keys = {asked.key: asked for asked in draft.asking.every()}
    changed = keys.get(next(iter(one.change), "")) if one else None
    return Found(one.place if one else "", f"What if: {one.name}" if one else "", wrong(fault, changed))
