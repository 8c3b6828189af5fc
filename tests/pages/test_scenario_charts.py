"""Pictures of scenarios: what they show is what the figures are, and words say it too."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from api.pages.charts.bands import bands, rows
from api.pages.charts.frame import Frame, marks, round_up
from api.pages.charts.means import Line, means
from api.pages.charts.shares import Share, shares
from api.pages.charts.tornado import Swing, tornado
from scenarios.answers import WeekBands

START = date(2026, 4, 1)
SVG = "{http://www.w3.org/2000/svg}"


def weeks(count: int, top: float = 100.0) -> WeekBands:
    """Bands that fall from the top to nothing."""
    mean = tuple(top * (1 - at / count) for at in range(count + 1))
    wide = {f"high_{n}": tuple(one * (1 + n / 1000) for one in mean) for n in (80, 95)}
    narrow = {f"low_{n}": tuple(one * (1 - n / 1000) for one in mean) for n in (80, 95)}
    return WeekBands(stage="open", mean=mean, **wide, **narrow)


def drawn(text: str) -> ElementTree.Element:
    """The picture as a document; fails unless it is one, with a title and what it says."""
    found = ElementTree.fromstring(text)
    assert [one.tag for one in found][:2] == [f"{SVG}title", f"{SVG}desc"]
    assert "style" not in text
    return found


def words_in(found: ElementTree.Element) -> list[str]:
    """All words that are drawn."""
    return [one.text or "" for one in found.iter(f"{SVG}text")]


def test_bands_lie_where_their_figures_are() -> None:
    """The mean is within both, one within the other; the axis has months."""
    found = drawn(bands("Open <cases>", weeks(104), START))
    assert len(list(found.iter(f"{SVG}polygon"))) == 2
    (line,) = found.iter(f"{SVG}polyline")
    ys = [float(point.split(",")[1]) for point in line.attrib["points"].split()]
    assert len(ys) == 105
    assert ys == sorted(ys)
    assert {"Jul 2026", "Jan 2028", "mean", "8 runs of 10", "19 of 20"} <= set(words_in(found))
    assert found[0].text == "Open <cases>"
    assert "100 cases are open at the start and 0 at the end" in str(found[1].text)


@pytest.mark.parametrize("count", [1, 3, 39, 40, 41, 157, 4_000])
def test_a_table_stands_beside_bands_with_few_rows(count: int) -> None:
    """The first week and the last among them."""
    told = rows(weeks(count), START)
    assert len(told) <= 42
    assert told[0]["mean"] == "100"
    assert (told[-1]["mean"], f"{count:,}" in told[-1]["when"]) == ("0", True)
    drawn(bands("x", weeks(count), START))


@pytest.mark.parametrize(("start", "count"), [
    (START, 2), (START, 26), (START, 52), (START, 157), (START, 520), (START, 3_000), (START, 10_000),
    (date(9990, 1, 1), 700),
])  # fmt: skip
def test_marks_are_few_and_lie_within(start: date, count: int) -> None:
    """However long a run is, to the end of the calendar."""
    found = list(marks(start, count))
    assert len(found) <= 14
    assert all(0 <= week <= count for week, _ in found)


@pytest.mark.parametrize(
    ("value", "top"), [(0, 1), (1, 1), (1.1, 2), (23, 25), (26, 50), (51, 100), (400, 500)]
)
def test_axes_end_with_round_numbers(value: float, top: float) -> None:
    """That five steps divide nicely."""
    assert round_up(value) == top


def test_a_frame_without_anything_divides_by_nothing() -> None:
    """No week, no case."""
    frame = Frame(0, 0)
    assert (frame.x(0), frame.y(0)) == (52.0, 288.0)


def test_shares_have_their_target_and_their_figure() -> None:
    """One that is not known is said to be so; long names are cut off."""
    long = "a name that is much too long for the room that there is"
    found = drawn(shares("In time", [Share("as it stands", 0.5, 0.95), Share(long, None, 0.95)]))
    told = words_in(found)
    assert {"50%", "–", "target 95%", "as it stands"} <= set(told)
    assert any(one.endswith("…") for one in told)
    widths = [float(one.attrib["width"]) for one in found.iter(f"{SVG}rect")]
    assert widths == [205.0]
    assert "as it stands 50% of 95%" in str(found[1].text)


def test_a_tornado_has_both_ends_of_each() -> None:
    """The lower bar is the highest value's; an end that cannot be has none."""
    found = drawn(tornado("What matters", [Swing("hours", -0.1, 0.05), Swing("holds", None, 0.02)]))
    bars = [one for one in found.iter(f"{SVG}rect") if one.attrib["height"] == "9"]
    assert len(bars) == 3
    assert {"-10.0", "+10.0", "0", "hours"} <= set(words_in(found))
    assert "holds: nothing at the lowest, +2.0 points at the highest" in str(found[1].text)


def test_lines_end_with_letters_that_do_not_lie_over_each_other() -> None:
    """Each line has one, and another way of being drawn."""
    lines = [Line(letter, f"line {letter}", (10.0, 5.0)) for letter in "ABCDE"]
    found = drawn(means("Open cases", lines, START))
    letters = [one for one in found.iter(f"{SVG}text") if one.text in "ABCDE"]
    ys = sorted(float(one.attrib["y"]) for one in letters)
    assert all(later - before >= 15 for before, later in pairwise(ys))
    drawn_as = {(one.attrib["stroke"], one.attrib.get("stroke-dasharray")) for one in _lines(found)}
    assert len(drawn_as) == 5


def _lines(found: ElementTree.Element) -> list[ElementTree.Element]:
    return list(found.iter(f"{SVG}polyline"))
