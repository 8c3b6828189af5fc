"""Each reviewer's best bundle against all the bundles there are, and by hand."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from solver.pricing import Items, items_of, price, stock_of
from solver.problem import NO_LIMIT, Ints, Problem
from tests.solver.draws import rngs, sketches, sound
from tests.solver.instances import Rng
from tests.solver.sketch import Arc, Seat, Sketch, ints, sketch

Weights = tuple[int, int]


every_weight = st.tuples(st.sampled_from([0, 33, 1000]), st.sampled_from([0, 1, 1000]))


class Reviewer:
    """One reviewer's items, and what any bundle of them is worth, told in plain Python."""

    def __init__(self, problem: Problem, items: Items, reviewer: int) -> None:
        self.problem, self.items, self.row = problem, items, reviewer
        self.all = range(items.start[reviewer], items.start[reviewer + 1])
        cases: dict[int, list[int]] = {}
        for item in self.all:
            cases.setdefault(int(items.case[item]), []).append(item)
        self.cases = list(cases.values())

    def bundles(self) -> Iterator[frozenset[int]]:
        """All bundles that fit: at most one item a case, within minutes and slots."""
        optional = ([-1, *(item for item in case if not self.items.taken[item])] for case in self.cases)
        for choice in itertools.product(*optional):
            bundle = frozenset(choice) - {-1}
            if self.minutes(bundle) <= self.items.free_minutes[self.row] and self._slots_fit(bundle):
                yield bundle

    def worth(self, bundle: frozenset[int], gain: Ints, weights: Weights) -> int:
        """Gains less what is late, be it new or taken, and less the workload points at all the minutes.

        Within a case, what is taken comes before what is new.
        """
        total, minutes = 0, 0
        for case in self.cases:
            for item in sorted(case, key=lambda item: not self.items.taken[item]):
                new, there = item in bundle, bool(self.items.taken[item])
                minutes += int(self.items.minutes[item]) if new else 0
                total += int(gain[item]) if new else 0
                if (new or there) and minutes > self.items.late_after[item]:
                    total -= weights[0] * int(self.items.late_points[item])
        load = ints([self.items.taken_minutes[self.row] + minutes])
        return total - weights[1] * int(self.problem.bands.points(ints([self.row]), load)[0])

    def minutes(self, bundle: frozenset[int]) -> int:
        """New minutes of a bundle."""
        return sum(int(self.items.minutes[item]) for item in bundle)

    def _slots_fit(self, bundle: frozenset[int]) -> bool:
        left = int(self.items.free_slots[self.row])
        return left >= int(NO_LIMIT) or sum(int(self.items.slots[item]) for item in bundle) <= left


def drawn_items(rng: Rng, plain: Sketch) -> tuple[Problem, Items, Ints]:
    """Items beside a sound partial plan, and gains of which some are below nothing."""
    problem = plain.problem()
    used = problem.arcs_of(sound(rng, plain))
    taken = np.zeros(problem.n_arcs, dtype=bool)
    taken[used[used >= 0]] = rng.random(np.count_nonzero(used >= 0)) < 0.4
    taken |= problem.forced
    items = items_of(problem, ~taken & (rng.random(problem.n_arcs) < 0.9), taken)
    return problem, items, rng.integers(-1000, 12_000, len(items.arc))


def assert_the_best_bundles(problem: Problem, items: Items, gain: Ints, weights: Weights) -> None:
    """Fail unless each reviewer's worth is that of the best of all bundles, and of the one that is named."""
    stock = stock_of(problem, items, weights)
    priced = price(stock, gain)
    assert price(stock, gain, traced=False).worth.tolist() == priced.worth.tolist()
    for row in range(problem.n_reviewers):
        reviewer = Reviewer(problem, items, row)
        chosen = frozenset(item for item in reviewer.all if priced.chosen[item])
        assert priced.worth[row] == max(reviewer.worth(it, gain, weights) for it in reviewer.bundles())
        assert priced.worth[row] == reviewer.worth(chosen, gain, weights)
        assert chosen in set(reviewer.bundles())


@given(sketches(), rngs, every_weight)
def test_the_worth_is_that_of_the_best_bundle_there_is(plain: Sketch, rng: Rng, weights: Weights) -> None:
    """The programme is exact, and the items it names are worth what it says."""
    problem, items, gain = drawn_items(rng, plain)
    assert_the_best_bundles(problem, items, gain, weights)


def much_alike(rng: Rng) -> Sketch:
    """A few reviewers, and work of few sizes and slots for all: much of it is beaten by other work.

    Lead and second of a case may go to the same reviewer, and often take another number of slots.
    """
    n_reviewers, sizes = int(rng.integers(1, 3)), rng.integers(0, 9, 3)
    seats = []
    for case in range(int(rng.integers(1, 8))):
        for _ in range(int(rng.choice([1, 1, 2, 3]))):
            arc = Arc(int(rng.choice(sizes)), slots=int(rng.choice([0, 1, 1, 2])))
            seats.append(Seat(case, dict.fromkeys(range(n_reviewers), arc), 1))
    return sketch(
        seats,
        rng.integers(0, 30, n_reviewers).tolist(),
        slots=tuple(rng.integers(0, 5, n_reviewers).tolist()),
        thresholds=tuple((int(a), int(a + b)) for a, b in rng.integers(0, 15, (n_reviewers, 2))),
        rates=(1, 2),
    )


