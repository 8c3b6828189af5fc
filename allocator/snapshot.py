"""The snapshot: everything known at one moment, validated, and the digest that names it."""

import hashlib
from collections.abc import Callable
from datetime import date
from typing import Any

from pydantic import Field, field_validator

from allocator.canonical import canonical
from allocator.cases import Case
from allocator.fields import Day, Row
from allocator.places import Area, Contract, Organisation
from allocator.policy import Policy
from allocator.reviewers import Absence, Decline, Interest, Reviewer

SCHEMA_ID = "urn:reviewer-allocation:snapshot:1"


def _text(value: date | str | None) -> str:
    """Return a sort key in which "not given" comes first."""
    return "" if value is None else str(value)


class Snapshot(Row):
    """Everything known at one moment. Each table is sorted by id, whatever the order it came in."""

    as_of: Day = Field(description="The day the plan is made for")
    policy: Policy = Field(default_factory=Policy, description="The rules' numbers")
    cases: tuple[Case, ...] = Field(description="The queue and the cases held now")
    reviewers: tuple[Reviewer, ...] = Field(description="Everyone who may take or holds a case")
    absences: tuple[Absence, ...] = Field(default=(), description="Absences")
    declines: tuple[Decline, ...] = Field(default=(), description="Declined cases")
    interests: tuple[Interest, ...] = Field(default=(), description="Declared interests")
    areas: tuple[Area, ...] = Field(default=(), description="Areas; if given, every area named elsewhere")
    organisations: tuple[Organisation, ...] = Field(
        default=(), description="Organisations that changed or have parents"
    )
    contracts: tuple[Contract, ...] = Field(default=(), description="What providers may still be given")

    @field_validator("cases")
    @classmethod
    def _cases_by_id(cls, rows: tuple[Case, ...]) -> tuple[Case, ...]:
        return tuple(sorted(rows, key=lambda row: row.case_id))

    @field_validator("reviewers")
    @classmethod
    def _reviewers_by_id(cls, rows: tuple[Reviewer, ...]) -> tuple[Reviewer, ...]:
        return tuple(sorted(rows, key=lambda row: row.reviewer_id))

    @field_validator("absences")
    @classmethod
    def _absences_by_id(cls, rows: tuple[Absence, ...]) -> tuple[Absence, ...]:
        key: Callable[[Absence], tuple[object, ...]] = lambda row: (  # noqa: E731
            row.reviewer_id,
            row.from_,
            row.to,
            row.percent,
            _text(row.reason),
        )
        return tuple(sorted(rows, key=key))

    @field_validator("declines")
    @classmethod
    def _declines_by_id(cls, rows: tuple[Decline, ...]) -> tuple[Decline, ...]:
        return tuple(
            sorted(rows, key=lambda row: (row.reviewer_id, row.case_id, _text(row.on), _text(row.reason)))
        )

    @field_validator("interests")
    @classmethod
    def _interests_by_id(cls, rows: tuple[Interest, ...]) -> tuple[Interest, ...]:
        return tuple(sorted(rows, key=_interest_key))

    @field_validator("areas")
    @classmethod
    def _areas_by_id(cls, rows: tuple[Area, ...]) -> tuple[Area, ...]:
        return tuple(sorted(rows, key=lambda row: row.area))

    @field_validator("organisations")
    @classmethod
    def _organisations_by_id(cls, rows: tuple[Organisation, ...]) -> tuple[Organisation, ...]:
        return tuple(sorted(rows, key=lambda row: row.organisation))

    @field_validator("contracts")
    @classmethod
    def _contracts_by_id(cls, rows: tuple[Contract, ...]) -> tuple[Contract, ...]:
        return tuple(sorted(rows, key=lambda row: row.provider))

    def digest(self) -> str:
        """Return the SHA-256, in hex, of the snapshot's canonical JSON (RFC 8785).

        What is not given is left out. Canonical JSON sorts keys, and the first review type is the base: the
        types' order therefore stands beside the policy as `review_type_order`.
        """
        document = self.model_dump(mode="json", exclude_none=True)
        document["review_type_order"] = list(self.policy.review_types)
        found = hashlib.sha256()
        for piece in canonical(document):
            found.update(piece)
        return found.hexdigest()


def _interest_key(row: Interest) -> tuple[str, ...]:
    """Return the order of interests: by reviewer, then whatever tells two apart."""
    parts = (row.organisation, row.case_id, row.from_, row.to, row.note)
    return (row.reviewer_id, row.kind, *(_text(part) for part in parts))


def _allow_null(schema: dict[str, Any]) -> None:
    """Let null stand for "not given" in every property that need not be given."""
    for name, one in schema["properties"].items():
        if name not in schema["required"] and {"type": "null"} not in one.get("anyOf", ()):
            about = {key: one.pop(key) for key in ("default", "description", "title") if key in one}
            schema["properties"][name] = {"anyOf": [one, {"type": "null"}], **about}


def snapshot_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a snapshot as a JSON document; `as_of` may be left out."""
    schema = Snapshot.model_json_schema(mode="validation")
    schema["required"] = ["cases", "reviewers"]
    for model in (Snapshot, Case, Reviewer, Absence, Decline, Interest, Area, Organisation, Contract):
        _allow_null(schema if model is Snapshot else schema["$defs"][model.__name__])
    schema["$defs"]["Policy"]["properties"]["as_of"] = {
        "type": "string",
        "format": "date",
        "description": "The day the plan is made for, if not given elsewhere",
    }
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": SCHEMA_ID, **schema}
