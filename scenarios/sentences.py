"""A variant in one sentence: who reviews, and what comes of it."""

from __future__ import annotations

from collections.abc import Iterator

from scenarios.answers import AreaAnswer, Clearance, InTime
from scenarios.capacity import posts_in, wte_of
from scenarios.group import Group
from scenarios.scenario import Scenario


def sentence(scenario: Scenario, area: AreaAnswer) -> str:
    """What a commissioner asks first."""
    who, run = staff(scenario), f"{scenario.run.years:g} years"
    run = "1 year" if scenario.run.years == 1 else run
    if not area.binds.settles:
        return f"{who}: {area.binds.says}; after {run} {area.at_end.mean:.0f} cases are open."
    completed = next(one for one in area.in_time if one.end == "completed" and one.of == scenario.targets.of)
    first = _cleared(area.clearance, run)
    others = [text for one in area.in_time if one.end != "completed" for text in _met(one)]
    if completed.share is None:
        return f"{who}: {first}."
    told = f"{completed.share.mean:.0%} are completed in time ({completed.of})"
    return f"{'; '.join((f'{who}: {first}', told, *_met(completed), *others))}."


def staff(scenario: Scenario) -> str:
    """Who reviews: posts that are there all the time, those for a time, and whom reviews are bought from."""
    always = sum(wte_of(one) for one in scenario.groups if _is_staff(one) and not _for_a_time(one))
    parts = [f"{always:.1f} WTE of reviewers", *_others(scenario)]
    if not always and len(parts) > 1:
        parts = parts[1:]
    return " and ".join(filter(None, (", ".join(parts[:-1]), parts[-1])))


def _others(scenario: Scenario) -> Iterator[str]:
    for one in scenario.groups:
        if not posts_in(one):
            continue
        when = _for_a_time(one)
        if not _is_staff(one):
            yield " ".join(filter(None, (f"reviews bought from {one.name}", when)))
        elif when:
            yield f"{wte_of(one):.1f} WTE of {one.name} {when}"


def _is_staff(group: Group) -> bool:
    return group.kind != "provider"


def _for_a_time(group: Group) -> str:
    """From when to when a group is there; empty where it is there all the time."""
    begins = f"from week {round(group.from_week, 1):g}" if group.from_week else ""
    ends = "" if group.to_week is None else f"{'to' if begins else 'until'} week {round(group.to_week, 1):g}"
    return " ".join(filter(None, (begins, ends)))


def _met(one: InTime) -> Iterator[str]:
    """Yield in how many years a target is met, if there is one."""
    if one.target is not None and one.chance is not None:
        end = "" if one.end == "completed" else f" {one.end}"
        yield f"{one.target:.0%}{end} is met in {one.chance:.0%} of years"


def _cleared(clear: Clearance, run: str) -> str:
    if clear.week is None:
        return f"the overdue ones are not cleared within {run}"
    if clear.week == 0:
        return "no backlog has to be cleared"
    return f"the overdue ones are cleared in week {clear.week:.0f}, in {clear.chance:.0%} of runs"
