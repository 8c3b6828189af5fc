"""What is filled in and from where, and what keeps the scenario's own value and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from pydantic import Field, JsonValue

from scenarios.answers import Part

Document = dict[str, Any]
EACH: Final = "groups.*."
"""What the key of a value begins with that every group has."""


class Filled(Part):
    """One key that was filled in."""

    key: str = Field(description="With dots")
    value: JsonValue
    source: str = Field(description="Where it comes from")


class Kept(Part):
    """One thing that keeps the scenario's own value, or that a scenario cannot say."""

    key: str
    why: str


@dataclass
class Notes:
    """What is found while a scenario is filled.

    Parameters
    ----------
    ranges : by key, its range as an assumption has it
    """

    filled: list[Filled] = field(default_factory=list)
    kept: list[Kept] = field(default_factory=list)
    ranges: dict[str, Document] = field(default_factory=dict)

    def fill(self, document: Document, key: str, value: Any, source: str) -> None:
        """Nothing; the value stands under the key, and where it comes from is noted."""
        put(document, key, value)
        self.told(key, value, source)

    def told(self, key: str, value: Any, source: str) -> None:
        """Nothing; it is noted that a key was filled in, and no more that it was not."""
        self.kept[:] = [one for one in self.kept if one.key != key]
        self.filled.append(Filled(key=key, value=value, source=source))

    def keep(self, key: str, why: str) -> None:
        """Nothing; it is noted what was not filled in."""
        self.kept.append(Kept(key=key, why=why))

    def range(self, key: str, low: float, high: float, reason: str) -> None:
        """Nothing; between what a value lies is noted: a tornado tries its ends."""
        self.ranges[key] = {"low": low, "high": high, "reason": reason}


def put(document: Document, key: str, value: Any) -> None:
    """Nothing; a value stands under a key with dots, in tables that are made where there are none."""
    *tables, last = key.split(".")
    for name in tables:
        document = document.setdefault(name, {})
    document[last] = value


def listed(names: Iterable[str]) -> str:
    """Names in a row, the last ones left out where there are many."""
    some = list(names)
    more = f" and {len(some) - 6} more" if len(some) > 6 else ""
    return ", ".join(some[:6]) + more


def counted(number: int, what: str) -> str:
    """A number of things: `1 case`, `3 cases`."""
    return f"{number:,} {what}{'s' * (number != 1)}"
