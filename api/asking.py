"""Questions about the stored queue and kept plans: who now, what next, who takes over, why, how sure."""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import BaseModel, ConfigDict, Field

from allocator.desk import NextCases, Suggestion, Suggestions, next_cases, suggest
from allocator.diff import PlanDiff, diff
from allocator.explain import Explanation, Priced, explain
from allocator.held import Role as Place
from allocator.intake import Reading
from allocator.plan import RoleName
from allocator.planned import Planned
from allocator.report import Chances, chances
from allocator.store import Record, records
from allocator.store.kinds import CASES
from allocator.store.plans import Stored, documents, reading_of
from allocator.store.sharing import is_lent
from api.calls import Call, Reply, Route
from api.kept import own_plan
from api.redaction import redacted
from api.roles import STAFF_AND_AUDITORS
from api.scope import covered, is_everywhere, own, own_case
from api.stored import ONE_ID

LONGEST = 60.0


class Best(BaseModel):
    """How many, and for which place."""

    model_config = ConfigDict(frozen=True)

    top: int = Field(default=5, ge=1, le=1000, description="how many at most")
    role: RoleName | None = Field(default=None, description="default: the open place")


class BestNext(BaseModel):
    """How many."""

    model_config = ConfigDict(frozen=True)

    top: int = Field(default=5, ge=1, le=1000, description="how many at most")


class Timed(BaseModel):
    """How far to search."""

    model_config = ConfigDict(frozen=True)

    time_limit: float = Field(
        default=5.0, gt=0, le=LONGEST, allow_inf_nan=False, description="seconds of each search"
    )
    effort: int | None = Field(
        default=None, ge=1, le=1000, description="a fixed amount of work instead of time"
    )
    seed: int = Field(default=1, ge=0, lt=2**31, description="of the search")


class Why(Timed):
    """Why not somebody, and how far to search."""

    reviewer_id: str | None = Field(default=None, pattern=ONE_ID, description="why not this one")
    redact: bool = Field(default=False, description="do not tell what is on record of interests and refusals")


class Since(BaseModel):
    """The plan that another is compared with."""

    model_config = ConfigDict(frozen=True)

    before: int = Field(default=0, ge=0, le=10**9, description="the number of the earlier plan")


class Draws(BaseModel):
    """How chance falls."""

    model_config = ConfigDict(frozen=True)

    seed: int = Field(default=1, ge=0, lt=2**31, description="of the draws")


def routes() -> tuple[Route, ...]:
    """The calls."""
    of_plan = "/v1/plans/{plan}"
    return (
        Route("GET", "/v1/cases/{record_id}/suggestions", "case-suggestions",
              "Who should take a case now, what it would do", STAFF_AND_AUDITORS, _suggested, Suggestions,
              query=Best),
        Route("GET", "/v1/reviewers/{record_id}/next-cases", "reviewer-next-cases",
              "What a reviewer should take next", STAFF_AND_AUDITORS, _next, NextCases, query=BestNext),
        Route("GET", f"{of_plan}/explanations/{{record_id}}", "plan-explanation",
              "Why a case is where it is in a plan, why not somebody, who else", STAFF_AND_AUDITORS,
              _explained, Explanation, query=Why),
        Route("GET", f"{of_plan}/changes", "plan-changes", "What differs from an earlier plan, and why",
              STAFF_AND_AUDITORS, _differs, PlanDiff, query=Since),
        Route("GET", f"{of_plan}/chances", "plan-chances", "How sure the dates of a plan are, line by line",
              STAFF_AND_AUDITORS, _chances, Chances, query=Draws),
    )  # fmt: skip


def _suggested(call: Call) -> Reply:
    return Reply(suggestions(call, own_case(call), call.query))


def suggestions(call: Call, case: Record, asked: Best) -> Suggestions:
    """Who should take a case now, of those whom the caller may see."""
    now = call.service.desks.now(call.connection, call.day)
    everyone = 10**6 if not is_everywhere(call.caller) else asked.top
    found = suggest(now, case.record_id, everyone, Place[asked.role.upper()] if asked.role else None)
    return _seen(call, found, case, asked.top)


