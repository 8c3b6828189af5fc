"""The call that gives a place of one case to somebody at once, by the rules of a line that is published."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from allocator.plan import RoleName
from allocator.store.giving import give_now
from allocator.store.kinds import CASES
from allocator.store.lines import REASONS, Choice
from allocator.store.states import ENDED
from allocator.store.writing import check_versions
from api.asking import Best, suggestions
from api.calls import Call, Reply, Route, not_there
from api.openapi import RequestBody
from api.questions import read_model
from api.roles import STAFF
from api.scope import may_have, own_case
from api.stored import ONE_ID, Body, StoredRecord
from api.telling import answer


class ToGive(Body):
    """Which place of a case goes to whom, and why, if somebody else is suggested first."""

    role: RoleName = "lead"
    reviewer_id: Annotated[str, Field(pattern=ONE_ID)]
    reason: Annotated[str, Field(max_length=32)] | None = Field(
        default=None, description=f"Why not the one who is suggested first: {', '.join(REASONS)}"
    )


def routes() -> tuple[Route, ...]:
    """The call."""
    return (
        Route("POST", "/v1/cases/{record_id}/give", "give-case", "Give a place of a case that nobody has",
              STAFF, _give, StoredRecord, body=RequestBody.of(ToGive),
              headers={"If-Match": "the case's version"}, prepare=_advised),
    )  # fmt: skip


def _advised(call: Call) -> str | None:
    """Whom the desk suggests first; None where it suggests nobody."""
    case, asked = own_case(call), read_model(ToGive, call.body)
    if not case.body or case.merged_into or case.state in ENDED:
        return None
    found = suggestions(call, case, Best(top=1, role=asked.role)).suggestions
    return found[0].reviewer_id if found else None


def _give(call: Call) -> Reply:
    case, asked = own_case(call), read_model(ToGive, call.body)
    if not may_have(call, case.record_id, asked.reviewer_id, str(case.area)):
        raise not_there("reviewers", asked.reviewer_id)
    if call.expected is not None:
        check_versions(call.tx, CASES, {case.record_id: call.expected})
    choice = Choice(case.record_id, asked.role, asked.reviewer_id, asked.reason)
    done = give_now(call.tx, choice, call.prepared, call.day)
    return answer(call, done)
