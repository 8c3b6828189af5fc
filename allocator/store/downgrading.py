"""Going back to an earlier program: the store gets the shape that it knows; what that loses is told first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, MetaData, func, select

from allocator.errors import BadInput, Fault
from allocator.store import schema
from allocator.store.database import Database


@dataclass(frozen=True)
class Loss:
    """What an earlier program has no place for.

    Parameters
    ----------
    of : a table, or a column of one
    rows : so many have something there
    """

    of: str
    rows: int

    def __str__(self) -> str:
        """Return it in words."""
        return f"{self.rows:,} row{'s' * (self.rows != 1)} of `{self.of}`"


def downgrade(database: Database, revision: str, may_lose: bool = False) -> tuple[Loss, ...]:
    """What was lost as the database got the shape of an earlier revision; nobody may use it meanwhile.

    It is found by counting before and after, in one transaction: no list of it can be out of date.

    Parameters
    ----------
    may_lose : go back even so; else what would be lost is refused, and nothing is done

    Raises
    ------
    BadInput
        `no-store`, `store-later`, `bad-revision`; `would-be-lost`, one for each loss.
    """
    _check(database, revision)
    with database.shape(quiet=True) as connection:
        before = _counted(connection)
        schema.downgrade_on(connection, revision)
        lost = tuple(_losses(before, _counted(connection)))
        if lost and not may_lose:
            hint = "take a backup; then `--lose` goes back without"
            raise BadInput([Fault("would-be-lost", f"{one} would be lost", hint=hint) for one in lost])
    return lost


def _check(database: Database, revision: str) -> None:
    """Refuse a revision that the store cannot go back to."""
    now = schema.found(database)
    schema.not_later(now)
    known = schema.revisions()
    earlier = known[: known.index(now) + 1]
    if revision not in earlier:
        hint = f"{earlier[0]} to {earlier[-1]}; a backup made by the earlier program says which is its own"
        message = "this is no revision that the store can go back to"
        raise BadInput([Fault("bad-revision", message, value=revision[:80], hint=hint)])


def _counted(connection: Connection) -> dict[str, dict[str, int]]:
    """By table, how many rows it has, under its own name, and how many have something in each column."""
    found = MetaData()
    found.reflect(connection)
    counts = {}
    for table in found.sorted_tables:
        columns = {f"{table.name}.{column.name}": func.count(column) for column in table.columns}
        named = {table.name: func.count(), **columns}
        row = connection.execute(select(*named.values()).select_from(table)).one()
        counts[table.name] = dict(zip(named, row, strict=True))
    return counts


def _losses(before: dict[str, dict[str, int]], after: dict[str, dict[str, int]]) -> Iterator[Loss]:
    """Yield each table that has fewer rows than it had or is gone, and each column that is gone."""
    for table, counts in before.items():
        left = after.get(table, {})
        fewer = counts[table] - left.get(table, 0)
        if fewer:
            yield Loss(table, fewer)
        if left:
            gone = (Loss(name, rows) for name, rows in counts.items() if name not in left)
            yield from (one for one in gone if one.rows)
