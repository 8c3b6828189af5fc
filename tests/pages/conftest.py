"""A service with a made-up queue behind a real server, and browsers that look at its pages."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
import requests
from flask import Flask
from playwright.sync_api import Browser, sync_playwright

from allocator.jobs import Runner, Runners
from allocator.store import Database, import_tables, schema
from allocator.store.callers import Caller, Role
from allocator.store.keys import make_key
from allocator.store.sessions import end, every_session
from api.app import create_app
from api.auth import COOKIE
from api.settings import Settings
from api.work import work
from tests.databases import an_empty
from tests.pages.person import WAYS, Person, Way
from tests.pages.visiting import Visitor
from tests.serving import served
from tools.pages import FLAGS, chromium_here
from tools.shop import NOW, session_of, small_queue

CHROMIUM = chromium_here()
RETRIES = 5


@dataclass
class Clock:
    """The service's clock, which stands still until a test lets time pass."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        """The moment that it is."""
        return self.now


@dataclass
class Shop:
    """A service behind a real server, with its store; what a page changed is read back by `get`."""

    database: Database
    home: str
    key: str
    clock: Clock
    app: Flask

    def call(self, method: str, path: str, **more: Any) -> Any:
        """The JSON that a call answers, made with an administrator's key; asked again where all is busy."""
        headers = {"Authorization": f"Bearer {self.key}", **more.pop("headers", {})}
        for _ in range(RETRIES):
            answer = requests.request(method, self.home + path, headers=headers, timeout=60, **more)
            if answer.status_code != 503:
                break
            time.sleep(float(answer.headers["Retry-After"]))
        assert answer.ok, answer.text
        return answer.json()

    def get(self, path: str) -> Any:
        """The JSON that is at a path."""
        return self.call("GET", path)

    def visitor(self, role: Role, *areas: str, reviewer_id: str | None = None) -> Visitor:
        """Somebody of a role who has signed in, without a browser."""
        return Visitor(
            self.app, session_of(self.database, Caller(f"visitor-{role}", role, areas, reviewer_id))
        )


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A browser; where there is none its tests are skipped, and fail where CI is."""
    if CHROMIUM is None:
        line = "no chromium here: on Debian `apt install chromium`, elsewhere set CHROMIUM to its path"
        if os.environ.get("CI") == "true":
            pytest.fail(line)
        pytest.skip(line)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield browser
        browser.close()


def filled(database: Database, tables: dict[str, Any]) -> str:
    """The key of an administrator of a store that has these tables now."""
    schema.upgrade(database)
    with database.write("test", lambda: NOW) as tx:
        import_tables(tx, tables, NOW.date())
        return make_key(tx, Role.ADMIN, ())[1]


def shop_of(
    folder: Path, tables: dict[str, Any] | None = None, runs: int = 1, settings: Settings | None = None
) -> Iterator[Shop]:
    """A service over a store of its own, with jobs run in this process, so many at once.

    Parameters
    ----------
    tables : what is in it; None: the small queue
    """
    chosen = settings or Settings()
    with an_empty("sqlite", folder) as database:
        key = filled(database, small_queue() if tables is None else tables)
        clock = Clock()
        runners = Runners([Runner(database, clock, do=work).run_one] * runs)
        with patch("api.app.warm_up"):
            app = create_app(chosen, clock, database, runners.wake)
            app.extensions["readiness"].finish(10)
        with runners, served(app, chosen) as (host, port):
            yield Shop(database, f"http://{host}:{port}", key, clock, app)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """A service of this test's own."""
    yield from shop_of(tmp_path)


@pytest.fixture(scope="module")
def shared_shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """A service that the tests of a module share, and only look at."""
    yield from shop_of(tmp_path_factory.mktemp("store"))


@pytest.fixture(params=[pytest.param(one, marks=[pytest.mark.thorough] * (one != "mouse")) for one in WAYS])
def way(request: pytest.FixtureRequest) -> Way:
    """How somebody uses a browser."""
    found: Way = request.param
    return found


Comer = Callable[..., Person]


@pytest.fixture
def comes(chromium: Browser, way: Way) -> Iterator[Comer]:
    """Lets somebody of a role come in, who has signed in: `comes(shop, Role.COORDINATOR, "QAA")`."""
    contexts = []

    def come(
        shop: Shop, role: Role | None, *areas: str, reviewer_id: str | None = None, who: str = "test"
    ) -> Person:
        context = chromium.new_context(java_script_enabled=way != "no-scripts")
        contexts.append(context)
        if role is not None:
            context.add_cookies([{"name": COOKIE, "value": session_of(shop.database, Caller(
                f"{who}-{role}", role, areas, reviewer_id)), "url": shop.home}])  # fmt: skip
        return Person(context, shop.home, way)

    yield come
    for context in contexts:
        context.close()


def end_sessions(shop: Shop) -> None:
    """Nothing; whoever has signed in is signed out, as when their time is over."""
    with shop.database.write("test", lambda: NOW) as tx:
        for one in every_session(tx.connection, NOW):
            end(tx, one.session_id)
