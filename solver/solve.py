"""The one way in: which methods run on a problem, in which order, and the check of what comes back."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from solver import flow, mip
from solver.check import breaches
from solver.cpsat import LARGEST_WHOLE, cpsat
from solver.decompose import apart
from solver.greedy import greedy
from solver.lp import Duals
from solver.outcome import Limits, Outcome, Progress
from solver.portfolio import branch, compete, improve, price, prove
from solver.problem import Ints, Problem
from solver.relax import relax
from solver.search import Search
from solver.start import Start, begin
from solver.warm import warm_up


class UnsoundPlanError(RuntimeError):
    """A method returned a plan that breaks the problem it was given: a fault of ours, never of the input."""


@dataclass(frozen=True)
class Method:
    """A named way to find plans or bounds, and when it is worth trying."""

    name: str
    suits: Callable[[Search], bool]
    run: Callable[[Search], None]


def _is_open(search: Search) -> bool:
    return search.is_open(search.open_level())


def _is_for_scip(search: Search) -> bool:
    return _is_open(search) and mip.suits(search)


def _is_for_cpsat(search: Search) -> bool:
    """True where it is small, and SCIP has not just failed at it."""
    return search.problem.n_arcs <= LARGEST_WHOLE and not _is_for_scip(search)


def _parts_apart(search: Search) -> None:
    apart(search, run_methods)


METHODS = (
    Method("greedy", lambda search: True, greedy),
    Method("flow", lambda search: flow.suits(search.problem), flow.flow),
    Method("apart", _is_open, _parts_apart),
    Method("price", lambda search: True, price),
    Method("compete", lambda search: _is_open(search) and search.open_level() == 0, compete),
    Method("mip", _is_for_scip, branch),
    Method("cpsat", _is_for_cpsat, cpsat),
    Method("improve", lambda search: True, improve),
    Method("prove", lambda search: True, prove),
)


def run_methods(search: Search) -> None:
    """Run what suits, in order: the whole's way, and that of each of its parts."""
    for method in METHODS:
        if method.name not in search.without and method.suits(search):
            method.run(search)


def outcome_of(
    problem: Problem, assignment: Ints, prices: Duals | None, limits: Limits, steps: int = 0
) -> Outcome:
    """A sound assignment as it is, with what prices prove of it.

    Parameters
    ----------
    prices : of level 1, in points, NaN where one is not known; or None
    steps : how often prices are bettered at most; with none the lower levels are not looked at

    Raises
    ------
    UnsoundPlanError
        If the assignment breaks the problem.
    """
    search = Search(problem, limits)
    if not search.offer(assignment, "edited"):
        raise UnsoundPlanError("; ".join(breaches(problem, assignment)[:5]))
    if prices is not None:
        search.old_prices = prices
        relax(search, 0, steps)
    for level in (1, 2) if steps else ():
        relax(search, level, steps)
    return search.outcome()


def solve(
    problem: Problem,
    limits: Limits | None = None,
    start: Start | Ints | None = None,
    progress: Callable[[Progress], None] = lambda news: None,
    cancelled: Callable[[], bool] = lambda: False,
    without: Collection[str] = (),
) -> Outcome:
    """The best plan found within the limits, with a proved bound for each level.

    Parameters
    ----------
    start : what an earlier solve found, or its assignment alone; what does not fit any more is left out
    progress : told of every improvement
    cancelled : once true, the best so far is returned within a second
    without : names of methods to leave out, to see what each is worth

    Raises
    ------
    ValueError
        If `without` names a method that there is not, or the start is of another problem's size.
    UnsoundPlanError
        If what a method found breaks the problem.
    """
    if unknown := set(without) - {method.name for method in METHODS}:
        raise ValueError(f"no method is named {', '.join(sorted(unknown))}")
    warm_up()
    search = Search(problem, limits or Limits(), progress, cancelled, without)
    if start is not None:
        begin(search, start if isinstance(start, Start) else Start(start))
    run_methods(search)
    outcome = search.outcome()
    if outcome.assignment is not None and (broken := breaches(problem, outcome.assignment)):
        raise UnsoundPlanError("; ".join(broken[:5]))
    return outcome
