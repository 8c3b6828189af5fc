"""The cheapest point of a grid that is good enough: how many steps of each of several things.

It knows no scenario. More of most things is never worse, and costs more: so a point that is good enough makes
all above it so, and one that is not makes all below it not. The grid is cut by that into boxes, of which most
are never looked into: a box whose best affordable corner is not good enough, or whose cheapest corner costs
what the best point found does, holds nothing. What is left is halved, along the last thing at once. Where
more of something may do harm, each number of it is looked into.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from typing import Final

Point = tuple[int, ...]
PATIENCE: Final = 20
"""How often fresh numbers may refuse what the search has found."""


@dataclass(frozen=True)
class Step:
    """One step more of something.

    Parameters
    ----------
    price : whole, so that sums are exact
    worth : what it brings to what is asked at least
    may_harm : whether more of it may be worse
    """

    price: int
    worth: float
    may_harm: bool = False


@dataclass(frozen=True)
class Grid:
    """Where to look.

    Parameters
    ----------
    steps : of each thing; the last does no harm, and should bring most for its price
    asked : what steps must bring together in any case: below, a point is not even tried
    first, most : where to begin, a step of each thing at least, and how far to go
    """

    steps: tuple[Step, ...]
    asked: float
    first: Point
    most: Point

    def price(self, point: Sequence[int]) -> int:
        """What a point, or the first few of its numbers, costs."""
        return sum(step.price * count for step, count in zip(self.steps, point, strict=False))

    def worth(self, point: Sequence[int]) -> float:
        """What it brings."""
        return sum(step.worth * count for step, count in zip(self.steps, point, strict=False))

    def bound(self, point: Sequence[int]) -> int:
        """What a point that has at least so much of the first few things costs at least."""
        rest = max(0.0, self.asked - self.worth(point))
        cheapest = min((step.price / step.worth for step in self.steps if step.worth > 0), default=0.0)
        return self.price(point) + int(rest * cheapest * (1 - 1e-9))


class Search:
    """A grid, and how good the points of it are that were tried.

    Parameters
    ----------
    chance : how good a point is, a number that does not fall when there is more of anything
    """

    def __init__(self, grid: Grid, chance: Callable[[Point], float]) -> None:
        self.grid, self._chance = grid, chance
        self.known: dict[Point, float] = {}

    def cheapest(self, wanted: float) -> Point | None:
        """The cheapest point that is good enough; None if even the most of everything is not."""
        best = self._first(wanted)
        if not best:
            return best
        grid = self.grid
        widest = tuple(
            min(most, grid.price(best) // step.price) if step.price else most
            for step, most in zip(grid.steps[:-1], grid.most[:-1], strict=True)
        )
        nothing = (0,) * len(widest)
        boxes = [(grid.bound(nothing), nothing, widest)]
        while boxes:
            bound, low, high = heappop(boxes)
            if bound >= grid.price(best):
                break
            last, wide = self._affordable(low, grid.price(best)), self._harmful_sides(low, high)
            if last < 0 or (not wide and not self.meets((*high, last), wanted)):
                continue
            if low == high:
                best = (*low, self._least(low, last, wanted))
                continue
            for half in _halves(low, high, wide or range(len(low))):
                heappush(boxes, (grid.bound(half[0]), *half))
        return best

    def refuse(self, point: Point, chance: float) -> None:
        """Nothing; a point is less good than it was thought to be, and all below it with it."""
        self.known[point] = chance

    def meets(self, point: Point, wanted: float) -> bool:
        """Whether a point is good enough, by those known above or below it if that tells."""
        if self.grid.worth(point) < self.grid.asked * (1 - 1e-9):
            return False
        if point not in self.known:
            for other, chance in self.known.items():
                if chance < wanted and self._is_more(other, point):
                    return False
                if chance >= wanted and self._is_more(point, other):
                    return True
            self.known[point] = self._chance(point)
        return self.known[point] >= wanted

    def _is_more(self, one: Point, other: Point) -> bool:
        """Whether a point has as much as another of everything, and no more of what may do harm."""
        return all(
            mine == its if step.may_harm else mine >= its
            for step, mine, its in zip(self.grid.steps, one, other, strict=True)
        )

    def _first(self, wanted: float) -> Point | None:
        """A point that is good enough: much of what does no harm, else of all; None if there is none."""
        most = self.grid.most
        harmless = tuple(
            0 if step.may_harm else count for step, count in zip(self.grid.steps, most, strict=True)
        )
        for limit in dict.fromkeys((harmless, most)):
            times, point = 1, None
            while point != limit:
                point = tuple(
                    min(times * count, end) for count, end in zip(self.grid.first, limit, strict=True)
                )
                if self.meets(point, wanted):
                    return point
                times *= 2
        return None

    def _harmful_sides(self, low: Point, high: Point) -> list[int]:
        """The sides of a box along which what may do harm differs."""
        steps = enumerate(self.grid.steps[:-1])
        return [at for at, step in steps if step.may_harm and low[at] < high[at]]

    def _affordable(self, low: Point, price: int) -> int:
        """The most of the last thing that costs less than a price beside so much of the others."""
        step, most = self.grid.steps[-1], self.grid.most[-1]
        left = price - 1 - self.grid.price(low)
        if not step.price:
            return most if left >= 0 else -1
        return min(most, left // step.price)

    def _least(self, low: Point, last: int, wanted: float) -> int:
        """The least of the last thing that is enough beside so much of the others; the most given is."""
        few, enough = -1, last
        while enough - few > 1:
            middle = (few + enough) // 2
            if self.meets((*low, middle), wanted):
                enough = middle
            else:
                few = middle
        return enough


def confirmed(search: Search, fresh: Callable[[Point], float], wanted: float) -> tuple[Point, bool]:
    """The cheapest point that is good enough by fresh numbers too, and whether there is one.

    Where fresh numbers refuse a point the search goes on from it. If nothing is good enough, the best one
    that was tried is told.
    """
    point = search.grid.most
    for _ in range(PATIENCE):
        found = search.cheapest(wanted)
        if found is None:
            return search.grid.most, False
        point = found
        chance = fresh(point)
        if chance >= wanted:
            return point, True
        search.refuse(point, chance)
    return point, False


def _halves(low: Point, high: Point, sides: Iterable[int]) -> Iterator[tuple[Point, Point]]:
    """Yield the two halves of a box, along the longest of some sides."""
    side = max(sides, key=lambda at: high[at] - low[at])
    middle = (low[side] + high[side]) // 2
    yield low, (*high[:side], middle, *high[side + 1 :])
    yield (*low[:side], middle + 1, *low[side + 1 :]), high
