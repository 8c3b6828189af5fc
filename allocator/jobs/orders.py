"""What standing orders ask for, done: plans are begun, and the easy lines of those made are published.

A line counts at once if it meets the automatic rule; the rest wait for a person. What came of a plan is
settled in the transaction that publishes, so that a process that dies in between does no line twice. What is
in the way of one line keeps no other one waiting, and a fault in one area's order no other area.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection

from allocator.automatic import Waits, automatic
from allocator.errors import BadInput, Conflict, Unavailable, Unknown
from allocator.planned import Planned
from allocator.report.chance import chances
from allocator.store import jobs, lines, orders
from allocator.store.basis import Seat
from allocator.store.database import Database
from allocator.store.jobs import Job, JobState
from allocator.store.lines import Choice, Line, LineState, stale
from allocator.store.obstacles import refuse, unobstructed
from allocator.store.orders import Order
from allocator.store.plans import documents, found_plan
from allocator.store.publishing import publish
from allocator.store.queue import queue

Clock = Callable[[], datetime]
Json = dict[str, Any]
Way = tuple[str, str]
"""What is in the way of a line: a code, and a sentence."""
TRIES: Final = 3
NAMED: Final = 10
"""As many lines that wait are named to coordinators."""
SHOWN: Final = 100
"""As many stand beside the order with why each waits: an order is read every few seconds."""
FRESH: Final = timedelta(days=1)
"""What was easy when it was planned may be late by now: nobody looks, so an older plan waits for somebody."""
log = logging.getLogger("allocator.jobs")


def see_to_orders(database: Database, now: Clock) -> int:
    """How many plans were settled or begun.

    Raises
    ------
    Unavailable
        The database cannot be reached.
    """
    with database.read() as connection:
        standing = orders.every(connection)
    return sum(_seen_to(database, now, one) for one in standing)


def _seen_to(database: Database, now: Clock, order: Order) -> bool:
    """Whether an order's plan was settled or begun; a fault in it is told, and the next order goes on."""
    try:
        return _begun(database, now, order) if order.job_id is None else _settled(database, now, order)
    except Unavailable:
        raise
    except Exception as error:  # noqa: BLE001 - the next area is not kept waiting by it
        name = type(error).__name__
        log.error("order-failed", extra={"area": order.area, "error": name})
        is_begun = order.job_id is not None
        detail = "what its plan says could not be published" if is_begun else "its plan could not be begun"
        problem = {"code": "internal-error", "detail": f"{detail} ({name})"}
        if not is_begun and (order.outcome or {}).get("problem") == problem:
            return False  # it was told; it is tried again and again
        return _failed(database, now, order, problem)


def _begun(database: Database, now: Clock, order: Order) -> bool:
    """Whether the job that an order asks for is begun now, or the order ended as its area has closed."""
    with database.read() as connection:
        is_closed = orders.is_closed(connection, order.area, now().date())
        if not is_closed and not orders.is_due(connection, order, now()):
            return False
    with database.write(orders.ACTOR.format(area=order.area), now) as tx:
        if is_closed:
            return orders.end_closed(tx, order.area, now().date())
        return orders.begin(tx, order.area, now()) is not None


def waits_of(connection: Connection, number: int) -> dict[Seat, tuple[Waits, ...]]:
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
        gone = {"code": "gone", "detail": "The job is gone."}
        return _failed(database, now, order, dict(job.problem or {}) if job else gone)
    easy = {seat for seat, why in waits.items() if not why}
    if job.ended_at is not None and now() - job.ended_at > FRESH:
        old = ("changed", f"it was planned on {job.ended_at:%Y-%m-%d}, and nobody has looked since")
        return _published(database, now, order, job, waits, dict.fromkeys(easy, old))
    for _ in range(TRIES):
        with database.read() as connection:
            ways = _in_the_way(connection, job, easy, now().date())
        try:
            return _published(database, now, order, job, waits, ways)
        except Conflict:  # what they rest on has changed in this very moment: it is looked at again
            continue
    ways = dict.fromkeys(easy, ("changed", "what it rests on changes too often"))
    return _published(database, now, order, job, waits, ways)


