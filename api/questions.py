"""Questions about a snapshot and a plan: why, who else, who takes over, what an edit does, what differs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any, TypeVar

from flask import Response, request
from pydantic import BaseModel, JsonValue, ValidationError

from allocator.allocate import PlanRequest
from allocator.answer import answer_of, as_text
from allocator.desk import NextCases, Suggestions, next_cases, suggest
from allocator.diff import PlanDiff, diff
from allocator.edit import Draft, edited, try_edits
from allocator.errors import BadInput, Fault
from allocator.explain import Explanation, Lines, Priced, every_line, explain
from allocator.handover import Away, Handover, handover
from allocator.held import Role
from allocator.intake import Reading, parse_snapshot
from allocator.plan import Part, Unassigned
from allocator.planned import Planned
from allocator.report import bottlenecks, chances, fairness, queue
from allocator.written import rows_of
from api.asked import (
    Asked,
    DiffQuestion,
    EditAnswer,
    EditQuestion,
    ExplainQuestion,
    HandoverQuestion,
    LinesQuestion,
    NextQuestion,
    ReportAnswer,
    ReportQuestion,
    SuggestQuestion,
)
from api.body import read_body
from api.clock import Clock
from api.document import Body
from api.errors import answers
from api.openapi import Answer, Operation, RequestBody
from api.schemas import PlanAnswer
from api.settings import Settings
from api.slots import Slots
from solver.cpsat import CpLimits
from solver.outcome import Limits

SNAPSHOT = "#/components/schemas/Snapshot"


def _explain(asked: ExplainQuestion, reading: Reading, _: Clock) -> Explanation:
    plan, certificate = asked.documents()
    priced = Priced(certificate, asked.time_limit, asked.effort)
    return explain(reading.snapshot, plan, asked.case_id, asked.reviewer_id, priced, asked.redact)


def _lines(asked: LinesQuestion, reading: Reading, _: Clock) -> Lines:
    return every_line(reading.snapshot, *asked.documents())


def _suggest(asked: SuggestQuestion, reading: Reading, _: Clock) -> Suggestions:
    role = None if asked.role is None else Role[asked.role.upper()]
    return suggest(asked.now(reading), asked.case_id, asked.top, role)


def _next(asked: NextQuestion, reading: Reading, _: Clock) -> NextCases:
    return next_cases(asked.now(reading), asked.reviewer_id, asked.top)


def _handover(asked: HandoverQuestion, reading: Reading, _: Clock) -> Handover:
    limits = CpLimits(asked.time_limit, asked.effort and float(asked.effort), 1, asked.seed)
    away = Away(asked.first_day, asked.last_day)
    return handover(reading.snapshot, asked.reviewer_id, limits, away, published=asked.publications)


def _edit(asked: EditQuestion, reading: Reading, now: Clock) -> EditAnswer:
    draft = Draft(Planned.of(reading.snapshot, *asked.documents()))
    told = try_edits(draft, asked.edits)[1]
    if not asked.make or any(one.broken for one in told):
        return EditAnswer(consequences=told, plan=None)
    wanted = PlanRequest(asked.time_limit, asked.effort, workers=1, seed=asked.seed)
    allocation, told = edited(reading, draft, asked.edits, wanted, now, asked.anew)
    plan = PlanAnswer.model_validate(answer_of(reading, allocation))
    return EditAnswer(consequences=told, plan=plan)


def _diff(asked: DiffQuestion, reading: Reading, _: Clock) -> PlanDiff:
    return diff(reading.snapshot, asked.before, asked.after)


def _report(asked: ReportQuestion, reading: Reading, _: Clock) -> ReportAnswer:
    planned = Planned.of(reading.snapshot, *asked.documents())
    limits = Limits(asked.time_limit, asked.effort, 0.0, asked.seed, 1)
    return ReportAnswer(
        queue=queue(planned, rows_of(asked.plan, "unassigned", Unassigned)),
        bottlenecks=bottlenecks(reading.snapshot, planned, limits),
        fairness=fairness(planned),
        published=fairness(planned, published=True),
        chances=chances(planned, asked.seed),
    )


Q = TypeVar("Q", bound=Asked)
M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True)
class Question:
    """One question: where it is asked, what it holds, and who answers."""

    path: str
    name: str
    summary: str
    model: type[Asked]
    answer: type[Part]
    ask: Callable[[Any, Reading, Clock], Part]


_WHY = "Say why a case is where it is, why not somebody, and who else at what price"
_ALL = "Say of every line why, and what anyone else would cost at least"
_WHO = "Say who should take a case now, and what it would do"
_WHAT = "Say what a reviewer should take next"
_OVER = "Say who takes over from a reviewer"
_EDIT = "Say what edits of a plan would do, or make them"
_DIFF = "Say what differs between two plans, and because of what"
_WHOLE = "Say what a plan is as a whole"

QUESTIONS = (
    Question("/v1/explanations", "explain", _WHY, ExplainQuestion, Explanation, _explain),
    Question("/v1/lines", "lines", _ALL, LinesQuestion, Lines, _lines),
    Question("/v1/suggestions", "suggest", _WHO, SuggestQuestion, Suggestions, _suggest),
    Question("/v1/next-cases", "next", _WHAT, NextQuestion, NextCases, _next),
    Question("/v1/handovers", "handover", _OVER, HandoverQuestion, Handover, _handover),
    Question("/v1/edits", "edit", _EDIT, EditQuestion, EditAnswer, _edit),
    Question("/v1/diffs", "diff", _DIFF, DiffQuestion, PlanDiff, _diff),
    Question("/v1/reports", "report", _WHOLE, ReportQuestion, ReportAnswer, _report),
)


def operations(settings: Settings, now: Clock, slots: Slots) -> tuple[Operation, ...]:
    """What can be asked."""
    return tuple(_operation(one, settings, now, slots) for one in QUESTIONS)


def _operation(one: Question, settings: Settings, now: Clock, slots: Slots) -> Operation:
    def view() -> Response:
        with slots.one():
            asked = read(one.model, read_body(request, settings.largest_body))
            reading = reading_of(asked, now().date())
            answer = one.ask(asked, reading, now)
        return Response(as_text(answer.as_document()), content_type="application/json")

    return Operation(
        method="POST",
        path=one.path,
        name=one.name,
        summary=one.summary,
        view=view,
        body=RequestBody(one.model.__name__, _schema(one.model)),
        answers={200: Answer("The answer.", one.answer)}
        | answers(
            s400="The body is not JSON; the place is told.",
            s413="The body is too large.",
            s415="The body is no application/json, or packed in an unknown way.",
            s422="The question, the snapshot or the plan has faults: `errors` lists each.",
            s429="Too many calls; Retry-After says when to come again.",
            s500="Our fault: a plan failed its own check, or something broke.",
            s503="As many searches run as can; Retry-After says when to come again.",
        ),
    )


@cache
def _schema(model: type[Asked]) -> dict[str, JsonValue]:
    """The question's schema; the snapshot in it is that of /v1/plans."""
    schema = model.model_json_schema()
    schema["properties"]["snapshot"] = {"$ref": SNAPSHOT}
    return schema


def read(model: type[Q], body: Body) -> Q:
    """The question in a body.

    Raises
    ------
    BadInput
        With the faults of the document and of what is asked.
    """
    try:
        found = read_model(model, body.document)
    except BadInput as error:
        raise BadInput([*body.faults, *error.faults]) from error
    if body.faults:
        raise BadInput(body.faults)
    return found


def read_model(model: type[M], document: object) -> M:
    """A decoded document as a model.

    Raises
    ------
    BadInput
        With its faults, each where it is.
    """
    try:
        return model.model_validate(document)
    except ValidationError as error:
        raise BadInput(
            [
                Fault("bad-question", one["msg"], pointer="".join(f"/{part}" for part in one["loc"]))
                for one in error.errors(include_url=False, include_context=False)
            ]
        ) from error


def reading_of(asked: Asked, today: date) -> Reading:
    """The snapshot of a question.

    Raises
    ------
    BadInput
        With its faults, each where it is in the question.
    """
    try:
        return parse_snapshot(asked.snapshot, today=today, quarantine=asked.quarantine)
    except BadInput as error:
        raise BadInput([replace(f, pointer=f"/snapshot{f.pointer or ''}") for f in error.faults]) from error
