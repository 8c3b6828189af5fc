"""The cheapest changes to a problem with which given places can all be filled: one CP-SAT model.

Each change gives somebody minutes or slots, a group some more, or opens arcs that no plan may use without it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from solver import cp_model
from solver.cpsat import LEVEL_ONE, CpLimits, Model, run
from solver.problem import Ints, Problem


@dataclass(frozen=True)
class Amendment:
    """One change that may be made.

    Parameters
    ----------
    cost : what it costs, ≥ 1
    minutes, slots, group : what it adds, by reviewer row and by group row; nothing unless given
    """

    cost: int
    minutes: Mapping[int, int] = field(default_factory=dict)
    slots: Mapping[int, int] = field(default_factory=dict)
    group: Mapping[int, int] = field(default_factory=dict)


class UndecidedError(RuntimeError):
    """The limit came before anything was found or proved."""


@dataclass(frozen=True, eq=False)
class Amended:
    """The changes made, by their number, and a plan with them; whether nothing cheaper does it."""

    chosen: tuple[int, ...]
    assignment: Ints
    cheapest: bool


@dataclass(frozen=True)
class Changes:
    """All that may be changed, and how much of it at once.

    Parameters
    ----------
    amendments : what there is to choose from
    behind : by arc, sets of numbers: one of each set must be made for it to be used
    apart : sets of numbers of which at most one is made
    most : how many at once
    refused : numbers of those that are not to be made
    """

    amendments: Sequence[Amendment]
    behind: Mapping[int, Sequence[Sequence[int]]]
    apart: Sequence[Sequence[int]] = ()
    most: int = 1
    refused: frozenset[int] = frozenset()


def amend(
    problem: Problem,
    fill: Collection[int],
    changes: Changes,
    limits: CpLimits,
    stopped: Callable[[], bool] = lambda: False,
) -> Amended | None:
    """The cheapest changes with which these places are all filled; None if there are none.

    Raises
    ------
    UndecidedError
        The limit came before that was known.
    """
    if any(problem.arc_start[place] == problem.arc_start[place + 1] for place in fill):
        return None
    model = _Model(problem, frozenset(fill), changes)
    solver, status = run(model.cp, limits, stopped)
    if status == cp_model.INFEASIBLE:
        return None
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        raise UndecidedError
    chosen = tuple(at for at, made in enumerate(model.made) if solver.boolean_value(made))
    return Amended(chosen, model.assignment(solver), status == cp_model.OPTIMAL)


@dataclass(frozen=True, eq=False)
class BestWith:
    """The change made, by its number, the best plan of level 1 with it, and whether no other is better."""

    chosen: int
    assignment: Ints
    optimal: bool


def best_with(
    problem: Problem,
    amendments: Sequence[Amendment],
    start: Ints,
    limits: CpLimits,
    stopped: Callable[[], bool] = lambda: False,
) -> BestWith | None:
    """The best plan of level 1 with exactly one of some changes; None if the limit came before any.

    Parameters
    ----------
    start : a plan without any of them
    """
    model = _OneOf(problem, frozenset(), Changes(amendments, {}))
    model.hint(start)
    solver, status = run(model.cp, limits, stopped)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    chosen = next(at for at, made in enumerate(model.made) if solver.boolean_value(made))
    return BestWith(chosen, model.assignment(solver), status == cp_model.OPTIMAL)


class _Model(Model):
    """A problem's model, its limits loosened by what is made of the changes, which are to be cheap."""

    def __init__(self, problem: Problem, fill: frozenset[int], changes: Changes) -> None:
        self.fill, self.changes = fill, changes
        self.made: list[cp_model.IntVar] = []
        super().__init__(problem, LEVEL_ONE)

    def _add_places(self) -> None:
        self.made = [self.cp.new_bool_var("") for _ in self.changes.amendments]
        self.cp.add(sum(self.made) <= self.changes.most)
        for alike in self.changes.apart:
            self.cp.add_at_most_one(self.made[at] for at in alike)
        for at in self.changes.refused:
            self.cp.add(self.made[at] == 0)
        for arc, needed in self.changes.behind.items():
            for x in self._of([arc]):
                for any_of in needed:
                    self.cp.add_bool_or(x.negated(), *(self.made[at] for at in any_of))
        super()._add_places()

    def _is_to_be_filled(self, place: int) -> bool:
        return place in self.fill or super()._is_to_be_filled(place)

    def _limit(self, what: str, row: int, terms: tuple[list[cp_model.IntVar], list[int]], most: int) -> None:
        """The same, with what the changes made add."""
        adds = [getattr(one, what).get(row, 0) for one in self.changes.amendments]
        extra = cp_model.LinearExpr.weighted_sum(self.made, adds)
        self.cp.add(cp_model.LinearExpr.weighted_sum(*terms) <= most + extra)

    def _add_late(self) -> None:
        """Nothing: lateness does not matter here."""

    def _add_bands(self) -> None:
        """Nothing: nor do the workload bands."""

    def _minimise(self) -> None:
        """Cheapest first; of equally cheap ones those that come first."""
        amendments = self.changes.amendments
        scale = len(amendments) * self.changes.most
        costs = [one.cost * scale + at for at, one in enumerate(amendments)]
        self.cp.minimize(cp_model.LinearExpr.weighted_sum(self.made, costs))


class _OneOf(_Model):
    """The same with exactly one change, whatever it costs, and as little left undone as can be."""

    def _add_places(self) -> None:
        super()._add_places()
        self.cp.add_exactly_one(self.made)

    def _minimise(self) -> None:
        """Level 1 alone."""
        Model._minimise(self)
