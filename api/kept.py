"""Calls for kept plans and their parts, of which an area sees its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from allocator.exact import minutes_of, percent
from allocator.export import csv_bytes, xlsx_bytes
from allocator.placing import Placing, placing, together
from allocator.plan import Assignment, Certificate, Objective, Part, Plan, Unassigned, Workload
from allocator.store import holdings, plans, records
from allocator.store.kinds import CASES
from allocator.store.lines import LineState, lines_about, lines_of
from allocator.store.plans import Stored, documents, find_plan
from api.calls import Call, Reply, Route, not_there, number_of
from api.downloads import download, media
from api.planlines import PlanLine, PlanLines, mine_by, shown
from api.roles import ALL_BUT_REVIEWERS, READERS
from api.scope import ELSEWHERE, covered, covers_reviewer, is_everywhere, other_area, sees_plan
from api.stored import Body, Id

R = TypeVar("R", bound=Part)


class KeptPlan(Body):
    """A plan that is kept, of which one sees the lines of one's areas."""

    plan: int
    plan_id: str
    areas: tuple[str, ...] = Field(description="Whose waiting cases were planned; empty: all")
    made_at: datetime
    known_at: datetime = Field(description="The moment whose queue it is of")
    as_of: date
    parent: int | None = Field(description="The plan that it was made from")
    handover: str | None = Field(
        description="Of whose cases alone it says who takes them over; empty: of all"
    )
    lines: dict[LineState, int] = Field(description="New and moved lines that are the caller's, by state")
    objective: Objective | None = Field(description="Points of the whole plan; empty in a list")
    total: Placing | None = Field(description="What it does for the caller's cases; empty in a list")
    by_area: dict[str, Placing] = Field(default={}, description="The same by area; empty in a list")


class Plans(Body):
    """Some plans, the newest first."""

    items: tuple[KeptPlan, ...]


class Assignments(Body):
    """Places that a plan fills."""

    items: tuple[Assignment, ...]


class Unassigneds(Body):
    """Places that a plan leaves empty."""

    items: tuple[Unassigned, ...]


class Load(Part):
    """One reviewer's load; of another area's the hours free alone."""

    reviewer_id: str = Field(description="The reviewer")
    hours_free: float = Field(description="Hours in the horizon that the plan gives to nobody")
    capacity_hours: float | None = Field(description="Hours in the horizon")
    held_hours: float | None = Field(description="Hours left of kept work")
    held_percent: float | None = Field(description="Those ÷ capacity: what the plan begins with")
    new_hours: float | None = Field(description="Hours of new and moved work")
    workload_percent: float | None = Field(description="Hours given ÷ capacity; empty if that is 0")
    open_cases: int | None = Field(description="Cases led, those on hold included")
    state: str | None = Field(description="unavailable, over, full or ok")


class Loads(Body):
    """Loads of the caller's reviewers, and of those who are lent to their cases."""

    items: tuple[Load, ...]


class Last(BaseModel):
    """How many."""

    model_config = ConfigDict(frozen=True)

    limit: int = Field(default=100, ge=1, le=100, description="so many at most, the newest first")


class Document(BaseModel):
    """What is asked for, and as what."""

    model_config = ConfigDict(frozen=True)

    format: Literal["json", "csv", "xlsx"] = Field(default="json", description="a file, or JSON")


class WhichLines(Document):
    """Which lines are asked for, and as what."""

    case_id: Id | None = Field(default=None, description="of this case alone; empty: of all")
    state: LineState | None = Field(default=None, description="in this state alone; empty: in any")


def routes() -> tuple[Route, ...]:
    """The calls, each of which only reads."""
    one = "/v1/plans/{plan}"
    parts = tuple(
        Route("GET", f"{one}/{name}", f"plan-{name}", says, READERS, handle, model, query=query,
              files=media("csv", "xlsx"))
        for name, says, handle, model, query in (
            ("lines", "New and moved lines, and what has become of each", _lines, PlanLines, WhichLines),
            ("assignments", "The places that it fills", _assignments, Assignments, Document),
            ("unassigned", "The places that it leaves empty, and why", _unassigned, Unassigneds, Document),
            ("workloads", "What each reviewer would have", _workloads, Loads, Document),
        )
    )  # fmt: skip
    return (
        Route("GET", "/v1/plans", "plans", "The plans that are kept", ALL_BUT_REVIEWERS, _list, Plans,
              query=Last),
        Route("GET", one, "kept-plan", "A kept plan in figures", ALL_BUT_REVIEWERS, _got, KeptPlan),
        *parts,
        Route("GET", f"{one}/document", "plan-document", "The whole of plan.json", READERS, _document, Plan),
        Route("GET", f"{one}/certificate", "plan-certificate", "The prices that prove its bounds", READERS,
              _certificate, Certificate),
    )  # fmt: skip


def _list(call: Call) -> Reply:
    seen = [one for one in plans.every_plan(call.connection) if sees_plan(call.caller, one)]
    return Reply(Plans(items=tuple(_counted(call, seen[: call.query.limit]))))


def _got(call: Call) -> Reply:
    found = own_plan(call)
    document = documents(call.connection, found.plan)[0]
    each = placing(
        document["assignments"],
        document["unassigned"],
        _planned_cases(call, found, document),
        _waiting(call, found, document),
    )
    more = {
        "objective": Objective.model_validate(document["objective"]),
        "total": together(each.values()),
        "by_area": each,
    }
    return Reply(kept(call, found).model_copy(update=more))


