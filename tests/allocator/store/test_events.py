"""Events: each change is told in its own transaction, in order, and who reads on misses nothing."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from allocator.errors import Conflict
from allocator.store import (
    Database,
    State,
    Tx,
    cases,
    events,
    holdings,
    import_tables,
    jobs,
    leasing,
    merging,
)
from allocator.store.answering import Why, accept, decline
from allocator.store.events import Kind, News, Wanted
from allocator.store.holdings import Holding
from allocator.store.jobs import Wish
from allocator.store.lines import approve
from allocator.store.publishing import publish, undo
from tests.allocator.store.build import DAY, LATER, NOW, at, by_hand, case, fill

LED = {"reviewer_id": "R1", "allocated_on": "2026-10-01"}


def told(database: Database, number: int = 0, **wanted: Any) -> list[tuple[str, str, dict[str, Any]]]:
    """What was told after a number: of what, whom, and what else."""
    with database.read() as connection:
        page = events.after(connection, number, Wanted(**wanted), 1_000)
    assert not page.more
    return [(one.kind.removeprefix("allocator."), one.subject, dict(one.data)) for one in page.events]


def test_each_step_of_a_case_is_told_in_order(database: Database) -> None:
    """From the proposal to the end of its review."""
    fill(database, case("C1"))
    with at(database, LATER) as tx:
        number = by_hand(tx, ("C1", "lead", "R1"))
        approve(tx, number)
        publication = publish(tx, number, DAY).publication
    with at(database, LATER) as tx:
        undo(tx, publication, DAY)
        cases.give(tx, Holding("C1", "lead", "R1", DAY, tx.at))
        accept(tx, "C1", "lead", "R1")
        import_tables(tx, {"cases": [case("C1", priority=2)]}, DAY)
        import_tables(tx, {"cases": [case("C1", priority=2, review_type="focused", source_version=4)]}, DAY)
        decline(tx, ("C1", "lead"), "R1", Why("other"), DAY)
        cases.move(tx, "C1", State.CLOSED)
    one = {"role": "lead", "reviewer_id": "R1"}
    assert told(database) == [
        ("allocation.proposed", "C1", {"plan": 1, **one}),
        ("allocation.published", "C1", {"publication": 1, **one}),
        ("allocation.withdrawn", "C1", {"why": "undone", **one}),
        ("allocation.recorded", "C1", one),
        ("allocation.accepted", "C1", one),
        ("case.corrected", "C1", {"fields": ["priority"]}),
        ("case.retyped", "C1", {"fields": ["review_type"], "source_version": 4}),
        ("allocation.declined", "C1", one),
        ("case.moved", "C1", {"state": "closed_without_review"}),
    ]


def test_what_is_taken_back_moved_or_merged_is_told_with_why(database: Database) -> None:
    """So that who mirrors who has what needs nothing else; a duplicate's other id is named to nobody."""
    fill(database, case("C1", **LED), case("C2", **LED), case("C3"), case("C4", area="QBB"))
    assert [kind for kind, *_ in told(database)] == ["allocation.recorded"] * 2
    with at(database, LATER) as tx:
        cases.take_back(tx, "C1", "lead", "workload")
        interest = {"reviewer_id": "R1", "kind": "personal", "organisation": "RYY"}
        import_tables(tx, {"interests": [interest]}, DAY)
        merging.merge(tx, "C3", "C4")
        merging.unmerge(tx, "C3")
    one = {"role": "lead", "reviewer_id": "R1"}
    assert told(database, 2) == [
        ("allocation.withdrawn", "C1", {"why": "workload", **one}),
        ("allocation.withdrawn", "C2", {"why": "conflict", **one}),
        ("case.merged", "C3", {}),
        ("case.parted", "C3", {}),
    ]


def test_a_plan_that_failed_is_told_to_each_of_its_areas(database: Database) -> None:
    """Not what was stopped on purpose, or was no plan of the queue."""
    fill(database)
    with at(database, LATER) as tx:
        ids = [
            jobs.submit(tx, Wish("key:one", areas, options, sent)).job_id
            for areas, options, sent in (
                (("QAA", "QBB"), {}, None), ((), {}, None), ((), {"kind": "scenario"}, None), ((), {}, b"{}"),
            )
        ]  # fmt: skip
        jobs.stop(tx, jobs.submit(tx, Wish("key:one", (), {})).job_id)
        while (job := leasing.claim(tx)) is not None:
            leasing.finish(tx, job, problem={"code": "no-plan", "detail": "none"})
    with database.read() as connection:
        found = events.after(connection, 0, Wanted(), 99).events
    assert {(one.subject, one.area, one.kind) for one in found} == {
        (ids[0], "QAA", Kind.FAILED), (ids[0], "QBB", Kind.FAILED), (ids[1], None, Kind.FAILED),
    }  # fmt: skip
    assert told(database, areas=["QBB"]) == [("plan.failed", ids[0], {"job": ids[0], "code": "no-plan"})]


def test_a_change_that_fails_is_told_to_nobody(database: Database) -> None:
    """What it had done by then is undone, its events too; the next ones have the next numbers."""
    fill(database, case("C1", **LED))
    with pytest.raises(Conflict), at(database, LATER) as tx:
        _twice(tx)
    assert len(told(database)) == 1
    with at(database, LATER) as tx:
        cases.take_back(tx, "C1", "lead", "error")
    with database.read() as connection:
        found = events.after(connection, 0, Wanted(), 99).events
        assert [one.number for one in found] == [1, 2]
        assert [cases.found_case(connection, "C1").state, found[1].data["why"]] == ["notified", "error"]
        assert len({one.event_id for one in found}) == 2