@given(rngs, st.sampled_from([0, 1, 1000]), st.integers(2, 30))
def test_what_others_always_beat_is_not_missed(rng: Rng, bands: int, span: int) -> None:
    """Equal sizes and gains, several seats of a case and scarce slots: nothing dropped was needed."""
    problem = much_alike(rng).problem()
    nothing = np.zeros(problem.n_arcs, dtype=bool)
    items = items_of(problem, ~nothing, nothing)
    assert_the_best_bundles(problem, items, rng.integers(-1, span, len(items.arc)), (0, bands))


def test_a_lead_that_is_beaten_by_one_whose_second_is_dearer_is_kept() -> None:
    """One slot: the dearer lead's own second takes none, so the cheaper lead goes beside that second."""
    seats = [Seat(0, {0: Arc()}), Seat(0, {0: Arc(slots=0)}), Seat(1, {0: Arc()})]
    assert _priced(sketch(seats, [9], slots=(1,)), [5, 100, 4]) == (104, [1, 2])


@given(sketches(), rngs, every_weight)
def test_room_for_enough_states_changes_nothing(plain: Sketch, rng: Rng, weights: Weights) -> None:
    """Where every reviewer's minutes fit into the states allowed, there is nothing to round."""
    problem, items, gain = drawn_items(rng, plain)
    most = max(1, int(items.free_minutes.max()))
    rounded = price(stock_of(problem, items, weights, most), gain)
    assert rounded.worth.tolist() == price(stock_of(problem, items, weights), gain).worth.tolist()


@given(sketches(), rngs, st.integers(1, 9))
def test_fewer_states_than_minutes_still_answer(plain: Sketch, rng: Rng, most: int) -> None:
    """Rounded, the answer proves nothing; still one item a case, within slots, worth what it gains."""
    problem, items, gain = drawn_items(rng, plain)
    stock = stock_of(problem, items, (0, 0), most)
    assert np.all(stock.free // stock.unit <= most)
    priced = price(stock, gain)
    for row in range(problem.n_reviewers):
        mine = slice(items.start[row], items.start[row + 1])
        chosen = priced.chosen[mine]
        assert priced.worth[row] == gain[mine][chosen].sum()
        assert stock.cells[mine][chosen].sum() <= stock.free[row] // stock.unit[row]
        assert items.slots[mine][chosen].sum() <= items.free_slots[row]
        assert len(set(items.case[mine][chosen].tolist())) == chosen.sum()


@given(sketches(), rngs)
def test_some_reviewers_alone_are_worth_what_they_are_among_all(plain: Sketch, rng: Rng) -> None:
    """A stretch of reviewers answers for itself, and one past the end for those there are."""
    problem, items, gain = drawn_items(rng, plain)
    stock = stock_of(problem, items, (33, 1))
    first = int(rng.integers(problem.n_reviewers))
    some = price(stock, gain, slice(first, problem.n_reviewers + 5))
    assert some.worth.tolist() == price(stock, gain).worth[first:].tolist()


def _priced(plain: Sketch, gain: list[int], weights: Weights = (1000, 1000)) -> tuple[int, list[int]]:
    """Reviewer 0's worth and the places of their bundle, with forced work taken and the rest open."""
    problem = plain.problem()
    items = items_of(problem, ~problem.forced, problem.forced)
    places = problem.arc_place[items.arc]
    priced = price(stock_of(problem, items, weights), ints(gain)[places])
    return int(priced.worth[0]), sorted(places[priced.chosen].tolist())


def test_minutes_decide_by_hand() -> None:
    """Of 6, 5 and 5 minutes for 60, 40 and 40, ten minutes hold the two fives."""
    seats = [Seat(case, {0: Arc(minutes)}) for case, minutes in enumerate((6, 5, 5))]
    assert _priced(sketch(seats, [10]), [60, 40, 40]) == (80, [1, 2])
    assert _priced(sketch(seats, [9]), [60, 40, 40]) == (60, [0])


def test_slots_decide_by_hand() -> None:
    """With one slot the dearer lead is taken, beside a second that needs none."""
    seats = [Seat(0, {0: Arc()}), Seat(1, {0: Arc()}), Seat(2, {0: Arc(slots=0)})]
    assert _priced(sketch(seats, [9], slots=(1,)), [3, 5, 4]) == (9, [1, 2])


def test_one_case_is_taken_once() -> None:
    """Lead and second of one case are two options, never both."""
    assert _priced(sketch([Seat(0, {0: Arc()}), Seat(0, {0: Arc()})], [9]), [3, 5]) == (5, [1])


def test_work_of_no_minutes_fits_where_there_are_none() -> None:
    """A reviewer without a minute may still take what takes none."""
    assert _priced(sketch([Seat(0, {0: Arc(0)}), Seat(1, {0: Arc(1)})], [0]), [3, 5]) == (3, [0])


def test_new_work_that_makes_held_work_late_pays_for_it() -> None:
    """Three minutes before held work with two to spare cost its 4 points; two minutes do not."""
    held = Seat(1, {0: Arc(5, slots=0, due=7)}, late_points=4, required=True, rank=1)
    for minutes, worth in ((2, 9000), (3, 5000)):
        plain = sketch([Seat(0, {0: Arc(minutes)}, rank=0), held], [99])
        assert _priced(plain, [9000, 0])[0] == worth


def test_work_worth_less_than_its_workload_is_left() -> None:
    """Ten minutes over a threshold of none cost 10 points: worth 9 they are left, worth 11 they bring 1."""
    plain = sketch([Seat(0, {0: Arc(10)})], [10], thresholds=((0,),), rates=(1,), divisor=1)
    assert _priced(plain, [9000]) == (0, [])
    assert _priced(plain, [11_000]) == (1000, [0])
