"""What a plan is: the models of plan.json and certificate.json, and of the rows of the three CSV files."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Number = int | float
RoleName = Literal["lead", "second"]
Change = Literal["new", "kept", "moved"]
State = Literal["unavailable", "over", "full", "ok"]
LevelName = Literal["unallocated", "late", "cost"]


class Part(BaseModel):
    """What every part of a plan is: frozen, closed to unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def as_document(self) -> dict[str, Any]:
        """Return the JSON-ready keys; dates are strings, whole numbers have no trailing zero."""
        return {key: plain(value) for key, value in self.model_dump(mode="json").items()}


def plain(value: Any) -> Any:
    """Return the same JSON value with whole numbers written whole: 14 rather than 14.0."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    return [plain(one) for one in value] if isinstance(value, list) else value


class Assignment(Part):
    """One place that is filled: a row of assignments.csv."""

    case_id: str = Field(description="The case")
    role: RoleName = Field(description="lead or second")
    reviewer_id: str = Field(description="Who has the place")
    change: Change = Field(description="new, kept, or moved from someone else")
    previous_reviewer_id: str | None = Field(description="Who had it, if moved")
    hours: Number = Field(description="Hours it takes; kept: hours left, 0 while on hold")
    distance_km: Number | None = Field(description="Kilometres from reviewer to case; empty: not known")
    start_on: date | None = Field(description="Forecast day of its first hour")
    finish_on: date | None = Field(description="Forecast day of sign-off; empty: not within five years")
    complete_by: date = Field(description="Day by which the review is to be completed")
    on_time: bool | None = Field(description="finish_on is no later than complete_by; empty while on hold")
    reason: str = Field(description="Why, in one sentence")


class Unassigned(Part):
    """One place that is empty: a row of unassigned.csv."""

    case_id: str = Field(description="The case")
    role: RoleName = Field(description="lead or second")
    reason_code: str = Field(description="on_hold, a rule's code, or no_capacity")
    reason: str = Field(description="Why, counted by rule")
    remedy: str = Field(description="What kind of change would help; not tested by planning")


class Workload(Part):
    """One reviewer's load: a row of workloads.csv."""

    reviewer_id: str = Field(description="The reviewer")
    capacity_hours: Number = Field(description="Hours in the horizon")
    held_hours: Number = Field(description="Hours left of kept work")
    new_hours: Number = Field(description="Hours of new and moved work")
    workload_percent: Number | None = Field(description="Hours given ÷ capacity; empty if that is 0")
    open_cases: int = Field(description="Cases led, those on hold included")
    state: State = Field(description="unavailable, over (above 100 %), full (90 % or more), ok")


class Level(Part):
    """One level of the objective, in points."""

    value: int = Field(description="The plan's points")
    fixed: int = Field(description="Points no plan could avoid")
    bound: int = Field(description="No plan as good at every higher level has fewer points")
    gap: float = Field(description="(value − bound) / max(1, value − fixed)")
    proof: Literal["optimal", "within_gap", "best_found"] = Field(
        description="How good the value is known to be"
    )
    bounded_by: Literal["prices", "search", "fixed"] = Field(
        description="What the bound rests on; `check` recomputes prices and what is fixed, not a search"
    )
    certified_bound: int | None = Field(
        description="The bound that `check` recomputes from certificate.json; empty: none"
    )


class Objective(Part):
    """The three levels, the first before the second before the third."""

    unallocated: Level
    late: Level
    cost: Level


class Solver(Part):
    """How the plan was found."""

    method: str
    proof: Literal["optimal", "within_gap", "best_found"] = Field(description="The weakest of the levels'")
    seconds: float
    seed: int
    workers: int
    versions: dict[str, str]
    effort: int | None
    previous_plan_id: str | None = Field(
        default=None, description="The earlier plan that it began from, if any"
    )


class Counts(Part):
    """How the leads of some cases stand."""

    cases: int = Field(description="How many; those neither in time nor late have no lead or are on hold")
    in_time: int = Field(description="With a lead who is forecast to complete it in time")
    late: int = Field(description="With a lead who is forecast to be late")


class Changes(Part):
    """How many places are new, kept and moved."""

    new: int
    kept: int
    moved: int


class Summary(Part):
    """The plan in figures."""

    new: int = Field(description="New places, leads and seconds")
    kept: int = Field(description="Kept places, leads and seconds")
    moved: int = Field(description="Moved places, leads and seconds")
    leads: Changes = Field(description="The same of leads alone")
    seconds: Changes = Field(description="The same of seconds alone")
    unallocated: dict[str, int] = Field(description="Empty places by reason code, leads and seconds")
    unallocated_leads: dict[str, int] = Field(description="Empty lead places by reason code")
    unallocated_seconds: dict[str, int] = Field(description="Empty second places by reason code")
    on_hold: int = Field(description="Cases in scope that are on an open hold")
    out_of_scope: int = Field(description="Cases not planned, only counted")
    out_of_scope_reasons: dict[str, int] = Field(description="The same by why")
    eligible: Counts = Field(description="Cases in scope and not on hold")
    all: Counts = Field(description="All cases in scope")


class Plan(Part):
    """The whole of plan.json."""

    plan_id: str
    created_at: str
    as_of: date
    snapshot_digest: str
    policy: dict[str, Any]
    max_moves: int
    solver: Solver
    objective: Objective
    summary: Summary
    warnings: tuple[dict[str, Any], ...]
    assignments: tuple[Assignment, ...]
    unassigned: tuple[Unassigned, ...]
    workloads: tuple[Workload, ...]


class PlacePrices(Part):
    """Prices of places by case; one that is not listed is 0."""

    lead: dict[str, int] = {}
    second: dict[str, int] = {}


class HigherLevel(Part):
    """What a bound supposes of a level above its own."""

    price: int = Field(description="What a point of it is worth, in thousandths of a point")
    at_most: int = Field(description="Points of it that a plan may have for the bound to hold")


class LevelCertificate(Part):
    """Why no plan has fewer points at one level; prices are in thousandths of a point of that level."""

    kind: Literal["lagrangian", "fixed", "search"] = Field(
        description="Proved by the prices below; by what no plan could avoid; by search, not certified"
    )
    bound: int = Field(description="No plan as good at every higher level has fewer points")
    higher_levels: dict[LevelName, HigherLevel] = Field(default={}, description="By level above this one")
    prices: PlacePrices = Field(default=PlacePrices(), description="What filling each place is worth")
    second_needs_lead: dict[str, int] = Field(
        default={}, description="By case: what a new second's needing a new lead is worth"
    )
    admin: dict[str, int] = Field(default={}, description="By area, per minute")
    contract_cases: dict[str, int] = Field(default={}, description="By provider, per lead")
    contract_minutes: dict[str, int] = Field(default={}, description="By provider, per minute")
    open_cases: dict[str, int] = Field(
        default={}, description="By reviewer whose held leads may move, per lead"
    )
    moves: int = Field(default=0, description="Per held lead that changes hands by choice")


class CertifiedLevels(Part):
    """The three levels' certificates."""

    unallocated: LevelCertificate
    late: LevelCertificate
    cost: LevelCertificate


class Certificate(Part):
    """The whole of certificate.json."""

    snapshot_digest: str
    plan_id: str
    max_moves: int
    unit: Literal[1000] = 1000
    levels: CertifiedLevels
