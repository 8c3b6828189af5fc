"""Calls that move a case on: its next state, taken back, merged and parted, answered and declared."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, JsonValue

from allocator.plan import RoleName
from allocator.store import Record, State, cases, merging, records
from allocator.store.answering import Why, accept, decline
from allocator.store.callers import Role
from allocator.store.declaring import declare
from allocator.store.following import withdraw
from allocator.store.kinds import CASES
from allocator.store.lines import is_proposed
from allocator.store.states import SAID, may_follow
from allocator.store.writing import check_versions
from api.calls import Call, Reply, Route
from api.errors import Refusal
from api.openapi import RequestBody
from api.questions import read_model
from api.roles import REVIEWERS, STAFF, STAFF_AND_SYSTEMS
from api.scope import ELSEWHERE, other_area, own, own_case, sees
from api.stored import Body, Merge, NextState, Nothing, PlaceToTakeBack, StoredRecord
from api.telling import answer

WORKERS = STAFF_AND_SYSTEMS | REVIEWERS
ONE = "/v1/cases/{record_id}"
BEGINS_AND_ENDS = frozenset({State.IN_REVIEW, State.AWAITING_SIGN_OFF})
"""States that a reviewer says of their own case; what is signed off, closed or opened again others say."""


class Answer(Body):
    """What a reviewer says to a case that they were given."""

    role: RoleName = "lead"
    answer: Literal["accept", "decline"]
    reason: Annotated[str, Field(max_length=32)] | None = Field(
        default=None, description="Of a decline: conflict, capacity, skill, family or other"
    )
    interest: dict[str, JsonValue] | None = Field(default=None, description="Which, if it is a conflict")
    absence: dict[str, JsonValue] | None = Field(default=None, description="Which, if it is capacity")


def routes() -> tuple[Route, ...]:
    """The calls, each about one case."""
    return (
        _route("state", "move-case", "Move a case on to its next state", WORKERS, _move, NextState),
        _route("take-back", "take-back", "Take a place of a case back", STAFF, _take_back, PlaceToTakeBack),
        _route("merge", "merge-case", "Merge a duplicate into another case", STAFF, _merge, Merge),
        _route("unmerge", "unmerge-case", "Part a merged duplicate again", STAFF, _unmerge, Nothing),
        _route("answers", "answer-case", "Accept a case, or decline it", REVIEWERS, _answer, Answer),
        _route(
            "declarations", "declare", "Declare to be independent of a case", REVIEWERS, _declare, Nothing
        ),
    )


def alone(call: Call, case: Record, told: StoredRecord) -> StoredRecord:
    """The answer about one case by itself, with where it may go next, and what is merged into it."""
    found = merging.duplicates_of(call.connection, case.record_id)
    there = records.get_many(call.connection, CASES, found)
    known = (one if sees(call.connection, call.caller, there[one]) else ELSEWHERE for one in found)
    return told.model_copy(update={"next_states": _next(call, case), "duplicates": tuple(known)})


def _next(call: Call, case: Record) -> tuple[State, ...]:
    """The states that the caller may say of a case next."""
    if call.caller.role not in WORKERS or case.merged_into or not case.body or case.state is None:
        return ()
    theirs = BEGINS_AND_ENDS if call.caller.role is Role.REVIEWER else SAID
    return tuple(one for one in State if one in theirs and may_follow(State(case.state), one))


def _route(end: str, name: str, summary: str, may: frozenset[Role], handle: Any, body: type[Body]) -> Route:
    def read(call: Call) -> Reply:
        case = _proposed(call) if end == "declarations" else own_case(call)
        if call.expected is not None:
            check_versions(call.tx, CASES, {case.record_id: call.expected})
        done: Record = handle(call, case, read_model(body, call.body))
        return answer(call, done)

    sent, match = RequestBody.of(body), {"If-Match": "the case's version"}
    return Route("POST", f"{ONE}/{end}", name, summary, may, read, StoredRecord, body=sent, headers=match)


def _proposed(call: Call) -> Record:
    """The case that a declaration is about: the caller's, or one that the newest plan proposes to them."""
    case_id, who = call.path["record_id"], call.caller.reviewer_id
    if who is not None and is_proposed(call.connection, case_id, who):
        return cases.found_case(call.connection, case_id)
    return own(call, CASES, case_id)


def _move(call: Call, case: Record, asked: NextState) -> Record:
    if call.caller.role is Role.REVIEWER and asked.state not in BEGINS_AND_ENDS:
        raise Refusal(403, "not-allowed", f"A reviewer does not say that a case is {asked.state}.")
    return cases.move(call.tx, case.record_id, asked.state)


def _take_back(call: Call, case: Record, asked: PlaceToTakeBack) -> Record:
    return cases.take_back(call.tx, case.record_id, asked.role, asked.reason)


def _merge(call: Call, case: Record, asked: Merge) -> Record:
    kept = own(call, CASES, asked.into)
    merging.merge(call.tx, case.record_id, kept.record_id)
    withdraw(call.tx, call.day, case_ids=[kept.record_id])
    return cases.found_case(call.connection, kept.record_id)


def _unmerge(call: Call, case: Record, _: Nothing) -> Record:
    both = [case.record_id]
    if case.merged_into is not None:
        kept = cases.found_case(call.connection, case.merged_into)
        if not sees(call.connection, call.caller, kept):
            raise other_area("It is merged into a case that this key does not count for.")
        both.append(kept.record_id)
    merging.unmerge(call.tx, case.record_id)
    withdraw(call.tx, call.day, case_ids=both)
    return cases.found_case(call.connection, case.record_id)


def _answer(call: Call, case: Record, asked: Answer) -> Record:
    who = str(call.caller.reviewer_id)
    if asked.answer == "accept":
        accept(call.tx, case.record_id, asked.role, who)
        return cases.found_case(call.connection, case.record_id)
    record = asked.interest if asked.reason == "conflict" else asked.absence
    why = Why(asked.reason or "", record)
    return decline(call.tx, (case.record_id, asked.role), who, why, call.day).case


def _declare(call: Call, case: Record, _: Nothing) -> Record:
    declare(call.tx, case.record_id, str(call.caller.reviewer_id))
    return cases.found_case(call.connection, case.record_id)