def _in_the_way(connection: Connection, job: Job, easy: Collection[Seat], day: date) -> dict[Seat, Way]:
    """By place of the lines that cannot count now, a code and a sentence of why.

    Of cases that are only together in the way of each other the first ones by id count. Both places of a case
    count, or wait, together.
    """
    assert job.plan is not None
    proposed = _proposed(connection, job.plan, easy)
    found: dict[Seat, Way] = {}
    counted: list[Line] = []

    def look(cases: Sequence[str]) -> None:
        these = [one for one in proposed if one.case_id in cases]
        refusal = _refusal(connection, [*counted, *these], day) if these else None
        if refusal is None:
            counted.extend(these)
        elif len(cases) == 1:
            code = "changed" if refusal.code == "stale" else refusal.code
            found.update({one.seat: (code, refusal.message) for one in these})
        else:
            half = len(cases) // 2
            look(cases[:half])
            look(cases[half:])

    look(sorted({one.case_id for one in proposed}))
    return found


def _refusal(connection: Connection, wanted: Sequence[Line], day: date) -> Conflict | None:
    """Why some lines cannot be published together, as things are."""
    try:
        refuse("stale", "order", stale(connection, wanted))
        unobstructed(connection, "order", wanted, day)
    except Conflict as error:
        return error
    return None


def _proposed(connection: Connection, plan: int, easy: Collection[Seat]) -> list[Line]:
    """Those of some lines of a plan that nobody has seen to yet."""
    every = lines.lines_of(connection, plan)
    return [one for one in every if one.state is LineState.PROPOSED and one.seat in easy]


def _published(
    database: Database, now: Clock, order: Order, job: Job, waits: Mapping[Seat, tuple[Waits, ...]],
    ways: Mapping[Seat, Way],
) -> bool:  # fmt: skip
    """Whether the job is settled, with its easy lines published but for those that have something in the way.

    Raises
    ------
    Conflict
        One of them cannot be; nothing is done.
    """
    assert job.plan is not None
    easy = {seat for seat, why in waits.items() if not why and seat not in ways}
    with database.write(orders.ACTOR.format(area=order.area), now) as tx:
        proposed = [one.seat for one in _proposed(tx.connection, job.plan, easy)]
        outcome: Json = {"plan": job.plan, "published": len(proposed), "publication": None}
        outcome |= _waiting(waits, proposed, ways)
        if proposed:
            lines.approve(tx, job.plan, [Choice(*seat) for seat in proposed])
            done = publish(tx, job.plan, now().date(), proposed)
            outcome["publication"] = done.publication
        return orders.settle(tx, order.area, job.job_id, outcome, waiting=_told(job.plan, ways))


def _waiting(
    waits: Mapping[Seat, tuple[Waits, ...]], published: Collection[Seat], ways: Mapping[Seat, Way]
) -> Json:
    """How many lines wait by reason, and the first of them; `changed`: what they rest on is no longer so."""
    counts: dict[str, int] = {}
    lines: list[Json] = []
    for (case_id, role), why in sorted(waits.items()):
        seat = case_id, role
        codes = list(map(str, why))
        if not why and seat not in published:
            codes = [ways.get(seat, ("changed", ""))[0]]
        for one in codes:
            counts[one] = counts.get(one, 0) + 1
        if codes:
            lines.append({"case_id": case_id, "role": role, "why": codes})
    return {"waiting": counts, "lines": lines[:SHOWN]}


def _told(plan: int, ways: Mapping[Seat, Way]) -> str | None:
    """What coordinators are told of lines that would have counted, had there been nothing in the way."""
    if not ways:
        return None
    first = [f"the {role} of {case_id}: {why}" for (case_id, role), (_, why) in sorted(ways.items())[:NAMED]]
    more = [f"and {len(ways) - NAMED} more"] if len(ways) > NAMED else []
    return f"Of plan {plan} these lines wait for a person: {'; '.join([*first, *more])}."


def _failed(database: Database, now: Clock, order: Order, problem: Json) -> bool:
    """Whether the order is settled without a plan; its coordinators are told."""
    words = f"The standing order of {order.area} made no plan: {problem.get('detail', 'it was stopped')}"
    outcome = {"plan": None, "published": 0, "publication": None, "problem": problem}
    with database.write(orders.ACTOR.format(area=order.area), now) as tx:
        return orders.settle(tx, order.area, order.job_id, outcome, words)
