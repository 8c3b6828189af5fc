"""Pictures by month: a bar or a point for what is told, and a gap for what is not."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest

from api.pages.charts.months import Series, bars, lines

SVG = "{http://www.w3.org/2000/svg}"
MONTHS = ["Apr 26", "May 26", "Jun 26"]


def parts(drawn: str, name: str) -> list[ET.Element]:
    """The elements of a name, those of the key left out."""
    root = ET.fromstring(drawn)
    keyed = {one for group in root.iter(f"{SVG}g") for one in group}
    return [one for one in root.iter(f"{SVG}{name}") if one not in keyed]


def test_a_bar_is_as_high_as_its_count() -> None:
    """Twice the count, twice the height; none for 0 or for what is withheld."""
    drawn = bars(
        "Reviews", "Each month.", MONTHS, [Series("Notified", [10, 20, None]), Series("Done", [0, 5, 5])]
    )
    heights = [float(one.attrib["height"]) for one in parts(drawn, "rect")]
    assert len(heights) == 4
    assert heights[1] == pytest.approx(2 * heights[0])
    assert heights[2] == pytest.approx(heights[3]) == pytest.approx(heights[0] / 2)
    assert re.findall(r">(\w+ 26)<", drawn) == MONTHS


def test_a_line_is_broken_where_nothing_is_told() -> None:
    """A point for each share, and a line between those next to each other."""
    drawn = lines(
        "In time", "Each month.", [*MONTHS, "Jul 26"], [Series("Eligible", [50.0, 60.0, None, 100.0])]
    )
    assert len(parts(drawn, "circle")) == 3
    assert len([one for one in parts(drawn, "line") if "stroke-width" in one.attrib]) == 1


def test_a_picture_says_what_it_shows_and_nothing_typed_is_a_tag() -> None:
    """Title and sentence are read aloud; an empty period has a picture too."""
    drawn = bars("<b>", "Says & tells.", [], [Series("Notified", [])])
    assert "&lt;b&gt;" in drawn
    assert "Says &amp; tells." in drawn


@pytest.mark.parametrize(("largest", "top"), [(0, "4"), (4, "4"), (5, "8"), (21, "40"), (401, "800")])
def test_the_levels_are_whole(largest: int, top: str) -> None:
    """The uppermost is no less than the largest bar."""
    drawn = bars("Reviews", "Each.", MONTHS, [Series("Notified", [largest, 0, 0])])
    assert f">{top}</text>" in drawn


def test_of_many_months_some_are_named() -> None:
    """So that names do not lie over each other."""
    months = [f"M{at}" for at in range(60)]
    named = re.findall(r">(M\d+)<", bars("Reviews", "Each.", months, [Series("Notified", [1] * 60)]))
    assert named == [f"M{at}" for at in range(0, 60, 5)]
