"""How it was worked out, in the sections of STRESS-DES (doi:10.1080/17477778.2018.1442155)."""

from __future__ import annotations

from collections.abc import Iterator

from scenarios.answers import ScenarioAnswer
from scenarios.files import value_at
from scenarios.outcome import ENDS
from scenarios.scenario import Scenario
from scenarios.sources import sources

Section = tuple[str, tuple[str, ...]]
DISCIPLINES = {
    "oldest": "the case that was notified first",
    "urgency": "the case with most points of urgency, of equal ones the one that was notified first",
    "allocator": "what the allocation itself gives, planned once a week",
}


def methods(scenario: Scenario, answer: ScenarioAnswer) -> tuple[Section, ...]:
    """The sections: a heading, and its paragraphs."""
    return (
        ("Objectives", tuple(_objectives(scenario))),
        ("Logic", tuple(_logic(scenario))),
        ("Data", tuple(_data(scenario))),
        ("Experimentation", tuple(_experimentation(scenario, answer))),
        ("Implementation", tuple(_implementation(answer))),
        ("Access", ("The scenario file, this program and the seed give the same figures again.",)),
    )


def _objectives(scenario: Scenario) -> Iterator[str]:
    yield scenario.says or f"What comes of {scenario.name}."
    targets = scenario.targets
    for end in ENDS:
        wanted = targets.share(end)
        if wanted is not None:
            yield (
                f"Wanted: {wanted:.0%} {end} within {targets.months(end):g} months (of {targets.of} cases). "
                f"Whether the mean reaches that, and whether it is reached in {targets.chance:.0%} of years, "
                "are two questions; both are answered."
            )


def _logic(scenario: Scenario) -> Iterator[str]:
    yield (
        "A case is notified, waits, is allocated to a reviewer, its evidence is gathered, the reviewer works "
        "on it, it is signed off at a panel, sometimes returned once, and completed. A hold takes it out of "
        "the queue, or keeps work on it from being begun; what has begun goes on. Time is continuous; every "
        "event is simulated."
    )
    first = DISCIPLINES[scenario.discipline.order]
    yield f"A reviewer who has room takes {first}, their own area's before others."
    if scenario.evidence.admin_wte:
        yield "Evidence is asked for by administrative staff, in the order of asking, as a queue of its own."
    yield (
        "Who leaves hands all cases back to the queue, each with the hours of a handover; whoever comes is "
        "trained first and slower at first. A reviewer who does few reviews forgets."
    )
    yield (
        "A post is paid while it has a holder, at work, away or in training; a provider by review; "
        "administration all the time."
    )
    yield (
        "In time is judged by the day on which a case's clock ends: of eligible cases the clock stops while "
        "on hold, of all cases it does not."
    )


def _data(scenario: Scenario) -> Iterator[str]:
    for one in sources(scenario):
        value = value_at(scenario, one.key)
        told = f"{one.key} = {value} {one.unit} ({one.low:g} to {one.high:g})"
        yield f"{told}: {one.says}. Source: {one.reason}."


def _experimentation(scenario: Scenario, answer: ScenarioAnswer) -> Iterator[str]:
    counts = sorted({one.replications for one in answer.variants})
    listed = " or ".join(f"{one:,}" for one in counts)
    day = scenario.run.start
    yield (
        f"{scenario.run.years:g} years from {day.day} {day:%B %Y}, {listed} replications, no warm-up: it "
        "begins with what is open."
    )
    yield (
        "Every variant meets the same cases and the same luck (common random numbers), so that differences "
        "are taken replication by replication. Intervals are of 95 %, of means over replications."
    )


def _implementation(answer: ScenarioAnswer) -> Iterator[str]:
    listed = ", ".join(f"{name} {number}" for name, number in answer.versions.items())
    yield f"Own event simulation, compiled, one replication after the other; {listed}; seed {answer.seed}."
    yield f"SHA-256 of the scenario: {answer.digest}."
