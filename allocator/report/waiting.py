"""How much of the queue a plan places, by type, and who was passed over for a later one of the same type."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np
from pydantic import Field

from allocator.exact import percent
from allocator.held import Role
from allocator.plan import Number, Part, Unassigned
from allocator.planned import Planned


class TypeShare(Part):
    """How many waiting cases of one type a plan gives a lead."""

    review_type: str
    waiting: int = Field(description="Cases that nobody led and that are not on hold")
    placed: int = Field(description="Those of them that the plan gives a lead")
    percent: Number | None = Field(description="placed ÷ waiting, to 0.1; empty where none waits")


class PassedOver(Part):
    """A case that waits on while one of its type that was notified later is given a lead."""

    case_id: str
    review_type: str
    notified_on: date
    later: int = Field(description="How many later ones of its type the plan places")
    first_later: str = Field(description="The first of them")
    reason: str = Field(description="Why it has no lead, counted by rule")


class Queue(Part):
    """What a plan does to those who wait."""

    by_type: tuple[TypeShare, ...] = Field(description="In the policy's order")
    passed_over: tuple[PassedOver, ...] = Field(description="The longest waiting first")


def queue(planned: Planned, unassigned: tuple[Unassigned, ...]) -> Queue:
    """What a plan places of the queue, by type, and every case that it passes over.

    Parameters
    ----------
    unassigned : the plan's rows, for their reasons
    """
    reasons = {row.case_id: row.reason for row in unassigned if row.role == "lead"}
    return Queue(
        by_type=tuple(_shares(planned)),
        passed_over=tuple(sorted(_passed_over(planned, reasons), key=lambda c: (c.notified_on, c.case_id))),
    )


def _waiting(planned: Planned) -> tuple[list[int], list[bool]]:
    """Case rows that wait for a lead and are not on hold, and whether the plan gives each one."""
    places, clocks = planned.encoding.places, planned.encoding.facts.clocks
    open_leads = (places.role == Role.LEAD) & (places.holder < 0) & ~clocks.on_hold[places.case]
    at = np.flatnonzero(open_leads)
    return places.case[at].tolist(), (planned.assignment[at] >= 0).tolist()


def _shares(planned: Planned) -> Iterator[TypeShare]:
    facts, (rows, placed) = planned.encoding.facts, _waiting(planned)
    for name in facts.policy.review_types:
        theirs = [had for row, had in zip(rows, placed, strict=True) if facts.cases[row].review_type == name]
        share = percent(sum(theirs), len(theirs))
        yield TypeShare(review_type=name, waiting=len(theirs), placed=sum(theirs), percent=share)


def _passed_over(planned: Planned, reasons: dict[str, str]) -> Iterator[PassedOver]:
    facts, (rows, placed) = planned.encoding.facts, _waiting(planned)
    cases = [(facts.cases[row], had) for row, had in zip(rows, placed, strict=True)]
    for name in facts.policy.review_types:
        given = sorted((c.notified_on, c.case_id) for c, had in cases if had and c.review_type == name)
        days = np.array([day.toordinal() for day, _ in given], np.int64)
        for case, had in cases:
            if had or case.review_type != name:
                continue
            first = int(np.searchsorted(days, case.notified_on.toordinal(), side="right"))
            if first < len(given):
                yield PassedOver(
                    case_id=case.case_id,
                    review_type=name,
                    notified_on=case.notified_on,
                    later=len(given) - first,
                    first_later=given[first][1],
                    reason=reasons.get(case.case_id, "The plan does not name this place."),
                )
