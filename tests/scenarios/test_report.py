"""The page and the workbook: they need nothing else, run nothing, and say what the answer says."""

from __future__ import annotations

import re
import zipfile
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from python_calamine import CalamineWorkbook

from scenarios.answers import Bar, Difference, Estimate, ScenarioAnswer, Tornado
from scenarios.files import scenario_of
from scenarios.play import play
from scenarios.report import methods, page, words, write_workbook
from scenarios.report.charts import bands
from scenarios.scenario import Scenario

SVG = "http://www.w3.org/2000/svg"
EVIL = '=1+1 <script>alert("&")</script>'
Told = tuple[Scenario, ScenarioAnswer]
VOID = {"meta", "link", "br", "hr", "img", "input"}


@pytest.fixture(scope="module")
def told() -> Told:
    """Return a scenario whose names try to be formulas and markup, and its answer."""
    one = scenario_of(
        {
            "name": EVIL,
            "says": '=HYPERLINK("http://example.com")',
            "run": {"years": 1, "replications": 4},
            "areas": [{"name": "@A"}, {"name": "+B"}],
            "groups": [{"name": "=cmd|' /C calc'!A0", "wte": 2}, {"name": "<b>", "people": 0}],
            "variants": [{"name": "-2+3", "change": {"groups.<b>.people": 2}}, {"name": "https://x.org"}],
        }
    )
    return one, play(one)


@pytest.fixture(scope="module")
def html(told: Told) -> str:
    """Return its page."""
    return page(*told)


@pytest.fixture(scope="module")
def sheets(told: Told, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[list[Any]]]:
    """Return its workbook's rows by sheet."""
    path = tmp_path_factory.mktemp("report") / "report.xlsx"
    write_workbook(*told, path)
    book = CalamineWorkbook.from_path(str(path))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


class _Nesting(HTMLParser):
    """Checks that what is opened is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember it."""
        self.seen.add(tag)
        self.seen |= {name for name, _ in attrs if name.startswith("on") or name in ("src", "href")}
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """The last one that is open is this."""
        assert self.open.pop() == tag


def test_the_page_needs_nothing_else_and_runs_nothing(html: str) -> None:
    """No script, no event, no link, no other host: it can be sent by mail and kept."""
    checked = _Nesting()
    checked.feed(html)
    assert not checked.seen & {"script", "iframe", "link", "img", "object", "src", "href", "b"}
    assert not {one for one in checked.seen if one.startswith("on")}
    tags = "".join(re.findall(r"<[^>]*>", html)).replace(f'xmlns="{SVG}"', "")
    assert "http" not in tags
    assert "url(" not in html
    assert "@import" not in html


def test_the_page_is_well_formed(html: str) -> None:
    """Everything that is opened is closed, in order; each chart is XML."""
    checked = _Nesting()
    checked.feed(html)
    assert checked.open == []
    charts = re.findall(r"<svg.*?</svg>", html, flags=re.S)
    assert len(charts) == 3
    for chart in charts:
        drawn = ElementTree.fromstring(chart)
        assert drawn.find(f"{{{SVG}}}desc") is not None


def test_names_are_text_on_the_page(html: str) -> None:
    """Whatever they hold."""
    assert "<script>" not in html
    assert "=1+1 &lt;script&gt;" in html
    assert "&lt;b&gt;" in html


def test_the_page_answers_each_variant(told: Told, html: str) -> None:
    """Its sentence, what it changes, what binds; and every assumption with its reason."""
    scenario, answer = told
    for one in answer.variants:
        assert one.binds.says in html
    assert "groups.&lt;b&gt;.people = 2" in html
    assert html.count("<caption>Against the base, run by run</caption>") == 2
    assert "Agenda for Change band 7" in html
    assert answer.digest in html
    assert f"seed {scenario.run.seed}" in html


def test_formulas_in_names_stay_text_in_the_workbook(sheets: dict[str, list[list[Any]]], told: Told) -> None:
    """A spreadsheet opens with them as they were written, and reckons nothing."""
    inputs = {row[0]: row[1] for row in sheets["Inputs"]}
    assert inputs["name"] == EVIL
    assert inputs["says"] == '=HYPERLINK("http://example.com")'
    assert [row[0] for row in sheets["Summary"][1:]] == ["base", "-2+3", "https://x.org"]
    assert [row[1] for row in sheets["Summary"][1:]] == ["", "groups.<b>.people = 2", ""]
    assert {row[1] for row in sheets["Staff"][1:]} == {"=cmd|' /C calc'!A0", "<b>"}
    assert {row[1] for row in sheets["In time"][1:]} == {"all areas", "@A", "+B"}


