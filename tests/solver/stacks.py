"""Several problems side by side as one: nothing of one touches the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tests.solver.sketch import Limit, Sketch


def stacked(each: Sequence[Sketch]) -> Sketch:
    """One problem of all of them, their places and reviewers one after the other; bands as of the first."""
    seats, limits, row = [], [], 0
    for number, plain in enumerate(each):
        place = len(seats)
        for seat in plain.seats:
            rank = seat.case if seat.rank is None else seat.rank
            seats.append(
                replace(
                    seat,
                    case=1000 * number + seat.case,
                    rank=1000 * number + rank,
                    needs=seat.needs + place if seat.needs >= 0 else -1,
                    link=1000 * number + seat.link if seat.link >= 0 else -1,
                    arcs={reviewer + row: arc for reviewer, arc in seat.arcs.items()},
                )
            )
        limits += [
            Limit(limit.most, {(p + place, r + row): amount for (p, r), amount in limit.amounts.items()})
            for limit in plain.limits
        ]
        row += plain.n_reviewers
    return replace(
        each[0],
        seats=tuple(seats),
        limits=tuple(limits),
        capacity=sum((plain.capacity for plain in each), ()),
        slots=sum((plain.slots for plain in each), ()),
        thresholds=sum((plain.thresholds for plain in each), ()),
    )
