"""History matching: which values of what nobody knows agree with published counts, and what they foretell.

Sets of values are drawn from the ranges of a scenario's assumptions and simulated. A set agrees if no
published count is further from its mean than three standard deviations, made of rounding, of chance, and of
what the model leaves out. Those that agree, spread evenly over all that would, foretell.

References
----------
Craig, Goldstein, Seheult and Smith, "Pressure matching for hydrocarbon reservoirs", Case Studies in Bayesian
Statistics III (1997) 37-93, doi:10.1007/978-1-4612-2290-3_2. How it is done: `scenarios/waves.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta

from allocator.errors import BadInput, Fault
from allocator.version import versions
from scenarios.counts import Published
from scenarios.estimates import short
from scenarios.files import changed
from scenarios.matched import Matched, fits, forecasts, pairs, ranges, sentence
from scenarios.play import digest_of
from scenarios.scenario import Scenario
from scenarios.sources import Source
from scenarios.units import YEAR
from scenarios.waves import CUT, Search, Tell, Wanted, unknowns


def match(
    scenario: Scenario,
    counts: Sequence[Published],
    wanted: Wanted,
    tell: Tell = lambda _: None,
    stopped: Callable[[], bool] = lambda: False,
) -> Matched:
    """Which sets of values agree with the counts, and what they foretell.

    Raises
    ------
    BadInput
        No number has a range of the file's own, an end of a range cannot be, or a day is outside the run.
    Stopped
        Somebody did not want to know it any more.
    """
    base = scenario.model_copy(update={"variants": ()})
    check(base, counts, wanted)
    tried = Search(base, counts, foretold(base, wanted), wanted, tell, stopped).tried()
    return Matched(
        scenario=base.name,
        digest=digest_of(scenario),
        seed=base.run.seed,
        versions=dict(versions()),
        says=sentence(tried),
        sets=len(tried.values),
        replications=wanted.replications,
        kept=int(tried.kept.sum()),
        left=short(tried.left),
        cut=CUT,
        discrepancy=wanted.discrepancy,
        furthest=short(tried.far[tried.nearest].max()),
        fits=tuple(fits(tried)),
        ranges=tuple(ranges(tried)),
        pairs=pairs(tried),
        forecasts=tuple(forecasts(tried)),
    )


def foretold(scenario: Scenario, wanted: Wanted) -> tuple[date, ...]:
    """The days that are foretold, in order."""
    return tuple(sorted(set(wanted.at))) or (last_day(scenario),)


def last_day(scenario: Scenario) -> date:
    """The last day that is simulated to its end."""
    return scenario.run.start + timedelta(days=int(scenario.run.years * YEAR + 1e-9) - 1)


def check(scenario: Scenario, counts: Sequence[Published], wanted: Wanted) -> None:
    """Nothing, if there is something to match.

    Raises
    ------
    BadInput
        With all that is in its way.
    """
    first, last = scenario.run.start, last_day(scenario)
    asked = [(one.on, one.pointer) for one in counts] + [(day, None) for day in foretold(scenario, wanted)]
    within = f"the run is from {first} to {last}"
    faults = [
        Fault("outside-run", "this day is not simulated", pointer=pointer, value=str(day), hint=within)
        for day, pointer in asked
        if not first <= day <= last
    ]
    unknown = unknowns(scenario)
    if not unknown:
        hint = 'give one a range: [assumptions."demand.a_year"] with low, high and reason'
        faults.append(Fault("nothing-unknown", "nothing is to be found", pointer="/assumptions", hint=hint))
    faults += [fault for one in unknown for end in (one.low, one.high) for fault in _at(scenario, one, end)]
    if faults:
        raise BadInput(faults)


def _at(scenario: Scenario, one: Source, value: float) -> Iterator[Fault]:
    """Yield what keeps a number from having the value of an end of its range."""
    try:
        changed(scenario, {one.key: value})
    except BadInput as error:
        for fault in error.faults:
            yield Fault(
                fault.code, fault.message, pointer=f"/assumptions/{one.key}", value=value, hint=fault.hint
            )
