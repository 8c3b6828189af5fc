"""What each assumption does to the answer: the lowest and the highest that it may be, one at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from pydantic import Field

from allocator.errors import BadInput
from scenarios.answers import Estimate, Part
from scenarios.estimates import estimate, shares
from scenarios.files import changed
from scenarios.run import run_variant
from scenarios.scenario import Scenario
from scenarios.sources import Source, sources
from scenarios.world import Floats


class Bar(Part):
    """One assumption."""

    key: str
    says: str
    unit: str
    reason: str
    low: float
    value: float
    high: float
    at_low: Estimate | None = Field(description="Share completed in time, less than the base's if below 0")
    at_high: Estimate | None
    swing: float = Field(description="Between the two")
    reversed: bool = Field(
        description="More of it should be better (or worse), and surely was not: look into it"
    )


class Tornado(Part):
    """All assumptions, the one that matters most first."""

    base: Estimate | None
    bars: tuple[Bar, ...]


def tornado(scenario: Scenario, workers: int = 1, tell: Callable[[str], None] = lambda _: None) -> Tornado:
    """What the lowest and the highest of each assumption do to the share completed in time (eligible)."""
    plain = scenario.model_copy(update={"variants": ()})
    some = range(scenario.run.replications)
    base = shares(run_variant(plain, some, workers))
    bars = list(_bars(plain, base, workers, tell))
    bars.sort(key=lambda bar: -bar.swing)
    return Tornado(base=estimate(base), bars=tuple(bars))


def _bars(scenario: Scenario, base: Floats, workers: int, tell: Callable[[str], None]) -> Iterator[Bar]:
    some = range(scenario.run.replications)
    for one in sources(scenario):
        tell(one.key)
        ends: list[Estimate | None] = []
        for value in (one.low, one.high):
            try:
                variant = changed(scenario, {one.key: value})
            except BadInput:
                ends.append(None)
                continue
            ends.append(estimate(shares(run_variant(variant, some, workers)) - base))
        at_low, at_high = ends
        yield Bar(
            key=one.key,
            says=one.says,
            unit=one.unit,
            reason=one.reason,
            low=one.low,
            value=one.value,
            high=one.high,
            at_low=at_low,
            at_high=at_high,
            swing=abs((at_high.mean if at_high else 0.0) - (at_low.mean if at_low else 0.0)),
            reversed=_is_reversed(one, at_low, at_high),
        )


def _is_reversed(one: Source, at_low: Estimate | None, at_high: Estimate | None) -> bool:
    """Whether an end is surely on the wrong side of the other."""
    if one.grows is None or at_low is None or at_high is None:
        return False
    gain = at_high.mean - at_low.mean if one.grows == "better" else at_low.mean - at_high.mean
    return gain < -(at_low.half_width + at_high.half_width)
