"""Several processes at once: of each case one gets the lead, no change is lost, and the chain holds."""

from __future__ import annotations

import multiprocessing
from collections.abc import Sequence
from datetime import UTC, datetime
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier

from allocator.errors import Conflict
from allocator.store import Database, cases, chain, holdings, records
from tests.allocator.store.build import DAY, at, case, fill

CASES = [f"C{number}" for number in range(40)]
SPAWN = multiprocessing.get_context("spawn")
Won = tuple[str, list[str]]


def take(url: str, reviewer_id: str, start: Barrier, won: Queue[Won]) -> None:
    """Give every case to one reviewer, in a process of its own; tell which were not taken before."""
    database = Database(url)
    start.wait()
    mine = []
    for case_id in CASES:
        try:
            with database.write(f"key:{reviewer_id}", datetime.now(UTC)) as tx:
                cases.give(tx, case_id, "lead", reviewer_id, DAY)
            mine.append(case_id)
        except Conflict:
            continue
    won.put((reviewer_id, mine))


def at_once(url: str, reviewers: Sequence[str]) -> dict[str, list[str]]:
    """By reviewer which cases they got."""
    start, won = SPAWN.Barrier(len(reviewers)), SPAWN.Queue()
    each = [SPAWN.Process(target=take, args=(url, one, start, won)) for one in reviewers]
    for one in each:
        one.start()
    found = dict(won.get(timeout=60) for _ in each)
    for one in each:
        one.join()
    return found


def test_of_several_at_once_one_gets_each_case(database: Database) -> None:
    """The others are told, and everything that was done has its line."""
    fill(database, *(case(case_id) for case_id in CASES))
    with database.read() as connection:
        before = chain.count(connection)
    found = at_once(database.engine.url.render_as_string(hide_password=False), ["R1", "R2", "R3"])
    assert sorted(case_id for theirs in found.values() for case_id in theirs) == sorted(CASES)
    with database.read() as connection:
        held = {case_id: one.reviewer_id for (case_id, _), one in holdings.current(connection).items()}
        assert {one.version for one in records.every(connection, "cases")} == {2}
        assert chain.count(connection) == before + 2 * len(CASES)
        assert list(chain.verify(connection)) == []
    assert held == {case_id: who for who, theirs in found.items() for case_id in theirs}


def test_who_reads_sees_one_moment(database: Database) -> None:
    """What is written meanwhile is not in it."""
    fill(database, case())
    with database.read() as connection:
        before = records.every(connection, "cases")
        with at(database) as tx:
            cases.give(tx, "C1", "lead", "R1", DAY)
        assert records.every(connection, "cases") == before
        assert holdings.current(connection) == {}
    with database.read() as connection:
        assert set(holdings.current(connection)) == {("C1", "lead")}
