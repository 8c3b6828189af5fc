"""How many are needed, in one sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from scenarios.binding import listed
from scenarios.sizing.answers import Clearing, Point, Steady


@dataclass(frozen=True)
class Found:
    """What was found.

    Parameters
    ----------
    apart : how many pools there are; unmet : the areas that no size is enough for
    """

    steady: Steady
    clearing: Clearing | None
    apart: int
    unmet: tuple[str, ...]


def sentence(chance: float, found: Found) -> str:
    """What a commissioner asks first.

    Parameters
    ----------
    chance : that is wanted
    """
    at, steady = found.steady.at, found.steady
    if not steady.met:
        lead = f"In {listed(found.unmet)} no" if found.apart > 1 else "No"
        return f"{lead} size up to {at.wte:g} WTE meets {_targets(at)} in {chance:.0%} of years."
    years = (
        f"{at.chance:.0%} of years" if found.apart == 1 else f"{at.chance:.0%} of years or more in each area"
    )
    parts = [
        f"{posts(at.groups, at.wte)} meet {_targets(at)} in {years}, for £{at.cost:,.0f} a year"
        f" (the work alone takes {steady.fluid_wte:.1f} WTE, £{steady.fluid_cost:,.0f})"
    ]
    if found.clearing is not None:
        parts.append(_clears(found.clearing))
    return f"{'; '.join(parts)}."


def _clears(found: Clearing) -> str:
    if not found.met:
        return f"the backlog cannot be cleared in {found.weeks:g} weeks"
    if not found.extra_wte:
        return f"they clear the backlog in {found.weeks:g} weeks in {found.chance:.0%} of runs"
    return (
        f"{posts(found.groups, found.extra_wte)} more for {found.weeks:g} weeks"
        f" ({found.wte_months:.0f} WTE-months, £{found.cost:,.0f})"
        f" clear the backlog in {found.chance:.0%} of runs"
    )


def posts(groups: Mapping[str, float], wte: float) -> str:
    """Posts of one group as WTE; of several, of each."""
    there = {name: count for name, count in groups.items() if count}
    if len(groups) < 2 or not there:
        return f"{wte:g} WTE"
    return f"{wte:g} WTE ({', '.join(f'{count:g} {name}' for name, count in there.items())})"


def _targets(at: Point) -> str:
    """What is met: a share alone where it is of completed ones."""
    told = (f"{one.target:.0%}{'' if one.end == 'completed' else f' {one.end}'}" for one in at.shares)
    return " and ".join(told)
