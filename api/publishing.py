"""Calls that let lines of a plan count: approved, published, undone; and what departed from the advice."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Annotated

from pydantic import Field

from allocator.plan import RoleName
from allocator.store import holdings, publishing, sessions
from allocator.store.basis import Seat
from allocator.store.giving import departed
from allocator.store.kinds import CASES
from allocator.store.lines import (
    REASONS,
    Choice,
    Line,
    LineState,
    approve,
    departures,
    lines_among,
    lines_of,
)
from allocator.store.plans import found_plan
from allocator.store.publishing import Publication
from api.calls import Call, Reply, Route, not_there, number_of
from api.errors import Refusal
from api.kept import own_plan
from api.openapi import RequestBody
from api.planlines import PlanLine, PlanLines, mine_of, shown
from api.questions import read_model
from api.roles import OVERSEERS, READERS, STAFF
from api.scope import covered, other_area, sees_plan
from api.stored import Body, Id


class SeatAsked(Body):
    """One line."""

    case_id: Id
    role: RoleName = "lead"


class ChoiceAsked(SeatAsked):
    """One line, and who is to have the place if not the one who is advised."""

    reviewer_id: Id | None = None
    reason: Annotated[str, Field(max_length=32)] | None = Field(
        default=None, description=f"Why somebody else: {', '.join(REASONS)}"
    )


class Approval(Body):
    """The lines that are right."""

    lines: tuple[ChoiceAsked, ...] | None = Field(
        default=None, description="Empty: all that are proposed and the caller's"
    )


class ToPublish(Body):
    """The lines that count from now on."""

    lines: tuple[SeatAsked, ...] | None = Field(
        default=None, description="Empty: all that are approved and the caller's"
    )


class Concerned(Body):
    """A reviewer whom a publication gives a case or takes one from, and whether they know."""

    reviewer_id: str
    gains: tuple[str, ...] = Field(description="Cases that it gives them, as lead or second")
    loses: tuple[str, ...] = Field(description="Cases that it takes from them; what they declined is not one")
    accepted: int = Field(description="How many of the places they have accepted")
    here_at: datetime | None = Field(
        description="When they last used the service since then; empty: not, or they are another area's"
    )


class Published(Body):
    """Lines that were published together."""

    publication: int
    plan: int
    published_at: datetime
    undone_at: datetime | None
    lines: tuple[PlanLine, ...]
    concerned: tuple[Concerned, ...] = Field(description="By reviewer who has to know, and who does")


class Departure(Body):
    """A published line that departs from the advice, or a case given so by hand."""

    plan: int | None = Field(description="Empty: given by hand, beside any plan")
    case_id: str
    role: RoleName
    advised: str
    reviewer_id: str
    reason: str


class Departures(Body):
    """Everything that departs from the advice: published lines, the newest plan first, then what was given by
    hand.
    """

    items: tuple[Departure, ...]


def routes() -> tuple[Route, ...]:
    """The calls."""
    one = "/v1/plans/{plan}"
    approval, chosen = map(RequestBody.of, (Approval, ToPublish))
    return (
        Route("POST", f"{one}/approvals", "approve", "Say that lines are right, or who has them", STAFF,
              _approve, PlanLines, body=approval),
        Route("POST", f"{one}/publications", "publish", "Let approved lines count, all of them or none",
              STAFF, _publish, Published, {201: "They count."}, body=chosen),
        Route("GET", "/v1/publications/{publication}", "publication", "What was published together", READERS,
              _publication, Published),
        Route("DELETE", "/v1/publications/{publication}", "undo", "Let it all be as it was before", STAFF,
              _undo, Published),
        Route("GET", "/v1/departures", "departures", "What departs from the advice, and why",
              OVERSEERS, _departures, Departures),
    )  # fmt: skip


def _approve(call: Call) -> Reply:
    found, asked = own_plan(call), read_model(Approval, call.body)
    if asked.lines is None:
        mine = mine_of(call, lines_of(call.connection, found.plan))
        choices = [Choice(one.case_id, one.role) for one in mine if one.state is LineState.PROPOSED]
    else:
        choices = [Choice(one.case_id, one.role, one.reviewer_id, one.reason) for one in asked.lines]
        _check_own(call, found.plan, asked.lines)
    return Reply(PlanLines(items=tuple(shown(call, approve(call.tx, found.plan, choices)))))


def _publish(call: Call) -> Reply:
    found, asked = own_plan(call), read_model(ToPublish, call.body)
    if asked.lines is None:
        mine = mine_of(call, lines_of(call.connection, found.plan))
        seats = [one.seat for one in mine if one.state is LineState.APPROVED]
    else:
        seats = [(one.case_id, one.role) for one in asked.lines]
        _check_own(call, found.plan, asked.lines)
    done = publishing.publish(call.tx, found.plan, call.day, seats)
    return Reply(_published(call, done), 201, {"Location": f"/v1/publications/{done.publication}"})


def _publication(call: Call) -> Reply:
    return Reply(_published(call, _own_publication(call)))


def _undo(call: Call) -> Reply:
    found = _own_publication(call)
    if len(mine_of(call, found.lines)) < len(found.lines):
        raise other_area("Lines of another area were published with it: take your own back one by one.")
    return Reply(_published(call, publishing.undo(call.tx, found.publication, call.day)))


def _departures(call: Call) -> Reply:
    found, by_hand = departures(call.connection), list(departed(call.connection))
    seen = covered(call, CASES, {line.case_id for _, line in found} | {one.case_id for one in by_hand})
    items = [
        Departure(
            plan=plan,
            case_id=line.case_id,
            role=line.role,
            advised=line.advised,
            reviewer_id=line.reviewer_id,
            reason=line.reason or "",
        )
        for plan, line in found
        if line.case_id in seen
    ]
    items += [Departure(plan=None, **vars(one)) for one in by_hand if one.case_id in seen]
    return Reply(Departures(items=tuple(items)))


def _published(call: Call, done: Publication) -> Published:
    mine = mine_of(call, done.lines)
    return Published(
        publication=done.publication,
        plan=done.plan,
        published_at=done.published_at,
        undone_at=done.undone_at,
        lines=tuple(shown(call, mine)),
        concerned=tuple(_concerned(call, done, mine)),
    )


def _concerned(call: Call, done: Publication, lines: Sequence[Line]) -> Iterator[Concerned]:
    """Yield who has to know of some lines that were published, by id."""
    gains, loses = defaultdict[str, list[str]](list), defaultdict[str, list[str]](list)
    accepted = Counter[str]()
    held = holdings.of_cases(call.connection, (one.case_id for one in lines))
    for one in lines:
        gains[one.reviewer_id].append(one.case_id)
        if one.previous_reviewer_id is not None and (one.before or {}).get("holding"):
            loses[one.previous_reviewer_id].append(one.case_id)
        now = held.get(one.seat)
        is_this = now is not None and now.publication == done.publication
        accepted[one.reviewer_id] += now is not None and is_this and now.accepted_at is not None
    people = sorted({*gains, *loses})
    here = sessions.here_since(call.connection, covered(call, "reviewers", people), done.published_at)
    for who in people:
        yield Concerned(
            reviewer_id=who,
            gains=tuple(gains[who]),
            loses=tuple(loses[who]),
            accepted=accepted[who],
            here_at=here.get(who),
        )


def _own_publication(call: Call) -> Publication:
    found = publishing.publication_of(call.connection, number_of(call.path["publication"]))
    if not sees_plan(call.caller, found_plan(call.connection, found.plan)) or (
        found.lines and not mine_of(call, found.lines)
    ):
        raise not_there("publications", call.path["publication"])
    return found


def _check_own(call: Call, number: int, wanted: Sequence[SeatAsked]) -> None:
    """Nothing, if all that is wanted is the caller's; nobody can tell what else there is."""
    asked: set[Seat] = {(one.case_id, one.role) for one in wanted}
    mine = {one.seat for one in mine_of(call, lines_among(call.connection, number, asked))}
    for one in wanted:
        if (one.case_id, one.role) not in mine:
            detail = f"This plan has no new or moved {one.role} of {one.case_id}."
            raise Refusal(404, "not-found", detail)
