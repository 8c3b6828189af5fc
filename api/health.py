"""Whether the process lives, and whether it has planned once and so is ready."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Literal

from flask import Response
from pydantic import BaseModel

from allocator.store import Database, schema
from api.errors import answers, busy
from api.openapi import Answer, Operation


class Health(BaseModel):
    """A word for the machine that asks."""

    status: Literal["live", "ready"]


class Readiness:
    """Whether the warm-up has run in this process, and why not.

    Parameters
    ----------
    warm : plans something small, so that the solver is loaded and its kernels are compiled
    """

    def __init__(self, warm: Callable[[], None]) -> None:
        self._warm = warm
        self._future: Future[None] | None = None

    def start(self) -> None:
        """Nothing; the warm-up now runs in a thread of its own."""
        pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="warm-up")
        self._future = pool.submit(self._warm)
        pool.shutdown(wait=False)

    def finish(self, seconds: float) -> None:
        """Nothing, once the warm-up has ended, well or badly, or `seconds` have passed."""
        if self._future is not None:
            self._future.exception(timeout=seconds)

    @property
    def reason(self) -> str | None:
        """Why the door is not ready, in one sentence; None when it is."""
        if self._future is None:
            return "The warm-up has not started."
        if not self._future.done():
            return "The solver is being warmed up."
        error = self._future.exception()
        return None if error is None else f"The warm-up failed: {type(error).__name__}."


def operations(readiness: Readiness, database: Database | None = None) -> tuple[Operation, ...]:
    """The two questions about health."""

    def live() -> Response:
        return _answer(Health(status="live"))

    def ready() -> Response:
        if readiness.reason is not None:
            raise busy("not-ready", readiness.reason)
        if database is not None and schema.revision_of(database) != schema.revisions()[-1]:
            raise busy("not-ready", "The store in the database is of another version than this program.")
        return _answer(Health(status="ready"))

    fine = {200: Answer("It is.", Health)}
    return (
        Operation("GET", "/health/live", "live", "Whether the process lives", live, fine),
        Operation(
            "GET", "/health/ready", "ready", "Whether it can plan and keep", ready,
            fine | answers(s503="It is not; `detail` says why."),
        ),
    )  # fmt: skip


def _answer(health: Health) -> Response:
    return Response(health.model_dump_json(), content_type="application/json")
