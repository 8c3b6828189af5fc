"""The form of a scenario by itself: every key is asked, what is typed is said, faults find their place."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import BaseModel, Field
from werkzeug.datastructures import MultiDict

from api.errors import Refusal
from api.pages.scenarios.asked import Asked, asking
from api.pages.scenarios.draft import Draft
from api.pages.scenarios.faults import faults
from api.pages.scenarios.saying import CHOICES, changed, keyed
from api.pages.scenarios.shapes import Shape, listed_of, shape_of, table_of
from api.pages.scenarios.typed import amount, value_of, written
from api.pages.typed import boxes, number_of
from scenarios.fields import number
from scenarios.files import keys, read_scenario, scenario_of, shipped
from scenarios.scenario import Scenario

PLAIN: dict[str, Any] = {
    "name": "Plain",
    "groups": [{"name": "team", "wte": 2.5}, {"name": "a.b", "people": 3}],
}
NUMBER, WHOLE, YES_NO = (Shape(kind, is_optional=False) for kind in ("number", "whole", "yes-no"))
PERCENT = Shape("number", is_optional=False, unit="%", scale=100, low=0, high=1)


def form_of(draft: Draft, **typed: str) -> MultiDict[str, str]:
    """What a browser sends of a form in which only that was typed; names have __ for /."""
    found = {"_base": draft.base, "other/0/value": ""}
    for at, one in enumerate(draft.document["groups"]):
        found[f"_was/{at}"] = one["name"]
    for listed in draft.asking.lists:
        found[f"_list/{listed.path}"] = ""
    for at in range(len(draft.offered)):
        found[f"keep/{at}"] = "yes"
    for one in draft.asking.every():
        if one.shape.kind == "day":
            found |= boxes(one.path, one.text)
        else:
            found[one.path] = one.text
    return MultiDict(found | {name.replace("__", "/"): text for name, text in typed.items()})


def typed(**changes: str) -> Draft:
    """A plain scenario in whose form something was typed."""
    return Draft.typed(form_of(Draft.begun(PLAIN, "nothing"), **changes))


def asked(draft: Draft, path: str) -> Asked:
    """The question at a path."""
    return next(one for one in draft.asking.every() if one.path == path)


def test_every_key_of_a_scenario_is_asked() -> None:
    """But those that a form cannot ask: the ages of single cases; a list that is empty has no key yet."""
    found = {one.key for one in asking(scenario_of(PLAIN).model_dump(mode="json")).every()}
    unasked = {"demand.backlog.ages", "demand.backlog.in_hand_ages", "shocks", "demand.skills"}
    assert set(keys(scenario_of(PLAIN))) - found == unasked


def test_every_choice_has_words() -> None:
    """Nobody reads the program's own names."""
    for one in asking(scenario_of(PLAIN).model_dump(mode="json")).every():
        assert set(one.shape.options) <= set(CHOICES), one.path
        assert one.label[0].isupper() or one.label[0].isdigit(), one.path


def test_a_key_that_is_new_is_asked_by_itself() -> None:
    """Its words, unit and limits are its own."""

    class Table(BaseModel):
        """A table."""

        luck: float = number(0.3, "share of luck; more is better", "share", (0.1, 0.5))
        why: str | None = Field(default=None)

    shape = shape_of(Table.model_fields["luck"])
    assert shape == Shape("number", False, (), "%", 100, 0, 1e9)
    assert shape_of(Table.model_fields["why"]) == Shape("text", True)
    assert table_of(Table.model_fields["why"]) is listed_of(Table.model_fields["why"]) is None


@pytest.mark.parametrize("name", sorted(shipped()))
def test_a_form_in_which_nothing_is_typed_says_what_it_was_made_from(name: str) -> None:
    """Each shipped scenario comes back as it was, variants, ranges and ages too."""
    whole = read_scenario(shipped()[name])
    draft = Draft.begun(whole.model_dump(mode="json"), "it")
    assert Draft.typed(form_of(draft)).wish()["scenario"] == whole.model_dump(mode="json")