def _planned_cases(call: Call, found: Stored, document: Mapping[str, Any]) -> dict[str, str]:
    """By case its area, of those that are the caller's and in the areas that the plan is for."""
    ids = {str(row["case_id"]) for part in ("assignments", "unassigned") for row in document[part]}
    each = records.get_many(call.connection, CASES, ids)
    return {
        case_id: str(one.area)
        for case_id, one in each.items()
        if call.caller.covers(one.area) and (not found.areas or one.area in found.areas)
    }


def _waiting(call: Call, found: Stored, document: Mapping[str, Any]) -> set[str]:
    """The cases that change hands and that nobody led: the queue counts them among those to allocate."""
    moved = {str(row["case_id"]) for row in document["assignments"]
             if row["change"] == "moved" and row["role"] == "lead"}  # fmt: skip
    return moved - holdings.led_at(call.connection, found.known_at, moved)


def kept(call: Call, found: Stored) -> KeptPlan:
    """A plan, and what has become of its lines."""
    return next(_counted(call, [found]))


def _counted(call: Call, found: Sequence[Stored]) -> Iterator[KeptPlan]:
    states = plans.states_of(call.connection, [one.plan for one in found], call.caller.areas)
    for one in found:
        said = {name: value for name, value in vars(one).items() if name != "released"}
        handover, lines = _hands_over(call, one), states[one.plan]
        yield KeptPlan(**said, handover=handover, lines=lines, objective=None, total=None)


def _hands_over(call: Call, found: Stored) -> str | None:
    """Whose cases a plan hands over, if that is somebody whom the caller may know of."""
    who = next(iter(found.released.values()), None)
    return who if who is None or covers_reviewer(call, who) else ELSEWHERE


def _lines(call: Call) -> Reply:
    asked: WhichLines = call.query
    plan = own_plan(call).plan
    of_one = None if asked.case_id is None else lines_about(call.connection, plan, [asked.case_id])
    found = lines_of(call.connection, plan) if of_one is None else of_one
    wanted = [one for one in found if asked.state in (None, one.state)]
    return _part(call, PlanLines, PlanLine, shown(call, wanted))


def _assignments(call: Call) -> Reply:
    return _part(call, Assignments, Assignment, _rows(call, "assignments", Assignment))


def _unassigned(call: Call) -> Reply:
    return _part(call, Unassigneds, Unassigned, _rows(call, "unassigned", Unassigned))


def _workloads(call: Call) -> Reply:
    document = documents(call.connection, own_plan(call).plan)[0]
    rows = [Workload.model_validate(row) for row in document["workloads"]]
    theirs = covered(call, "reviewers", (one.reviewer_id for one in rows))
    lines = mine_by(call, document["assignments"], lambda row: str(row["case_id"]))
    lent = {row["reviewer_id"] for row in lines} - theirs
    loads = [_load(one, one.reviewer_id in theirs) for one in rows if one.reviewer_id in theirs | lent]
    return _part(call, Loads, Load, loads)


def _load(one: Workload, is_mine: bool) -> Load:
    capacity, held = float(one.capacity_hours), float(one.held_hours)
    free = max(0.0, capacity - held - float(one.new_hours))
    more = {"held_percent": percent(minutes_of(held), minutes_of(capacity))}
    said = {**one.model_dump(), **more} if is_mine else {"reviewer_id": one.reviewer_id}
    rest = dict.fromkeys(Load.model_fields)
    return Load.model_validate({**rest, **said, "hours_free": round(free, 2)})


def _part(call: Call, model: type[BaseModel], row: type[Part], rows: list[Any]) -> Reply:
    """Rows as JSON, or as the file that is asked for."""
    answer = model(items=tuple(rows))
    wanted: Document = call.query
    if wanted.format == "json":
        return Reply(answer)
    content = csv_bytes(row, rows) if wanted.format == "csv" else xlsx_bytes(row, rows)
    return download(answer, content, wanted.format)


def _document(call: Call) -> Reply:
    return Reply(Plan.model_validate(_whole(call)[0]))


def _certificate(call: Call) -> Reply:
    return Reply(Certificate.model_validate(_whole(call)[1]))


def _whole(call: Call) -> tuple[dict[str, Any], dict[str, Any]]:
    """A plan's documents, which speak of everybody's cases: what is held counts wherever it is."""
    found = own_plan(call)
    if not is_everywhere(call.caller):
        raise other_area("The whole plan speaks of other areas too: ask for its parts.")
    return documents(call.connection, found.plan)


def own_plan(call: Call, number: int | None = None) -> Stored:
    """The plan that a call is about, or one of another number, if it has a part that is the caller's."""
    found = find_plan(call.connection, number_of(call.path["plan"]) if number is None else number)
    if found is None or not sees_plan(call.caller, found):
        raise not_there("plans", call.path["plan"])
    return found


def _rows(call: Call, part: str, model: type[R]) -> list[R]:
    """Rows of a part of the plan, of the caller's cases."""
    document = documents(call.connection, own_plan(call).plan)[0]
    mine = mine_by(call, document[part], lambda row: str(row["case_id"]))
    return [model.model_validate(row) for row in mine]
