"""What calls to the store are answered, and what some of them are sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import cache
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, StringConstraints

from allocator.errors import Fault
from allocator.plan import RoleName
from allocator.store import State
from allocator.store.following import Followed, Withdrawn

MOST = 1_000
ONE_ID = r"^[^\x00-\x1f\x7f]{1,64}$"
Id = Annotated[str, Field(pattern=ONE_ID)]
Area = Annotated[str, StringConstraints(strip_whitespace=True, to_upper=True, pattern=ONE_ID)]
"""An area's code, however it is typed."""


class Body(BaseModel):
    """What every body is: closed to unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Held(Body):
    """Who has a place of a case."""

    reviewer_id: str
    allocated_on: date
    accepted_at: datetime | None = Field(description="When they said that they do it")


class Clocks(Body):
    """A case's two clocks today."""

    days: int = Field(description="On the clock so far; a hold stops it")
    allocate_by: date
    complete_by: date


class UnmetRule(Body):
    """A rule that binds new work, and that whoever has the case does not meet any more."""

    role: RoleName
    reviewer_id: str
    rule: str
    sentence: str


class Follows(Body):
    """What follows from a change of a case."""

    before: Clocks
    after: Clocks
    opened: tuple[RoleName, ...] = Field(description="Places that it has since")
    unmet: tuple[UnmetRule, ...]

    @staticmethod
    def of(found: Followed, covered: Callable[[str], bool]) -> Follows:
        """The same as an answer; of a reviewer who is not the caller's nothing is told."""
        return Follows(
            before=Clocks(**vars(found.before)),
            after=Clocks(**vars(found.after)),
            opened=found.opened,
            unmet=tuple(UnmetRule(**vars(one)) for one in found.unmet if covered(one.reviewer_id)),
        )


class TakenBack(Body):
    """A place that somebody had until this call: they have a conflict of interest, or are excluded."""

    case_id: str
    role: RoleName
    reviewer_id: str
    why: str

    @staticmethod
    def of(found: Withdrawn) -> TakenBack:
        """The same as an answer."""
        return TakenBack(case_id=found.case_id, role=found.role, reviewer_id=found.reviewer_id, why=found.why)


class StoredRecord(Body):
    """A record as it is kept."""

    id: str
    version: int
    record: dict[str, JsonValue] = Field(description="Its fields, as in the snapshot; empty once forgotten")
    changed_at: datetime
    state: State | None = Field(default=None, description="Of a case")
    merged_into: str | None = Field(default=None, description="Of a case that is a duplicate")
    lead: Held | None = Field(default=None, description="Of a case, who leads it now")
    second: Held | None = Field(default=None, description="Of a case, who is its second now")
    removed: bool = Field(default=False, description="Taken back: it counts for nothing")
    follows: Follows | None = Field(default=None, description="What follows from this change of a case")
    withdrawn: tuple[TakenBack, ...] = Field(default=(), description="Cases taken back because of this call")
    source_version: int | None = Field(default=None, description="Of a case: its source's version of it")
    applied: bool | None = Field(
        default=None, description="Of a source's version that was sent: false as a newer one is known"
    )
    replaced: tuple[str, ...] = Field(default=(), description="Fields corrected here that it says anew")
    standing: tuple[str, ...] = Field(default=(), description="Fields that stand otherwise here than it says")
    next_states: tuple[State, ...] = Field(
        default=(), description="Of a case asked for by itself, the states that the caller may move it to"
    )
    duplicates: tuple[str, ...] = Field(
        default=(), description="Of a case asked for by itself, those that are merged into it"
    )


class Records(Body):
    """Some records, by id."""

    items: tuple[StoredRecord, ...]
    next: str | None = Field(description="Ask again with after=this for those that follow; empty: no more")


class Wanted(BaseModel):
    """Which records are asked for."""

    model_config = ConfigDict(frozen=True)

    limit: int = Field(default=100, ge=1, le=MOST, description="so many at most")
    after: str | None = Field(default=None, pattern=ONE_ID, description="ids after this one")
    area: Area | None = Field(default=None, description="of one area")
    state: State | None = Field(default=None, description="cases in one state")
    reviewer_id: str | None = Field(
        default=None, pattern=ONE_ID, description="what is about one reviewer, or what they have"
    )


class Partial(BaseModel):
    """How much of a document is kept."""

    model_config = ConfigDict(frozen=True)

    partial: bool = Field(default=False, description="keep the sound rows, and answer by row for the others")
    quarantine: bool = Field(
        default=False, description="the same, and set the others aside to be mended: nothing is lost"
    )


class LeftOut(Body):
    """A row that was not kept."""

    kind: str
    row: int = Field(description="Its place in its array, from 0")
    errors: tuple[Fault, ...]
    quarantine: int | None = Field(default=None, description="Under which number it is set aside")


class Came(Body):
    """What became of rows: received = kept + older + set aside + left out."""

    received: int
    kept: int = Field(description="Those that changed nothing too")
    older: int = Field(description="Passed over, as a newer version is known or set aside")
    set_aside: int = Field(description="To be mended")
    left_out: int = Field(description="Not kept, and not set aside")


class NotApplied(Body):
    """A row of a case whose newer version is known."""

    row: int = Field(description="Its place in its array, from 0")
    id: str
    source_version: int = Field(description="The newer one")
    applied: Literal[False] = False


class ImportAnswer(Body):
    """What became of a document."""

    kept: dict[str, int] = Field(description="By kind, rows that are kept now")
    left_out: tuple[LeftOut, ...]
    older: tuple[NotApplied, ...] = Field(description="Cases whose newer version is known: passed over")
    withdrawn: tuple[TakenBack, ...]
    policy: bool = Field(default=False, description="The policy that came with it is in force now")
    warnings: tuple[Fault, ...] = Field(default=(), description="Worth knowing of the files, and no fault")
    counts: dict[str, Came] = Field(default={}, description="By kind, what became of how many rows")
    cases_by_area: dict[str, Came] = Field(
        default={}, description="The same of cases, by the area that each says; empty: none that can be read"
    )


class NextState(Body):
    """The state that a case is in next."""

    state: State


class PlaceToTakeBack(Body):
    """Which place of a case is taken back, and why."""

    role: RoleName = "lead"
    reason: Literal["taken_back", "workload", "reviewer_request", "family_request", "error"] = "taken_back"


class Merge(Body):
    """The case that a duplicate is one with."""

    into: Annotated[str, Field(pattern=ONE_ID)]


class Nothing(Body):
    """Nothing is to be said."""


@cache
def schema_of(kind: str, model: type[BaseModel], more: type[BaseModel] | None) -> dict[str, Any]:
    """The JSON Schema of a record's body: the contract's row, its id left to the path."""
    schema: dict[str, Any] = model.model_json_schema(mode="validation")
    extra: Mapping[str, Any] = more.model_json_schema(mode="validation") if more else {}
    for part in ("properties", "$defs"):
        if part in extra:
            schema[part] = {**schema.get(part, {}), **extra[part]}
    schema["title"] = kind
    return schema
