"""`allocator webhook`: made, listed, turned and ended; what is dead is seen and sent again."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from allocator.jobs import Sender
from allocator.store import Database, events, schema
from allocator.store.events import Kind, News
from allocator.store.sending import Outcome, Patience
from api import clock
from api.cli import main
from tests.api.cli.test_store import run

URL = "https://cases.example/events"


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Database:
    """A store with nothing in it, which commands find by the environment."""
    url = f"sqlite:///{tmp_path / 'store.db'}"
    monkeypatch.setenv("DATABASE_URL", url)
    database = Database(url)
    schema.upgrade(database)
    return database


def sent(store: Database, minutes: int, status: int) -> int:
    """How many messages were sent at a moment, each answered with a status."""
    moment, done = clock.now() + timedelta(minutes=minutes), 0
    outcome = Outcome(status, None if status == 200 else f"answered-{status}")
    while Sender(store, lambda: moment, lambda letter: outcome, Patience(attempts=1)).run_one():
        done += 1
    return done


def test_a_webhook_from_its_making_to_its_end(store: Database, capsys: pytest.CaptureFixture[str]) -> None:
    """Its secret is shown when it is made and when it is turned, and never again."""
    code, made = run(capsys, "webhook", "make", URL, "--type", str(Kind.MOVED))
    assert (code, made["areas"], made["types"]) == (0, [], [Kind.MOVED])
    name, secret = made["webhook"], made["secret"]
    assert main(["webhook", "list"]) == 0
    assert main(["webhook", "rotate", name]) == 0
    printed = capsys.readouterr().out
    assert URL in printed
    assert "whsec_" in printed
    assert secret not in printed
    with store.write("test", clock.now) as tx:
        events.tell(tx, [News(Kind.MOVED, "C1", {}, [None]), News(Kind.MERGED, "C1", {}, [None])])
    assert sent(store, 1, 500) == 1
    code, dead = run(capsys, "webhook", "deliveries", name)
    assert [(one["subject"], one["problem"]) for one in dead] == [("C1", "answered-500")]
    assert main(["webhook", "deliveries", name]) == 0
    assert main(["webhook", "replay", name]) == 0
    assert sent(store, 2, 200) == 1
    assert main(["webhook", "replay", name, "--delivery", "1"]) == 0
    assert main(["webhook", "replay", name, "--delivery", "2"]) == 2
    assert sent(store, 3, 200) == 1
    assert main(["webhook", "end", name]) == 0
    assert main(["webhook", "end", name]) == 2
    capsys.readouterr()
    assert run(capsys, "webhook", "list") == (0, [])


@pytest.mark.parametrize("words", [
    ("https://127.0.0.1/",), ("http://cases.example/",), (URL, "--area", "QZZ"), (URL, "--type", "none"),
])  # fmt: skip
def test_what_cannot_be_sent_is_told(
    store: Database, words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    """And nothing is made."""
    assert main(["webhook", "make", *words]) == 2
    capsys.readouterr()
    assert run(capsys, "webhook", "list") == (0, [])
