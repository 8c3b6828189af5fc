"""The queue that a process holds: whatever changes, it is what a reading of the whole gives."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allocator.backlog import OpenRows
from allocator.desk import Desk, suggest
from allocator.errors import BadInput, Conflict, Unknown
from allocator.snapshot import Snapshot
from allocator.store import Database, State, Tx, cases, import_tables, merging, queue, records, schema
from allocator.store import current as module
from allocator.store.current import Current
from allocator.store.holdings import RELEASED, Holding
from allocator.store.policies import put_policy
from allocator.store.retention import forget
from allocator.store.writing import remove
from api.desks import Desks
from tests.allocator.store.build import AREAS, DAY, NOW, REVIEWERS, at, case, fill

FOCUSED: dict[str, Any] = {"review_type": "focused"}


def is_the_whole(current: Current, database: Database) -> bool:
    """Whether it holds what a reading of the whole gives, and says what that says where nothing fits."""
    with database.read() as connection:
        ours = _told(lambda: current.on(connection, DAY).snapshot)
        return ours == _told(lambda: queue(connection, DAY).snapshot)


def _told(read: Callable[[], Snapshot]) -> object:
    try:
        return read()
    except BadInput as error:
        return str(error)


def _case(tx: Tx, rng: random.Random) -> None:
    fields = FOCUSED | {"area": rng.choice(["QAA", "QBB"]), "priority": rng.randrange(9)}
    if rng.random() < 0.4:
        fields["excluded_reviewers"] = [rng.choice(["R1", "R2"])]
    import_tables(tx, {"cases": [case(_any_case(rng), **fields)]}, DAY)


def _person(tx: Tx, rng: random.Random) -> None:
    row = {**rng.choice(REVIEWERS), "hours_per_week": rng.randrange(1, 30)}
    import_tables(tx, {"reviewers": [row]}, DAY)


def _absence(tx: Tx, rng: random.Random) -> None:
    first = DAY + timedelta(days=rng.randrange(60))
    days = {"from": f"{first}", "to": f"{first + timedelta(days=rng.randrange(9))}"}
    import_tables(tx, {"absences": [{"reviewer_id": _anyone(rng), **days}]}, DAY)


def _decline(tx: Tx, rng: random.Random) -> None:
    row = {"reviewer_id": _anyone(rng), "case_id": _any_case(rng), "on": f"{DAY - timedelta(days=1)}"}
    import_tables(tx, {"declines": [row]}, DAY)


def _interest(tx: Tx, rng: random.Random) -> None:
    row = rng.choice(
        [{"kind": "involvement", "case_id": _any_case(rng)}, {"kind": "employment", "organisation": "RYY"}]
    )
    import_tables(tx, {"interests": [{"reviewer_id": _anyone(rng), **row}]}, DAY)


def _removed(tx: Tx, rng: random.Random) -> None:
    kind = rng.choice(["absences", "declines", "interests"])
    if there := records.every(tx.connection, kind):
        remove(tx, kind, rng.choice(there).record_id)


def _area(tx: Tx, rng: random.Random) -> None:
    import_tables(tx, {"areas": [{**AREAS[0], "admin_hours_per_week": rng.randrange(5, 20)}]}, DAY)


def _given(tx: Tx, rng: random.Random) -> None:
    place = _any_case(rng), rng.choice(ROLES)
    cases.give(tx, Holding(*place, _anyone(rng), DAY, tx.at))


def _taken(tx: Tx, rng: random.Random) -> None:
    cases.take_back(tx, _any_case(rng), rng.choice(ROLES), rng.choice(["taken_back", *RELEASED]))


def _any_case(rng: random.Random) -> str:
    return f"C{rng.randrange(5)}"


def _anyone(rng: random.Random) -> str:
    return rng.choice(["R1", "R2", "R3"])


ROLES: list[Any] = ["lead", "lead", "second"]
CHANGES: list[Callable[[Tx, random.Random], object]] = [
    _case,
    _case,
    _case,
    _person,
    _absence,
    _decline,
    _interest,
    _removed,
    _area,
    _given,
    _given,
    _taken,
    lambda tx, rng: put_policy(tx, {"max_moves": rng.randrange(5)}),
    lambda tx, rng: cases.move(tx, _any_case(rng), rng.choice(list(State))),
    lambda tx, rng: cases.move(tx, _any_case(rng), rng.choice(list(State))),
    lambda tx, rng: merging.merge(tx, _any_case(rng), _any_case(rng)),
    lambda tx, rng: merging.unmerge(tx, _any_case(rng)),
    lambda tx, rng: forget(tx, tx.at + timedelta(days=9_999)),
]
"""What happens to a queue; what may not be is refused."""


@pytest.fixture(scope="module")
def one_store(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Database]:
    """Makes stores, each empty."""
    folder, numbers = tmp_path_factory.mktemp("stores"), itertools.count()

    def made() -> Database:
        found = Database(str(folder / f"{next(numbers)}.db"))
        schema.upgrade(found)
        return found

    return made


@settings(max_examples=25)
@given(seed=st.integers(0, 2**31))
def test_whatever_changes_it_is_the_whole(one_store: Callable[[], Database], seed: int) -> None:
    """After each of many changes of any kind, most of which are read without the rest."""
    database, rng, current = one_store(), random.Random(seed), Current()
    fill(database, *(case(f"C{number}", **FOCUSED) for number in range(3)))
    with patch.object(module, "_whole", wraps=module._whole) as whole:
        for number in range(30):
            with suppress(BadInput, Conflict, Unknown), at(database, NOW + timedelta(minutes=number)) as tx:
                rng.choice(CHANGES)(tx, rng)
            assert is_the_whole(current, database)
    assert whole.call_count < 20
    database.close()


@settings(max_examples=10)
@given(seed=st.integers(0, 2**31))
def test_what_follows_a_change_is_what_is_worked_out_anew(
    one_store: Callable[[], Database], seed: int
) -> None:
    """The open cases, and whom the desk suggests for each of them."""
    database, rng, desks, desk = one_store(), random.Random(seed), Desks(), None
    fill(database, *(case(f"C{number}", **FOCUSED) for number in range(3)))
    for number in range(20):
        with suppress(BadInput, Conflict, Unknown), at(database, NOW + timedelta(minutes=number)) as tx:
            rng.choice(CHANGES)(tx, rng)
        with database.read() as connection, suppress(BadInput):
            snapshot = queue(connection, DAY).snapshot
            assert desks.open(connection, DAY).rows == OpenRows(snapshot).rows
            desk, anew = Desk(desks.queue(connection, DAY), desk), Desk(snapshot)
            for one in snapshot.cases:
                assert suggest(desk.now(), one.case_id) == suggest(anew.now(), one.case_id)
    database.close()
