"""A better plan that asking about one case came upon: made a plan like any other, with its parent named."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from allocator.allocate import Allocation, PlanRequest, allocate
from allocator.explain.told import Explanation
from allocator.intake import Reading
from allocator.previous import Previous
from allocator.written import Seat


def better_seats(explanation: Explanation, previous: Previous) -> dict[Seat, str] | None:
    """Who would have which place in the best plan that asking came upon; None if none was better."""
    found = [
        (tuple(price.found or 0 for price in other.prices.values()), place.role, other)
        for place in explanation.places
        for other in place.alternatives or ()
        if other.proof in ("exact", "interval")
    ]
    best = min(found, key=lambda one: one[0], default=None)
    if best is None or best[0] >= (0, 0, 0):
        return None
    _, role, other = best
    seats: dict[Seat, str | None] = dict(previous.reviewer_of)
    for swap in other.changes:
        seats[swap.case_id, swap.role] = swap.after
    seats[explanation.case_id, role] = other.reviewer_id
    return {seat: who for seat, who in seats.items() if who is not None}


def improved(
    reading: Reading,
    documents: tuple[Mapping[str, object], object],
    explanation: Explanation,
    request: PlanRequest,
    clock: Callable[[], datetime],
) -> Allocation | None:
    """The plan begun from the better one that asking came upon; None if it came upon none.

    Parameters
    ----------
    documents : the plan that was asked about, and its certificate
    """
    previous = Previous.of(*documents)
    seats = better_seats(explanation, previous)
    if seats is None:
        return None
    return allocate(reading, replace(request, previous=replace(previous, reviewer_of=seats)), clock)
