"""Random allocation problems with everything in them that an allocation can have; held work alone is sound.

Held work is what encoding makes of it: no penalty, no slot, no points, one arc. A lead that may change hands
has the others' arcs too, as new work with points for the move, and the group "moves" limits how many do.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import accumulate

import numpy as np

from tests.solver.sketch import ALWAYS_IN_TIME, UNLIMITED, Arc, Limit, Seat, Sketch, sketch

Rng = np.random.Generator

HELD_SHARE = 0.3
MOVABLE_SHARE = 0.7
SECOND_SHARE = 0.35
LINKED_SHARE = 0.35
BARREN_SHARE = 0.06
ZERO_SHARE = 0.06
LATE_SHARE = 0.12
MOVE_POINTS = 3


def random_sketch(rng: Rng, n_cases: int = 6, n_reviewers: int = 4, density: float = 0.7) -> Sketch:
    """A problem with seconds, held and movable work, links, slots, bands, lateness and four kinds of group.

    Parameters
    ----------
    density : float, 0 … 1, the share of reviewers who may take a place
    """
    seats: list[Seat] = []
    for case, rank in enumerate(rng.permutation(n_cases).tolist()):
        seats += _case(rng, (case, rank, len(seats)), n_reviewers, density)
    seats = _labelled(rng, seats, n_labels=max(1, n_cases // 5))
    held = held_minutes(seats, n_reviewers)
    load = max(40, 12 * n_cases // n_reviewers)
    limited = rng.random(n_reviewers) < 0.5
    few = rng.integers(0, 1 + max(2, n_cases // n_reviewers), n_reviewers)
    steps = rng.integers(0, 15, (n_reviewers, 2)).tolist()
    return Sketch(
        seats=tuple(seats),
        capacity=tuple(max(int(rng.integers(0, load)), minutes) for minutes in held),
        slots=tuple(int(n) if some else UNLIMITED for n, some in zip(few, limited, strict=True)),
        thresholds=tuple(tuple(accumulate(row)) for row in steps),
        rates=(1, 2),
        scale=int(rng.integers(1, 4)),
        divisor=int(rng.integers(1, 6)),
        limits=_limits(rng, seats, n_reviewers),
    )


def held_minutes(seats: list[Seat], n_reviewers: int) -> list[int]:
    """Minutes of held work of each reviewer: the arcs of required places that take no slot."""
    minutes = [0] * n_reviewers
    for seat in seats:
        for reviewer, arc in seat.arcs.items() if seat.required else ():
            minutes[reviewer] += arc.minutes if arc.slots == 0 else 0
    return minutes


def equal_efforts(rng: Rng, n_cases: int = 6, n_reviewers: int = 4, held_share: float = 0.3) -> Sketch:
    """A problem whose new work takes each reviewer the same time, mostly such as a flow can tell.

    Some leads have a rare label. In a share of cases one seat is held: half of them have an open second
    beside a held lead, half an open lead beside a held second.
    """
    pace = rng.integers(1, 9, n_reviewers).tolist()
    seats = [seat for case in range(n_cases) for seat in _paced(rng, case, pace, held_share)]
    held = held_minutes(seats, n_reviewers)
    free = rng.integers(0, 30, n_reviewers).tolist()
    slots = [int(rng.integers(0, 4)) if rng.random() < 0.4 else UNLIMITED for _ in range(n_reviewers)]
    return sketch(
        seats,
        [a + b for a, b in zip(held, free, strict=True)],
        slots=tuple(slots),
        thresholds=tuple((a, a + b) for a, b in rng.integers(0, 15, (n_reviewers, 2)).tolist()),
        rates=(1, 2),
        divisor=int(rng.choice([1, 1, 7])),
    )


def shuffle(rng: Rng, plain: Sketch) -> Sketch:
    """The same problem with its places and reviewers in another order."""
    places = rng.permutation(len(plain.seats)).tolist()
    return plain.shuffled(places, rng.permutation(plain.n_reviewers).tolist())


def new_reviewer(rng: Rng, plain: Sketch) -> Sketch:
    """The same problem with one more reviewer, who may take about half of what is open."""
    open_places = [place for place, seat in enumerate(plain.seats) if not seat.required]
    arcs = {
        place: replace(new_arc(rng), slots=int(plain.seats[place].needs < 0))
        for place in open_places
        if rng.random() < 0.5
    }
    return plain.with_reviewer(arcs, int(rng.integers(0, 30)))


def new_arc(rng: Rng) -> Arc:
    """An arc of new work; now and then it takes no time, or is late whatever happens."""
    minutes = 0 if rng.random() < ZERO_SHARE else int(rng.integers(1, 16))
    return Arc(minutes, int(rng.integers(0, 6)), 1, _due(rng))


def _due(rng: Rng) -> int:
    return -1 if rng.random() < LATE_SHARE else int(rng.integers(0, 45))


def _case(rng: Rng, numbers: tuple[int, int, int], n_reviewers: int, density: float) -> list[Seat]:
    """The lead's seat and perhaps a second's; `numbers` are its case, its rank, and the lead's place."""
    case, rank, place = numbers
    holders = rng.permutation(n_reviewers).tolist()
    takers = {r: new_arc(rng) for r in range(n_reviewers) if rng.random() < density}
    if rng.random() < HELD_SHARE:
        seats = [_held_lead(rng, case, holders[0], takers)]
    else:
        barren = rng.random() < BARREN_SHARE
        points, late = int(rng.integers(2, 13)), int(rng.integers(0, 10))
        seats = [Seat(case, {} if barren else takers, points, late)]
    if rng.random() < SECOND_SHARE:
        needs = -1 if seats[0].required else place
        seats.append(_second(rng, case, holders[1:], needs, density))
    return [replace(seat, rank=rank) for seat in seats]


