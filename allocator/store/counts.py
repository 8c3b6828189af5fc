"""Counts of what became of rows that were sent: they agree with the source, to the row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Final

from allocator.store.aside import area_said
from allocator.store.quarantine import SetAside
from allocator.store.writing import Checked, Sent

NO_AREA: Final = ""
"""What stands for the area of rows that say none."""


@dataclass(frozen=True)
class Counted:
    """What became of some rows.

    Parameters
    ----------
    received : how many were sent
    kept : how many are kept now, those that changed nothing too
    older : passed over, as a newer version is known or set aside
    set_aside, left_out : of those that could not be kept
    """

    received: int
    kept: int
    older: int = 0
    set_aside: int = 0
    left_out: int = 0

    def __post_init__(self) -> None:
        parts = self.kept + self.older + self.set_aside + self.left_out
        assert self.received == parts, f"{self.received} rows came, and {parts} are accounted for"

    def __add__(self, other: Counted) -> Counted:
        return Counted(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))


def counted(kind: str, checked: Checked, kept: int, lies: SetAside | None) -> Counted:
    """What became of the rows of one kind."""
    left_out = len(checked.faults)
    if lies is None:
        return Counted(len(checked.ids), kept, len(checked.older), 0, left_out)
    aside, passed = len(lies.numbers.get(kind, ())), len(lies.older.get(kind, ()))
    return Counted(len(checked.ids), kept, len(checked.older) + passed, aside, left_out - aside - passed)


def by_area(
    kind: str, sent: Sequence[Sent], checked: Checked, lies: SetAside | None
) -> Mapping[str, Counted]:
    """What became of rows, by the area that they say; of those that say none under `NO_AREA`."""
    older = {one.row for one in checked.older} | set(() if lies is None else lies.older.get(kind, ()))
    aside = set(() if lies is None else lies.numbers.get(kind, ()))
    found: dict[str, Counted] = {}
    for at, row in enumerate(sent):
        is_out = at in checked.faults and at not in older | aside
        became = (at in older, at in aside, is_out)
        one = Counted(1, int(not any(became)), *map(int, became))
        area = area_said(kind, row) or NO_AREA
        found[area] = found.get(area, Counted(0, 0)) + one
    return dict(sorted(found.items()))
