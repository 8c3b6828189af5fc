"""`POST /v1/reconciliations`: the full list of a source's cases, beside what is known of them here."""

from __future__ import annotations

from collections import Counter
from typing import Annotated

from pydantic import Field

from allocator.errors import BadInput, Fault
from allocator.store.reconciling import Differences, Pair, differences
from allocator.store.sources import MOST_VERSION
from api.calls import Call, Reply, Route
from api.openapi import RequestBody
from api.questions import read_model
from api.roles import STAFF_AND_SYSTEMS
from api.stored import Body

MOST = 1_000_000


class CaseThere(Body):
    """A case as its source has it."""

    id: Annotated[str, Field(min_length=1, max_length=64)]
    version: Annotated[int, Field(strict=True, ge=0, le=MOST_VERSION)]


class FullList(Body):
    """All cases that a source has, of the caller's areas."""

    cases: Annotated[tuple[CaseThere, ...], Field(max_length=MOST)]


class Difference(Body):
    """A case that is known at one version here, and at another there."""

    id: str
    here: int | None = Field(description="Empty: it is not here, or was kept without a version")
    there: int | None = Field(description="Empty: it is not there")


class Reconciliation(Body):
    """Every difference between what a source has and what is known of it here."""

    same: int = Field(description="Cases at one version here and there")
    missing_here: tuple[Difference, ...] = Field(description="Not kept here: send them")
    missing_there: tuple[Difference, ...] = Field(description="Open here, and not in the list")
    older_here: tuple[Difference, ...] = Field(description="Known here at an older version: send them again")
    newer_here: tuple[Difference, ...] = Field(description="Known here at a newer version than the list has")
    set_aside: tuple[Difference, ...] = Field(
        description="Sent, and set aside as they have faults: mend them, or send them again without"
    )


def routes() -> tuple[Route, ...]:
    """The one call. It is worked out before its transaction, which so is short however long the list is."""
    body = RequestBody.of(FullList)
    return (
        Route("POST", "/v1/reconciliations", "reconcile", "Tell what differs from the full list of a source",
              STAFF_AND_SYSTEMS, _told, Reconciliation, body=body, prepare=_compared),
    )  # fmt: skip


def _compared(call: Call) -> Differences:
    asked = read_model(FullList, call.body)
    names = [one.id.strip() for one in asked.cases]
    twice = sorted(name for name, count in Counter(names).items() if count > 1)
    if twice:
        hint = "each once, with its newest version"
        raise BadInput(
            [
                Fault("duplicate-id", "it stands twice", pointer="/cases", value=one, hint=hint)
                for one in twice
            ]
        )
    there = {name: one.version for name, one in zip(names, asked.cases, strict=True)}
    return differences(call.connection, there, call.caller.areas)


def _told(call: Call) -> Reply:
    found: Differences = call.prepared
    return Reply(
        Reconciliation(
            same=found.same,
            missing_here=_shown(found.missing_here),
            missing_there=_shown(found.missing_there),
            older_here=_shown(found.older_here),
            newer_here=_shown(found.newer_here),
            set_aside=_shown(found.set_aside),
        )
    )


def _shown(pairs: tuple[Pair, ...]) -> tuple[Difference, ...]:
    return tuple(Difference(id=one.case_id, here=one.here, there=one.there) for one in pairs)
