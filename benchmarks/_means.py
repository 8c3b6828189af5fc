"""Who is ahead over all instances: the geometric mean of gaps, by method and moment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import cast

import numpy as np

from benchmarks._found import INSTANT, PORTFOLIO, Levels, Mark
from benchmarks._rows import Row
from solver.outcome import level_gap

MEAN_OF = "mean of "
LEAST_GAP = 0.0001
"""Gaps below 0.01 % count as that in a mean: or one proved optimum would make it 0, whatever the rest."""


@dataclass(frozen=True, order=True)
class Standing:
    """The gap of a method on one instance at a moment, to the best bound that any method proved."""

    moment: float
    method: str
    gap: float


def standings(rows: Sequence[Row], moments: Sequence[float]) -> Iterator[Standing]:
    """Yield where each method stands on one instance at each moment, from the instance's rows, our own first.

    Who has no plan by then stands where one stands who places nothing new.
    """
    levels = [cast("Levels", row.more["levels"])["unallocated"] for row in rows if "levels" in row.more]
    fixed = max((cast("int", level["fixed"]) for level in levels), default=0)
    best = max((row.bound for row in rows if row.bound is not None), default=fixed)
    for moment in moments:
        for row in rows:
            if row.method in (PORTFOLIO, *INSTANT) or row.more["time_limit"] == moment:
                yield Standing(moment, row.method, level_gap(_value_at(row, moment), best, fixed))


def _value_at(row: Row, moment: float) -> int:
    """Return the points a method has by then: our own told them on its way, others ended."""
    value: float | None = row.objective
    if row.method == PORTFOLIO:
        value = cast("dict[str, Mark]", row.more.get("checkpoints", {})).get(f"{moment:g}", {}).get("value")
    return int(cast("int", row.more["nothing"]) if value is None else value)


def geometric_mean(gaps: Sequence[float]) -> float:
    """Return the geometric mean of gaps, each at least `LEAST_GAP`."""
    return float(np.exp(np.mean(np.log(np.maximum(gaps, LEAST_GAP)))))


def mean_rows(of: str, standings: Sequence[Standing], workers: int) -> Iterator[Row]:
    """Yield the means of each moment over all that they are `of`, by method.

    Our own comes first, and is told as a share of the best rival's as well. Who took part in some alone has
    no mean: it would be of other instances.
    """
    for moment, found in groupby(sorted(standings), key=lambda one: one.moment):
        gaps: dict[str, list[float]] = {}
        for one in found:
            gaps.setdefault(one.method, []).append(one.gap)
        all_of_them = max(len(of_method) for of_method in gaps.values())
        means = {name: geometric_mean(mine) for name, mine in gaps.items() if len(mine) == all_of_them}
        rivals = [mean for method, mean in means.items() if method != PORTFOLIO]
        for method in sorted(means, key=lambda name: (name != PORTFOLIO, means[name])):
            more: dict[str, object] = {"time_limit": moment, "instances": all_of_them}
            if method == PORTFOLIO and rivals:
                more["of_best_rival"] = round(means[method] / min(rivals), 6)
            name = f"{MEAN_OF}{of} at {moment:g} s"
            yield Row(name, method, None, None, means[method], None, None, None, None, workers, more=more)


def mean_lines(rows: Sequence[Row]) -> Iterator[list[str]]:
    """Yield the cells of a table of the means among rows: a line of titles, and one for each method.

    The least of each moment is marked.
    """
    means: dict[str, dict[float, float]] = {}
    told = [row for row in rows if row.instance.startswith(MEAN_OF)]
    for row in told:
        moment = cast("float", row.more["time_limit"])
        means.setdefault(row.method, {})[moment] = 100 * cast("float", row.gap)
    if told:
        of, _, _ = told[0].instance.removeprefix(MEAN_OF).partition(" at ")
        moments = [f"{moment:g} s" for moment in means[PORTFOLIO]]
        yield [f"geometric mean gap %, {told[0].more['instances']} of {of}", *moments]
    for method, by_moment in means.items():
        least = {moment: min(one[moment] for one in means.values()) for moment in by_moment}
        cells = [f"**{gap:.2f}**" if gap == least[at] else f"{gap:.2f}" for at, gap in by_moment.items()]
        yield [method, *cells]
