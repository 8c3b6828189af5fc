"""Runners: a job is planned in a child, which is stopped, limited and killed, and dies with its parent."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from allocator.audit import audit
from allocator.errors import Busy
from allocator.jobs import Runner, Runners
from allocator.jobs.child import GIVES_WAY, Child
from allocator.jobs.work import Task
from allocator.store import Database, jobs, leasing, queue, schema
from allocator.store.jobs import Job, JobState, Wish
from allocator.store.lines import lines_of, why_stale
from allocator.store.plans import documents
from tests.allocator.jobs import functions
from tests.allocator.store.build import DAY, NOW, at, case, fill
from tests.databases import KINDS, an_empty

EFFORT = {"effort": 1}


@pytest.fixture(params=KINDS)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A store of two areas with a case in each."""
    with an_empty(request.param, tmp_path) as found:
        schema.upgrade(found)
        fill(found, case("C1"), case("C2", area="QBB"))
        yield found


def submitted(database: Database, *areas: str, sent: Any = None, **options: Any) -> str:
    """The id of a job."""
    snapshot = None if sent is None else json.dumps(sent).encode()
    with at(database) as tx:
        return jobs.submit(tx, Wish("key:one", areas, options, snapshot)).job_id


def job(database: Database, job_id: str) -> Job:
    """A job as it is now."""
    with database.read() as connection:
        return jobs.found_job(connection, job_id)


def runner(database: Database, **more: Any) -> Runner:
    """A runner whose clock stands still."""
    return Runner(database, lambda: NOW, **more)


def waited(ready: Callable[[], bool], seconds: float = 20.0) -> None:
    """Nothing, once it is so."""
    until = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < until
        time.sleep(0.02)


def is_there(pid: int) -> bool:
    """Whether a process runs, and is not just waiting to be buried."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").split()[2] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_the_queue_that_is_kept_is_planned_and_its_lines_are_proposed(database: Database) -> None:
    """The plan is sound by the audit, of the whole queue."""
    job_id = submitted(database, **EFFORT)
    assert runner(database).run_one()
    done = job(database, job_id)
    assert done.state is JobState.DONE
    assert done.plan is not None
    with database.read() as connection:
        lines = lines_of(connection, done.plan)
        assert [one.case_id for one in lines] == ["C1", "C2"]
        assert audit(queue(connection, DAY).snapshot, *documents(connection, done.plan)) == []
    assert not runner(database).run_one()


def test_of_one_area_only_what_waits_there_is_planned(database: Database) -> None:
    """The other area's case is not in the plan at all."""
    job_id = submitted(database, "QBB", **EFFORT)
    runner(database).run_one()
    plan = job(database, job_id).plan
    assert plan is not None
    with database.read() as connection:
        assert [one.case_id for one in lines_of(connection, plan)] == ["C2"]
        assert "C1" not in json.dumps(documents(connection, plan)[0])


def test_what_changes_while_it_is_planned_makes_its_lines_stale(database: Database) -> None:
    """A plan rests on what its child read: C1 was notified on another day since, C2 was not."""
    job_id = submitted(database, **EFFORT)
    assert runner(database, do=functions.meddles).run_one()
    plan = job(database, job_id).plan
    assert plan is not None
    with database.read() as connection:
        old = why_stale(connection, lines_of(connection, plan))
    assert {case_id for case_id, _ in old} == {"C1"}


def test_a_plan_is_made_from_an_earlier_one(database: Database) -> None:
    """What still holds is kept, and the earlier plan is its parent."""
    first = submitted(database, **EFFORT)
    runner(database).run_one()
    previous = job(database, first).plan
    again = submitted(database, previous=previous, keep=True, **EFFORT)
    runner(database).run_one()
    done = job(database, again)
    assert done.plan is not None
    with database.read() as connection:
        before, after = (lines_of(connection, number) for number in (previous or 0, done.plan))
        assert [one.advised for one in before] == [one.advised for one in after]


def test_a_snapshot_that_is_sent_has_an_answer_and_no_lines(database: Database) -> None:
    """Nothing of it is in the store; with faults it has each of them."""
    plain = {"case_id": "X1", "area": "QXX", "notified_on": "2026-09-01", "review_type": "initial"}
    people = [{"reviewer_id": "X", "areas": ["QXX"], "hours_per_week": 9}]
    good = submitted(database, sent={"cases": [plain], "reviewers": people}, **EFFORT)
    bad = submitted(database, sent={"cases": [{"case_id": "X1"}], "reviewers": people}, **EFFORT)
    runner(database).run_one()
    runner(database).run_one()
    with database.read() as connection:
        answer = json.loads(jobs.answer_of(connection, good) or b"")
    assert [row["reviewer_id"] for row in answer["assignments"]] == ["X"]
    assert answer["certificate"]["plan_id"] == answer["plan_id"]
    failed = job(database, bad)
    assert failed.problem is not None
    assert failed.problem["code"] == "bad-input"
    assert len(failed.problem["errors"]) == 3


