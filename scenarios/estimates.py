"""Figures of the replications, their means, and how exact these are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from scenarios.answers import Band, Estimate
from scenarios.outcome import ENDS, OF, Outcome
from scenarios.scenario import End
from scenarios.world import Floats, Ints

Z95: Final = 1.959964


def shares(
    found: Outcome, end: End = "completed", of: str = "eligible", areas: slice = slice(None)
) -> Floats:
    """(n,) share in time of each replication; not a number where no clock ended."""
    at, kind = ENDS.index(end), OF.index(of)
    due = found.due[:, areas, :, at, kind].sum(axis=(1, 2))
    done = found.in_time[:, areas, :, at, kind].sum(axis=(1, 2))
    with np.errstate(invalid="ignore"):
        return np.asarray(np.where(due > 0, done / due, np.nan))


def year_shares(found: Outcome, end: End, of: str, areas: slice = slice(None)) -> Floats:
    """(n, years) share in time of each replication and year; not a number where no clock ended."""
    at, kind = ENDS.index(end), OF.index(of)
    due, done = found.due[:, areas, :, at, kind].sum(axis=1), found.in_time[:, areas, :, at, kind].sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(due > 0, done / due, np.nan))


def estimate(values: Floats) -> Estimate | None:
    """The mean of those that are numbers; None of none."""
    known = values[~np.isnan(values)]
    if not len(known):
        return None
    half = Z95 * known.std(ddof=1) / np.sqrt(len(known)) if len(known) > 1 else None
    return Estimate(mean=short(known.mean()), half_width=None if half is None else short(half))


def band(values: Floats | Ints) -> Band:
    """The mean, and between what eight of ten and nineteen of twenty lie."""
    low_95, low_80, high_80, high_95 = map(short, np.quantile(values, (0.025, 0.1, 0.9, 0.975)))
    return Band(mean=short(values.mean()), low_95=low_95, low_80=low_80, high_80=high_80, high_95=high_95)


def needed(half_width: float, values: Sequence[Floats]) -> int:
    """How many replications would bring the widest interval of some shares to a half-width."""
    most = 0.0
    for each in values:
        known = each[~np.isnan(each)]
        if len(known) > 1:
            most = max(most, (Z95 * known.std(ddof=1) / half_width) ** 2)
    return int(np.ceil(most))


def short(value: Any) -> float:
    """Six digits: more would tell nothing, and differ from machine to machine."""
    return float(f"{float(value):.6g}")
