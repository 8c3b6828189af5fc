"""A clock on a line: what stands on it, in words for who cannot see it, nothing over anything else."""

from __future__ import annotations

import re
from datetime import date, timedelta
from xml.etree import ElementTree

import pytest

from api.pages.charts.timeline import LETTER, WIDTH, Mark, Stretch, timeline
from api.words import day

FIRST = date(2026, 5, 4)
MONTH = timedelta(days=30)
SVG = "{http://www.w3.org/2000/svg}"


def drawn(
    marks: list[Mark], holds: tuple[Stretch, ...] = (), today: date = FIRST + 3 * MONTH
) -> ElementTree.Element:
    """The picture, due after six months."""
    return ElementTree.fromstring(str(timeline("The clock", marks, holds, today, FIRST + 6 * MONTH)))


def usual(today: date = FIRST + 3 * MONTH) -> list[Mark]:
    """The marks of a case."""
    return [
        Mark(FIRST, "Notified"),
        Mark(FIRST + 3 * MONTH, "Allocate by", True),
        Mark(FIRST + 6 * MONTH, "Complete by", True),
        Mark(today, "Today"),
    ]


def test_its_words_are_all_there() -> None:
    """Each mark with its day, in the picture and in what is said of it."""
    hold = Stretch(FIRST + MONTH, FIRST + 2 * MONTH)
    picture = drawn(usual(), (hold,))
    words = [one.text for one in picture.iter(f"{SVG}text")]
    for mark in usual():
        assert mark.words in words
        assert day(mark.day) in words
    said = picture.find(f"{SVG}desc")
    assert said is not None
    assert said.text == (
        "Notified 4 May 2026; on hold from 3 June 2026 to 3 July 2026; Allocate by 2 August 2026; "
        "Today 2 August 2026; Complete by 31 October 2026."
    )


def test_a_hold_is_hatched_and_not_only_of_another_colour() -> None:
    """By a pattern that the picture holds, which its key explains; without one there is neither."""
    with_hold = ElementTree.tostring(drawn(usual(), (Stretch(FIRST + MONTH, FIRST + 2 * MONTH),)), "unicode")
    assert with_hold.count("url(#timeline-hold)") == 2
    assert "On hold" in with_hold
    without = ElementTree.tostring(drawn(usual()), "unicode")
    assert "url(#timeline-hold)" not in without
    assert "On hold" not in without


def test_what_is_past_its_day_is_told_in_words_too() -> None:
    """In the key; not in time, nor on the last day."""
    texts = {
        days: drawn(usual(today := FIRST + 6 * MONTH + timedelta(days=days)), today=today) for days in (0, 1)
    }
    assert "Overdue" not in ElementTree.tostring(texts[0], "unicode")
    assert "Overdue" in ElementTree.tostring(texts[1], "unicode")


@pytest.mark.parametrize("apart", [0, 1, 3, 20, 60])
def test_no_words_lie_over_others_or_outside(apart: int) -> None:
    """However near the days are to each other."""
    days = [FIRST + timedelta(days=apart * at) for at in range(5)]
    marks = [Mark(one, f"Mark {at}", at % 2 == 0) for at, one in enumerate(days)]
    taken: set[tuple[float, float, float]] = set()
    for one in drawn(marks, today=days[-1]).iter(f"{SVG}text"):
        words, x, y = str(one.text), float(one.attrib["x"]), float(one.attrib["y"])
        if not re.match(r"Mark|\d", words):
            continue
        width = LETTER * len(words)
        first, last = (x - width, x) if one.get("text-anchor") == "end" else (x, x + width)
        assert first >= 0
        assert last <= WIDTH
        assert not any(at == y and first < end and begin < last for at, begin, end in taken), words
        taken.add((y, first, last))


def test_one_day_alone_is_a_line_all_the_same() -> None:
    """A case notified today of which nothing else is known."""
    assert drawn([Mark(FIRST, "Notified")], today=FIRST).tag == f"{SVG}svg"
