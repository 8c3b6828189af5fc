"""What the source of a case, such as a national case system, said of it last, and in which version.

Versions of the source's are not those of `records`: they are its own numbers, which only grow. Of two that
come in the wrong order the older one is passed over, so that their order is of no matter.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection, delete, insert, select, update

from allocator.plan import RoleName
from allocator.store.chain import Entry, append
from allocator.store.database import Tx
from allocator.store.records import chunks
from allocator.store.states import ENDED, SAID, State
from allocator.store.tables import records, sources

MOST_VERSION: Final = 2**53 - 1
"""The largest whole number that every JSON reader reads as it is written."""
HOLDERS: Final[Mapping[RoleName, str]] = {"lead": "reviewer_id", "second": "second_reviewer_id"}
"""By place the field of a row that names who has it."""
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Said:
    """What a source said of a case.

    Parameters
    ----------
    version : its own number of it
    row : what was sent, without the id, and without what was left empty
    read : the fields as they were read, so that a correction made here can be told from them
    state : the state that it named; None: none
    forgotten : whether what it said was deleted after its time
    """

    version: int
    row: Row = field(default_factory=dict)
    read: Row = field(default_factory=dict)
    state: State | None = None
    forgotten: bool = False

    @property
    def stage(self) -> State | None:
        """The state that it named, if that does not merely say whether somebody has the case."""
        return self.state if self.state in SAID else None

    @property
    def holders(self) -> dict[RoleName, str]:
        """By place whom it named; nobody of a case that it says has ended."""
        if self.state in ENDED:
            return {}
        named: dict[RoleName, object] = {role: self.row.get(name) for role, name in HOLDERS.items()}
        return {role: who for role, who in named.items() if isinstance(who, str)}

    def is_same(self, other: Said) -> bool:
        """Whether another says the same, as it was sent."""
        return self.forgotten or other.forgotten or (self.row, self.state) == (other.row, other.state)


@dataclass(frozen=True)
class Word:
    """A newer version of a case, and what comes of it here.

    Parameters
    ----------
    said : what the source says
    released : places that its own earlier word gave, and that it gives otherwise now
    reopens : whether a case that has ended waits again by it
    state : the state that the case is in by it; None: it stays where it is
    replaced : fields that were corrected here, and that it says anew
    standing : fields that stand otherwise here than it says
    """

    said: Said
    released: tuple[RoleName, ...] = ()
    reopens: bool = False
    state: State | None = None
    replaced: tuple[str, ...] = ()
    standing: tuple[str, ...] = ()


@dataclass(frozen=True)
class Older:
    """A row that is passed over, as a newer version of its case is known.

    Parameters
    ----------
    row : its place among those sent
    version : the newer one
    """

    row: int
    case_id: str
    version: int


@dataclass(frozen=True)
class Known:
    """A case as a source would compare it with its own.

    Parameters
    ----------
    version : of the source's that is known; None: it was kept without one
    is_open : whether it has not ended, and is no duplicate
    """

    case_id: str
    version: int | None
    is_open: bool


def said_of(connection: Connection, case_ids: Iterable[str]) -> dict[str, Said]:
    """By case what its source said last, of those cases of which one did."""
    found = {}
    for some in chunks(sorted(set(case_ids))):
        for row in connection.execute(select(sources).where(sources.c.case_id.in_(some))):
            told = dict(row.said or {})
            state = told.pop("state", None)
            more = {"state": State(state) if state else None, "forgotten": row.said is None}
            found[row.case_id] = Said(row.version, **(told | more))
    return found


def versions_of(connection: Connection, case_ids: Iterable[str]) -> dict[str, int]:
    """By case the source's version that is known, of those cases of which one is."""
    found: dict[str, int] = {}
    for some in chunks(sorted(set(case_ids))):
        query = select(sources.c.case_id, sources.c.version).where(sources.c.case_id.in_(some))
        found |= {row.case_id: row.version for row in connection.execute(query)}
    return found


def known(connection: Connection, areas: Collection[str] = ()) -> list[Known]:
    """All cases of some areas, or of all, as a source would compare them."""
    both = records.outerjoin(sources, sources.c.case_id == records.c.record_id)
    columns = (records.c.record_id, records.c.state, records.c.merged_into, sources.c.version)
    query = select(*columns).select_from(both).where(records.c.kind == "cases")
    if areas:
        query = query.where(records.c.area.in_(sorted(areas)))
    return [
        Known(row.record_id, row.version, row.merged_into is None and row.state not in ENDED)
        for row in connection.execute(query.order_by(records.c.record_id))
    ]


def keep(tx: Tx, words: Mapping[str, Word]) -> None:
    """Nothing; by case, what its source says is what it said last."""
    there = versions_of(tx.connection, words)
    for some in chunks(sorted(there)):
        tx.connection.execute(delete(sources).where(sources.c.case_id.in_(some)))
    rows = [
        {"case_id": case_id, "version": one.said.version, "said": _kept(one.said), "heard_at": tx.at}
        for case_id, one in sorted(words.items())
    ]
    if rows:
        tx.connection.execute(insert(sources), rows)
    versions = {case_id: one.said.version for case_id, one in sorted(words.items())}
    append(tx, [Entry("hear", "cases", one, _of(there.get(one)), _of(now)) for one, now in versions.items()])


def forget(tx: Tx, case_ids: Collection[str]) -> None:
    """Nothing; of what sources said of some cases their versions alone are kept."""
    theirs = sources.c.case_id.in_(case_ids)
    tx.connection.execute(update(sources).where(theirs).values(said=None))


def _of(version: int | None) -> dict[str, int] | None:
    return None if version is None else {"source_version": version}


def _kept(said: Said) -> dict[str, Any]:
    return {"row": dict(said.row), "read": dict(said.read), "state": said.state}
