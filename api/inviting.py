"""The call for a link that signs somebody in, once."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import request
from pydantic import Field

from allocator.store.callers import Caller, Role
from allocator.store.sessions import invite
from api.calls import Call, Reply, Route
from api.errors import Refusal
from api.openapi import RequestBody
from api.questions import read_model
from api.roles import STAFF
from api.scope import covers_all, covers_reviewer, is_everywhere, other_area
from api.stored import Area, Body, Id

LONGEST_HOURS = 168


class ToInvite(Body):
    """Whom the link signs in: what they may do, and where."""

    role: Role = Role.REVIEWER
    areas: tuple[Area, ...] = Field(default=(), description="Empty: all; of a reviewer their own work alone")
    reviewer_id: Id | None = Field(default=None, description="Which reviewer, of that role")
    hours: int = Field(default=24, ge=1, le=LONGEST_HOURS, description="Until the link opens nothing")


class Invitation(Body):
    """A link that signs somebody in once, on whatever browser opens it first."""

    link: str = Field(description="Shown this once: give it to them alone")
    expires_at: datetime
    role: Role
    areas: tuple[str, ...]
    reviewer_id: str | None


def routes() -> tuple[Route, ...]:
    """The call."""
    body = RequestBody.of(ToInvite)
    return (
        Route("POST", "/v1/invitations", "invite", "Make a link that signs somebody in, once", STAFF, _invite,
              Invitation, {201: "It is shown this once."}, body=body, is_secret=True),
    )  # fmt: skip


def _invite(call: Call) -> Reply:
    asked = read_model(ToInvite, call.body)
    _check(call, asked)
    who = Caller(call.caller.actor, asked.role, asked.areas, asked.reviewer_id)
    word, until = invite(call.tx, who, timedelta(hours=asked.hours))
    home = call.service.settings.public_url or request.host_url
    told = Invitation(
        link=f"{home.rstrip('/')}/invited/{word}",
        expires_at=until,
        role=asked.role,
        areas=asked.areas,
        reviewer_id=asked.reviewer_id,
    )
    return Reply(told, 201)


def _check(call: Call, asked: ToInvite) -> None:
    """Nothing, if nobody gets more by the link than its maker has, and a coordinator invites reviewers.

    Raises
    ------
    Refusal
        403 otherwise, also for a reviewer that there is not: nobody can tell which.
    """
    if call.caller.role is not Role.ADMIN and asked.role is not Role.REVIEWER:
        raise Refusal(403, "not-allowed", "A coordinator invites reviewers; an administrator invites others.")
    if is_everywhere(call.caller):
        return
    if asked.reviewer_id is not None and not covers_reviewer(call, asked.reviewer_id):
        raise other_area("Your areas have no such reviewer.")
    if (asked.areas or asked.role is not Role.REVIEWER) and not covers_all(call.caller, asked.areas):
        raise other_area("The link would count for areas that are not yours.")
