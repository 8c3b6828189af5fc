"""The search by itself: what going through every point of a small grid finds, with far fewer looks."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenarios.sizing.search import PATIENCE, Grid, Point, Search, Step, confirmed

MOST = 6


def grid(prices: list[int], asked: float = 0.0, harm: int = 0, most: int = MOST) -> Grid:
    """A grid of things that each bring one; the first few may do harm."""
    steps = tuple(Step(price, 1.0, at < harm) for at, price in enumerate(prices))
    return Grid(steps, asked, (1,) * len(prices), (most,) * len(prices))


def best_of_all(one: Grid, chance: dict[Point, float], wanted: float) -> int | None:
    """The price of the cheapest point that is good enough, every one of them looked at."""
    prices = [
        one.price(point) for point in chance if chance[point] >= wanted and one.worth(point) >= one.asked
    ]
    return min(prices, default=None)


@st.composite
def worlds(draw: st.DrawFn) -> tuple[Grid, dict[Point, float]]:
    """A grid of up to three things and how good its points are: better with more, but for what does harm."""
    count = draw(st.integers(1, 3))
    harm = draw(st.integers(0, count - 1))
    prices = draw(st.lists(st.integers(1, 9), min_size=count, max_size=count))
    one = grid(prices, draw(st.sampled_from([0.0, 1.5, 4.0])), harm)
    points = list(product(range(MOST + 1), repeat=count))
    seeds = {point: draw(st.integers(0, 20)) for point in draw(st.lists(st.sampled_from(points), max_size=8))}

    def chance(point: Point) -> float:
        below = [
            value
            for other, value in seeds.items()
            if all(
                its == mine if step.may_harm else its <= mine
                for step, its, mine in zip(one.steps, other, point, strict=True)
            )
        ]
        return max(below, default=0) / 20

    return one, {point: chance(point) for point in points}


@given(worlds(), st.sampled_from([0.3, 0.6, 0.9]))
def test_it_finds_what_going_through_all_points_finds(
    world: tuple[Grid, dict[Point, float]], wanted: float
) -> None:
    """The same price, and a point that is good enough; or none where there is none in reach of a start."""
    one, chance = world
    found = Search(one, chance.__getitem__).cheapest(wanted)
    if found is None:
        start = [chance[one.most], chance[tuple(0 if step.may_harm else MOST for step in one.steps)]]
        assert max(start) < wanted or one.worth(one.most) < one.asked
        return
    assert chance[found] >= wanted
    assert one.worth(found) >= one.asked
    assert one.price(found) == best_of_all(one, chance, wanted)


@given(worlds())
def test_what_one_chance_taught_serves_the_next(world: tuple[Grid, dict[Point, float]]) -> None:
    """The points known from another chance change no answer."""
    one, chance = world
    often = Search(one, chance.__getitem__)
    for wanted in (0.9, 0.3, 0.6):
        told, alone = often.cheapest(wanted), Search(one, chance.__getitem__).cheapest(wanted)
        assert (told is None) == (alone is None)
        assert told is None or alone is None or one.price(told) == one.price(alone)


def test_most_points_are_never_looked_at() -> None:
    """Of 10,201 some dozens."""
    looked: list[Point] = []

    def chance(point: Point) -> float:
        looked.append(point)
        return float(2 * point[0] + 3 * point[1] >= 150)

    one = grid([5, 7], most=100)
    found = Search(one, chance).cheapest(1.0)
    assert found is not None
    assert one.price(found) == best_of_all(
        one, {(a, b): float(2 * a + 3 * b >= 150) for a, b in product(range(101), repeat=2)}, 1.0
    )
    assert len(looked) == len(set(looked)) < 100


def test_below_what_is_asked_nothing_is_tried() -> None:
    """However good it would be: a point exactly there is."""
    looked: list[Point] = []
    found = Search(grid([1], asked=3.0), lambda point: looked.append(point) or 1.0).cheapest(0.5)  # type: ignore[func-returns-value]
    assert found == (3,)
    assert min(looked) == (3,)


def test_nothing_to_size_is_good_enough_or_not() -> None:
    """A pool in which no group is sought."""
    assert Search(grid([]), lambda point: 1.0).cheapest(0.9) == ()
    assert Search(grid([]), lambda point: 0.5).cheapest(0.9) is None
    assert Search(grid([], asked=1.0), lambda point: 1.0).cheapest(0.9) is None


def test_a_thing_that_does_harm_is_not_in_the_way() -> None:
    """Much of both is bad; the other alone is good: found, and so is a little of the cheap one."""

    def chance(point: Point) -> float:
        slow, quick = point
        return float(quick + slow >= 4 and slow <= 2)

    assert Search(grid([1, 3], harm=1), chance).cheapest(1.0) == (2, 2)


def test_where_fresh_numbers_refuse_it_goes_on() -> None:
    """Each time to the next cheapest, until they agree; nothing below a refused one is tried again."""
    asked: list[Point] = []

    def fresh(point: Point) -> float:
        asked.append(point)
        return 0.9 if sum(point) >= 5 else 0.8

    search = Search(grid([4, 3]), lambda point: 0.95 if sum(point) >= 3 else 0.1)
    assert confirmed(search, fresh, 0.9) == ((0, 5), True)
    assert asked[0] == (0, 3)
    assert asked[-1] == (0, 5)
    assert len(asked) == len(set(asked))


@pytest.mark.parametrize(("on_search", "on_fresh"), [(0.5, 1.0), (1.0, 0.5)])
def test_what_is_never_good_enough_ends(on_search: float, on_fresh: float) -> None:
    """Neither on the search's numbers nor on fresh ones: a point is told all the same, as not good enough."""
    asked: list[Point] = []
    search = Search(grid([1], most=100), lambda point: on_search)
    point, met = confirmed(search, lambda one: asked.append(one) or on_fresh, 0.9)  # type: ignore[func-returns-value]
    assert not met
    assert len(asked) <= PATIENCE
    assert point == ((100,) if on_search < 0.9 else (PATIENCE - 1,))