def _next(call: Call) -> Reply:
    reviewer = own(call, "reviewers", call.path["record_id"])
    asked: BestNext = call.query
    everything = 10**6 if not is_everywhere(call.caller) else asked.top
    found = next_cases(call.service.desks.now(call.connection, call.day), reviewer.record_id, everything)
    mine = covered(call, CASES, (one.case_id for one in found.cases))
    seen = tuple(one for one in found.cases if one.case_id in mine)
    able = found.able if is_everywhere(call.caller) else len(seen)
    told = found.model_copy(update={"able": able, "cases": seen[: asked.top]})
    return Reply(redacted(call, told))


def _explained(call: Call) -> Reply:
    plan, case = own_plan(call), own_case(call)
    asked: Why = call.query
    if asked.reviewer_id is not None:
        own(call, "reviewers", asked.reviewer_id)
    with call.service.slots.one():
        reading, (document, proof) = made_of(call, plan)
        priced = Priced(proof, asked.time_limit, asked.effort)
        found = explain(reading.snapshot, document, case.record_id, asked.reviewer_id, priced, asked.redact)
    return Reply(redacted(call, found, case))


def _differs(call: Call) -> Reply:
    asked: Since = call.query
    after, before = own_plan(call), own_plan(call, asked.before)
    reading, (document, _) = made_of(call, after)
    found = diff(reading.snapshot, documents(call.connection, before.plan)[0], document)
    mine = covered(call, CASES, (one.case_id for one in found.changes))
    changes = tuple(one for one in found.changes if one.case_id in mine)
    return Reply(redacted(call, found.model_copy(update={"changes": changes})))


def _chances(call: Call) -> Reply:
    plan, asked = own_plan(call), call.query
    with call.service.slots.one():
        reading, (document, proof) = made_of(call, plan)
        found = chances(Planned.of(reading.snapshot, document, proof), asked.seed)
    mine = covered(call, CASES, (one.case_id for one in found.lines))
    lines = tuple(one for one in found.lines if one.case_id in mine)
    told = found.model_copy(update={"lines": lines, "fragile": sum(one.fragile for one in lines)})
    return Reply(redacted(call, told))


def made_of(call: Call, plan: Stored) -> tuple[Reading, tuple[dict[str, object], dict[str, object]]]:
    """What a plan was made of, and its documents."""
    return reading_of(call.connection, plan), documents(call.connection, plan.plan)


def _seen(call: Call, found: Suggestions, case: Record, top: int) -> Suggestions:
    """The same as the caller may see it: of a reviewer of another area who is lent, hours and eligibility."""
    if is_everywhere(call.caller):
        return found
    people = {one.reviewer_id for one in found.suggestions}
    people |= {one.reviewer_id for one in (*found.others, *found.unable)}
    home = {one.record_id: str(one.area) for one in _get(call, "reviewers", people)}
    borrower = str(case.area)
    lenders = {
        area for area in set(home.values()) if is_lent(call.connection, area, borrower, case.record_id)
    }
    mine = {who for who, area in home.items() if call.caller.covers(area)}
    lent = {who for who, area in home.items() if area in lenders}
    seen = [
        one if one.reviewer_id in mine else _of_a_lent(one)
        for one in found.suggestions
        if one.reviewer_id in mine | lent
    ]
    others, unable = (
        tuple(one for one in each if one.reviewer_id in mine) for each in (found.others, found.unable)
    )
    told = {"able": len(seen), "suggestions": tuple(seen[:top]), "others": others, "unable": unable}
    return redacted(call, found.model_copy(update=told), case)


def _of_a_lent(one: Suggestion) -> Suggestion:
    """What a borrower sees: that they may, and what it takes of them."""
    return one.model_copy(
        update={
            "workload_percent_before": None,
            "workload_percent_after": None,
            "open_cases_after": 0,
            "becomes_late": (),
            "leaves_without": (),
            "effect": "Of another area, and lent.",
        }
    )


def _get(call: Call, kind: str, ids: Iterable[str]) -> list[Record]:
    return list(records.get_many(call.connection, kind, set(ids)).values())
