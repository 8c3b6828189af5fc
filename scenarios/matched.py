"""What a match says: which values agree with published counts, what these tell, and what is foretold."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import combinations
from typing import Final

import numpy as np
from pydantic import Field

from scenarios.answers import Band, Part
from scenarios.counts import FIGURES
from scenarios.estimates import band, short
from scenarios.sources import Source
from scenarios.waves import CUT, Tried
from scenarios.world import Floats

FEW: Final = 30
"""With fewer sets that agree, intervals say little."""
MOST_PAIRS: Final = 5
CLEAR: Final = 0.3
"""Correlations nearer to 0 tell nothing that anybody could use."""
KOLMOGOROV: Final = 1.358
"""Of the distance between two distributions × √n, one of twenty lies above this by chance."""


class Fit(Part):
    """One published figure, and what was simulated of it."""

    on: date
    figure: str
    published: float
    within: float = Field(description="Cases that rounding leaves open")
    source: str
    agree: int = Field(description="Sets of values that agree with this figure, whatever the others say")
    kept: Band | None = Field(description="By the sets that agree with every figure; empty: none does")
    nearest: float = Field(description="By the nearest set")


class Range(Part):
    """What the counts say about one number that nobody knows."""

    key: str
    says: str
    unit: str
    reason: str
    low: float = Field(description="Drawn from here")
    high: float = Field(description="to here")
    kept_low: float | None = Field(description="10 % of the sets that agree have less")
    kept_high: float | None = Field(description="10 % have more")
    nearest: float = Field(description="In the nearest set")
    narrowed: float | None = Field(
        description="1 − standard deviation of those that agree ÷ of the range; 0: the counts say nothing"
    )
    is_sure: bool = Field(
        description="Those that agree are not spread evenly over the range (Kolmogorov-Smirnov, 5 %)"
    )
    drives: float | None = Field(
        description="Correlation, among the sets that agree, with the cases open on the last day foretold"
    )


class Pair(Part):
    """Two numbers of which the counts know rather the combination than either."""

    first: str
    second: str
    correlation: float = Field(description="Among the sets that agree")


class Forecast(Part):
    """One figure of a later day, by the sets that agree."""

    on: date
    figure: str
    cases: Band


class Matched(Part):
    """All of it."""

    scenario: str
    digest: str
    seed: int
    versions: dict[str, str]
    says: str
    sets: int = Field(description="Sets of values that were tried")
    replications: int = Field(description="Of each")
    kept: int = Field(description="Sets that agree with every published figure")
    left: float = Field(description="Share of all values within the ranges that may agree, at the last wave")
    cut: float = Field(description="Standard deviations between the two, at most, of a set that agrees")
    discrepancy: float = Field(
        description="Standard deviation of what the model leaves out, as a share of the count"
    )
    furthest: float = Field(description="Standard deviations of the nearest set's worst figure")
    fits: tuple[Fit, ...]
    ranges: tuple[Range, ...]
    pairs: tuple[Pair, ...]
    forecasts: tuple[Forecast, ...]


def fits(tried: Tried) -> Iterator[Fit]:
    """Yield each published figure beside what was simulated of it."""
    for at, one in enumerate(tried.counts):
        seen = tried.of(one.on, one.figure)
        yield Fit(
            on=one.on,
            figure=one.figure,
            published=one.cases,
            within=one.within,
            source=one.source,
            agree=int((tried.far[:, at] <= CUT).sum()),
            kept=band(seen[tried.kept]) if tried.kept.any() else None,
            nearest=short(seen[tried.nearest].mean()),
        )


def forecasts(tried: Tried) -> Iterator[Forecast]:
    """Yield each figure of the days asked for, by the sets that agree and all their luck."""
    for on in tried.asked if tried.kept.any() else ():
        for figure in FIGURES:
            yield Forecast(on=on, figure=figure, cases=band(tried.of(on, figure)[tried.kept]))


def ranges(tried: Tried) -> Iterator[Range]:
    """Yield what the counts say about each number that was drawn."""
    kept, last = tried.values[tried.kept], tried.asked[-1]
    still_open = sum(tried.of(last, one).mean(axis=1)[tried.kept] for one in ("in_progress", "unallocated"))
    for at, one in enumerate(tried.unknown):
        mine = kept[:, at]
        low, high = map(short, np.quantile(mine, (0.1, 0.9))) if len(mine) else (None, None)
        yield Range(
            key=one.key,
            says=one.says,
            unit=one.unit,
            reason=one.reason,
            low=one.low,
            high=one.high,
            kept_low=low,
            kept_high=high,
            nearest=short(tried.values[tried.nearest, at]),
            narrowed=_narrowed(one, mine),
            is_sure=_is_uneven(one, mine),
            drives=_correlation(mine, np.asarray(still_open)),
        )


def pairs(tried: Tried) -> tuple[Pair, ...]:
    """The numbers of which the counts know the combination, the closest first."""
    kept, found = tried.values[tried.kept], []
    for first, second in combinations(range(len(tried.unknown)), 2):
        close = _correlation(kept[:, first], kept[:, second])
        if close is not None and abs(close) > max(CLEAR, 2 / np.sqrt(len(kept))):
            names = tried.unknown[first].key, tried.unknown[second].key
            found.append(Pair(first=names[0], second=names[1], correlation=close))
    return tuple(sorted(found, key=lambda one: -abs(one.correlation))[:MOST_PAIRS])


def sentence(tried: Tried) -> str:
    """What whoever asked wants to know first."""
    sets, kept = len(tried.values), int(tried.kept.sum())
    if not kept:
        at = int(np.argmax(tried.far[tried.nearest]))
        one = tried.counts[at]
        seen = tried.of(one.on, one.figure)[tried.nearest].mean()
        return (
            f"None of {sets:,} sets of values agrees with the published counts: nothing is foretold. The "
            f"nearest says {seen:,.0f} {worded(one.figure)} by {dated(one.on)}, where {one.cases:,.0f} were "
            "published."
        )
    few = "" if kept >= FEW else ", too few for an interval to be relied on"
    told = [
        f"{_interval(one.cases)} {worded(one.figure)}"
        for one in forecasts(tried)
        if one.on == tried.asked[-1]
    ]
    return (
        f"{kept:,} of {sets:,} sets of values agree with the published counts{few}. By "
        f"{dated(tried.asked[-1])}, in eight of ten runs of theirs: {', '.join(told)}."
    )


def worded(figure: str) -> str:
    """A figure's name in a sentence."""
    return figure.replace("_", " ")


def dated(day: date) -> str:
    """A day in a sentence."""
    return f"{day.day} {day:%B %Y}"


def _interval(cases: Band) -> str:
    return f"{cases.low_80:,.0f} to {cases.high_80:,.0f}"


def _narrowed(one: Source, kept: Floats) -> float | None:
    """By which share of their standard deviation values are nearer to each other than all of a range."""
    width = one.high - one.low
    return short(1 - kept.std() * np.sqrt(12) / width) if len(kept) > 1 and width > 0 else None


def _is_uneven(one: Source, kept: Floats) -> bool:
    """Whether values are surely not spread over their range as evenly as they were drawn."""
    count, width = len(kept), one.high - one.low
    if not count or width == 0:
        return False
    at = (np.sort(kept) - one.low) / width
    steps = np.arange(count + 1) / count
    return bool(max((at - steps[:-1]).max(), (steps[1:] - at).max()) > KOLMOGOROV / np.sqrt(count))


def _correlation(first: Floats, second: Floats) -> float | None:
    """Of two rows of numbers; None where one does not vary, or there are too few."""
    if len(first) < FEW // 3 or first.std() == 0 or second.std() == 0:
        return None
    return short(np.corrcoef(first, second)[0, 1])
