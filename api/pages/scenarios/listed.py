"""All scenarios: the caller's own and those shared with them, and several beside each other."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from api.pages.charts.means import Line, means
from api.pages.page import Page, PageRoute, Shown
from api.pages.scenarios.result import called, named, open_cases
from api.roles import STAFF_AND_COMMISSIONERS
from api.scenariojobs import ScenarioJob
from api.whatif_told import MOST_COMPARED, Comparison, Result
from scenarios.answers import ScenarioAnswer

MOST: Final = 100
MOST_LINES: Final = 12
MARKS: Final = 9
LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def pages() -> tuple[PageRoute, ...]:
    """The list, and the comparison."""
    return (
        PageRoute("/scenarios", "scenarios", STAFF_AND_COMMISSIONERS, _show, menu="Scenarios"),
        PageRoute("/scenarios/compare", "scenarios-compare", STAFF_AND_COMMISSIONERS, _compare),
    )


def _show(page: Page) -> Shown:
    return _list(page)


def _list(page: Page, fault: str = "") -> Shown:
    items = page.ask("scenarios", query={"limit": str(MOST)})["items"]
    jobs = [ScenarioJob.model_validate(one) for one in items]
    problem = {"code": "bad-query", "detail": fault} if fault else None
    said = {"jobs": jobs, "ticked": page.query.getlist("jobs"), "most": MOST_COMPARED}
    return Shown("scenarios.html", said, 422 if fault else 200, problem)


def _compare(page: Page) -> Shown:
    ids = list(dict.fromkeys(one for text in page.query.getlist("jobs") for one in text.split(",") if one))
    if not 2 <= len(ids) <= MOST_COMPARED:
        return _list(page, f"Choose 2 to {MOST_COMPARED} scenarios to compare. You chose {len(ids)}.")
    told = page.ask("compare-scenarios", {"job": ids[0]}, {"others": ",".join(ids[1:])})
    rows = Comparison.model_validate(told).items
    lines, start = _lines(page, ids)
    drawn = means("Open cases on average", lines, start) if lines and start else None
    lettered = [(letter, row) for letter, row in zip(_letters(len(rows)), rows, strict=True)]
    return Shown(
        "scenarios_compare.html",
        {"rows": lettered, "drawn": drawn, "lines": lines, "called": called, "marks": _marks(lines)},
    )


def _marks(lines: list[Line]) -> list[int]:
    """Weeks that a table of some lines has, the first and the last among them."""
    weeks = max((len(one.mean) - 1 for one in lines), default=0)
    return sorted({round(weeks * at / (MARKS - 1)) for at in range(MARKS)})


def _lines(page: Page, ids: list[str]) -> tuple[list[Line], date | None]:
    """A line for each variant that was run, and the day on which the first run begins."""
    found, start = list[Line](), None
    letters = iter(_letters(len(LETTERS) ** 2))
    for one in ids:
        told = Result.model_validate(page.ask("scenario-result", {"job": one}))
        if not isinstance(told.answer, ScenarioAnswer):
            next(letters)
            continue
        start = start or _start(told.scenario)
        several = len(ids) > 1
        for variant in told.answer.variants:
            name = f"{told.answer.scenario}: {named(variant)}" if several else named(variant)
            found.append(Line(next(letters), name, open_cases(variant).mean))
    return found[:MOST_LINES], start


def _start(scenario: dict[str, Any]) -> date:
    return date.fromisoformat(scenario["run"]["start"])


def _letters(count: int) -> Iterator[str]:
    """Yield so many letters: A to Z, then AA and so on."""
    for at in range(count):
        before = "" if at < len(LETTERS) else LETTERS[at // len(LETTERS) - 1]
        yield before + LETTERS[at % len(LETTERS)]
