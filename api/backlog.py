"""The call for the stored queue as it stands, or as it was known on an earlier day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime

from pydantic import Field

from allocator.backlog import AreaFigures, Backlog, Figures, OpenRows, backlog, needs_of
from allocator.export import csv_bytes, xlsx_bytes
from allocator.needs import BY_CLOCK, Leaver, Need, Open
from allocator.snapshot import Snapshot
from allocator.store import queue
from allocator.store.callers import Role
from allocator.store.needing import needing
from allocator.store.queue import states
from allocator.store.sampled import is_sample
from api.calls import Call, Reply, Route
from api.clock import end_of
from api.downloads import Format, download, media
from api.errors import not_yet
from api.listed import QueueCase, Row, Wanted, chosen
from api.records import SEE
from api.roles import ALL_BUT_REVIEWERS
from api.scope import areas_asked
from api.stored import Body

Known = Mapping[Need, Collection[str]]


class StoredBacklog(Body):
    """A queue as it stands on a day."""

    as_of: date
    known_at: datetime | None = Field(description="All that was known then; empty: now")
    total: Figures
    by_area: tuple[AreaFigures, ...]
    needs: dict[Need, int] = Field(
        description="By need, how many cases somebody has to see to; those that the caller is told of"
    )
    leavers: tuple[Leaver, ...] = Field(
        description="Reviewers of these areas who have left, or leave within the horizon, and have cases"
    )
    review_types: tuple[str, ...] = Field(description="Of the open cases")
    found: int = Field(description="How many cases there are of those asked for")
    cases: tuple[QueueCase, ...] = Field(
        description="In the order that is asked for; a commissioner is told figures alone"
    )
    next: int | None = Field(description="Ask again with after=this; empty: no more")
    made_up: bool = Field(description="This is the sample: no case and no reviewer is real")


def routes() -> tuple[Route, ...]:
    """The call."""
    return (
        Route("GET", "/v1/queue", "queue", "The queue as it stands, or was known on a day, with its clocks",
              ALL_BUT_REVIEWERS, _queue, StoredBacklog, query=Wanted, files=media("csv", "xlsx")),
    )  # fmt: skip


def _queue(call: Call) -> Reply:
    wanted: Wanted = call.query
    if wanted.known_on is not None and wanted.known_on > call.day:
        raise not_yet("known_on")
    areas, day = areas_asked(call, wanted.area), wanted.as_of or wanted.known_on or call.day
    moment = end_of(wanted.known_on) if wanted.known_on and wanted.known_on < call.day else None
    every = _open(call, day, moment)
    found = backlog(every, areas)
    known, leavers = _known(call, every.snapshot, areas, is_now=moment is None)
    rows = _rows(call, found, known, moment)
    needs = Counter(need for one in rows for need in one.needs)
    listed = [] if call.caller.role is Role.COMMISSIONER else chosen(rows, wanted)
    last = wanted.after + wanted.limit
    answer = StoredBacklog(
        as_of=found.as_of,
        known_at=moment,
        total=found.total,
        by_area=found.by_area,
        needs={need: needs[need] for need in Need if need in known},
        leavers=leavers,
        review_types=tuple(sorted({one.case.review_type for one in rows})),
        found=len(listed),
        cases=tuple(one.told for one in listed[wanted.after : last]),
        next=last if wanted.limit and len(listed) > last else None,
        made_up=is_sample(call.connection),
    )
    return Reply(answer) if wanted.format == "json" else _file(answer, listed, wanted.format)


def _open(call: Call, day: date, moment: datetime | None) -> OpenRows:
    if moment is not None:
        return OpenRows(queue(call.connection, day, moment).snapshot)
    return call.service.desks.open(call.connection, day)


def _file(answer: StoredBacklog, listed: Iterable[Row], kind: Format) -> Reply:
    """All cases that are asked for, as a file with a name of its own."""
    rows = [one.told for one in listed]
    content = csv_bytes(QueueCase, rows) if kind == "csv" else xlsx_bytes(QueueCase, rows)
    return download(answer, content, kind, f"queue-{answer.as_of}")


def _rows(call: Call, found: Backlog, known: Known, moment: datetime | None) -> list[Row]:
    """The open cases, each with its state and why somebody has to see to it."""
    state = states(call.connection, moment)
    beside: dict[str, list[Need]] = {}
    for need, case_ids in known.items():
        for case_id in case_ids:
            beside.setdefault(case_id, []).append(need)
    return [Row(one, state[one.case_id], needs_of(one, beside.get(one.case_id, ()))) for one in found.cases]


def _known(
    call: Call, snapshot: Snapshot, areas: Collection[str], is_now: bool
) -> tuple[Known, tuple[Leaver, ...]]:
    """By need that the caller is told of the cases that have it, beside what clocks tell; and who leaves.

    Of reviewers is told who may see reviewers, and of those of the areas that are asked for.
    """
    by_clock: dict[Need, Collection[str]] = dict.fromkeys(BY_CLOCK, ())
    if call.caller.role not in SEE["reviewers"]:
        return by_clock, ()
    every = Open(snapshot)
    theirs = {one.reviewer_id for one in snapshot.reviewers if not areas or one.areas[0] in areas}
    leavers = tuple(one for one in every.leavers() if one.reviewer_id in theirs)
    wanted = areas or {one.area for one in every.cases}
    more = needing(call.connection, every, wanted) if is_now else {}
    had = every.had_by({one.reviewer_id for one in leavers})
    return by_clock | more | {Need.LEAVER: had}, leavers
