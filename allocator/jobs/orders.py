"""What standing orders ask for, done: plans are begun, and the easy lines of those made are published.

A line counts at once if it meets the automatic rule; the rest wait for a person. What came of a plan is
settled in the transaction that publishes, so that a process that dies in between does no line twice.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any

from allocator.automatic import Waits, automatic
from allocator.errors import BadInput, Conflict, Unknown
from allocator.planned import Planned
from allocator.report.chance import chances
from allocator.store import jobs, lines, orders
from allocator.store.basis import Seat
from allocator.store.database import Database
from allocator.store.jobs import Job, JobState
from allocator.store.lines import Choice, LineState
from allocator.store.orders import Order
from allocator.store.plans import documents, found_plan
from allocator.store.publishing import publish
from allocator.store.queue import queue

Clock = Callable[[], datetime]
Json = dict[str, Any]


def see_to_orders(database: Database, now: Clock) -> int:
    """How many plans were settled or begun."""
    with database.read() as connection:
        standing = orders.every(connection)
        due = [one.area for one in standing if orders.is_due(connection, one, now())]
    done = sum(_settled(database, now, one) for one in standing if one.job_id is not None)
    for area in due:
        with database.write(orders.ACTOR.format(area=area), now) as tx:
            done += orders.begin(tx, area, now()) is not None
    return done


def waits_of(connection: Any, number: int) -> dict[Seat, tuple[Waits, ...]]:
    """Of every line of a kept plan, why it waits for a person; nothing: it meets the automatic rule.

    None are there where what it was made of can be told no more: records of it were deleted after their time.
    """
    try:
        plan, (document, certificate) = found_plan(connection, number), documents(connection, number)
        snapshot = queue(connection, plan.as_of, plan.known_at, plan.areas).snapshot
        return automatic(snapshot, document, fragile_of(Planned.of(snapshot, document, certificate)))
    except (BadInput, Unknown):
        return {}


def fragile_of(planned: Planned) -> set[str]:
    """The cases of a plan whose chance to be in time is small."""
    return {one.case_id for one in chances(planned).lines if one.fragile}


def _settled(database: Database, now: Clock, order: Order) -> bool:
    """Whether an order's job has ended and is settled now."""
    assert order.job_id is not None
    with database.read() as connection:
        job = jobs.find_job(connection, order.job_id)
        if job is not None and job.state in jobs.OPEN:
            return False
        ready = job is not None and job.state is JobState.DONE and job.plan is not None
        waits = waits_of(connection, job.plan) if ready and job is not None and job.plan is not None else {}
    if job is None or not ready:
        return _failed(database, now, order, job)
    easy = {seat for seat, why in waits.items() if not why}
    while True:
        try:
            return _published(database, now, order, job, waits, easy)
        except Conflict as error:  # what it rests on has changed since: those lines wait, and the rest go on
            named = {fault.value for fault in error.details}
            left = {seat for seat in easy if seat[0] not in named}
            easy = left if len(left) < len(easy) else set()


def _published(
    database: Database, now: Clock, order: Order, job: Job, waits: Mapping[Seat, tuple[Waits, ...]],
    easy: Collection[Seat],
) -> bool:  # fmt: skip
    """Whether the job is settled, with these lines published.

    Raises
    ------
    Conflict
        One of them cannot be; nothing is done.
    """
    assert job.plan is not None
    with database.write(orders.ACTOR.format(area=order.area), now) as tx:
        proposed = [
            one.seat
            for one in lines.lines_of(tx.connection, job.plan)
            if one.state is LineState.PROPOSED and one.seat in easy
        ]
        outcome: Json = {"plan": job.plan, "published": len(proposed), "publication": None}
        outcome["waiting"] = _counted(waits, proposed)
        if proposed:
            lines.approve(tx, job.plan, [Choice(*seat) for seat in proposed])
            done = publish(tx, job.plan, now().date(), proposed)
            outcome["publication"] = done.publication
        return orders.settle(tx, order.area, job.job_id, outcome)


def _counted(waits: Mapping[Seat, tuple[Waits, ...]], published: Collection[Seat]) -> dict[str, int]:
    """By reason, how many lines wait; `changed`: what they rest on is no longer so."""
    counts: dict[str, int] = {}
    for seat, why in waits.items():
        for one in why or (() if seat in published else ("changed",)):
            counts[str(one)] = counts.get(str(one), 0) + 1
    return counts


def _failed(database: Database, now: Clock, order: Order, job: Job | None) -> bool:
    """Whether the order is settled without a plan; its coordinators are told."""
    assert order.job_id is not None
    problem = dict(job.problem or {}) if job else {"code": "gone", "detail": "The job is gone."}
    words = f"The standing order of {order.area} made no plan: {problem.get('detail', 'it was stopped')}"
    outcome = {"plan": None, "published": 0, "publication": None, "problem": problem}
    with database.write(orders.ACTOR.format(area=order.area), now) as tx:
        return orders.settle(tx, order.area, order.job_id, outcome, words)