def test_no_cell_of_the_workbook_is_a_formula(told: Told, tmp_path: Path) -> None:
    """Nor a link."""
    path = tmp_path / "report.xlsx"
    write_workbook(*told, path)
    with zipfile.ZipFile(path) as parts:
        for name in parts.namelist():
            if name.startswith("xl/worksheets/sheet"):
                content = parts.read(name).decode()
                assert "<f>" not in content, name
                assert "<hyperlink" not in content, name


def test_the_workbook_says_what_the_answer_says(sheets: dict[str, list[list[Any]]], told: Told) -> None:
    """Numbers as numbers: the shares, the weeks with their bands, where it comes from."""
    _, answer = told
    base = answer.variants[0]
    row = next(row for row in sheets["In time"] if row[:4] == ["base", "all areas", "completed", "eligible"])
    told_share = base.areas[0].in_time[4].share
    assert told_share is not None
    assert row[5:7] == pytest.approx([told_share.mean, told_share.half_width])
    weeks = sheets["Weeks 1"]
    total = base.areas[0].weeks[0]
    assert len(weeks) == len(total.mean) + 1
    assert [row[1] for row in weeks[1:]] == pytest.approx(list(total.mean))
    assert [row[3] for row in weeks[1:]] == pytest.approx(list(total.high_80))
    about = {row[0]: row[1] for row in sheets["About"]}
    assert about["seed"] == answer.seed
    assert about["digest"] == answer.digest


def test_the_method_names_every_number_and_the_sections_of_stress(told: Told) -> None:
    """A reader can do it again."""
    scenario, answer = told
    found = dict(methods(scenario, answer))
    assert list(found) == ["Objectives", "Logic", "Data", "Experimentation", "Implementation", "Access"]
    assert any(line.startswith("work.initial_hours = 14.0 hours (8 to 24)") for line in found["Data"])
    assert "4 replications" in found["Experimentation"][0]


def test_every_figure_of_an_answer_stands_on_the_page_and_in_the_workbook(
    told: Told, html: str, sheets: dict[str, list[list[Any]]]
) -> None:
    """Waiting, clearance with its band and chance, money with its band, by variant, year and area."""
    _, answer = told
    heads, *rows = sheets["Figures"]
    assert [row[:2] for row in rows] == [
        [one.name, area.area] for one in answer.variants for area in one.areas
    ]
    for row, area in zip(rows, (area for one in answer.variants for area in one.areas), strict=True):
        assert area.wait is not None
        clear, money = area.clearance, area.money
        at = heads.index("days to allocation")
        assert row[at] == pytest.approx(area.wait.mean)
        at = heads.index("cleared in week")
        assert row[at : at + 3] == [
            value if value is not None else "" for value in (clear.week, clear.earliest, clear.latest)
        ]
        assert row[at + 4] == pytest.approx(clear.chance)
        at = heads.index("£ a year")
        assert row[at : at + 3] == pytest.approx(
            [money.a_year.mean, money.a_year.low_80, money.a_year.high_80]
        )
        assert row[-1] == area.binds.says
        assert words.cleared(clear) in html
        assert words.estimated(area.wait, "days") in html
        assert words.pounds(money.a_year.mean) in html
        assert str(area.binds.says) in html
    base = answer.variants[0]
    assert words.banded(base.money.a_year, "£") in html
    assert "<caption>In time by year</caption>" in html
    years = [row.years[0] for row in base.areas[0].in_time]
    assert all(words.estimated(year) in html for year in years)
    assert "year 1" in sheets["In time"][0]
    assert [row[-1] for row in sheets["In time"][1:7]] == pytest.approx(
        [year.mean if year else "" for year in years]
    )
    assert len(sheets["Areas 1"][0]) == 3


def test_the_tornado_is_drawn_where_there_is_one(told: Told, html: str, tmp_path: Path) -> None:
    """On the page as a chart and a table, in the workbook as a sheet; what cannot be is said to be so."""
    scenario, answer = told
    bar = Bar(
        key="work.<hours>", says="hours", unit="hours", reason="", low=1, value=2, high=3, swing=0.25,
        at_low=Estimate(mean=0.2, half_width=0.01), at_high=Estimate(mean=-0.05, half_width=None),
        low_cannot=None, high_cannot=None, reversed=True,
    )  # fmt: skip
    cannot = bar.model_copy(
        update={"key": "k", "at_high": None, "high_cannot": "it is too <much>", "swing": 0.2}
    )
    found = answer.model_copy(update={"tornado": Tornado(base=None, bars=(bar, cannot))})
    assert "Which assumptions matter" not in html
    drawn = page(scenario, found)
    for words_of_it in (
        "work.&lt;hours&gt;",
        "+20.0 ± 1.0 points",
        "-5.0 points",
        "cannot be: it is too &lt;much&gt;",
        "reversed",
    ):
        assert words_of_it in drawn
    chart = ElementTree.fromstring(re.findall(r"<svg.*?</svg>", drawn, flags=re.S)[-1])
    assert len(chart.findall(f"{{{SVG}}}rect")) == 3
    write_workbook(scenario, found, tmp_path / "report.xlsx")
    book = CalamineWorkbook.from_path(str(tmp_path / "report.xlsx"))
    rows = book.get_sheet_by_name("Tornado").to_python()
    assert [row[0] for row in rows[1:]] == ["work.<hours>", "k"]
    assert rows[2][-1] == "it is too <much>"