def test_ages_of_single_cases_are_kept() -> None:
    """They are asked nowhere and lost nowhere."""
    backlog = {"ages": {"ICB": [3, 400]}, "in_hand_ages": [7]}
    draft = Draft.begun(PLAIN | {"demand": {"backlog": backlog}}, "the queue")
    assert (draft.counted("ages"), draft.counted("in_hand_ages")) == (2, 1)
    assert Draft.typed(form_of(draft)).wish()["scenario"]["demand"]["backlog"]["ages"] == {"ICB": [3, 400]}


@pytest.mark.parametrize(("text", "shape", "value"), [
    ("2.5", NUMBER, 2.5), ("£64,000", NUMBER, 64000), (" 7 ", NUMBER, 7), ("abc", NUMBER, "abc"),
    ("", NUMBER, ""), ("nan", NUMBER, "nan"), ("95", PERCENT, 0.95), ("5.1%", PERCENT, 0.051),
    ("9", Shape("number", is_optional=False, scale=10), 0.9), ("", Shape("number", is_optional=True), None),
    ("yes", YES_NO, True), ("ja", YES_NO, "ja"), ("a; b ;", Shape("names", is_optional=False), ["a", "b"]),
    ("1;2, 3 x", Shape("numbers", is_optional=False), [1, 2, 3, "x"]),
    ("", Shape("day", is_optional=True), None), ("4", WHOLE, 4), ("4.5", WHOLE, 4.5),
])  # fmt: skip
def test_what_is_typed_is_read_or_stays_as_it_is(text: str, shape: Shape, value: Any) -> None:
    """As people write numbers; what cannot be read is for the call to refuse."""
    found = value_of(text.strip(), shape)
    assert found == value
    assert type(found) is type(value)
    if not isinstance(value, str) and value is not None:
        assert value_of(written(value, shape), shape) == value


def test_amounts_are_said_with_their_unit() -> None:
    """As they are read."""
    assert amount(64000, Shape("number", False, unit="£")) == "£64,000"
    assert amount(0.051, PERCENT) == "5.1%"
    assert amount(8.4, Shape("number", False, unit="weeks a year")) == "8.4 weeks a year"
    assert number_of("1e400") == "1e400"


def test_a_group_that_is_renamed_keeps_its_ranges_and_variants() -> None:
    """And one that is removed loses its ranges; a variant of it is told to be at fault."""
    whole = PLAIN | {
        "assumptions": {"groups.a.b.people": {"low": 1, "high": 5, "reason": "board"}},
        "variants": [{"name": "more", "change": {"groups.a.b.people": 5}}],
    }
    draft = Draft.begun(whole, "it")
    renamed = Draft.typed(form_of(draft, groups__1__name="helpers")).wish()["scenario"]
    assert list(renamed["assumptions"]) == ["groups.helpers.people"]
    assert renamed["variants"][0]["change"] == {"groups.helpers.people": 5}
    scenario_of(renamed)
    gone = Draft.typed(form_of(Draft.typed(form_of(draft)).without("groups/1"))).wish()["scenario"]
    assert gone["assumptions"] == {}
    assert [one["name"] for one in gone["groups"]] == ["team"]


def test_what_ifs_are_variants_with_names_of_their_own() -> None:
    """More staff by posts or by people, each number by itself; any other number; those that are offered."""
    draft = typed(
        more__0="0.5; 1", more__1="1, 1", **{"other/0/key": "work.initial_hours", "other/0/value": "20"}
    )
    assert [(one.name, one.change) for one in draft.whatifs] == [
        ("0.5 more full-time posts in team", {"groups.team.wte": 3.0}),
        ("1 more full-time post in team", {"groups.team.wte": 3.5}),
        ("1 more person in a.b", {"groups.a.b.people": 4}),
        ("1 more person in a.b (2)", {"groups.a.b.people": 4}),
        ("Hours of an initial review: 20 hours", {"work.initial_hours": 20}),
    ]
    scenario_of(draft.wish()["scenario"])
    many = typed(more__0="; ".join(["1"] * 12))
    assert len({one.name for one in many.whatifs}) == 12
    assert max(len(one.name) for one in many.whatifs) <= 64


