"""The call that says, in words, how plans are worked out now."""

from __future__ import annotations

from pydantic import Field

from allocator.rulebook import Rulebook, rulebook
from allocator.store import records
from allocator.store.kinds import POLICY
from allocator.store.policies import THE_ONE, policy_of
from api.calls import Call, Reply, Route, etag
from api.roles import EVERYONE


class RulebookNow(Rulebook):
    """The rules and weights in force, in words."""

    version: int = Field(description="Of the policy; 0: the shipped one, as none was ever given")


def routes() -> tuple[Route, ...]:
    """The call."""
    says = "The rules and weights in force, in words"
    return (Route("GET", "/v1/rules", "rules", says, EVERYONE, _rules, RulebookNow),)


def _rules(call: Call) -> Reply:
    record = records.get(call.connection, POLICY, THE_ONE)
    version = record.version if record else 0
    said = dict(rulebook(policy_of(call.connection)))
    return Reply(RulebookNow(version=version, **said), headers=etag(version))