def _twice(tx: Tx) -> None:
    cases.take_back(tx, "C1", "lead", "workload")
    cases.take_back(tx, "C1", "lead", "workload")


def test_a_case_that_goes_to_another_area_is_told_of_in_both(database: Database) -> None:
    """By the same words, which name neither; what it was told of before stays where it was."""
    fill(database, case("C1", **LED))
    with at(database, LATER) as tx:
        import_tables(tx, {"cases": [case("C1", area="QBB")]}, DAY)
        cases.take_back(tx, "C1", "lead", "error")
    both = ("case.corrected", "C1", {"fields": ["area"]})
    assert [kind for kind, *_ in told(database, areas=["QAA"])] == ["allocation.recorded", both[0]]
    assert told(database, areas=["QBB"])[0] == both
    assert [kind for kind, *_ in told(database, areas=["QBB"])] == [both[0], "allocation.withdrawn"]


def test_who_reads_on_gets_each_once(database: Database) -> None:
    """Whatever the size of a page; of what is asked for, and as far as all that is there."""
    fill(database, *(case(f"C{number}", area="QAA" if number % 2 else "QBB", **LED) for number in range(20)))
    for limit in (1, 3, 7, 10, 99):
        found, number, more = list[str](), 0, True
        while more:
            with database.read() as connection:
                page = events.after(connection, number, Wanted(areas=["QAA"]), limit)
            found += [one.subject for one in page.events]
            number, more = page.next, page.more
        assert (sorted(found), number) == (sorted(f"C{one}" for one in range(1, 20, 2)), 20)
    assert told(database, subject="C4") == [
        ("allocation.recorded", "C4", {"role": "lead", "reviewer_id": "R1"})
    ]
    assert told(database, kinds=[Kind.MOVED]) == []


def test_events_are_deleted_after_ninety_days_but_for_the_newest(database: Database) -> None:
    """Who has not read on until then is told, and who is ahead of the store; no number is given twice."""
    fill(database, *(case(f"C{number}", **LED) for number in range(3)))
    with at(database, NOW + timedelta(days=80)) as tx:
        events.tell(tx, [News(Kind.MOVED, "C1", {"state": "in_review"})] * 2)
    with at(database, NOW + timedelta(days=91)) as tx:
        assert events.forget_before(tx, tx.at - events.KEPT) == 3
    assert len(told(database)) == len(told(database, 3)) == 2
    for number, code in ((2, "cursor-gone"), (6, "cursor-ahead")):
        with pytest.raises(Conflict) as refused:
            told(database, number)
        assert refused.value.code == code
    with at(database, NOW + timedelta(days=900)) as tx:
        assert events.forget_before(tx, tx.at - events.KEPT) == 1
        events.tell(tx, [News(Kind.MOVED, "C1", {"state": "in_review"})])
        assert events.newest(tx.connection) == 6
    assert told(database, 5) == [("case.moved", "C1", {"state": "in_review"})]


def writes(url: str, name: str, start: threading.Barrier, count: int) -> None:
    """Tell of something in many transactions, over connections of its own."""
    database = Database(url)
    start.wait()
    for number in range(count):
        with database.write("test", lambda: datetime.now(UTC)) as tx:
            events.tell(tx, [News(Kind.MOVED, f"{name}{number}", {}, [None])] * 2)
    database.close()


def test_who_reads_while_several_write_misses_nothing(database: Database) -> None:
    """Each writer's events come in its order, and none comes before a number that was read past."""
    count, names = 25, "ABC"
    url = database.engine.url.render_as_string(hide_password=False)
    start = threading.Barrier(len(names) + 1)
    each = [threading.Thread(target=writes, args=(url, name, start, count)) for name in names]
    for one in each:
        one.start()
    start.wait()
    found, number = list[str](), 0
    until = datetime.now(UTC) + timedelta(seconds=60)
    while len(found) < 2 * count * len(names) and datetime.now(UTC) < until:
        with database.read() as connection:
            page = events.after(connection, number, Wanted(), 7)
        found += [one.subject for one in page.events]
        number = page.next
    for one in each:
        one.join()
    assert len(found) == number == 2 * count * len(names)
    for name in names:
        assert [one for one in found if one[0] == name] == [
            f"{name}{at // 2}" for at in range(2 * count)
        ]  # fmt: skip


def test_a_sources_own_word_is_told_with_its_version(database: Database) -> None:
    """So that it knows its own; what it gave and takes back is withdrawn, a case that it ends is moved."""
    fill(database, case("C1", source_version=1, **LED))
    with at(database, LATER) as tx:
        import_tables(tx, {"cases": [case("C1", source_version=2, priority=1)]}, DAY)
        import_tables(tx, {"cases": [case("C1", source_version=3, priority=1, state="completed")]}, DAY)
    assert told(database, 1) == [
        ("allocation.withdrawn", "C1", {"role": "lead", "reviewer_id": "R1", "why": "source"}),
        ("case.corrected", "C1", {"fields": ["priority"], "source_version": 2}),
        ("case.moved", "C1", {"state": "completed"}),
    ]
    with database.read() as connection:
        assert holdings.current(connection) == {}
