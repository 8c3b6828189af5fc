"""Jobs as rows: whose turn it is, who has which on a lease, and how each ends."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest

from allocator.errors import Conflict, Unknown
from allocator.store import Database, jobs, leasing
from allocator.store.chain import verify
from allocator.store.jobs import Job, JobState, Wish
from allocator.store.leasing import LEASE_SECONDS, MOST_ATTEMPTS
from allocator.store.retention import forget
from tests.allocator.store.build import NOW, at, by_hand, case, fill


def submitted(database: Database, *areas: str, moment: datetime = NOW, sent: bytes | None = None) -> Job:
    """A job of some areas."""
    with at(database, moment) as tx:
        return jobs.submit(tx, Wish("key:one", areas, {"seed": 3}, sent))


def claimed(database: Database, moment: datetime = NOW) -> Job | None:
    """The next job, on a lease."""
    with at(database, moment) as tx:
        return leasing.claim(tx)


def after(seconds: float) -> datetime:
    """A later moment."""
    return NOW + timedelta(seconds=seconds)


def test_a_job_is_begun_by_one_and_ends_with_its_plan(database: Database) -> None:
    """Nobody else gets it while it runs or afterwards; the audit knows who asked and how it ended."""
    fill(database, case())
    waits = submitted(database, "QAA")
    job = claimed(database)
    assert job is not None
    assert (job.job_id, job.state, job.attempt) == (waits.job_id, JobState.RUNNING, 1)
    assert claimed(database) is None
    with at(database) as tx:
        plan = by_hand(tx, ("C1", "lead", "R1"))
        leasing.finish(tx, job, plan)
        assert jobs.counts(tx.connection) == {"done": 1}
        assert list(verify(tx.connection)) == []
    assert claimed(database, after(60)) is None
    with database.read() as connection:
        assert jobs.found_job(connection, job.job_id).plan == plan


def test_areas_take_turns(database: Database) -> None:
    """One area asks for three plans before another asks for one: that one is second."""
    mine = [submitted(database, "QAA", moment=after(at)).job_id for at in range(3)]
    theirs = submitted(database, "QBB", moment=after(9)).job_id
    order = []
    for turn in range(4):
        job = claimed(database, after(10 + turn))
        assert job is not None
        order.append(job.job_id)
        with at(database, after(10 + turn)) as tx:
            leasing.finish(tx, job)
    assert order == [mine[0], theirs, mine[1], mine[2]]


def test_an_area_whose_job_runs_waits_behind_one_whose_does_not(database: Database) -> None:
    """Whatever began first."""
    submitted(database, "QBB")
    other = claimed(database)
    again, first = submitted(database, "QBB", moment=after(1)), submitted(database, "QAA", moment=after(2))
    second, third = claimed(database, after(3)), claimed(database, after(3))
    assert other is not None
    assert second is not None
    assert third is not None
    assert [second.job_id, third.job_id] == [first.job_id, again.job_id]


def test_what_a_dead_runner_had_is_begun_once_more_and_its_own_result_is_refused(database: Database) -> None:
    """Its lease has run out; the second to have it ends it."""
    submitted(database)
    dead = claimed(database)
    assert dead is not None
    assert claimed(database, after(LEASE_SECONDS)) is None
    again = claimed(database, after(LEASE_SECONDS + 1))
    assert again is not None
    assert (again.job_id, again.attempt) == (dead.job_id, 2)
    with pytest.raises(Conflict) as refused, at(database, after(LEASE_SECONDS + 2)) as tx:
        leasing.finish(tx, dead)
    assert refused.value.code == "lease-lost"
    with at(database, after(LEASE_SECONDS + 2)) as tx:
        leasing.finish(tx, again)


def test_a_clock_that_is_set_back_keeps_nobody_waiting(database: Database) -> None:
    """Two hours back: whoever works on renews the lease, and what a dead runner had is begun once more."""
    submitted(database)
    first = claimed(database, after(7200))
    assert first is not None
    with at(database, after(0)) as tx:
        leasing.renew(tx, first, None)
    assert claimed(database, after(1)) is None
    again = claimed(database, after(LEASE_SECONDS + 1))
    assert again is not None
    assert again.job_id == first.job_id
    other = claimed(database, after(-7200))
    assert other is not None
    assert other.attempt == 3
    with pytest.raises(Conflict), at(database, after(-7199)) as tx:
        leasing.finish(tx, again)
    with at(database, after(-7199)) as tx:
        leasing.finish(tx, other)


def test_a_result_after_the_lease_has_run_out_is_refused_though_nobody_has_it_yet(database: Database) -> None:
    """One second in time it is taken, one second late it is not."""
    for seconds, taken in ((LEASE_SECONDS - 1, True), (LEASE_SECONDS + 1, False)):
        submitted(database)
        job = claimed(database)
        assert job is not None
        if taken:
            with at(database, after(seconds)) as tx:
                leasing.finish(tx, job)
        else:
            with pytest.raises(Conflict), at(database, after(seconds + 60)) as tx:
                leasing.finish(tx, job)


def test_a_lease_that_is_renewed_lasts(database: Database) -> None:
    """And whoever renews it hears that somebody wants it to stop."""
    waits = submitted(database)
    job = claimed(database)
    assert job is not None
    with at(database, after(10)) as tx:
        assert not leasing.renew(tx, job, {"seconds": 1.0})
        jobs.stop(tx, waits.job_id)
        assert leasing.renew(tx, job, None)
    assert claimed(database, after(LEASE_SECONDS + 5)) is None
    with database.read() as connection:
        now = jobs.found_job(connection, job.job_id)
    assert now.asked_to_stop
    assert now.progress == {"seconds": 1.0}


def test_what_dies_every_time_is_failed(database: Database) -> None:
    """It is not begun for ever."""
    waits, moment = submitted(database), NOW
    for _ in range(MOST_ATTEMPTS):
        assert claimed(database, moment) is not None
        moment += timedelta(seconds=LEASE_SECONDS + 1)
    assert claimed(database, moment) is None
    with database.read() as connection:
        job = jobs.found_job(connection, waits.job_id)
    assert job.state is JobState.FAILED
    assert job.problem is not None
    assert job.problem["code"] == "killed"


def test_what_is_given_back_is_the_next_one_s(database: Database) -> None:
    """A runner that ends loses nothing."""
    submitted(database)
    job = claimed(database)
    assert job is not None
    with at(database) as tx:
        leasing.give_back(tx, job)
    again = claimed(database)
    assert again is not None
    assert again.job_id == job.job_id
    with pytest.raises(Conflict), at(database) as tx:
        leasing.give_back(tx, job)


def test_what_waits_is_stopped_at_once(database: Database) -> None:
    """Nobody begins it; stopping it again changes nothing."""
    waits = submitted(database)
    with at(database) as tx:
        first, second = jobs.stop(tx, waits.job_id), jobs.stop(tx, waits.job_id)
    assert first == second
    assert first.state is JobState.FAILED
    assert claimed(database) is None
    with pytest.raises(Unknown), at(database) as tx:
        jobs.stop(tx, "none")


def test_a_snapshot_that_was_sent_is_gone_once_it_is_planned(database: Database) -> None:
    """Its answer is kept in its place."""
    submitted(database, sent=b'{"cases": []}')
    job = claimed(database)
    assert job is not None
    assert job.wish.snapshot == b'{"cases": []}'
    with at(database) as tx:
        leasing.finish(tx, job, answer=b"{}")
        assert jobs.found_job(tx.connection, job.job_id).wish.snapshot is None
        assert jobs.answer_of(tx.connection, job.job_id) == b"{}"


def test_what_came_of_a_job_goes_with_the_cases_of_its_time(database: Database) -> None:
    """Its answer and its faults; that it was there stays."""
    submitted(database, sent=b"{}")
    job = claimed(database)
    assert job is not None
    with at(database) as tx:
        leasing.finish(tx, job, answer=b"{}")
    with at(database, after(9)) as tx:
        forget(tx, NOW)
        assert jobs.answer_of(tx.connection, job.job_id) == b"{}"
        forget(tx, after(1))
        assert jobs.answer_of(tx.connection, job.job_id) is None
        assert jobs.found_job(tx.connection, job.job_id).state is JobState.DONE


def test_two_runners_never_have_the_same_job(database: Database) -> None:
    """Eight threads take twenty jobs: each is had once."""
    for _ in range(20):
        submitted(database)
    had: list[str] = []

    def run() -> None:
        while (job := claimed(database)) is not None:
            had.append(job.job_id)

    threads = [threading.Thread(target=run) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(had) == len(set(had)) == 20