def test_where_the_allocation_is_simulated_the_report_says_by_how_much_the_quick_one_differs(
    told: Told, html: str, tmp_path: Path
) -> None:
    """In a table of its own, and in the workbook beside the differences from the base."""
    scenario, answer = told
    row = Difference(
        figure="share completed in time (eligible)", unit="share", base=0.8, here=0.75,
        difference=Estimate(mean=-0.05, half_width=0.01), is_sure=True,
    )  # fmt: skip
    first = answer.variants[0].model_copy(update={"fast_differs": (row,)})
    found = answer.model_copy(update={"variants": (first, *answer.variants[1:])})
    assert "quick discipline" not in html
    drawn = page(scenario, found)
    assert "What the quick discipline, by urgency, says instead" in drawn
    assert "-5.0 ± 1.0 points" in drawn
    write_workbook(scenario, found, tmp_path / "report.xlsx")
    book = CalamineWorkbook.from_path(str(tmp_path / "report.xlsx"))
    rows = book.get_sheet_by_name("Differences").to_python()
    assert [line[1] for line in rows if line[0] == "base"] == [
        "the allocation itself; here the quick discipline"
    ]


def test_the_workbook_has_charts_of_its_own(told: Told, tmp_path: Path) -> None:
    """Two of the summary, one of the years, two of each variant's weeks: drawn by whatever opens it."""
    path = tmp_path / "report.xlsx"
    write_workbook(*told, path)
    with zipfile.ZipFile(path) as parts:
        charts = [name for name in parts.namelist() if name.startswith("xl/charts/chart")]
    assert len(charts) == 2 + 1 + 2 * 3


@pytest.mark.parametrize(("unit", "mean", "half", "sure", "says"), [
    ("share", 0.012, 0.004, True, "+1.2 ± 0.4 points"),
    ("share", -0.012, 0.04, False, "-1.2 ± 4.0 points (not sure)"),
    ("share", 0.012, None, False, "+1.2 points (not sure)"),
    ("£", 31_000, 200, True, "+£31,000 ± £200"),
    ("£", -31_000, 200, True, "-£31,000 ± £200"),
    ("cases", -3.14, 0.5, True, "-3.14 ± 0.5"),
    ("share", 0, 0, False, "none"),
])  # fmt: skip
def test_differences_of_shares_are_points(
    unit: Any, mean: float, half: float | None, sure: bool, says: str
) -> None:
    """A share that rises from 50 to 60 % has risen by ten points, not by 10 %."""
    between = Estimate(mean=mean, half_width=half)
    row = Difference(figure="f", unit=unit, base=1, here=1 + mean, difference=between, is_sure=sure)
    assert words.changed_by(row) == says


def test_a_run_of_many_years_has_a_page_for_the_first_ones() -> None:
    """A table of a hundred columns is none."""
    run, group = {"years": 14, "replications": 1}, {"name": "g", "wte": 1}
    one = scenario_of({"name": "t", "steady": True, "run": run, "demand": {"a_year": 3}, "groups": [group]})
    drawn = page(one, play(one))
    assert "Year 10" in drawn
    assert "Year 11" not in drawn
    assert "Of 4 more years the workbook tells" in drawn
    assert "±" not in drawn


def test_a_run_of_less_than_a_week_has_a_page_and_a_workbook(tmp_path: Path) -> None:
    """One point is a chart, too."""
    group = {"name": "g", "wte": 1, "training_weeks": 0}
    one = scenario_of({"name": "t", "run": {"years": 0.01, "replications": 2}, "groups": [group]})
    answer = play(one)
    assert "week 0" in page(one, answer)
    write_workbook(one, answer, tmp_path / "report.xlsx")
    assert (tmp_path / "report.xlsx").stat().st_size > 1000


def test_a_run_that_was_stopped_at_once_has_a_page_and_a_workbook(told: Told, tmp_path: Path) -> None:
    """Without a variant in it."""
    scenario, answer = told
    none = answer.model_copy(update={"variants": ()})
    assert "<h1>" in page(scenario, none)
    write_workbook(scenario, none, tmp_path / "report.xlsx")


def test_a_chart_says_its_figures_in_words(told: Told) -> None:
    """Who cannot see it hears from where to where it goes."""
    row = told[1].variants[0].areas[0].weeks[0]
    drawn = bands("Open cases", row)
    assert f"to {row.mean[-1]:.0f} in week {len(row.mean) - 1} on average" in drawn
