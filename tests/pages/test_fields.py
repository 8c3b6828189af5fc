"""What is typed into a form of a case, and how the pages say things: read, shown again, in words."""

from __future__ import annotations

from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from api.pages.cases.fields import EVERY, changes, fields_of
from api.pages.cases.said import stopped
from api.pages.links import link
from api.pages.typed import boxes, day_of, number_of, place_of, typed_day, whole_of
from api.words import plain


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("notified_on", "2026-03-04"),
        ("priority", 7),
        ("effort_hours", 14.5),
        ("skills", ["autism", "bsl"]),
        ("linked_to", "one-family"),
        ("locked", True),
        ("hold_reason", "coroner"),
        ("notified_on", None),
        ("skills", None),
        ("locked", None),
    ],
)
def test_what_is_shown_in_a_box_is_read_again_as_it_was(name: str, value: Any) -> None:
    """Of every kind, and of nothing."""
    assert EVERY[name].read(MultiDict(EVERY[name].typed(value))) == value


def test_what_is_no_value_of_its_kind_stays_as_it_was_typed() -> None:
    """The call says what is wrong with it."""
    assert EVERY["priority"].read(MultiDict({"priority": " many "})) == "many"
    form = {"notified_on-day": "31", "notified_on-month": "x", "notified_on-year": ""}
    assert EVERY["notified_on"].read(MultiDict(form)) == "-x-31"


@pytest.mark.parametrize(("typed", "text"), [
    (("4", "03", "2026"), "2026-03-04"), (("4", "March", "2026"), "2026-03-04"), (("", " ", ""), ""),
    (("1", "x", "2027"), "2027-x-1"), (("", "4", "27"), "27-4-"), (("31", "2", "2027"), "2027-02-31"),
])  # fmt: skip
def test_days_are_typed_in_three_boxes(typed: tuple[str, str, str], text: str) -> None:
    """With or without noughts, the month by its name too; all empty is nothing, and no day stays as it is."""
    form = dict(zip(("on-day", "on-month", "on-year"), typed, strict=True))
    assert typed_day(form, "on") == text
    assert typed_day(boxes("on", text), "on") == text
    assert boxes("on", "2026-03-04") == {"on-day": "4", "on-month": "3", "on-year": "2026"}
    assert (day_of(text) is None) == (text != "2026-03-04")


@pytest.mark.parametrize(("text", "number"), [
    ("1,250", 1250), ("7.5 %", 7.5), ("£3", 3), ("many", "many"), ("inf", "inf"), ("1e400", "1e400"),
])  # fmt: skip
def test_numbers_are_typed_as_people_write_them(text: str, number: Any) -> None:
    """What is none stays as it was typed."""
    assert number_of(text) == number
    assert EVERY["effort_hours"].read(MultiDict({"effort_hours": text})) == number


def test_a_place_in_a_list_is_the_nearest_there_is() -> None:
    """Whatever stands in an address."""
    assert [place_of(text, 3) for text in ("", "2", "9", "0", "-1", "x", "9" * 20)] == [1, 2, 3, 1, 1, 1, 1]
    assert [whole_of(text) for text in ("7", "0", "-7", "7.0", "²", "9" * 10)] == [7, 0] + [None] * 4


def test_changes_are_told_in_words() -> None:
    """What was said and is not any more, too; where it is at one, nothing."""
    before = {"notified_on": "2026-03-04", "review_type": "initial", "hold_days": 3, "case_id": "C1"}
    after = {"notified_on": "2026-03-05", "review_type": "focused", "skills": ["bsl"], "case_id": "C1"}
    assert list(changes(before, after)) == [
        ("Notified on", "4 March 2026", "5 March 2026"),
        ("Type of review", "Initial", "Focused"),
        ("Skills the lead must have", "not given", "bsl"),
        ("Days of holds that have ended", "3", "not given"),
    ]
    assert list(changes(after, after)) == []
    (told,) = changes({}, {"latitude": 53.3, "longitude": -0.29})
    assert told == ("Position", "not given", "53.3 degrees north, 0.29 degrees west")


def test_what_is_asked_of_a_lead_is_asked_only_where_there_is_one() -> None:
    """Hours left, and whether it must stay."""
    nobody = {"lead": None, "second": None}
    names = {one.name for _, fields in fields_of(nobody, ("initial",), ()) for one in fields}
    assert not names & {"hours_left", "locked", "second_hours_left"}
    held = {"lead": {"reviewer_id": "R1"}, "second": None}
    names = {one.name for _, fields in fields_of(held, ("initial",), ()) for one in fields}
    assert {"hours_left", "locked"} <= names


def test_sentences_of_the_calls_are_said_plainly() -> None:
    """Days and shares as people write them; other numbers stay."""
    said = "From 62 % to 71 %; done on 2026-11-30. another-area has C-2026-11-99."
    assert plain(said) == "From 62% to 71%; done on 30 November 2026. one of another area has C-2026-11-99."
    assert plain(None) == ""


def test_how_many_are_stopped_is_said_of_one_and_of_many() -> None:
    """A rule that has no words yet is named."""
    assert stopped({"skill": 1, "capacity": 2, "new-rule": 3}) == (
        "1 lacks a skill that is needed; 2 have too few hours left; 3 new-rule"
    )


def test_an_address_holds_whatever_an_id_does() -> None:
    """Nothing in an id ends a part of the path."""
    assert link("cases", "A/7?#%", "why") == "/cases/A%2F7%3F%23%25/why"
