"""What is done with the time: price, plunge, repair, and keep enough to bound the lower levels."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import TypeVar

from solver import mip
from solver.around import make_room_around
from solver.carrier import Carrier
from solver.core import grown, has_price, weighted_core_of
from solver.lp import Duals
from solver.outcome import BoundedBy
from solver.relax import relax, settle
from solver.repair import repair, repair_by_effort
from solver.search import Search
from solver.workshop import Workshop

Result = TypeVar("Result")
PRICE_SHARE = 0.25
PLUNGE_SHARE, LATE_SHARE = 0.1, 0.4
PLUNGES = 4
CORE_SHARE, SETTLE_SHARE = 0.75, 0.3
CORE_ARCS_A_SECOND = 1000
FIRST_REPAIR_SHARE, ARCS_A_SECOND = 0.15, 2000
PROVE_SHARE = 0.15


def price(search: Search) -> None:
    """Bound the first open level; below level 1, whose plans `compete` makes, plan anew from its prices.

    Level 1 gets its prices even where it is proved without them: they are what anyone can recompute.
    """
    if search.out_of_time() or not search.problem.n_arcs:
        return
    if search.open_level() > 0 and search.problem.penalty.any():
        relax(search, 0, seconds=_share(search, PRICE_SHARE))
    if search.stopped():
        return
    duals = _duals(search)
    if search.open_level() > 0 and not search.stopped():
        _plunge(search, duals)


def compete(search: Search) -> None:
    """Plan the core of level 1 by itself, and carry each better plan of it over to the whole.

    Where the best plan of a core leaves a place outside without room, the core grows by it, until the best
    plans of both cost the same.
    """
    duals, until = _duals(search), search.seconds + _share(search, CORE_SHARE)
    inside = has_price(search.problem, duals)
    carrier = Carrier(search, weighted_core_of(search.problem, inside), until - search.seconds)
    duals = _settled(search, carrier.core, duals)
    while True:
        if carrier.core.is_open(0):
            _search_core(carrier.core, duals)
        carried, bound = carrier.carry(), int(carrier.core.bounds[0])
        if carried is None or not carrier.core.proved(0) or not search.is_open(0):
            return
        make_room_around(search, ~inside, carried)
        if not search.is_open(0):
            return
        before, inside = inside, grown(search.problem, inside, carried)
        if inside.sum() == before.sum():
            return
        carrier = Carrier(search, weighted_core_of(search.problem, inside), until - search.seconds)
        carrier.core.raise_bound(0, bound, BoundedBy.SEARCH)


def _settled(search: Search, core: Search, duals: Duals) -> Duals:
    """Better prices of level 1, and first plans of its core."""
    core.duals[0] = duals
    if core.is_open(0):
        _plunge(core, duals)
    if core.is_open(0):
        seconds = _deserved(core, SETTLE_SHARE)
        return _beside(core, duals, lambda: settle(search, seconds))
    return duals


def _search_core(core: Search, duals: Duals) -> None:
    if mip.suits(core) and core.problem.n_arcs < CORE_ARCS_A_SECOND * core.remaining:
        _beside(core, duals, lambda: mip.mip(core, 1.0))
    elif core.deterministic:
        repair_by_effort(Workshop(core, duals, 0))
    else:
        repair(Workshop(core, duals, 0), core.remaining, core.limits.workers)


def _beside(search: Search, duals: Duals, work: Callable[[], Result]) -> Result:
    """What some work of one thread comes to, while the other workers repair."""
    if search.deterministic or search.limits.workers == 1:
        return work()
    workshop, done = Workshop(search, duals, search.open_level()), Event()
    with ThreadPoolExecutor(1) as pool:
        seconds, others = search.remaining, search.limits.workers - 1
        repairing = pool.submit(repair, workshop, seconds, others, done.is_set)
        try:
            result = work()
        finally:
            done.set()
    repairing.result()
    return result


def _plunge(search: Search, duals: Duals) -> None:
    """Plan all of it anew from the prices, and repair what comes of it for a while."""
    workshop = Workshop(search, duals, search.open_level())
    until, late = (search.seconds + _share(search, share) for share in (PLUNGE_SHARE, LATE_SHARE))

    def plunge(seed: int) -> None:
        if not search.stopped() and search.seconds < until:
            workshop.plunge_whole(seed, stopped=lambda: search.out_of_time() or search.seconds > late)
            workshop.tell(always=True)

    with ThreadPoolExecutor(1 if search.deterministic else search.limits.workers) as pool:
        list(pool.map(plunge, search.rng.integers(2**31, size=PLUNGES).tolist()))
    if not search.deterministic:
        repair(workshop, _deserved(search, FIRST_REPAIR_SHARE), search.limits.workers)


def branch(search: Search) -> None:
    """Let SCIP work on the open level, while the other workers repair."""
    _beside(search, _duals(search), lambda: mip.mip(search))


def improve(search: Search) -> None:
    """Repair until only the share of the time is left that bounding takes, if a level is not bounded yet."""
    if not search.problem.n_arcs or search.stopped():
        return
    if search.open_level() < 2:
        search.keep_back(_total(search) * PROVE_SHARE)
    while not search.stopped():
        level = search.open_level()
        workshop = Workshop(search, _duals(search), level)
        if search.deterministic:
            repair_by_effort(workshop)
            break
        search.work_on("repair", level)
        repair(workshop, search.remaining, search.limits.workers, _beyond(search, level))
    search.keep_back(0)


def prove(search: Search) -> None:
    """Bound the lower levels among plans as good as the best at those above."""
    for level in (1, 2):
        if search.best is not None and not search.out_of_time() and not search.is_tight(level):
            relax(search, level, seconds=max(0.05, search.remaining / (3 - level)))


def _beyond(search: Search, level: int) -> Callable[[], bool]:
    return lambda: search.open_level() > level


def _duals(search: Search) -> Duals:
    """The prices of the open level."""
    level = search.open_level()
    known = search.duals[level]
    return known if known is not None else relax(search, level, seconds=_share(search, PRICE_SHARE))


def _share(search: Search, share: float) -> float:
    return float("inf") if search.deterministic else share * max(0.0, search.remaining)


def _deserved(search: Search, share: float) -> float:
    """A share of the time, or less: what is small is proved at once by the methods that follow."""
    if search.deterministic:
        return float("inf")
    return min(_share(search, share), search.problem.n_arcs / ARCS_A_SECOND)


def _total(search: Search) -> float:
    return 0.0 if search.deterministic else search.limits.seconds
