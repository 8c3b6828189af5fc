"""What came of a size: no more of it than a search remembers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from scenarios.estimates import estimate, short
from scenarios.outcome import ENDS, OF, Outcome, cost
from scenarios.scenario import End, Scenario
from scenarios.sizing.answers import Reached
from scenarios.world import Bools, Floats, Ints

ALL = slice(None)


@dataclass(frozen=True, eq=False)
class Trial:
    """Some replications of some areas, in their order.

    Parameters
    ----------
    due, in_time : (n, areas, years, 3 ends) as in `Outcome`, of the cases that the targets are of
    cost : (n, areas) £ a year
    clear : (n, areas) whether nobody is overdue at the end
    """

    due: Ints
    in_time: Ints
    cost: Floats
    clear: Bools

    @classmethod
    def of(cls, scenario: Scenario, areas: Sequence[int], found: Outcome) -> Trial:
        """What is remembered of an outcome."""
        kind = OF.index(scenario.targets.of)
        return cls(
            due=found.due[..., kind],
            in_time=found.in_time[..., kind],
            cost=cost(scenario, found, areas) / scenario.run.years,
            clear=found.overdue[:, :, -1] == 0,
        )

    def chance(self, wanted: Mapping[End, float], first_year: int, areas: slice = ALL) -> float | None:
        """Of a year in which all targets are met by some areas together; None where no clock ended."""
        due = self.due[:, areas, first_year:].sum(axis=1)
        done = self.in_time[:, areas, first_year:].sum(axis=1)
        known = np.zeros(due.shape[:2], bool)
        met = np.ones(due.shape[:2], bool)
        for end, share in wanted.items():
            at = ENDS.index(end)
            has = due[..., at] > 0
            known |= has
            met &= ~has | (done[..., at] >= share * due[..., at] - 1e-9)
        return short(met[known].mean()) if known.any() else None

    def shares(
        self, scenario: Scenario, wanted: Mapping[End, float], areas: slice = ALL
    ) -> Iterator[Reached]:
        """Yield the share of each target in the whole run."""
        for end, target in wanted.items():
            at = ENDS.index(end)
            due, done = (each[:, areas, :, at].sum(axis=(1, 2)) for each in (self.due, self.in_time))
            with np.errstate(invalid="ignore", divide="ignore"):
                share = estimate(np.where(due > 0, done / due, np.nan))
            yield Reached(end=end, months=scenario.targets.months(end), target=target, share=share)

    def money(self, areas: slice = ALL) -> float:
        """£ a year, on average."""
        return short(self.cost[:, areas].sum(axis=1).mean())

    def all_clear(self) -> float:
        """The share of runs in which nobody is overdue in any area at the end."""
        return short(self.clear.all(axis=1).mean())


def beside(trials: Sequence[Trial], order: Sequence[int]) -> Trial:
    """Trials of several pools as one, areas in their order.

    Parameters
    ----------
    order : the numbers of the areas, as the trials have them
    """
    places = np.argsort(order)

    def whole(name: str) -> Ints:
        return np.asarray(np.concatenate([getattr(one, name) for one in trials], axis=1)[:, places])

    return Trial(*(whole(name) for name in ("due", "in_time", "cost", "clear")))  # type: ignore[arg-type]
