"""Calls for the policy in force, and for reviewers who are lent: consents, and who works for whom."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from allocator.plan import RoleName
from allocator.policy import Policy
from allocator.store import records, sharing
from allocator.store.following import withdraw_after
from allocator.store.kinds import POLICY
from allocator.store.policies import THE_ONE, policy_of, put_policy
from allocator.store.sharing import Consent
from api.calls import Call, Reply, Route, etag, number_of
from api.errors import Refusal
from api.openapi import RequestBody
from api.questions import read_model
from api.roles import ADMINS, EVERYONE, STAFF, STAFF_AND_COMMISSIONERS
from api.scope import other_area, told_of
from api.stored import Area, Body, Id, Nothing, TakenBack


class StoredPolicy(Body):
    """The policy in force."""

    version: int = Field(description="0: the shipped one, as none was ever given")
    policy: Policy
    withdrawn: tuple[TakenBack, ...] = Field(default=(), description="Cases taken back because of this call")


class Lending(Body):
    """That an area lends its reviewers to another."""

    lender: Area
    borrower: Area
    case_id: Id | None = Field(default=None, description="For this case alone; empty: always")


class Standing(Lending):
    """A consent that stands."""

    consent: int
    given_at: datetime
    ended_at: datetime | None


class Consents(Body):
    """The consents that stand, given by the caller's areas or to them."""

    items: tuple[Standing, ...]


class Lent(Body):
    """One place of a case that a reviewer of another area has."""

    lender: str
    borrower: str
    case_id: str
    role: RoleName
    reviewer_id: str
    hours: float | None = Field(description="Left of it, as far as they are told")


class AllLent(Body):
    """All that is lent by the caller's areas, and to them."""

    items: tuple[Lent, ...]


def routes() -> tuple[Route, ...]:
    """The calls."""
    lending = RequestBody.of(Lending)
    policy = RequestBody("PolicyKeys", {"type": "object", "title": "PolicyKeys"})
    saved = {"If-Match": "the version that is changed"}
    return (
        Route("GET", "/v1/policy", "get-policy", "The policy in force", EVERYONE, _policy, StoredPolicy),
        Route("PUT", "/v1/policy", "put-policy", "Put a policy in force; what is not given is as shipped",
              ADMINS, _put_policy, StoredPolicy, body=policy, headers=saved),
        Route("GET", "/v1/consents", "consents", "Who lends to whom", STAFF_AND_COMMISSIONERS, _consents,
              Consents),
        Route("POST", "/v1/consents", "consent", "Lend an area's reviewers to another", STAFF, _consent,
              Standing, {201: "It stands."}, body=lending),
        Route("DELETE", "/v1/consents/{consent}", "end-consent", "End a consent; what was lent stays", STAFF,
              _end, Nothing),
        Route("GET", "/v1/lent", "lent", "What reviewers of other areas have", STAFF_AND_COMMISSIONERS,
              _lent, AllLent),
    )  # fmt: skip


def _policy(call: Call) -> Reply:
    found = records.get(call.connection, POLICY, THE_ONE)
    version = found.version if found else 0
    return Reply(StoredPolicy(version=version, policy=policy_of(call.connection)), headers=etag(version))


def _put_policy(call: Call) -> Reply:
    if not isinstance(call.body, dict):
        raise Refusal(422, "not-an-object", "Send one object: the policy's keys.")
    done = put_policy(call.tx, call.body, call.expected)
    gone = told_of(call.caller, withdraw_after(call.tx, call.day, [done]))
    policy = policy_of(call.connection)
    return Reply(
        StoredPolicy(version=done.version, policy=policy, withdrawn=gone), headers=etag(done.version)
    )


def _consents(call: Call) -> Reply:
    found = [
        one for one in sharing.every_consent(call.connection) if _is_mine(call, one.lender, one.borrower)
    ]
    return Reply(Consents(items=tuple(_standing(one) for one in found)))


def _consent(call: Call) -> Reply:
    asked = read_model(Lending, call.body)
    _check_lender(call, asked.lender)
    return Reply(_standing(sharing.consent(call.tx, asked.lender, asked.borrower, asked.case_id)), 201)


def _end(call: Call) -> Reply:
    text = call.path["consent"]
    number = number_of(text)
    found = [one for one in sharing.every_consent(call.connection) if one.consent == number]
    if not found or not _is_mine(call, found[0].lender, found[0].borrower):
        raise Refusal(404, "not-found", f"There is no consent {text} that stands.")
    _check_lender(call, found[0].lender)
    sharing.end_consent(call.tx, number)
    return Reply(Nothing())


def _lent(call: Call) -> Reply:
    found = [one for one in sharing.lent(call.connection) if _is_mine(call, one.lender, one.borrower)]
    return Reply(AllLent(items=tuple(Lent(**vars(one)) for one in found)))


def _check_lender(call: Call, lender: str) -> None:
    if not call.caller.covers(lender):
        raise other_area("An area's own coordinators lend its reviewers.")


def _is_mine(call: Call, lender: str, borrower: str) -> bool:
    return call.caller.covers(lender) or call.caller.covers(borrower)


def _standing(one: Consent) -> Standing:
    return Standing(**vars(one))
