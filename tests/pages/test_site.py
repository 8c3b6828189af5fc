"""What every page has: signing in and out, who may look, what is shown when it cannot be shown."""

from __future__ import annotations

from datetime import timedelta

import requests

from allocator.store.callers import Caller, Role
from allocator.store.sessions import invite
from tests.pages.conftest import Comer, Shop
from tools.shop import NOW


def test_a_link_signs_somebody_in_once_and_out_again(shop: Shop, comes: Comer) -> None:
    """From the link to the home page; afterwards there is a page to sign in at."""
    with shop.database.write("test", lambda: NOW) as tx:
        word, _ = invite(tx, Caller("invite:test", Role.COORDINATOR, ("Q01",)), timedelta(hours=1))
    person = comes(shop, None)
    person.open(f"/invited/{word}")
    person.press("Sign in")
    person.heading("Home")
    person.press("Sign out")
    person.heading("Sign in")
    person.reads("You have signed out.")
    person.open("/")
    person.heading("Sign in")


def test_a_page_that_is_not_there(shared_shop: Shop, comes: Comer) -> None:
    """It says so, as a page; programs are told as a problem."""
    person = comes(shared_shop, Role.COORDINATOR)
    person.open("/nowhere")
    person.heading("Page not found")
    answer = requests.get(f"{shared_shop.home}/nowhere", timeout=10)
    assert (answer.status_code, answer.json()["code"]) == (404, "not-found")


def test_a_page_asks_nobody_else_and_lets_no_script_in(shared_shop: Shop) -> None:
    """Its policy; and every file it names is there, small when packed."""
    answer = requests.get(f"{shared_shop.home}/sign-in", timeout=10)
    assert answer.status_code == 200
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    named = [part.split('"')[0] for mark in ('href="/static', 'src="/static') for part in
             answer.text.split(mark)[1:]]  # fmt: skip
    assert len(named) >= 4
    total = len(answer.content)
    for path in named:
        file = requests.get(f"{shared_shop.home}/static{path}", timeout=10, stream=True)
        assert file.status_code == 200
        total += len(file.raw.read())
    assert total < 500_000
