"""Who runs jobs: each runner takes one on a lease, has a child do it, and keeps what came of it."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from allocator.answer import as_text
from allocator.errors import Conflict, Unavailable
from allocator.jobs.child import MEGABYTE, Child, ChildDied
from allocator.jobs.patient import write
from allocator.jobs.work import Json, Options, Result, Task, work
from allocator.store import jobs, leasing
from allocator.store.database import Database, Tx
from allocator.store.jobs import Job
from allocator.store.leasing import LEASE_SECONDS
from allocator.store.plans import Made, propose

ACTOR = "runner"
POLL_SECONDS, LOOK_SECONDS, RENEW_SECONDS = 1.0, 0.25, LEASE_SECONDS / 5
GRACE_SECONDS, GRACE_SHARE = 120.0, 1.0
"""Beyond its time limit a job may read, prove and check for so long, and for such a share of the limit."""
log = logging.getLogger("allocator.jobs")


@dataclass(frozen=True)
class Runner:
    """One who runs jobs, one at a time.

    Parameters
    ----------
    now : the clock, in the time zone of the service's days
    workers : the most processors that one job may use
    memory : the most megabytes that it may hold
    do : the job function
    """

    database: Database
    now: Callable[[], datetime]
    workers: int = 1
    memory: int = 8192
    do: Callable[..., Result] = work

    def run_one(self, ending: Callable[[], bool] = lambda: False) -> bool:
        """Whether there was a job, which then has ended; `ending` is true once the runner is to stop.

        A job in hand is then given back: whoever comes next begins it again.
        """
        with self.database.write(ACTOR, self.now) as tx:
            job = leasing.claim(tx)
        if job is None:
            return False
        log.info("job-begun", extra={"job": job.job_id, "attempt": job.attempt})
        child = Child(self._task(job), self.do)
        try:
            self._see_through(job, child, ending)
        except Conflict:
            log.warning("job-lease-lost", extra={"job": job.job_id})
        finally:
            child.kill()
        return True

    def _task(self, job: Job) -> Task:
        url = self.database.engine.url.render_as_string(hide_password=False)
        wish = job.wish
        return Task(url, wish.areas, wish.options, wish.snapshot, self.workers, self.now())

    def _see_through(self, job: Job, child: Child, ending: Callable[[], bool]) -> None:
        """Renew the lease while the child works, pass on who wants it to stop, and keep its result."""
        began = renewed = time.monotonic()
        limit = float(job.wish.options.get("time_limit", Options.model_fields["time_limit"].default))
        until, told_to_stop = began + limit * (1 + GRACE_SHARE) + GRACE_SECONDS, False
        while True:
            try:
                result = child.wait(LOOK_SECONDS)
            except ChildDied as death:
                return self._died(job, f"{death}")
            if result is not None:
                return self._keep(job, result)
            if child.memory() > self.memory * MEGABYTE:
                return self._fail(job, "out-of-memory", f"It took more than {self.memory:,} MB.")
            if time.monotonic() > until:
                return self._fail(job, "out-of-time", f"It went on for {until - began:.0f} seconds.")
            if ending():
                return self._give_back(job)
            if not told_to_stop and self._asked_to_stop(job):
                child.stop()
                told_to_stop = True
            if time.monotonic() - renewed >= RENEW_SECONDS:
                renewed = time.monotonic()
                self._write(partial(leasing.renew, job=job, progress=child.progress))

    def _asked_to_stop(self, job: Job) -> bool:
        """Whether somebody wants it to stop, as far as the database can be asked just now."""
        with suppress(Unavailable), self.database.read() as connection:
            return jobs.found_job(connection, job.job_id).asked_to_stop
        return False

    def _write(self, change: Callable[[Tx], object], actor: str = ACTOR) -> None:
        """Make a change; a database that is busy or away is asked again for as long as a lease lasts."""
        write(self.database, self.now, actor, change)

    def _keep(self, job: Job, result: Result) -> None:
        """Keep a plan of the queue with its lines, of a snapshot that was sent the whole answer."""
        answer = result.answer
        if result.problem is not None:
            self._ended(job, result.problem, answer)
            return
        assert answer is not None

        def keep(tx: Tx) -> None:
            if job.sent:
                leasing.finish(tx, job, answer=as_text(answer).encode())
            else:
                leasing.finish(tx, job, propose(tx, _made(job, result, answer)).plan)

        self._write(keep, job.wish.actor)
        log.info("job-done", extra={"job": job.job_id})

    def _died(self, job: Job, why: str) -> None:
        """Let the job be begun again, if it may."""
        log.error("job-child-died", extra={"job": job.job_id, "attempt": job.attempt, "why": why})
        if job.attempt < leasing.MOST_ATTEMPTS:
            self._give_back(job)
        else:
            self._fail(job, "killed", f"Whoever made it died {job.attempt} times.")

    def _give_back(self, job: Job) -> None:
        self._write(lambda tx: leasing.give_back(tx, job))

    def _fail(self, job: Job, code: str, detail: str) -> None:
        self._ended(job, {"code": code, "detail": f"{detail} A smaller area or a shorter limit may do."})

    def _ended(self, job: Job, problem: Json, answer: Json | None = None) -> None:
        """Keep why there is nothing, and what is known all the same."""
        log.warning("job-failed", extra={"job": job.job_id, "code": problem["code"]})
        text = None if answer is None else as_text(answer).encode()
        self._write(lambda tx: leasing.finish(tx, job, problem=problem, answer=text))


Turn = Callable[[Callable[[], bool]], bool]
"""Does the next thing that there is to do, and says whether there was any; it is told when to stop."""


class Runners:
    """Those who work in threads of this process, each on its own."""

    def __init__(self, turns: Sequence[Turn]) -> None:
        self._ending, self._wanted = threading.Event(), threading.Event()
        self._threads = [
            threading.Thread(target=self._run, args=(turn,), name=f"runner-{n}", daemon=True)
            for n, turn in enumerate(turns)
        ]

    def __enter__(self) -> Runners:
        """They look for what there is to do."""
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """They have ended, and what they had in hand is given back."""
        self._ending.set()
        self._wanted.set()
        for thread in self._threads:
            thread.join()

    def wake(self) -> None:
        """Nothing; they look at once whether there is a job."""
        self._wanted.set()

    def _run(self, turn: Turn) -> None:
        while not self._ending.is_set():
            found = False
            try:
                found = turn(self._ending.is_set)
            except Unavailable:
                pass  # it is looked at again; the calls say what is wrong
            except Exception as error:  # noqa: BLE001 - the next thing is not kept waiting by it
                log.error("turn-failed", extra={"error": type(error).__name__})
            if not found:
                self._wanted.wait(POLL_SECONDS)
                if not self._ending.is_set():
                    self._wanted.clear()


def _made(job: Job, result: Result, answer: Json) -> Made:
    assert result.known_at is not None
    plan = {key: value for key, value in answer.items() if key not in ("certificate", "rejected")}
    previous = job.wish.options.get("previous")
    return Made(plan, answer["certificate"], result.known_at, job.wish.areas, previous)
