"""`serve` and `worker` as processes: they end in good order, and what dies is done by another."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import update

from allocator.store import Database, jobs, schema, tables
from allocator.store.jobs import Job, JobState, Wish
from tests.allocator.store.build import NOW, case, fill
from tests.databases import KINDS, an_empty
from tests.processes import children

ROOT = Path(__file__).parents[3]
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="processes are killed as elsewhere")


@pytest.fixture(params=KINDS)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A store with a queue that takes seconds to plan."""
    with an_empty(request.param, tmp_path) as found:
        schema.upgrade(found)
        fill(found, *(case(f"C{at}") for at in range(40)))
        yield found


@contextmanager
def process(database: Database, *words: str) -> Iterator[subprocess.Popen[str]]:
    """A command over the database, once it says that it is there; it is gone afterwards."""
    url = database.engine.url.render_as_string(hide_password=False).replace("+psycopg", "")
    command = [sys.executable, "-m", "api.cli", *words, "--database", url]
    running = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        said = running.stdout if words[0] == "worker" else running.stderr
        assert said is not None
        assert said.readline()
        yield running
    finally:
        running.kill()
        running.communicate()


def submitted(database: Database, seconds: float) -> str:
    """The id of a job that takes so long."""
    with database.write("test", lambda: NOW) as tx:
        return jobs.submit(tx, Wish("key:one", (), {"time_limit": seconds})).job_id


def job(database: Database, job_id: str) -> Job:
    """A job as it is now."""
    with database.read() as connection:
        return jobs.found_job(connection, job_id)


def waited(ready: Callable[[], bool], seconds: float = 180.0) -> None:
    """Nothing, once it is so."""
    until = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < until
        time.sleep(0.05)


def expire_leases(database: Database) -> None:
    """Nothing; every lease is over, as it would be a quarter of a minute later."""
    with database.write("test", lambda: NOW) as tx:
        tx.connection.execute(update(tables.jobs).values(lease_until=LONG_AGO))


@pytest.mark.parametrize("words", [("worker",), ("serve", "--port", "0")])
def test_what_is_asked_to_end_gives_its_job_back(database: Database, words: tuple[str, ...]) -> None:
    """Exit 0, no child left, and the job waits for the next one."""
    job_id = submitted(database, 600)
    with process(database, *words) as running:
        waited(lambda: job(database, job_id).state is JobState.RUNNING)
        running.send_signal(signal.SIGTERM)
        running.communicate(timeout=60)
        assert running.returncode == 0
    assert job(database, job_id).state is JobState.QUEUED


@pytest.mark.parametrize("dies", ["worker", "child"])
def test_a_job_whose_maker_is_killed_ends_once(
    database: Database, dies: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`kill -9` of the worker, whose child then goes, or of the child: another attempt makes the one plan."""
    job_id = submitted(database, 2)
    with process(database, "worker") as running:
        waited(lambda: bool(children(running.pid)) and job(database, job_id).state is JobState.RUNNING)
        theirs = children(running.pid)
        os.kill(running.pid if dies == "worker" else theirs[-1], signal.SIGKILL)
        if dies == "worker":
            running.communicate()
            waited(lambda: not any(Path(f"/proc/{pid}").exists() for pid in theirs))
            expire_leases(database)
            with process(database, "worker"):
                waited(lambda: job(database, job_id).state not in jobs.OPEN)
        else:
            waited(lambda: job(database, job_id).state not in jobs.OPEN)
    done = job(database, job_id)
    assert (done.state, done.attempt) == (JobState.DONE, 2)
    assert done.plan == 1
