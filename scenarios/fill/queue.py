"""What is open when the run begins, what it needs, and what has been on hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from statistics import NormalDist
from typing import Final, NamedTuple

import numpy as np

from allocator.cases import Case
from scenarios.calibrate.resample import wilson
from scenarios.fields import Spread
from scenarios.fill.seen import Seen
from scenarios.fill.values import Document, Notes, counted, listed
from scenarios.scenario import MOST_SKILLS, Scenario

YOUNG_DAYS: Final = 91
"""So soon next to nothing is completed: of what was notified since, what is open is all there was."""
FEWEST_HOLDS: Final = 20.0
"""Cases that could have been on hold by now, below which nothing is said of the share."""


class Known(NamedTuple):
    """A case of which it is known when it was notified, and whether it has been on hold."""

    notified_on: date
    was_held: bool


def fill_queue(document: Document, seen: Seen, notes: Notes) -> None:
    """Nothing; the document has the day, the clocks, and what is open."""
    clocks = seen.policy.clocks
    notes.fill(document, "run.start", seen.as_of.isoformat(), "the day of what is known")
    notes.fill(document, "targets.allocated_months", clocks.allocate_months, "the policy's clocks")
    notes.fill(document, "targets.completed_months", clocks.complete_months, "the policy's clocks")
    _fill_backlog(document, seen, notes)
    _fill_needs(document, seen, notes)


def _fill_backlog(document: Document, seen: Seen, notes: Notes) -> None:
    for name in ("waiting", "waiting_days", "in_hand", "in_hand_days"):
        document.get("demand", {}).get("backlog", {}).pop(name, None)
    held = [one.case for one in seen.in_hand]
    waits = f"{counted(len(seen.waiting), 'case')} that nobody has, days since the notification"
    has = f"{counted(len(held), 'case')} that somebody has, days since the notification"
    notes.fill(document, "demand.backlog.ages", _ages(seen, seen.waiting), waits)
    notes.fill(document, "demand.backlog.in_hand_ages", _ages(seen, held), has)
    hours = sum(one.hours for one in seen.in_hand)
    if not hours:
        notes.keep("demand.backlog.in_hand_left", "nobody has a case")
        return
    assumed = sum(one.case.hours_left is None for one in seen.in_hand)
    source = "hours left ÷ hours of those"
    if assumed:
        source += f"; of {counted(assumed, 'case')} assumed, as a plan does, from the days that are left"
    share = round(sum(one.left for one in seen.in_hand) / hours, 4)
    notes.fill(document, "demand.backlog.in_hand_left", share, source)


def _ages(seen: Seen, cases: Sequence[Case]) -> list[int] | dict[str, list[int]]:
    """Days of each, the oldest first; by area, where there are several."""
    by_area = {
        area: sorted((seen.age(case) for case in cases if case.area == area), reverse=True)
        for area in seen.areas
    }
    return by_area if len(by_area) > 1 else next(iter(by_area.values()), [])


def _fill_needs(document: Document, seen: Seen, notes: Notes) -> None:
    """Note skills and priority, by what share of the open cases needs them."""
    cases = seen.open_cases
    if not cases:
        notes.keep("demand.skills, demand.priority_share", "no case is open")
        return
    needed = Counter(skill for case in cases for skill in case.skills)
    there = {skill for one in seen.staff for skill in one.skills}
    ranked = sorted(needed, key=lambda name: (-needed[name], name))
    missing = [name for name in ranked if name not in there]
    chosen = [name for name in ranked if name in there][:MOST_SKILLS]
    rest = [name for name in ranked if name in there and name not in chosen]
    skills = [{"name": name, "share": round(needed[name] / len(cases), 4)} for name in chosen]
    of = f"of {counted(len(cases), 'open case')}"
    document.setdefault("demand", {})["skills"] = skills
    for one in skills:
        source = f"{needed[str(one['name'])]} {of} need it"
        notes.told(f"demand.skills.{one['name']}.share", one["share"], source)
    if not needed:
        notes.told("demand.skills", [], f"none {of} needs one")
    if missing:
        count = sum(any(skill in missing for skill in case.skills) for case in cases)
        why = f"nobody has it, so that {counted(count, 'open case')} would wait for ever"
        notes.keep("demand.skills", f"left out, as {why}: {listed(missing)}")
    if rest:
        notes.keep("demand.skills", f"left out, as a scenario knows {MOST_SKILLS}: {listed(rest)}")
    first = sum(case.priority > 0 for case in cases)
    share = round(first / len(cases), 4)
    notes.fill(document, "demand.priority_share", share, f"{first} {of} have a priority")


def young(seen: Seen) -> list[Known]:
    """The open cases of the last three months: all there were, for none of them can be completed."""
    return [
        Known(case.notified_on, case.hold_days > 0 or case.on_hold_since is not None)
        for case in seen.open_cases
        if seen.age(case) <= YOUNG_DAYS
    ]


def fill_holds(
    document: Document, scenario: Scenario, cases: Iterable[Known], as_of: date, notes: Notes
) -> None:
    """Nothing; the document has the share that is put on hold, if enough could have been by now to tell it.

    A hold begins some days after the notification: each case counts as far as its own could have begun.
    """
    some = list(cases)
    could = sum(_by(scenario.holds.after, (as_of - one.notified_on).days) for one in some)
    held = sum(one.was_held for one in some)
    of = f"{held} of {counted(len(some), 'case')} were on hold so far"
    if could < FEWEST_HOLDS:
        notes.keep("holds.share", f"{of}: too few to tell the share")
        return
    found = wilson(min(held, round(could)), round(could))
    value, low, high = (round(number, 4) for number in found)
    source = f"{of}, and holds begin {scenario.holds.after.mean:g} days after the notification on average"
    notes.fill(document, "holds.share", value, source)
    notes.range("holds.share", low, high, f"95 % interval of {counted(len(some), 'case')}")


def _by(spread: Spread, days: float) -> float:
    """The chance that something that varies so is over by a day."""
    if spread.kind == "fixed" or spread.cv == 0 or spread.mean == 0:
        return float(days >= spread.mean)
    if days <= 0:
        return 0.0
    if spread.kind == "exponential":
        return float(-np.expm1(-days / spread.mean))
    variance = float(np.log1p(spread.cv**2))
    return NormalDist(np.log(spread.mean) - variance / 2, variance**0.5).cdf(float(np.log(days)))
