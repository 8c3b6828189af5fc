"""The kinds of record: what each is called, what it is made of, and whose it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from pydantic import Field

from allocator.fields import Day, Row
from allocator.intake.specs import KEYS, MODELS

Body = Mapping[str, Any]
CASES: Final = "cases"
HELD: Final = ("reviewer_id", "allocated_on", "second_reviewer_id")
"""Fields of a case that say who has it: they stand in the holdings and in no body."""


class Dates(Row):
    """From when to when an area or an organisation is what its row says: its successor counts after that."""

    opens_on: Day | None = Field(default=None, description="First day; empty: always")
    closes_on: Day | None = Field(default=None, description="Last day; empty: open, or closed at once")


@dataclass(frozen=True)
class Kind:
    """One kind of record.

    Parameters
    ----------
    name : of its table in the contract
    model : the contract's model of a row
    key : the field that is its id; None where the id is given by whoever keeps it
    dated : whether it has `Dates` beside the model's fields
    removable : whether it can be taken back: what is said of a reviewer can, a case or a person cannot
    """

    name: str
    model: type[Row]
    key: str | None
    dated: bool = False
    removable: bool = False

    def written(self, record_id: str) -> str:
        """An id as the records of this kind write it: codes in capitals, labels in small letters."""
        tidy = record_id.strip()
        return tidy.upper() if self.dated else tidy.lower() if self.key == "provider" else tidy


KINDS: Final = {
    name: Kind(
        name,
        model,
        KEYS.get(name),
        dated=name in ("areas", "organisations"),
        removable=name not in KEYS,
    )
    for name, model in MODELS.items()
}
POLICY: Final = "policies"
"""The kind of the one record that is no table's row."""


def area_of(kind: str, body: Body) -> str | None:
    """The area that a record belongs to by what it says itself; None for a record that says nothing of it."""
    if not body:
        return None
    match kind:
        case "cases" | "areas":
            return str(body["area"])
        case "reviewers":
            return str(body["areas"][0])
    return None


def about_of(kind: str, body: Body) -> str | None:
    """The reviewer whom a record is about, if it is no reviewer's own."""
    return str(body["reviewer_id"]) if body and KINDS.get(kind) and KINDS[kind].removable else None
