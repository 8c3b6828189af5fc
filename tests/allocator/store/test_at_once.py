"""Several processes at once: of each case one gets the lead, no change is lost, and the chain holds."""

from __future__ import annotations

import multiprocessing
from collections.abc import Sequence
from datetime import UTC, datetime
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier

import pytest

from allocator.errors import Conflict
from allocator.store import Database, Tx, cases, chain, holdings, import_tables, records
from allocator.store.holdings import Holding
from allocator.store.lines import approve
from allocator.store.publishing import publish
from tests.allocator.store.build import DAY, NOW, at, by_hand, case, fill

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
            with database.write(f"key:{reviewer_id}", lambda: datetime.now(UTC)) as tx:
                cases.give(tx, Holding(case_id, "lead", reviewer_id, DAY, tx.at))
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


def into_the_last_hours(url: str, numbers: Sequence[int], start: Barrier, won: Queue[Won]) -> None:
    """Publish plans in a process of its own, each once the other is ready too; tell what came of each."""
    database, told = Database(url), []
    for number in numbers:
        start.wait()
        try:
            with database.write(f"key:{number}", lambda: NOW) as tx:
                publish(tx, number, DAY)
            told.append("published")
        except Conflict as refused:
            told.append(refused.code)
    won.put((str(numbers[0]), told))


def proposed(tx: Tx, case_id: str, reviewer_id: str) -> int:
    """The number of a plan that gives a case to a reviewer, approved."""
    number = by_hand(tx, (case_id, "lead", reviewer_id))
    approve(tx, number)
    return number


@pytest.mark.parametrize("rounds", [20, pytest.param(200, marks=pytest.mark.slow)])
def test_of_two_that_publish_into_the_last_hours_one_does(database: Database, rounds: int) -> None:
    """The other is told what has changed, and no reviewer is beyond their hours."""
    few = [{"reviewer_id": f"F{at}", "areas": ["QAA"], "hours_per_week": 2} for at in range(rounds)]
    fill(database, *(case(f"{side}{at}") for side in "AB" for at in range(rounds)))
    with at(database) as tx:
        import_tables(tx, {"reviewers": few}, DAY)
        numbers = [[proposed(tx, f"{side}{at}", f"F{at}") for at in range(rounds)] for side in "AB"]
    url = database.engine.url.render_as_string(hide_password=False)
    start, won = SPAWN.Barrier(2), SPAWN.Queue()
    each = [SPAWN.Process(target=into_the_last_hours, args=(url, one, start, won)) for one in numbers]
    for one in each:
        one.start()
    told = [won.get(timeout=600)[1] for _ in each]
    for one in each:
        one.join()
    assert [sorted(pair) for pair in zip(*told, strict=True)] == [["published", "stale"]] * rounds
    with database.read() as connection:
        held = holdings.current(connection)
        assert sorted(one.reviewer_id for one in held.values()) == sorted(one["reviewer_id"] for one in few)
        assert list(chain.verify(connection)) == []


def test_who_reads_sees_one_moment(database: Database) -> None:
    """What is written meanwhile is not in it."""
    fill(database, case())
    with database.read() as connection:
        before = records.every(connection, "cases")
        with at(database) as tx:
            cases.give(tx, Holding("C1", "lead", "R1", DAY, tx.at))
        assert records.every(connection, "cases") == before
        assert holdings.current(connection) == {}
    with database.read() as connection:
        assert set(holdings.current(connection)) == {("C1", "lead")}
