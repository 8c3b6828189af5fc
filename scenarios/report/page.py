"""One page of HTML with everything in it: no script, no other host."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, StrictUndefined

from scenarios.answers import ScenarioAnswer
from scenarios.report.charts import bands
from scenarios.report.methods import methods
from scenarios.scenario import Scenario
from scenarios.sources import sources

PAGE = Path(__file__).with_name("page.html.jinja")
MARKS = 5


def page(scenario: Scenario, answer: ScenarioAnswer) -> str:
    """The page."""
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    weeks = len(answer.variants[0].areas[0].weeks[0].mean) - 1 if answer.variants else 0
    return environment.from_string(PAGE.read_text("utf-8")).render(
        answer=answer,
        scenario=scenario,
        charts=[bands("Open cases", one.areas[0].weeks[0]) for one in answer.variants],
        marks=sorted({round(weeks * at / (MARKS - 1)) for at in range(MARKS)}),
        sources=sources(scenario),
        methods=methods(scenario, answer),
        percent=lambda share: f"{100 * share:.1f} %",
        yes=lambda found: {True: "yes", False: "no", None: ""}[found],
        figure=_figure,
    )


def _figure(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
