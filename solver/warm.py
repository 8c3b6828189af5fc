"""Compile every kernel, or load it compiled: once on a machine, and not in a search's time.

`python -m solver.warm SHARE` compiles one share: one kernel takes as long as all others together, so that two
processes, each with its share, are done in half the time.
"""

from __future__ import annotations

import sys

import numpy as np

from solver.greedy import greedy
from solver.neighbours import neighbours
from solver.order import best_of_each
from solver.outcome import Limits
from solver.plans import commit
from solver.pricing import items_of, price, stock_of
from solver.problem import Bands, Groups, Ints, Problem
from solver.relax import rough_prices
from solver.search import Search
from solver.shifts import make_room
from solver.workshop import Workshop


def warm_up() -> None:
    """Use each kernel on the smallest problem that there is work in."""
    for share in SHARES.values():
        share()


def _plunge() -> None:
    _workshop().plunge_whole(0)


def _others() -> None:
    workshop = _workshop()
    everyone, nobody = np.zeros(1, np.int64), np.zeros(1, dtype=bool)
    neighbours(workshop.field, workshop.plan, nobody, 1, 0)
    commit(workshop.field, workshop.plan, everyone, everyone - 1)
    make_room(workshop.field, workshop.aim, workshop.plan, everyone, workshop.aim.penalty[everyone])
    greedy(workshop.search)
    problem = workshop.problem
    items = items_of(problem, ~problem.forced, problem.forced)
    price(stock_of(problem, items, (0, 0)), np.zeros(len(items.arc), np.int64))
    best_of_each(problem.arc_start, np.zeros(problem.n_arcs), 1)


SHARES = {"plunge": _plunge, "others": _others}


def _workshop() -> Workshop:
    problem = _smallest()
    return Workshop(Search(problem, Limits(effort=1)), rough_prices(problem, 0), 0)


def _smallest() -> Problem:
    """One case, one reviewer, an hour."""

    def row(value: int) -> Ints:
        return np.array([value], np.int64)

    no = np.zeros(1, np.bool_)
    return Problem(
        case=row(0),
        rank=row(0),
        penalty=row(1),
        late_points=row(0),
        required=no,
        movable=no,
        needs=row(-1),
        link=row(-1),
        arc_start=np.array([0, 1]),
        arc_reviewer=row(0),
        arc_minutes=row(60),
        arc_points=row(0),
        arc_slots=row(0),
        arc_due=row(60),
        capacity=row(60),
        slots=row(1),
        bands=Bands.none(1),
        groups=Groups.none(),
    )


if __name__ == "__main__":
    SHARES[sys.argv[1]]()
