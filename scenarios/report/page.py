"""Pages of HTML with everything in them: no script, no other host."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, StrictUndefined

from scenarios.answers import ScenarioAnswer
from scenarios.report import words
from scenarios.report.charts import bands, bars
from scenarios.report.methods import methods
from scenarios.scenario import Scenario
from scenarios.sizing.answers import Sized
from scenarios.sources import sources

FOLDER = Path(__file__).parent
MARKS = 5
MOST_YEARS = 10
"""That a table of the page has room for."""


def page(scenario: Scenario, answer: ScenarioAnswer) -> str:
    """The page of a run."""
    first = answer.variants[0].areas[0] if answer.variants else None
    weeks = len(first.weeks[0].mean) - 1 if first else 0
    years = len(first.in_time[0].years) if first else 0
    return _rendered(
        "page.html.jinja",
        answer=answer,
        scenario=scenario,
        charts=[bands("Open cases", one.areas[0].weeks[0]) for one in answer.variants],
        marks=sorted({round(weeks * at / (MARKS - 1)) for at in range(MARKS)}),
        years=range(min(years, MOST_YEARS)),
        more_years=max(0, years - MOST_YEARS),
        tornado_chart=bars(answer.tornado) if answer.tornado else "",
        sources=sources(scenario),
        methods=methods(scenario, answer),
        yes=lambda found: {True: "yes", False: "no", None: ""}[found],
    )


def size_page(scenario: Scenario, found: Sized) -> str:
    """The page of how many are needed."""
    return _rendered("size.html.jinja", scenario=scenario, found=found, sources=sources(scenario))


def _rendered(name: str, **said: object) -> str:
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    text, style = ((FOLDER / one).read_text("utf-8") for one in (name, "page.css"))
    return environment.from_string(text).render(**said, style=style, words=words)
