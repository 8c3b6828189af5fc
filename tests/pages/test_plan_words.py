"""What plans are told in, and their pictures."""

from __future__ import annotations

from xml.etree import ElementTree

from api import words
from api.pages import plan_words
from api.pages.charts.bars import Bar, bars
from api.pages.charts.map import Spot, area_map

TOTAL = {
    "placed": 13, "placed_late": 7, "without": 8, "on_hold": 1, "seconds_without": 2,
    "moved": 0, "moved_waiting": 0, "moved_waiting_late": 0,
}  # fmt: skip


def test_a_plan_is_summed_up() -> None:
    """Who gets a lead, in time or not, and what else there is to know; nothing of what there is not."""
    assert plan_words.summary(TOTAL) == (
        "13 of 21 waiting cases get a lead, 7 of them late as far as can be foreseen. "
        "1 more case is on hold. 2 second reviewers are missing."
    )
    declined = TOTAL | {"moved": 3, "moved_waiting": 2, "moved_waiting_late": 1}
    assert plan_words.summary(declined) == (
        "15 of 23 waiting cases get a lead, 8 of them late as far as can be foreseen. "
        "1 case changes hands. 1 more case is on hold. 2 second reviewers are missing."
    )
    one = dict.fromkeys(TOTAL, 0) | {"placed": 1}
    assert plan_words.summary(one) == (
        "1 of 1 waiting case gets a lead, all of them in time as far as can be foreseen."
    )
    assert plan_words.summary(dict.fromkeys(TOTAL, 0)) == "No case waits for a lead."
    assert plan_words.summary(dict.fromkeys(TOTAL, 0) | {"without": 2}) == (
        "None of 2 waiting cases gets a lead."
    )


def test_how_far_from_the_best() -> None:
    """Proved, nearly, so far, or not known."""
    assert plan_words.proved(0.0) == "proved to be the best there can be"
    assert plan_words.proved(0.02) == "proved to be within 0.1% of the best there can be"
    assert plan_words.proved(11.7) == "proved to be within 11.7% of the best there can be"
    not_proved = "the best that was found, and not proved to be near the best there can be"
    assert plan_words.proved(99.9) == "proved to be within 99.9% of the best there can be"
    assert plan_words.proved(100.0) == plan_words.proved(240.0) == not_proved
    assert plan_words.proved(None) == "nothing is known yet"


def test_what_something_costs() -> None:
    """By what it makes better or worse, the weightiest first."""
    assert plan_words.costs({"unallocated": 128, "late": 0, "cost": -1}) == [
        "more work is left without a reviewer (128 points)",
        "journeys are shorter or diaries less full (1 point)",
    ]
    assert plan_words.costs({"unallocated": 0, "late": 0, "cost": 0}) == []


def test_a_tick_box_names_a_line() -> None:
    """Whatever its case is called."""
    line = {"case_id": "C 1:x", "role": "second"}
    assert plan_words.seat_of(plan_words.key(line)) == line


def test_a_call_s_sentence_is_made_plain() -> None:
    """Days in words, no codes in brackets, a per cent sign at its number; else as it is."""
    said = "Due on 2027-02-03 (`late`), 83 % full, R-2027-02-03."
    assert words.plain(said) == "Due on 3 February 2027, 83% full, R-2027-02-03."
    assert words.plain("2027-13-45 stays") == "2027-13-45 stays"
    assert words.plain(None) == ""


def test_bars_say_their_figures() -> None:
    """One who has far too much does not make the others' too short; who has no hours has no bar."""
    rows = [Bar("R1", 20.0, 93.4), Bar("R2", 1254.0, 1254.0), Bar("R3", None, None)]
    drawn = ElementTree.fromstring(bars("Workload", "before and after", rows))
    told = [one.text for one in drawn.iter() if one.tag.endswith("text")]
    assert {"20% to 93%", "1,254% to 1,254%, over", "no hours"} <= set(told)
    widths = [float(one.get("width", 0)) for one in drawn.iter() if one.tag.endswith("rect")]
    assert max(widths) <= 430
    assert min(width for width in widths if width) > 30


def test_a_map_has_north_at_the_top() -> None:
    """And keeps within its frame, of one area or of many at one place."""
    north, south = Spot("Q01", 54.0, -1.0, 4, 1), Spot("Q02", 51.0, -2.0, 0, 0)
    drawn = ElementTree.fromstring(area_map("Areas", "what is placed", [north, south]))
    circles = [one for one in drawn.iter() if one.tag.endswith("circle")]
    first, last = (next(float(c.get("cy", 0)) for c in some) for some in (circles, reversed(circles)))
    assert first < last
    alone = ElementTree.fromstring(area_map("Areas", "what is placed", [north]))
    assert float(alone.get("height", 0)) > 100
    told = [one.text for one in drawn.iter() if one.tag.endswith("text")]
    assert told == ["Q01", "1 of 4", "Q02", "0 of 0"]
