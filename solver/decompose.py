"""Independent parts apart and in parallel: each is solved by the same methods, and the plans put together.

A part is small where the whole is not, so that it is often proved by search. Parts are threads, for compiled
code, SCIP and CP-SAT run without the interpreter's lock; `joblib.parallel_config(backend="loky")` or "dask"
around the solve makes them processes, or sends them to a cluster. There nobody hears of them until they end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from joblib import Parallel, delayed

from solver.components import component_of, parts_of
from solver.listener import Listener, Nobody
from solver.lp import Duals
from solver.outcome import PRICE_UNIT, BoundedBy, Limits, Outcome
from solver.problem import Ints, Problem
from solver.relax import prove_first_level, settle
from solver.search import Search

LARGEST_SHARE = 0.8
SHARES = (0.15, 0.7, 0.7)
"""When each round ends, as shares of the time: good plans of all parts, proofs, and what was not proved."""
ARCS_A_SECOND = 700
"""So many pairs a second of one worker are often proved; of more, the whole is searched together."""
SETTLED_A_SECOND, SETTLE_SHARE = 2000, 0.3
LEAST_SECONDS = 0.05
Run = Callable[[Search], None]


@dataclass(frozen=True, eq=False)
class Task:
    """What is sent to whoever solves a part: nothing that another process could not read."""

    number: int
    problem: Problem
    limits: Limits
    start: Ints | None
    without: frozenset[str]


def apart(search: Search, run: Run) -> None:
    """Solve each independent part by itself, and tell what they come to; nothing where that does not suit.

    Parameters
    ----------
    run : what is done with a part's search; a function of a module, for another process to find it
    """
    worker_seconds = search.limits.workers * SHARES[-1] * search.remaining
    if search.problem.n_arcs > ARCS_A_SECOND * worker_seconds:
        return
    component = component_of(search.problem)
    arcs = np.bincount(component[search.problem.arc_place])
    if len(arcs) < 2 or arcs.max() > LARGEST_SHARE * search.problem.n_arcs:
        return
    listener = Listener(search, parts_of(search.problem, component))
    ends = [search.seconds + share * search.remaining for share in SHARES]
    for until in ends[-1:] if search.deterministic else ends:
        _round(listener, run, until)
    _conclude(search, listener)


def solve_part(run: Run, task: Task, listener: Nobody) -> tuple[int, Outcome]:
    """The part's number, and what came out."""

    def news(_: object) -> None:
        listener.hear(task.number, search)

    search = Search(task.problem, task.limits, news, listener.stopped, task.without)
    if task.start is not None:
        search.offer(task.start, "start")
    run(search)
    return task.number, search.outcome()


def _round(listener: Listener, run: Run, until: float) -> None:
    """Give each part that is not proved a turn, some at a time."""
    workers = Parallel(
        listener.search.limits.workers,
        prefer="threads",
        pre_dispatch="n_jobs",  # a part's time is known when its turn comes
        batch_size=1,
        return_as="generator_unordered",
    )
    try:
        for number, outcome in workers(delayed(solve_part)(run, *each) for each in _tasks(listener, until)):
            listener.end(number, outcome)
    except BaseException:
        listener.over = True
        raise


def _tasks(listener: Listener, until: float) -> Iterator[tuple[Task, Listener]]:
    """The parts, the smallest first: what they leave of their time is the larger ones'."""
    search, order, parts = listener.search, listener.unproved(), listener.parts
    seeds, best = search.rng.integers(2**31, size=len(parts)).tolist(), listener.merged
    arcs, workers = np.array([parts[number].problem.n_arcs for number in order]), search.limits.workers
    for turn, number in enumerate(order):
        if search.out_of_time() or search.seconds > until - LEAST_SECONDS:
            return
        limits = replace(search.limits, seed=seeds[number], workers=1)
        if not search.deterministic:
            unfinished = arcs[max(0, turn + 1 - workers) :].sum()
            share = min(1.0, workers * arcs[turn] / unfinished)
            limits = replace(limits, seconds=max(LEAST_SECONDS, share * (until - search.seconds)))
        part = parts[number]
        yield Task(number, part.problem, limits, part.start(best), search.without | {"apart"}), listener


def _conclude(search: Search, listener: Listener) -> None:
    """Tell what the parts' prices prove together, and the lower levels' bounds as far as they add up."""
    problem, n = search.problem, len(listener.parts)
    if len(listener.prices) < n:
        return
    alone = np.diff(problem.arc_start) == 0
    place = np.where(alone, problem.penalty, 0).astype(np.float64)
    needs, group = np.zeros(problem.n_places), np.zeros(len(problem.groups.limit))
    for number, part in enumerate(listener.parts):
        prices = listener.prices[number]
        place[part.places] = prices.place / PRICE_UNIT
        needs[part.places] = prices.needs / PRICE_UNIT
        group[part.groups] = prices.group / PRICE_UNIT
    prove_first_level(search, Duals(place, needs, group, np.array([1.0, 0.0, 0.0])))
    _add_up(search, [listener.outcomes[number] for number in range(n)])
    if search.is_tight(0) and search.bounded_by[0] is BoundedBy.SEARCH:
        seconds = (
            float("inf")
            if search.deterministic
            else min(problem.n_arcs / SETTLED_A_SECOND, SETTLE_SHARE * search.remaining)
        )
        settle(search, seconds, search.out_of_time)  # anyone can recompute prices, nobody a search


def _add_up(search: Search, outcomes: list[Outcome]) -> None:
    """Tell the sum of the bounds of levels 2 and 3 where the levels above are optimal in every part.

    Then every plan no worse above is optimal in each part, and those are the plans that its bound is of.
    """
    table = np.array([[(level.value, level.bound) for level in outcome.levels] for outcome in outcomes])
    values, bounds = table.sum(axis=0).T
    for level in (1, 2):
        if not search.is_tight(level - 1) or values[level - 1] != bounds[level - 1]:
            return
        search.raise_bound(level, int(bounds[level]), BoundedBy.SEARCH)
