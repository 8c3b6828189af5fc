"""What the page of a scenario that was run shows, from its answer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from markupsafe import Markup

from api import words
from api.pages.charts.bands import bands, rows
from api.pages.charts.shares import Share, shares
from api.pages.charts.tornado import Swing, tornado
from api.pages.scenarios.asked import Asking, asking
from api.pages.scenarios.saying import changed, keyed
from api.whatif_told import Result
from api.words import capital
from scenarios.answers import TOTAL, Clearance, InTime, ScenarioAnswer, Tornado, VariantAnswer, WeekBands
from scenarios.files import BASE, scenario_of
from scenarios.report import words as figures
from scenarios.scenario import Scenario
from scenarios.sizing import Sized

AS_IT_STANDS = "As it stands"
MOST_MARKS = 5


def of_run(found: Result, answer: ScenarioAnswer) -> dict[str, Any]:
    """What a run's page shows: its sentence first."""
    scenario = scenario_of(found.scenario)
    most = max((max(open_cases(one).high_95) for one in answer.variants), default=0.0)
    questions = asking(found.scenario)
    return {
        **_of_all(found, scenario, questions),
        "answer": answer,
        "named": named,
        "cleared": cleared,
        "completed": completed,
        "changed": lambda change: changed(change, questions),
        "pictures": [_picture(one, scenario.run.start, most) for one in answer.variants],
        "shares": _shares(answer),
        "marks": _marks(answer),
        "tornado": None if answer.tornado is None else _tornado(answer.tornado, questions),
    }


def of_size(found: Result, answer: Sized) -> dict[str, Any]:
    """What the page of how many are needed shows."""
    scenario, clearing = scenario_of(found.scenario), answer.clearing
    target = scenario.targets.chance
    drawn = [
        Share(f"{one.wte:g} WTE, {words.pounds(one.cost)} a year", one.chance, target)
        for one in answer.frontier
    ]
    return {
        **_of_all(found, scenario, asking(found.scenario)),
        "answer": answer,
        "clear_by": clearing and _after(scenario, clearing.weeks),
        "frontier": shares("Chance of a year that meets what is wanted", drawn),
    }


def named(one: VariantAnswer) -> str:
    """What a variant is called."""
    return called(one.name)


def called(variant: str) -> str:
    """A variant's name, as the beginning of a line."""
    return AS_IT_STANDS if variant == BASE else capital(variant)


def open_cases(one: VariantAnswer) -> WeekBands:
    """All open cases of all areas, week by week."""
    return next(row for row in one.areas[0].weeks if row.stage == TOTAL)


def completed(one: VariantAnswer) -> InTime:
    """The share completed in time of the cases that the target is of."""
    found = [row for row in one.areas[0].in_time if row.end == "completed"]
    return next((row for row in found if row.target is not None), found[0])


def cleared(found: Clearance) -> str:
    """By when the backlog is cleared, and how surely."""
    if found.week == 0 and found.sure_week == 0:
        return "Nothing to clear"
    if found.sure_week is not None:
        when = words.day(found.sure_day) if found.sure_day else f"week {found.sure_week:.0f}"
        return f"By {when} in 9 runs of 10"
    if found.week is None:
        return "Not within the run"
    when = words.day(found.day) if found.day else f"week {found.week:.0f}"
    return f"In {words.percent(found.chance)} of runs, half of these by {when}"


def _after(scenario: Scenario, weeks: float) -> str:
    """The day so many weeks after a run begins; where no calendar has it, how many weeks."""
    try:
        return f"by {words.day(scenario.run.start + timedelta(weeks=weeks))}"
    except OverflowError:
        return f"in {weeks:g} weeks"


def _of_all(found: Result, scenario: Scenario, questions: Asking) -> dict[str, Any]:
    """What every result shows: what was put in, from where, and what is assumed."""
    ranged = [one for one in questions.every() if one.within is not None]
    return {
        "scenario": scenario,
        "filled": found.filled,
        "kept": found.kept,
        "assumed": ranged,
        "figures": figures,
        "keyed": lambda key: keyed(key, questions),
    }


def _picture(one: VariantAnswer, start: date, most: float) -> dict[str, Any]:
    title = f"Open cases: {named(one)}"
    return {"drawn": bands(title, open_cases(one), start, most), "rows": rows(open_cases(one), start)}


def _shares(answer: ScenarioAnswer) -> Markup | None:
    """The picture of shares with a target, or of those completed; None: nothing is told."""
    drawn = list(_bars(answer))
    return shares("Shares in time", drawn) if drawn else None


def _bars(answer: ScenarioAnswer) -> Iterator[Share]:
    for one in answer.variants:
        told = [row for row in one.areas[0].in_time if row.target is not None] or [completed(one)]
        for row in told:
            name = named(one) if len(told) == 1 else f"{named(one)}: {row.end}"
            yield Share(name, row.share.mean if row.share else None, row.target)


def _marks(answer: ScenarioAnswer) -> list[int]:
    """Some weeks of the run, the first and the last among them."""
    if not answer.variants:
        return []
    weeks = len(open_cases(answer.variants[0]).mean) - 1
    return sorted({round(weeks * at / (MOST_MARKS - 1)) for at in range(MOST_MARKS)})


def _tornado(found: Tornado, questions: Asking) -> dict[str, Any]:
    told = [one for one in found.bars if one.swing > 0]
    swings = [
        Swing(
            keyed(one.key, questions),
            one.at_low.mean if one.at_low else None,
            one.at_high.mean if one.at_high else None,
        )
        for one in told
    ]
    title = "What each assumption does to the share completed in time"
    return {
        "found": found,
        "drawn": tornado(title, swings) if swings else None,
        "first": [one.name for one in swings[:3]],
        "untried": [keyed(key, questions) for key in found.untried],
    }
