"""Sets of values for what nobody knows, drawn in waves: where those before leave no hope, none is drawn.

References
----------
Vernon, Goldstein and Bower, "Galaxy formation: a Bayesian uncertainty analysis", Bayesian Analysis 5 (2010)
619-669, doi:10.1214/10-BA524: implausibility, its cut at 3, and the waves; McKay, Beckman and Conover,
Technometrics 21 (1979) 239-245, doi:10.2307/1268522: the draws.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
from joblib import Parallel, delayed

from scenarios.counts import FIGURES, Published
from scenarios.emulator import emulator
from scenarios.files import changed, value_at
from scenarios.run import Stopped, blocks, played
from scenarios.scenario import Scenario
from scenarios.sources import Source, sources
from scenarios.workforce import pools
from scenarios.world import Bools, Floats

CUT: Final = 3.0
"""A set of values agrees as long as no count is more standard deviations away."""
AT_A_TIME: Final = 20_000
MOST_TIMES: Final = 50
"""Points that are looked at for a wave, and how often so many, until there are enough that may agree."""
Tell = Callable[[str], None]
Hopeful = Callable[[Floats], Bools]
"""Of (points, keys), which may agree by what a wave has shown."""


@dataclass(frozen=True)
class Wanted:
    """What is to be done.

    Parameters
    ----------
    at : days to foretell; none: the last one of the run
    sets, waves : sets of values in a wave, and how many waves
    replications : how often each set is simulated, twice at least
    discrepancy : standard deviation of what the model leaves out, as a share of each count
    """

    at: tuple[date, ...] = ()
    sets: int = 250
    waves: int = 4
    replications: int = 3
    discrepancy: float = 0.05
    workers: int = 1


@dataclass(frozen=True, eq=False)
class Tried:
    """All sets of values and what was simulated with them.

    Parameters
    ----------
    values : (sets, keys) of `unknown`
    told : (sets, replications, days, figures) cases on `days`; `asked` are those to foretell
    far : (sets, counts) standard deviations between each count and what a set says of it
    left : share of the ranges in which sets were still drawn at last
    """

    unknown: tuple[Source, ...]
    counts: tuple[Published, ...]
    days: tuple[date, ...]
    asked: tuple[date, ...]
    values: Floats
    told: Floats
    far: Floats
    left: float

    @property
    def kept(self) -> Bools:
        """(sets,) whether a set agrees with every count."""
        return np.asarray(self.far.max(axis=1) <= CUT)

    @property
    def nearest(self) -> int:
        """The set whose worst count is the nearest."""
        return int(np.argmin(self.far.max(axis=1)))

    def of(self, on: date, figure: str) -> Floats:
        """(sets, replications) cases of one figure on one day."""
        return np.asarray(self.told[:, :, self.days.index(on), FIGURES.index(figure)])


def unknowns(scenario: Scenario) -> tuple[Source, ...]:
    """The numbers that are drawn: those to which the file itself gives a range."""
    return tuple(one for one in sources(scenario) if one.key in scenario.assumptions)


class Search:
    """One search, wave by wave.

    Parameters
    ----------
    asked : the days to foretell
    """

    def __init__(
        self,
        scenario: Scenario,
        counts: Sequence[Published],
        asked: Sequence[date],
        wanted: Wanted,
        tell: Tell = lambda _: None,
        stopped: Callable[[], bool] = lambda: False,
    ) -> None:
        self._scenario, self._wanted, self._tell, self._stopped = scenario, wanted, tell, stopped
        self._counts, self._asked, self._unknown = tuple(counts), tuple(asked), unknowns(scenario)
        self._days = tuple(sorted({one.on for one in counts} | set(asked)))
        self._hopeful: list[Hopeful] = []
        self._left, self._so_far = 1.0, 0

    def tried(self) -> Tried:
        """All sets, and what was simulated with them.

        Raises
        ------
        Stopped
            Somebody did not want to know it any more.
        """
        points: list[Floats] = []
        told: list[Floats] = []
        for wave in range(self._wanted.waves):
            some = self._points(wave)
            if not len(some):
                break
            points.append(some)
            told.append(self._simulated(wave, some))
            self._learn(some, self._seen(told[-1]))
        everything = np.concatenate(told)
        return Tried(
            unknown=self._unknown,
            counts=self._counts,
            days=self._days,
            asked=self._asked,
            values=self._values(np.concatenate(points)),
            told=everything,
            far=implausibility(self._seen(everything), self._counts, self._wanted.discrepancy),
            left=self._left,
        )

    def may_agree(self, points: Floats) -> Bools:
        """(points,) whether no wave so far has shown a point to be hopeless."""
        found = np.ones(len(points), bool)
        for hopeful in self._hopeful:
            found[found] = hopeful(points[found])
        return found

    def _points(self, wave: int) -> Floats:
        """(sets, keys) points of the ranges, each from 0 to 1: any at first, then those that may agree."""
        wanted, keys, seed = self._wanted, len(self._unknown), self._scenario.run.seed
        if not self._hopeful:
            return stratified(wanted.sets, keys, (seed, wave, 0))
        found: list[Floats] = []
        while len(found) < MOST_TIMES and sum(map(len, found)) < wanted.sets:
            some = stratified(AT_A_TIME, keys, (seed, wave, len(found)))
            found.append(some[self.may_agree(some)])
        whole = np.concatenate(found)
        self._left = len(whole) / (len(found) * AT_A_TIME)
        return whole[: wanted.sets]

    def _learn(self, points: Floats, seen: Floats) -> None:
        """Nothing; later waves leave out what this one has shown to be hopeless, if it was large enough.

        Of square roots, whose chance is the same for few cases as for many.
        """
        roots, cases = np.sqrt(seen), np.array([one.cases for one in self._counts])
        surface = emulator(points, roots.mean(axis=1))
        if surface is None:
            return
        stated = _stated(self._counts, self._wanted.discrepancy) / (4 * np.maximum(cases, 1.0))
        unsure = np.sqrt(surface.unsure**2 + roots.var(axis=1, ddof=1).mean(axis=0) + stated)

        def hopeful(some: Floats) -> Bools:
            return np.asarray((np.abs(surface(some) - np.sqrt(cases)) <= CUT * unsure + 1e-9).all(axis=1))

        self._hopeful.append(hopeful)

    def _values(self, points: Floats) -> Floats:
        """(sets, keys) values at points; whole ones where only those can be."""
        low, high = (np.array([getattr(one, end) for one in self._unknown]) for end in ("low", "high"))
        found = low + points * (high - low)
        whole = [isinstance(value_at(self._scenario, one.key), int) for one in self._unknown]
        return np.asarray(np.where(whole, np.rint(found), found))

    def _seen(self, told: Floats) -> Floats:
        """(sets, replications, counts) what was simulated of each published figure."""
        place = [(self._days.index(one.on), FIGURES.index(one.figure)) for one in self._counts]
        return np.stack([told[:, :, day, figure] for day, figure in place], axis=-1)

    def _simulated(self, wave: int, points: Floats) -> Floats:
        """(sets, replications, days, figures) cases; each set has a luck of its own."""
        keys, n = [one.key for one in self._unknown], self._wanted.replications
        rows = self._values(points).tolist()
        each = [changed(self._scenario, dict(zip(keys, row, strict=True))) for row in rows]
        tasks = [(one, range(at * n, at * n + n)) for at, one in enumerate(each, start=self._so_far)]
        self._so_far += len(each)
        found: list[Floats] = []
        with Parallel(n_jobs=self._wanted.workers, return_as="generator") as parallel:
            for one in parallel(delayed(counted)(*task, self._days) for task in tasks):
                if self._stopped():
                    raise Stopped
                if len(found) % max(1, len(each) // 5) == 0:
                    self._tell(f"wave {wave + 1}: {len(found):,} of {len(each):,} sets of values")
                found.append(one)
        return np.array(found)


def stratified(sets: int, keys: int, seed: Sequence[int]) -> Floats:
    """(sets, keys) numbers in [0, 1): of each key one in each of as many equal parts, in any order."""
    draw = np.random.default_rng(seed)
    parts = np.stack([draw.permutation(sets) for _ in range(keys)], axis=1)
    return np.asarray((parts + draw.random((sets, keys))) / sets)


def implausibility(seen: Floats, counts: Sequence[Published], discrepancy: float) -> Floats:
    """(sets, counts) how many standard deviations each count is from what a set says of it.

    Parameters
    ----------
    seen : (sets, replications, counts) what was simulated
    """
    chance = seen.var(axis=1, ddof=1) * (1 + 1 / seen.shape[1])  # of what came, and of the mean
    apart = np.abs(seen.mean(axis=1) - np.array([one.cases for one in counts]))
    with np.errstate(divide="ignore", invalid="ignore"):
        far = apart / np.sqrt(_stated(counts, discrepancy) + chance)
    return np.asarray(np.where(apart > 0, far, 0.0))


def _stated(counts: Sequence[Published], discrepancy: float) -> Floats:
    """(counts,) variance of rounding, as likely anywhere within it, and of what the model leaves out."""
    return np.array([one.within**2 / 3 + (discrepancy * one.cases) ** 2 for one in counts])


def counted(scenario: Scenario, replications: range, days: Sequence[date]) -> Floats:
    """(n_replications, n_days, 4) cases at the end of each day: `FIGURES`, in all areas together.

    A case whose reviewer left counts as in progress: it was allocated once.
    """
    found = np.zeros((len(replications), len(days), len(FIGURES)))
    ends = [float((day - scenario.run.start).days + 1) for day in days]
    for pool in pools(scenario):
        for block in blocks(scenario, pool, replications):
            cases, records, _ = played(block)
            rows = slice(block.replications.start - replications.start, None)
            for at, end in enumerate(ends):
                marks = (cases.notified, records.allocated, records.completed)
                notified, allocated, completed = ((day <= end).sum(axis=1) for day in marks)
                now = (notified, completed, allocated - completed, notified - allocated)
                found[rows, at][: len(notified)] += np.stack(now, axis=1)
    return found