def _labelled(rng: Rng, seats: list[Seat], n_labels: int) -> list[Seat]:
    """The same seats, some of the open leads with one of so many labels."""
    return [
        replace(seat, link=int(rng.integers(n_labels)))
        if not seat.required and _is_lead(seats, place) and rng.random() < LINKED_SHARE
        else seat
        for place, seat in enumerate(seats)
    ]


def _is_lead(seats: list[Seat], place: int) -> bool:
    """A case's first seat is its lead's."""
    return place == 0 or seats[place - 1].case != seats[place].case


def _held_lead(rng: Rng, case: int, holder: int, takers: dict[int, Arc]) -> Seat:
    """A lead that stays with its holder, or may move to one of the takers."""
    movable = bool(rng.random() < MOVABLE_SHARE)
    others = {r: replace(arc, points=arc.points + MOVE_POINTS) for r, arc in takers.items()}
    arcs = (others if movable else {}) | {holder: Arc(int(rng.integers(0, 9)), 0, 0, _due(rng))}
    return Seat(case, arcs, late_points=int(rng.integers(0, 10)), required=True, movable=movable)


def _second(rng: Rng, case: int, others: list[int], needs: int, density: float) -> Seat:
    """A held second of someone who is not the lead's holder, or an open one."""
    if others and rng.random() < HELD_SHARE:
        return Seat(case, {others[0]: Arc(int(rng.integers(0, 5)), 0, 0, ALWAYS_IN_TIME)}, required=True)
    takers = {r: replace(new_arc(rng), slots=0) for r in others if rng.random() < density}
    return Seat(case, takers, int(rng.integers(1, 6)), needs=needs)


def _paced(rng: Rng, case: int, pace: list[int], held_share: float) -> list[Seat]:
    """A case of which one seat is open, which takes each reviewer their own pace."""
    takers = [r for r in range(len(pace)) if rng.random() < 0.7]
    due = int(rng.choice([-1, 3, ALWAYS_IN_TIME, ALWAYS_IN_TIME]))
    link = 0 if rng.random() < 0.1 else -1
    arcs = {r: Arc(pace[r], int(rng.integers(0, 6)), 1, due) for r in takers}
    seat = Seat(case, arcs, int(rng.integers(1, 9)), int(rng.integers(0, 5)), link=link)
    partner = {int(rng.integers(len(pace))): Arc(int(rng.integers(0, 6)), slots=0)}
    kind = rng.random()
    if kind < held_share / 2:
        second = {r: replace(arc, slots=0, due=ALWAYS_IN_TIME) for r, arc in arcs.items()}
        return [Seat(case, partner, required=True), Seat(case, second, seat.penalty)]
    return [seat, Seat(case, partner, required=True)] if kind < held_share else [seat]


def _limits(rng: Rng, seats: list[Seat], n_reviewers: int) -> tuple[Limit, ...]:
    """An area's administration, a contract's cases and minutes, and the moves."""
    new = [(p, r) for p, seat in enumerate(seats) for r, arc in seat.arcs.items() if arc.slots]
    in_area = rng.random(len(seats)) < 0.5
    provided = rng.random(n_reviewers) < 0.5
    administration = rng.integers(1, 5, len(seats)).tolist()
    bought = [(p, r) for p, r in new if provided[r]]
    moves = [(p, r) for p, r in new if seats[p].movable]
    size = len(seats)
    return (
        Limit(
            int(rng.integers(0, 1 + 2 * size)),
            {(p, r): administration[p] for p, r in new if in_area[p] and not seats[p].required},
        ),
        Limit(int(rng.integers(0, 1 + size // 2)), dict.fromkeys(bought, 1)),
        Limit(int(rng.integers(0, 1 + 6 * size)), {(p, r): seats[p].arcs[r].minutes for p, r in bought}),
        Limit(1 if rng.random() < 0.8 else 2, dict.fromkeys(moves, 1)),
    )
