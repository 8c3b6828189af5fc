"""The use case: a scenario in, its answer out; replications added until it is as exact as asked."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator

import rfc8785

from allocator.version import versions
from scenarios.answers import ScenarioAnswer, VariantAnswer
from scenarios.comparing import differences
from scenarios.estimates import needed, shares
from scenarios.files import Named, changed, variants
from scenarios.headline import headline
from scenarios.outcome import ENDS, Outcome, joined
from scenarios.run import Stopped, run_variant
from scenarios.scenario import Scenario
from scenarios.sources import assumed
from scenarios.telling import variant_answer

Listener = Callable[[str, int, int], None]
"""Is told a variant, how many replications it has, and how many it is to have."""
AT_A_TIME = 250


def play(
    scenario: Scenario,
    workers: int = 1,
    tell: Listener = lambda *_: None,
    stopped: Callable[[], bool] = lambda: False,
) -> ScenarioAnswer:
    """What a scenario says; after a stop, what the variants say that are done.

    A variant that allocates itself is done when it is; without the quick discipline beside it, if the stop
    comes before that is.
    """
    done: list[VariantAnswer] = []
    base: tuple[Scenario, Outcome] | None = None
    change = {one.name: dict(one.change) for one in scenario.variants}
    for one in variants(scenario):
        try:
            found = replicated(one, scenario, workers, tell, stopped)
        except Stopped:
            break
        answer = variant_answer(one.name, change.get(one.name, {}), one.scenario, found)
        if base is None:
            base = one.scenario, found
        else:
            answer = answer.model_copy(update={"against_base": differences(one.scenario, found, *base)})
        done.append(answer)
        if one.scenario.discipline.order == "allocator":
            quick = Named(f"{one.name}, by urgency", changed(one.scenario, {"discipline.order": "urgency"}))
            try:
                instead = replicated(quick, scenario, workers, tell, stopped)
            except Stopped:
                break
            differ = differences(quick.scenario, instead, one.scenario, found)
            done[-1] = answer.model_copy(update={"fast_differs": differ})
    return ScenarioAnswer(
        scenario=scenario.name,
        says=headline([one.scenario for one in variants(scenario)][: len(done)], done),
        digest=digest_of(scenario),
        seed=scenario.run.seed,
        versions=dict(versions()),
        assumptions=tuple(one.key for one in assumed(scenario)),
        variants=tuple(done),
    )


def digest_of(scenario: Scenario) -> str:
    """SHA-256 of what it says, as canonical JSON."""
    return hashlib.sha256(rfc8785.dumps(scenario.model_dump(mode="json"))).hexdigest()


def replicated(
    one: Named,
    scenario: Scenario,
    workers: int,
    tell: Listener,
    stopped: Callable[[], bool],
) -> Outcome:
    """The replications of one variant: as many as asked, and as its half-width needs.

    Raises
    ------
    Stopped
        Somebody did not want to know it any more.
    """
    run, parts, first, wanted = scenario.run, [], 0, scenario.run.replications
    while first < wanted:
        for some in _portions(first, wanted):
            tell(one.name, some.start, wanted)
            parts.append(run_variant(one.scenario, some, workers, stopped))
        first = wanted
        if run.half_width is not None:
            found = joined(parts)
            each = [shares(found, end) for end in ENDS]
            wanted = max(wanted, min(run.most_replications, needed(run.half_width / 100, each)))
    tell(one.name, wanted, wanted)
    return joined(parts)


def _portions(first: int, last: int) -> Iterator[range]:
    step = 4 * AT_A_TIME
    for start in range(first, last, step):
        yield range(start, min(start + step, last))