@pytest.mark.skipif(not hasattr(os, "nice"), reason="processes have no niceness here")
def test_a_plan_gives_way_to_whoever_calls(database: Database) -> None:
    """Its process is nicer than this one, which stays as it was."""
    before, job_id = os.nice(0), submitted(database)
    assert runner(database, do=functions.tells_how_nice).run_one()
    problem = job(database, job_id).problem
    assert problem is not None
    assert int(problem["detail"]) == min(19, before + GIVES_WAY)
    assert os.nice(0) == before


def test_a_child_that_dies_is_replaced_but_not_for_ever(database: Database) -> None:
    """Then the job has failed, and says why."""
    job_id, broken = submitted(database), runner(database, do=functions.dies)
    for _ in range(leasing.MOST_ATTEMPTS - 1):
        assert broken.run_one()
        assert job(database, job_id).state is JobState.QUEUED
    assert broken.run_one()
    failed = job(database, job_id)
    assert failed.state is JobState.FAILED
    assert failed.problem is not None
    assert failed.problem["code"] == "killed"
    assert not broken.run_one()


def test_a_child_that_takes_too_much_is_killed(database: Database) -> None:
    """At the limit, long before the machine is full."""
    job_id = submitted(database)
    runner(database, do=functions.eats, memory=400).run_one()
    problem = job(database, job_id).problem
    assert problem is not None
    assert problem["code"] == "out-of-memory"


@pytest.mark.parametrize("do", [functions.waits, functions.busy])
def test_a_runner_that_is_to_end_gives_back_what_it_has(
    database: Database, tmp_path: Path, do: Callable[..., Any]
) -> None:
    """Its child is gone, and the job waits for the next one."""
    job_id = submitted(database, folder=str(tmp_path))
    with Runners([runner(database, do=do).run_one]) as runners:
        runners.wake()
        waited(lambda: job(database, job_id).state is JobState.RUNNING)
        waited(lambda: bool(_pids(tmp_path)))
    assert job(database, job_id).state is JobState.QUEUED
    assert not any(is_there(pid) for pid in _pids(tmp_path))


def test_a_job_is_stopped_within_two_seconds(database: Database, tmp_path: Path) -> None:
    """Measured by whoever looks at it, not by us: here it has ended at all, well before its limit."""
    job_id = submitted(database, folder=str(tmp_path))
    with Runners([runner(database, do=functions.waits).run_one]):
        waited(lambda: bool(_pids(tmp_path)))
        with at(database) as tx:
            jobs.stop(tx, job_id)
        waited(lambda: job(database, job_id).state is JobState.FAILED)
    problem = job(database, job_id).problem
    assert problem is not None
    assert problem["code"] == "stopped"


def test_a_database_that_is_away_for_a_moment_costs_nothing(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was planned is kept once it is back."""
    job_id, plain, refused = submitted(database, **EFFORT), Database.write, [0]

    @contextmanager
    def write(self: Database, actor: str, *more: Any, **other: Any) -> Iterator[Any]:
        if actor == "key:one" and refused[0] < 3:
            refused[0] += 1
            raise Busy("another change is being written; send it again")
        with plain(self, actor, *more, **other) as tx:
            yield tx

    monkeypatch.setattr(Database, "write", write)
    assert runner(database).run_one()
    assert refused == [3]
    assert job(database, job_id).state is JobState.DONE


def test_what_goes_wrong_with_one_thing_keeps_nobody_waiting() -> None:
    """It is looked for what there is to do as before."""
    done: list[str] = []

    def breaks(_: Callable[[], bool]) -> bool:
        done.append("breaks")
        raise ValueError

    def works(_: Callable[[], bool]) -> bool:
        done.append("works")
        return False

    with Runners([breaks, works]) as runners:
        waited(lambda: not runners.wake() and done.count("breaks") > 2 and done.count("works") > 2)


def test_a_child_dies_with_its_parent(tmp_path: Path) -> None:
    """However its parent goes, and whatever it is busy with."""
    script = (
        "import sys, time\n"
        "from allocator.jobs.child import Child\n"
        "from tests.allocator.jobs import functions\n"
        "from tests.allocator.jobs.test_runner import task\n"
        "child = Child(task(sys.argv[1]), functions.busy)\n"
        "time.sleep(600)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", script, str(tmp_path)])
    try:
        waited(lambda: bool(_pids(tmp_path)))
        (child,) = _pids(tmp_path)
        os.kill(parent.pid, signal.SIGKILL)
        waited(lambda: not is_there(child))
    finally:
        parent.kill()
        parent.wait()


def test_the_news_of_a_child_is_told_as_it_comes(tmp_path: Path) -> None:
    """Before it has a result."""
    child = Child(task(str(tmp_path)), functions.waits)
    try:
        waited(lambda: child.wait(0.1) is None and child.progress is not None)
        assert child.progress == {"seconds": 0.5, "working_on": "unallocated", "levels": {}}
    finally:
        child.kill()


def task(folder: str) -> Task:
    """A task of no database."""
    return Task("", (), {"folder": folder}, None, 1, NOW)


def _pids(folder: Path) -> list[int]:
    return [int(one.name) for one in folder.iterdir() if one.name.isdigit()]
