"""A call that makes a job, whose client may wait for what comes of it."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from flask import Response, request

from allocator.store import jobs
from allocator.store.jobs import Job
from api.calls import Route, Service, operation
from api.jobtold import JobAnswer
from api.openapi import Operation
from api.wait import preferred_wait

LOOK_SECONDS: Final = 0.1


def patient(service: Service, route: Route) -> Operation:
    """A call that makes a job; a client that prefers to wait is answered once it has ended."""
    made, waiting = operation(route, service), threading.BoundedSemaphore(service.settings.solves)

    def view(**path: str) -> Any:
        response: Any = made.view(**path)
        service.wake()
        wait = min(preferred_wait(request.headers.get("Prefer", "")) or 0, service.settings.longest_wait)
        if wait == 0 or not waiting.acquire(blocking=False):
            return response
        try:
            job = _ended(service, json.loads(response.data)["job"], wait)
        finally:
            waiting.release()
        return _waited(response, job, wait)

    return replace(made, view=view)


def _ended(service: Service, job_id: str, seconds: int) -> Job:
    """The job once it has ended, or after so many seconds as it is then."""
    until, hung_up = time.monotonic() + seconds, _hung_up()
    while True:
        with service.database.read() as connection:
            job = jobs.found_job(connection, job_id)
        if job.state not in jobs.OPEN or time.monotonic() >= until or hung_up():
            return job
        time.sleep(LOOK_SECONDS)


def _hung_up() -> Callable[[], bool]:
    """Whether the client is gone, as far as the server can tell."""
    asked: Callable[[], bool] = request.environ.get("waitress.client_disconnected", lambda: False)
    return asked


def _waited(response: Response, job: Job, wait: int) -> Response:
    """What a client that waited is answered."""
    response.status_code = 202 if job.state in jobs.OPEN else 200
    response.data = JobAnswer.of(job).model_dump_json()
    response.headers["Preference-Applied"] = f"wait={wait}"
    return response
