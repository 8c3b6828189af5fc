"""The audit as a page: who did what, when and why, for those who may know; and whether it is whole."""

from __future__ import annotations

import re

import pytest
import requests
from sqlalchemy import text

from allocator.store.callers import Caller, Role
from api.auth import COOKIE
from api.pages.audit import who
from tests.pages.conftest import Comer, Shop
from tools.shop import NOW, session_of

CASE, WHO = "C000004", "R0007"
by_mouse = pytest.mark.parametrize("way", ["mouse"], indirect=True)


def test_an_auditor_reads_what_became_of_a_case(shop: Shop, comes: Comer) -> None:
    """What is missing is told; then every line that the call gives, in words, and the file of the same."""
    shop.call("POST", f"/v1/cases/{CASE}/take-back", json={"reason": "family_request"})
    person = comes(shop, Role.AUDITOR)
    person.open("/")
    person.follow("Audit")
    person.press("Show its audit")
    person.reads("choose what you want to read about")
    person.choose("A case")
    person.press("Show its audit")
    person.reads("say which you mean: a case")
    person.choose("A case")
    person.fill("Which one?", CASE)
    person.press("Show its audit")
    person.heading(f"Audit of case {CASE}")
    lines = shop.get(f"/v1/audit?case_id={CASE}")["items"]
    assert person.page.locator("tbody tr").count() == len(lines)
    person.reads(f"Took case {CASE} back from {WHO}, its lead: the family asked for it.")
    href = person.page.get_by_role("link", name=re.compile("as a file")).get_attribute("href")
    cookie = session_of(shop.database, Caller("test-auditor", Role.AUDITOR))
    file = requests.get(f"{shop.home}{href}", cookies={COOKIE: cookie}, timeout=30)
    assert file.headers["Content-Type"].startswith("text/csv")
    assert len(file.text.splitlines()) == len(lines) + 1


def test_a_reviewer_is_followed(shared_shop: Shop, comes: Comer) -> None:
    """From their own page; what a long line says is unfolded."""
    person = comes(shared_shop, Role.ADMIN)
    person.open(f"/reviewers/{WHO}")
    person.follow("What was changed, when and by whom")
    person.heading(f"Audit of reviewer {WHO}")
    person.reads(f"Gave case {CASE} to {WHO} as its lead.")
    person.unfold("fields")
    person.reads("Hours a week: 11.5")
    person.look()


def test_the_audit_is_whole(shared_shop: Shop, comes: Comer) -> None:
    """And says what to note so that a missing end is found."""
    person = comes(shared_shop, Role.AUDITOR)
    person.open("/audit")
    person.press("Check the audit")
    person.reads("are as they were written")
    person.reads(shared_shop.get("/v1/audit/verification")["head"])


@by_mouse
def test_an_audit_that_was_changed_is_found(shop: Shop, comes: Comer) -> None:
    """The page says which line, and what to do."""
    with shop.database.write("test", lambda: NOW) as tx:
        tx.connection.execute(text("UPDATE audit_values SET note = 'x' WHERE number = 7"))
    person = comes(shop, Role.AUDITOR)
    person.open("/audit?check=yes")
    person.reads("Line 7: the values beside it were changed")


@by_mouse
def test_all_lines_come_by_the_hundred(shared_shop: Shop, comes: Comer) -> None:
    """Each once, and back to the first."""
    person = comes(shared_shop, Role.ADMIN)
    person.open("/audit")
    person.choose("Everything")
    person.press("Show its audit")
    total = shared_shop.get("/v1/audit/verification")["lines"]
    rows = person.page.locator("tbody > tr")
    found = rows.count()
    assert found == 100
    person.follow("The next 100 lines")
    found += rows.count()
    assert found >= min(total, 200)
    person.follow("The first lines")
    assert rows.first.locator("th").inner_text() == "1"


@by_mouse
def test_an_area_reads_what_is_its_own(shared_shop: Shop, comes: Comer) -> None:
    """A case or a reviewer of theirs, and no more; others may not look at all."""
    person = comes(shared_shop, Role.AUDITOR, "Q02")
    person.open("/audit")
    labels = person.page.locator("fieldset label").all_inner_texts()
    assert labels == ["A case", "A reviewer"]
    assert person.page.get_by_text("Is the audit whole?").count() == 0
    person.open(f"/audit?reviewer={WHO}")
    person.reads("another-area")
    person.open("/audit?reviewer=R0001")
    person.heading("Page not found")
    person.open("/audit?everything=yes")
    person.heading("You may not do this")
    for role in (Role.COORDINATOR, Role.COMMISSIONER, Role.REVIEWER):
        person = comes(shared_shop, role, reviewer_id=WHO if role is Role.REVIEWER else None)
        person.open(f"/audit?case={CASE}")
        person.heading("You may not do this")


@by_mouse
def test_what_is_not_there_has_no_line(shared_shop: Shop, comes: Comer) -> None:
    """And a plan has a number."""
    person = comes(shared_shop, Role.AUDITOR)
    person.open("/audit?case=NOBODY")
    person.reads("No line is about it.")
    person.choose("A plan")
    person.fill("Which one?", "three")
    person.press("Show its audit")
    person.reads("is not the number of a plan")
    assert person.page.get_by_label("Which one?").input_value() == "three"


def test_who_it_was_in_words() -> None:
    """As far as the audit knows."""
    found = [who(one) for one in ("key:12ab", "invite:34cd", "person:56ef", "runner", "command-line", "test")]
    assert found == ["Key 12ab", "Signed in by link 34cd", "Person 56ef", "The service itself",
                     "The command line", "test"]  # fmt: skip
