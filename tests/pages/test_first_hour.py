"""A newcomer's first hour, as docs/walkthroughs/6.md tells it: each thing pressed, and each thing read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.docs.pages import blocks, text_of
from tests.pages.conftest import Comer, Shop, shop_of
from tests.pages.person import Person
from tests.pages.planned import could_have

WALK = text_of("docs/walkthroughs/6.md")
TOLD = [(pressed, says) for pressed, says in re.findall(r"\*\*(.+?)\*\*|“(.+?)”", WALK)]
"""What the page has in bold, which is used, and in quotes, which is read; in its order."""
PATIENCE = 180_000
"""Milliseconds for a plan, or a scenario, where others keep the machine busy."""


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Shop]:
    """A service that knows nothing yet."""
    yield from shop_of(tmp_path, {})


class Newcomer:
    """Somebody who does what a page tells them to, reads what it says they will read, and nothing else."""

    def __init__(self, person: Person, told: list[tuple[str, str]]) -> None:
        self.person, self._left = person, list(told)
        person.page.set_default_timeout(60_000)

    def follow(self, bold: str, name: str = "") -> None:
        """Follow a link: the first that is called so, or one of a name that says more to who cannot see."""
        self._told(bold)
        self.person.follow(name or self._called("link", bold))

    def press(self, bold: str) -> None:
        """Press a button."""
        self._told(bold)
        self.person.press(self._called("button", bold))

    def choose(self, bold: str) -> None:
        """Choose a radio button."""
        self._told(bold)
        self.person.choose(bold)

    def pick(self, bold: str, option: str) -> None:
        """Pick what begins so from a drop-down list."""
        self._told(bold)
        options = self.person.page.get_by_label(bold, exact=True).first.locator("option").all_inner_texts()
        self.person.pick(bold, next(one for one in options if one.startswith(option)))

    def fill(self, bold: str, text: str) -> None:
        """Type what the page says."""
        self._told(bold)
        assert f"`{text}`" in WALK
        self.person.fill(bold, text)

    def unfold(self, bold: str) -> None:
        """Open a closed section."""
        self._told(bold)
        self.person.unfold(bold)

    def give(self, bold: str, file: Path) -> None:
        """Choose a file."""
        self._told(bold)
        self.person.give(bold, file)

    def end(self) -> None:
        """Read what is left to be read; fail if something is left to be done."""
        self._read()
        assert self._left == []

    def _told(self, bold: str) -> None:
        """Nothing, if that is what comes next, once all before it has been read."""
        self._read()
        assert self._left, f"the page ends before {bold}"
        assert self._left.pop(0)[0] == bold

    def _read(self) -> None:
        while self._left and (says := self._left[0][1]):
            expect(self.person.page.locator("body")).to_contain_text(_pattern(says), timeout=PATIENCE)
            self._left.pop(0)
            self.person.look()

    def _called(self, kind: Any, bold: str) -> str:
        """What the first thing of a kind is called in full whose words are those in bold."""
        found: Locator = self.person.page.get_by_role(kind)
        names = [" ".join(one.split()) for one in found.all_inner_texts()]
        fits = [one for one in names if _pattern(bold).fullmatch(one)]
        assert fits, f"{self.person.page.url} has no {kind} called {bold}, but {names}"
        return fits[0]


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(".*?".join(map(re.escape, text.split("…"))))


@pytest.mark.parametrize("way", ["mouse"], indirect=True)
def test_the_first_hour_is_as_it_is_told(empty: Shop, comes: Comer, tmp_path: Path) -> None:
    """All of it, in its order; then the cases are with their reviewers, but for the one taken back."""
    link = empty.call("POST", "/v1/invitations", json={"role": "admin"})["link"]
    new = Newcomer(comes(empty, None), TOLD)
    new.person.open(link.removeprefix(empty.home))
    new.press("Sign in")
    new.press("Look at the sample")
    new.follow("… to allocate")
    new.follow("Home")
    _plan(new)
    line, who = could_have(empty, 1)
    case_id = line["case_id"]
    new.follow("Change", f"Change case {case_id}")
    new.pick("Reviewer", who)
    new.press("See what would follow")
    new.choose("The family asked for it")
    new.press("Save and approve")
    new.press("Approve all …")
    new.follow("check and publish them")
    new.press("Publish")
    new.follow("C…", case_id)
    new.follow("Text for the family")
    new.follow("Case C…")
    new.follow("History")
    new.follow("Case C…")
    new.press("Take it back")
    new.choose("It was given to them by mistake")
    new.press("Take it back")
    _upload(new, tmp_path)
    _ask(new)
    new.follow("How this is worked out")
    new.end()
    _are_with_their_reviewers(empty, case_id, who)
    assert {"N-1", "N-2"} <= {one["id"] for one in empty.get("/v1/cases?limit=1000")["items"]}


def _plan(new: Newcomer) -> None:
    """Make a plan, watch it, and look at it from each side."""
    new.press("Make a plan")
    new.choose("A quick look")
    new.press("Make the plan")
    new.press("See plan 1")
    new.follow("By reviewer")
    new.follow("Not placed (…)")
    new.follow("By case")


def _upload(new: Newcomer, folder: Path) -> None:
    """Send the page's file with its fault, and then mended as the page says."""
    (content,) = blocks(WALK, "csv")
    file = folder / "cases.csv"
    new.follow("Home")
    new.follow("Bring in cases and reviewers")
    for text in (content, content.replace("31.02.2026", "2026-10-29")):
        file.write_text(text, encoding="utf-8")
        new.give("Files", file)
        new.press("Upload")
    assert "`2026-10-29`" in WALK


def _ask(new: Newcomer) -> None:
    """Look at how it goes, and ask how many reviewers are needed."""
    new.follow("Performance")
    new.follow("Scenarios")
    new.press("New scenario")
    new.follow("Clear the backlog in a year")
    new.fill("For how many years?", "1")
    new.unfold("More: when, and for how long")
    new.fill("Runs at first: more are more exact, and take longer", "10")
    new.choose("How many do we need?")
    new.press("Run")


def _are_with_their_reviewers(shop: Shop, taken_back: str, who: str) -> None:
    """Fail unless the API tells so of every line that was published, and why one went to somebody else."""
    lines = shop.get("/v1/plans/1/lines?state=published")["items"]
    assert {one["missing"] is None for one in lines} == {True}
    assert shop.get("/v1/plans/1")["lines"].keys() <= {"published", "approved"}
    for one in lines:
        place = shop.get(f"/v1/cases/{one['case_id']}")[one["role"]]
        if one["case_id"] == taken_back:
            assert place is None
        else:
            assert place["reviewer_id"] == one["reviewer_id"]
    (departure,) = shop.get("/v1/departures")["items"]
    assert (departure["case_id"], departure["reviewer_id"]) == (taken_back, who)
    assert departure["reason"] == "family_request"
