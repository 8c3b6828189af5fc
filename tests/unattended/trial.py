"""One trial: a stream of notifications, everything breaks, and at the end all must be as if nothing had."""

from __future__ import annotations

import random
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from allocator.store import Database, chain, events, holdings, import_tables, records, schema, sources
from allocator.store.states import HELD, WAITING
from tests.unattended.disk import Disk
from tests.unattended.receiver import Receiver
from tests.unattended.source import Client, Message, histories, setting, stream
from tests.unattended.world import KILLS, World

TURNS = (-7200, -600, 0)
"""So many seconds the clock is set from the machine's, one after the other in any order."""
HELD_OR_WAITING = {str(one) for one in HELD | WAITING}


@dataclass(frozen=True)
class Report:
    """What a trial was.

    Parameters
    ----------
    killed : how often what was killed
    statuses : of the answers
    turned_away : how often a message was not taken while the disk was full
    """

    sent: int
    cases: int
    killed: dict[str, int]
    cut: int
    statuses: dict[int, int]
    published: int
    events: int
    delivered: int
    seconds: float
    turned_away: int


def tried(world: World, seed: int, messages: int, breaks: int, filler: Path | None = None) -> Report:
    """What a trial was, in which nothing was lost and nothing done twice.

    Parameters
    ----------
    filler : a file that fills the store's disk until that was noticed; None: its disk does not fill
    """
    began, rng = time.monotonic(), random.Random(seed)
    told = histories(rng, messages)
    sent = stream(rng, told)
    receiver = Receiver(random.Random(seed + 1))
    world.call("POST", "/v1/webhooks", {"url": receiver.url, "after": 0})
    for area in ("QAA", "QBB"):
        world.call("PUT", f"/v1/standing-orders/{area}", {"after": 20, "time_limit": 1})
    client = Client(("127.0.0.1", world.port), world.system, rng)
    disk = Disk(filler)
    client.wait = lambda: time.sleep(0.02)  # type: ignore[method-assign]
    client.turned_away = disk.is_noticed  # type: ignore[method-assign]
    kills = dict(zip(rng.sample(range(len(sent)), breaks), dealt(rng, breaks), strict=True))
    turns = dict(zip(rng.sample(range(len(sent)), len(TURNS)), TURNS, strict=True))
    statuses: Counter[int] = Counter()
    for at, message in enumerate(sent):
        if at in turns:
            world.turn_clock(turns[at])
        if at in kills:
            disk.free()  # whoever looks after it makes room before anything is begun again
            world.kill(kills[at])
        if at >= len(sent) // 2:
            disk.fill()
        statuses[client.put(message)] += 1
    disk.free()
    world.settle()
    receiver.close()
    _same_as_sorted(world, told)
    _one_owner_each(world)
    published = _every_event_came(world, receiver)
    with world.database.read() as connection:
        assert list(chain.verify(connection)) == []
        count = events.newest(connection)
    assert set(statuses) <= {200, 201}
    came = sum(map(len, receiver.taken.values()))
    cases = len({one.case_id for one in told})
    return Report(len(sent), cases, dict(world.killed), client.cut, dict(statuses), published, count, came,
                  round(time.monotonic() - began, 1), disk.noticed)  # fmt: skip


def dealt(rng: random.Random, breaks: int) -> list[str]:
    """What is killed, one after the other: each as often as any other, in any order."""
    found = [KILLS[at % len(KILLS)] for at in range(breaks)]
    rng.shuffle(found)
    return found


def _known(database: Database) -> dict[str, tuple[Any, ...]]:
    """Of every case, what its source says of it, in which version; who has it is decided here."""
    with database.read() as connection:
        found = records.every(connection, "cases")
        known = sources.versions_of(connection, [one.record_id for one in found])
        return {
            one.record_id: (
                known[one.record_id],
                {key: value for key, value in one.body.items() if key not in DECIDED_HERE},
                "open" if one.state in HELD_OR_WAITING else one.state,
            )
            for one in found
        }


DECIDED_HERE = {"hours_left", "locked", "admin_hours_left", "second_hours_left"}


def _same_as_sorted(world: World, told: list[Message]) -> None:
    """Fail unless all is known as after the sorted stream, sent once."""
    plain = Database(str(world.folder / "sorted.db"))
    schema.upgrade(plain)
    with plain.write("test", world.now) as tx:
        import_tables(tx, setting(), world.now().date())
        for version in range(1, 6):
            rows = [
                {"case_id": one.case_id, **one.body, "source_version": one.version}
                for one in told
                if one.version == version
            ]
            import_tables(tx, {"cases": rows}, world.now().date())
    ours, theirs = _known(world.database), _known(plain)
    plain.close()
    assert ours.keys() == theirs.keys()
    for case_id, known in theirs.items():
        assert ours[case_id] == known, (case_id, ours[case_id], known)


def _one_owner_each(world: World) -> None:
    """Fail unless each case has exactly one lead, or waits, or has ended; and the totals agree."""
    with world.database.read() as connection:
        held = holdings.current(connection)
        found = records.every(connection, "cases")
    counted: Counter[str] = Counter()
    for one in found:
        has = (one.record_id, "lead") in held
        assert has == (one.state in {str(state) for state in HELD}), (one.record_id, one.state)
        counted[str(one.state)] += 1
    told = world.call("GET", "/v1/queue?limit=1")
    assert told["total"]["cases"] == sum(counted[name] for name in HELD_OR_WAITING)
    assert told["total"]["allocated"] == sum(role == "lead" for _, role in held)
    for name in ("cases", "to_allocate", "allocated", "on_hold"):
        assert told["total"][name] == sum(area[name] for area in told["by_area"])


def _every_event_came(world: World, receiver: Receiver) -> int:
    """Fail unless every event arrived, and of each case first in its order; how many lines were published."""
    wanted: dict[str, list[int]] = {}
    published, after = 0, 0
    while True:
        page = world.call("GET", f"/v1/events?after={after}&limit=1000")
        for one in page["items"]:
            wanted.setdefault(one["subject"], []).append(int(one["sequence"]))
            published += one["type"].endswith("published")
            after = int(one["sequence"])
        if not page["items"]:
            break
    for subject, numbers in wanted.items():
        first_time = list(dict.fromkeys(receiver.taken[subject]))
        assert first_time == numbers, (subject, receiver.taken[subject], numbers)
    return published
