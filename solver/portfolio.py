"""What is done with the time: price level 1 and dive, repair, and keep enough to bound the lower levels."""

from __future__ import annotations

from solver.dive import dive
from solver.relax import relax
from solver.repair import repair
from solver.search import Search

PRICE_SHARE = 0.25
DIVES = 3
DIVE_SHARE = 0.35
PROVE_SHARE = 0.15


def price(search: Search) -> None:
    """Bound level 1, and dive from its prices while a share of the time lasts."""
    if search.out_of_time():
        return
    duals = relax(search, 0, seconds=_share(search, PRICE_SHARE))
    until = search.seconds + _share(search, DIVE_SHARE)
    for _ in range(DIVES):
        if not search.stopped() and search.seconds < until:
            dive(search, duals, until - search.seconds)


def improve(search: Search) -> None:
    """Repair until only the share of the time is left that bounding takes."""
    search.keep_back(_total(search) * PROVE_SHARE)
    repair(search)
    search.keep_back(0)


def prove(search: Search) -> None:
    """Bound the lower levels among plans as good as the best at those above."""
    for level in (1, 2):
        if search.best is not None and not search.out_of_time() and not search.is_tight(level):
            relax(search, level, seconds=max(0.05, search.remaining / (3 - level)))


def _share(search: Search, share: float) -> float:
    return float("inf") if search.deterministic else share * max(0.0, search.remaining)


def _total(search: Search) -> float:
    return 0.0 if search.deterministic else search.limits.seconds
