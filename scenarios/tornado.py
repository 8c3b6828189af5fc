"""What each assumption does to the answer: the lowest and the highest that it may be, one at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from allocator.errors import BadInput
from scenarios.answers import Bar, Estimate, Tornado
from scenarios.estimates import estimate, shares
from scenarios.files import changed
from scenarios.run import Stopped, run_variant
from scenarios.scenario import Scenario
from scenarios.sources import Source, sources
from scenarios.world import Floats

OF_THE_RUN: Final = "run."
"""Keys about how it is simulated: with another seed or count no run has its like in the base."""
Tell = Callable[[str], None]


@dataclass(frozen=True)
class End:
    """One end of a range: what it does, or why it cannot be."""

    does: Estimate | None = None
    cannot: str | None = None


@dataclass(frozen=True)
class How:
    """How assumptions are tried.

    Parameters
    ----------
    tell : is told the key that is tried
    stopped : whether somebody does not want to know more; what was tried is told
    """

    workers: int = 1
    tell: Tell = lambda _: None
    stopped: Callable[[], bool] = lambda: False


def tornado(scenario: Scenario, how: How = How()) -> Tornado:
    """What the lowest and the highest of each assumption do to the share completed in time (eligible).

    Raises
    ------
    Stopped
        Before the scenario itself was run.
    """
    plain = scenario.model_copy(update={"variants": ()})
    base = shares(run_variant(plain, range(scenario.run.replications), how.workers, how.stopped))
    bars = []
    with suppress(Stopped):
        for bar in _bars(plain, base, how):
            bars.append(bar)
    tried = {bar.key for bar in bars}
    bars.sort(key=lambda bar: -bar.swing)
    untried = tuple(one.key for one in sources(plain) if one.key not in tried)
    return Tornado(base=estimate(base), bars=tuple(bars), untried=untried)


def _bars(scenario: Scenario, base: Floats, how: How) -> Iterator[Bar]:
    for one in sources(scenario):
        how.tell(one.key)
        low, high = (_end(scenario, one.key, value, base, how) for value in (one.low, one.high))
        yield Bar(
            key=one.key,
            says=one.says,
            unit=one.unit,
            reason=one.reason,
            low=one.low,
            value=one.value,
            high=one.high,
            at_low=low.does,
            at_high=high.does,
            low_cannot=low.cannot,
            high_cannot=high.cannot,
            swing=abs((high.does.mean if high.does else 0.0) - (low.does.mean if low.does else 0.0)),
            reversed=is_reversed(one, low.does, high.does),
        )


def _end(scenario: Scenario, key: str, value: float, base: Floats, how: How) -> End:
    """One end, run by run against the base; what the scenario refuses is left out, with why."""
    if key.startswith(OF_THE_RUN):
        return End(cannot="it is about the run, and no run would have its like in the base")
    try:
        variant = changed(scenario, {key: value})
    except BadInput as error:
        return End(cannot="; ".join(fault.message for fault in error.faults))
    does = estimate(shares(run_variant(variant, range(len(base)), how.workers, how.stopped)) - base)
    return End(does) if does else End(cannot="no clock ends when it counts")


def is_reversed(source: Source, at_low: Estimate | None, at_high: Estimate | None) -> bool:
    """Whether an end is surely on the wrong side of the other."""
    if source.grows is None or at_low is None or at_high is None:
        return False
    if at_low.half_width is None or at_high.half_width is None:
        return False
    gain = at_high.mean - at_low.mean if source.grows == "better" else at_low.mean - at_high.mean
    return gain < -(at_low.half_width + at_high.half_width)
