"""The rules and the levels in plain Python over sketches, and the optimum by trying everything.

It shares nothing with `solver` but the meaning of a problem, so that it can be held against all of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from tests.solver.sketch import Arc, Seat, Sketch

EMPTY = -1
Worth = tuple[int, int, int]


def is_sound(plain: Sketch, assignment: Sequence[int]) -> bool:
    """True when the assignment, one reviewer or −1 a place, breaks nothing."""
    seats = plain.seats
    if any(who != EMPTY and who not in seat.arcs for seat, who in zip(seats, assignment, strict=True)):
        return False
    filled = _filled(plain, assignment)
    return (
        all(who != EMPTY for seat, who in zip(seats, assignment, strict=True) if seat.required)
        and all(assignment[seat.needs] != EMPTY for _, seat, _, _ in filled if seat.needs >= 0)
        and all(n == 1 for n in Counter((seat.case, who) for _, seat, who, _ in filled).values())
        and all(
            n == 1
            for n in Counter(
                link for link, _ in {(s.link, who) for _, s, who, _ in filled if s.link >= 0}
            ).values()
        )
        and all(
            _total(filled, r, "minutes") <= plain.capacity[r] and _total(filled, r, "slots") <= plain.slots[r]
            for r in range(plain.n_reviewers)
        )
        and all(
            sum(limit.amounts.get((place, who), 0) for place, _, who, _ in filled) <= limit.most
            for limit in plain.limits
        )
    )


def worth(plain: Sketch, assignment: Sequence[int]) -> Worth:
    """The points of a sound assignment at each level."""
    filled = _filled(plain, assignment)
    unallocated = sum(s.penalty for s, who in zip(plain.seats, assignment, strict=True) if who == EMPTY)
    late, cost = 0, sum(arc.points for *_, arc in filled)
    for reviewer in range(plain.n_reviewers):
        minutes = 0
        mine = [(_rank(seat), seat, arc) for _, seat, who, arc in filled if who == reviewer]
        for _, seat, arc in sorted(mine, key=lambda work: work[0]):
            minutes += arc.minutes
            late += seat.late_points if minutes > arc.due else 0
        cost += band_points(plain, reviewer, minutes)
    return unallocated, late, cost


def band_points(plain: Sketch, reviewer: int, minutes: int) -> int:
    """Workload points of one reviewer at so many minutes."""
    over = [max(0, plain.scale * minutes - threshold) for threshold in plain.thresholds[reviewer]]
    return sum(rate * more for rate, more in zip(plain.rates, over, strict=True)) // plain.divisor


def optimum(plain: Sketch) -> tuple[tuple[int, ...], Worth] | None:
    """The best assignment and its worth, of all there are; None when none is sound."""
    tree = _Tree(plain)
    tree.grow(0)
    return tree.best


class _Tree:
    """Every assignment, place by place; a branch ends only over a limit or dearer than the best."""

    def __init__(self, plain: Sketch) -> None:
        self.plain = plain
        self.best: tuple[tuple[int, ...], Worth] | None = None
        self.chosen: list[int] = []
        self.left = [*plain.capacity, *plain.slots, *(limit.most for limit in plain.limits)]

    def grow(self, empty_points: int) -> None:
        """Try all that can follow the places chosen so far, which leave so many points empty."""
        if self.best is not None and empty_points > self.best[1][0]:
            return
        place = len(self.chosen)
        if place == len(self.plain.seats):
            self._compare()
            return
        seat = self.plain.seats[place]
        for who in seat.arcs:
            self._try(who, self._use(place, who), empty_points)
        if not seat.required:
            self._try(EMPTY, {}, empty_points + seat.penalty)

    def _try(self, who: int, use: dict[int, int], empty_points: int) -> None:
        for row, amount in use.items():
            self.left[row] -= amount
        if all(self.left[row] >= 0 for row in use):
            self.chosen.append(who)
            self.grow(empty_points)
            self.chosen.pop()
        for row, amount in use.items():
            self.left[row] += amount

    def _use(self, place: int, who: int) -> dict[int, int]:
        """What an arc takes of each thing in `left` that it is counted in."""
        arc, n = self.plain.seats[place].arcs[who], self.plain.n_reviewers
        limits = enumerate(self.plain.limits, start=2 * n)
        groups = {row: limit.amounts[place, who] for row, limit in limits if (place, who) in limit.amounts}
        return {who: arc.minutes, n + who: arc.slots} | groups

    def _compare(self) -> None:
        assignment = tuple(self.chosen)
        here = worth(self.plain, assignment)
        if (self.best is None or here < self.best[1]) and is_sound(self.plain, assignment):
            self.best = assignment, here


def _filled(plain: Sketch, assignment: Sequence[int]) -> list[tuple[int, Seat, int, Arc]]:
    """Place, seat, reviewer and arc of each filled place."""
    pairs = zip(plain.seats, assignment, strict=True)
    return [(p, seat, who, seat.arcs[who]) for p, (seat, who) in enumerate(pairs) if who != EMPTY]


def _rank(seat: Seat) -> int:
    return seat.case if seat.rank is None else seat.rank


def _total(filled: list[tuple[int, Seat, int, Arc]], reviewer: int, what: str) -> int:
    return sum(getattr(arc, what) for _, _, who, arc in filled if who == reviewer)
