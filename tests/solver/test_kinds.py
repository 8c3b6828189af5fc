"""Which part is planned anew next: every kind is tried, small ones give way, and what gains is done again."""

from __future__ import annotations

import numpy as np

from solver.kinds import EVERYONE, MOST_ARCS, SIZES, Kinds


def worked(kinds: Kinds, turns: int, gain: float = 0.0, lucky: int = -1) -> Kinds:
    """Let each draw cost work in proportion to its size, and only one kind gain."""
    rng = np.random.default_rng(0)
    for _ in range(turns):
        kind = kinds.draw(rng)
        kinds.note(kind, gain if kind == lucky else 0.0, float(kinds.due[kind]))
    return kinds


def test_everyone_is_a_kind_only_where_that_is_quick() -> None:
    """Planning all anew takes too long in a large problem."""
    assert EVERYONE in {kind.size for kind in Kinds(100, MOST_ARCS).kinds}
    assert EVERYONE not in {kind.size for kind in Kinds(100, MOST_ARCS + 1).kinds}


def test_no_part_is_larger_than_half_of_all() -> None:
    """What is larger is everyone; the smallest two sizes are always there."""
    assert {kind.size for kind in Kinds(10, 50).kinds} == {*SIZES[:2], EVERYONE}
    assert {kind.size for kind in Kinds(10_000, 50).kinds} == {*SIZES, EVERYONE}


def test_work_is_shared_out_by_size_where_nothing_gains() -> None:
    """After many turns each kind has had work in proportion to its size."""
    kinds = worked(Kinds(400, 1000), 4000)
    share = kinds.done / kinds.due
    assert share.max() < 1.2 * share.min()


def test_what_gains_is_done_more_often_than_its_share() -> None:
    """A kind that gains at every turn has more than half of them."""
    kinds = worked(Kinds(400, 1000), 1000, gain=5.0, lucky=4)
    assert kinds.tried[4] > kinds.tried.sum() / 2
    assert kinds.tried.min() >= 2
