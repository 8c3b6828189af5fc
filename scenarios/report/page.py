"""One page of HTML with everything in it: no script, no other host."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, StrictUndefined

from scenarios.answers import ScenarioAnswer
from scenarios.report import words
from scenarios.report.charts import bands, bars
from scenarios.report.methods import methods
from scenarios.scenario import Scenario
from scenarios.sources import sources

PAGE = Path(__file__).with_name("page.html.jinja")
MARKS = 5
MOST_YEARS = 10
"""That a table of the page has room for."""


def page(scenario: Scenario, answer: ScenarioAnswer) -> str:
    """The page."""
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    first = answer.variants[0].areas[0] if answer.variants else None
    weeks = len(first.weeks[0].mean) - 1 if first else 0
    years = len(first.in_time[0].years) if first else 0
    return environment.from_string(PAGE.read_text("utf-8")).render(
        answer=answer,
        scenario=scenario,
        charts=[bands("Open cases", one.areas[0].weeks[0]) for one in answer.variants],
        marks=sorted({round(weeks * at / (MARKS - 1)) for at in range(MARKS)}),
        years=range(min(years, MOST_YEARS)),
        more_years=max(0, years - MOST_YEARS),
        tornado_chart=bars(answer.tornado) if answer.tornado else "",
        sources=sources(scenario),
        methods=methods(scenario, answer),
        words=words,
        yes=lambda found: {True: "yes", False: "no", None: ""}[found],
    )
