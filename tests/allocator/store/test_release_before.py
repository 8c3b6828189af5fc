"""A store that the release before has written: upgraded, gone back and upgraded again, nothing of it is lost.

`tests/data/store-0012.gz` was written by that release's own `allocator backup`, of a store that its server
had worked with; see tests/data/README.md. What is tried here needs no earlier program.
"""

from __future__ import annotations

import gzip
import json
from collections import defaultdict
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

import pytest

from allocator.jobs import Sender
from allocator.store import Database, chain, events, holdings, import_tables, queue, schema
from allocator.store.backup import backup, restore
from allocator.store.chain import Head
from allocator.store.downgrading import downgrade
from allocator.store.events import Wanted
from allocator.store.sending import Letter, Outcome
from tests.allocator.store.test_backup import content

FILE: Final = Path(__file__).parents[2] / "data" / "store-0012.gz"
REVISION: Final = "0012"
DAY: Final = date(2026, 12, 1)
NOW: Final = datetime(2026, 12, 1, 9, tzinfo=UTC)
EVENTS: Final = 78
CORRECTED: Final = {"case_id": "N-3", "area": "Q02", "notified_on": "2026-11-12", "review_type": "focused"}
Rows = dict[str, list[dict[str, Any]]]


def told(file: Path) -> tuple[dict[str, Any], Rows]:
    """The head of a backup, and its rows by table, with moments in one way of writing."""
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        head, *rest = [json.loads(line) for line in lines]
    found: Rows = defaultdict(list)
    for one in rest[:-1]:
        found[one["table"]].append({name: _plain(value) for name, value in one["row"].items()})
    return head, {name: sorted(rows, key=str) for name, rows in found.items()}


def _plain(value: Any) -> Any:
    """A moment in UTC where it is one: one of the two databases has no zones."""
    if isinstance(value, str) and "T" in value:
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            return value
        return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
    return value


@pytest.fixture
def database(empty: Database) -> Database:
    """The store of the release before, as this program has it."""
    assert restore(empty, FILE).revision == REVISION
    return empty


def test_it_was_written_by_the_release_before() -> None:
    """With some of everything that there was: plans, publications, events on their way, orders, sources."""
    head, rows = told(FILE)
    assert head["revision"] == REVISION
    assert REVISION in schema.revisions()[:-1]
    some = ("plans", "plan_lines", "publications", "holdings", "events", "deliveries", "webhooks", "sources")
    more = ("standing_orders", "consents", "keys", "jobs", "risks", "checks", "duties", "versions")
    assert [name for name in (*some, *more) if not rows.get(name)] == []
    assert len(rows["events"]) == EVENTS
    assert {one["state"] for one in rows["deliveries"]} == {"waiting"}


def test_upgrading_loses_nothing_and_going_back_gives_the_same_store(
    database: Database, tmp_path: Path
) -> None:
    """Every row of every table as it was written, at its own revision again; and up once more."""
    head, rows = told(FILE)
    upgraded = content(database)
    assert schema.differences(database) == []
    backup(database, tmp_path / "upgraded.gz", NOW)
    assert downgrade(database, REVISION) == ()
    backup(database, tmp_path / "back.gz", NOW)
    for name in ("upgraded.gz", "back.gz"):
        new_head, new_rows = told(tmp_path / name)
        assert new_head["head"] == head["head"]
        assert {table: new_rows[table] for table in rows if table != "checks"} == {
            table: some for table, some in rows.items() if table != "checks"
        }
    assert new_head["revision"] == REVISION
    assert new_rows.keys() == rows.keys()
    schema.upgrade(database)
    assert schema.differences(database) == []
    assert content(database) == upgraded


def test_the_queue_and_who_has_what_are_the_same_before_and_after(database: Database) -> None:
    """As this program reads them; and the audit is sound to the head that was noted."""
    seen = []
    for _ in range(2):
        with database.read() as connection:
            assert list(chain.verify(connection, Head.of(told(FILE)[0]["head"]))) == []
            seen.append((queue(connection, DAY), holdings.current(connection), events.newest(connection)))
        downgrade(database, REVISION)
    assert seen[0] == seen[1]
    found, held, newest = seen[0]
    assert (len(found.snapshot.cases), len(held), newest) == (36, 13, EVENTS)


def test_events_go_on_after_the_last_one_and_what_waited_is_sent(database: Database) -> None:
    """To the webhook that the release before had: each once, of each case in order, with its own secret."""
    with database.write("test", lambda: NOW) as tx:
        import_tables(tx, {"cases": [{**CORRECTED, "source_version": 9}]}, DAY)
    with database.read() as connection:
        every = [one.number for one in events.after(connection, 0, Wanted(), 9_999).events]
    assert every[:EVENTS] == list(range(1, EVENTS + 1))
    assert len(every) > EVENTS
    came: list[Letter] = []

    def take(letter: Letter) -> Outcome:
        came.append(letter)
        return Outcome(204)

    sender = Sender(database, lambda: NOW, take)
    while sender.run_one():
        pass
    numbers: dict[str, list[int]] = defaultdict(list)
    for one in came:
        numbers[one.event.subject].append(one.event.number)
    assert sorted(one.event.number for one in came) == every
    assert all(some == sorted(some) for some in numbers.values())
    assert {tuple(one.secrets) for one in came} == {(told(FILE)[1]["webhooks"][0]["secret"],)}
