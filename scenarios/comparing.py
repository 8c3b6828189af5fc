"""What a variant changes, run by run."""

from __future__ import annotations

from typing import Literal

import numpy as np

from scenarios.answers import Difference
from scenarios.estimates import estimate, shares, short
from scenarios.outcome import ENDS, Outcome, cost
from scenarios.scenario import Scenario
from scenarios.world import Floats

Unit = Literal["share", "cases", "£"]


def figures(scenario: Scenario, found: Outcome) -> dict[str, tuple[Unit, Floats]]:
    """By name, the unit of a figure, and what it is in each replication."""
    open_cases = found.open.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        load = found.hours.sum(axis=(1, 2)) / found.available.sum(axis=(1, 2))
    in_time: dict[str, tuple[Unit, Floats]] = {
        f"share {end} in time (eligible)": ("share", shares(found, end)) for end in ENDS
    }
    return in_time | {
        "share completed in time (all)": ("share", shares(found, of="all")),
        "open at the end": ("cases", open_cases[:, -1].sum(axis=1).astype(float)),
        "to allocate at the end": ("cases", open_cases[:, -1, 0].astype(float)),
        "completed a year": ("cases", found.completed.sum(axis=(1, 2)) / scenario.run.years),
        "workload": ("share", load),
        "£ a year": ("£", cost(scenario, found).sum(axis=1) / scenario.run.years),
    }


def differences(
    scenario: Scenario, found: Outcome, base_scenario: Scenario, base: Outcome
) -> tuple[Difference, ...]:
    """What a variant changes, each replication that both have against the same one of the base.

    Each by its own scenario: what the variant pays its posts, the base does not.
    """
    mine, theirs = figures(scenario, found), figures(base_scenario, base)
    n = min(found.open.shape[0], base.open.shape[0])
    listed = []
    for name, (unit, values) in mine.items():
        here, there = values[:n], theirs[name][1][:n]
        known = ~(np.isnan(here) | np.isnan(there))
        between = estimate(_apart(here[known], there[known]))
        if between is not None:
            half = between.half_width
            listed.append(
                Difference(
                    figure=name,
                    unit=unit,
                    base=short(there[known].mean()),
                    here=short(here[known].mean()),
                    difference=between,
                    is_sure=half is not None and abs(between.mean) > half,
                )
            )
    return tuple(listed)


def _apart(here: Floats, there: Floats) -> Floats:
    """By how much figures differ; sums taken in another order do not."""
    return np.where(np.isclose(here, there, rtol=1e-9, atol=0.0), 0.0, here - there)