def test_what_is_wished_is_what_was_asked() -> None:
    """A run, a size of some groups by a day, or a tornado; how long it may take."""
    assert typed().wish()["time_limit"] == 300
    form = form_of(Draft.begun(PLAIN, "it"), question="size", minutes="15", least="wte")
    form.setlist("sought", ["1", "9", "x"])
    for name, text in boxes("clear_by", "2027-06-01").items():
        form[name] = text
    wish = Draft.typed(form).wish()
    assert wish["size"] == {"groups": ["a.b"], "least": "wte", "clear_by": "2027-06-01"}
    assert (wish["time_limit"], wish["tornado"]) == (900, False)
    assert typed(question="tornado").wish()["tornado"] is True


def test_what_was_typed_about_a_group_goes_with_it() -> None:
    """When one before it is removed."""
    form = form_of(Draft.begun(PLAIN, "it"), more__0="1", more__1="7")
    form.setlist("sought", ["0", "1"])
    left = Draft.typed(form).without("groups/0")
    assert (left.said("more/0"), left.said("more/1")) == ("7", "")
    assert left.form is not None
    assert left.form.getlist("sought") == ["0"]
    more = typed().with_one_more("shocks")
    assert len(more.asking.listed("shocks").entries) == 1
    assert len(typed().with_one_more("other").others) == 2
    with pytest.raises(Refusal):
        typed().with_one_more("variants")


@pytest.mark.parametrize(("pointer", "place", "says"), [
    ("/groups/0/wte", "groups/0/wte", "Enter a number from 0 to 10,000"),
    ("/groups/0", "groups/0/name", "Give either"),
    ("/demand", "demand/a_year", "Give either"),
    ("/targets/completed", "targets/completed", "Enter a number from 0 to 100"),
    ("/variants/1/change/groups.team.wte", "more/0", "Enter a number from 0 to 10,000"),
    ("/size/clear_by", "clear_by", "Give either"),
    ("/time_limit", "minutes", "Give either"),
    ("/assumptions/x", "", "Give either"),
    ("/nowhere", "", "Give either"),
    ("", "", "Give either"),
])  # fmt: skip
def test_a_fault_finds_its_question(pointer: str, place: str, says: str) -> None:
    """And is said in words of what was asked; one that belongs to none of them is told all the same."""
    whole = PLAIN | {"variants": [{"name": "v", "change": {"demand.a_year": 90}}]}
    draft = Draft.typed(form_of(Draft.begun(whole, "it"), more__0="x"))
    model = says.startswith("Enter")
    message = "input should be a valid number" if model else "give either wte or people"
    (found,) = faults(draft, {"errors": [{"pointer": pointer, "message": message, "value": "x"}]})
    assert (found.place, found.message.startswith(says)) == (place, True)


def test_keys_and_changes_are_said_in_words() -> None:
    """As a variant's, and as what was not filled in."""
    questions = typed().asking
    assert keyed("demand.a_year", questions) == "Notifications a year, of all areas together"
    assert keyed("groups.team.wte", questions) == "team: full-time posts"
    assert keyed("groups.*.caseload", questions) == "All staff: cases that one has at once"
    assert keyed("work, evidence", questions) == "Work, Evidence"
    change = {"groups.team.wte": 3, "shocks": [], "pooling": "country", "holds.share": 0.2}
    told = changed(change, questions)
    assert told.endswith("areas share reviewers; Share of cases that are put on hold: 20%")
    assert "Shocks: none" in told


@pytest.mark.parametrize("base", ["", "x", "[]", "{}", '{"document": 3}', json.dumps({
    "document": {"demand": []}, "offered": [], "begins": "", "sources": {}, "kept": []})])  # fmt: skip
def test_a_form_that_is_none_of_ours_is_refused(base: str) -> None:
    """It was cut off, or made up."""
    with pytest.raises(Refusal):
        Draft.typed(MultiDict({"_base": base, "groups/0/name": "x"}))


def test_titles_are_questions_and_every_key_says_what_it_is() -> None:
    """What is asked of everybody; and what else there is."""
    for name, info in Scenario.model_fields.items():
        table = table_of(info) or listed_of(info)
        for one, told in table.model_fields.items() if table and name != "variants" else ():
            assert told.title is None or told.title.endswith("?"), (name, one)
            assert told.description or shape_of(told) is None, (name, one)
