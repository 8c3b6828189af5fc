"""What to mend first: what holds up most."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from allocator.mending.groups import Group, Row
from allocator.mending.lacking import lacking
from allocator.mending.rows import Rows
from allocator.needs import Pair
from allocator.snapshot import Snapshot


def to_mend(rows: Sequence[Row], snapshot: Snapshot, declared: Collection[Pair] = ()) -> list[Group]:
    """What is to be mended, what holds up most first.

    Parameters
    ----------
    rows : all that are set aside
    snapshot : the queue as it is kept
    declared : case and reviewer of each declaration of independence
    """
    found = [*Rows(rows, snapshot).groups(), *lacking(snapshot, frozenset(declared))]
    return sorted(found, key=lambda one: (one.level, -one.overdue, -len(one.concerns), one.key))
