"""What is to be mended, in groups of what is wrong in the same way, each with the cases that it holds up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Protocol

from allocator.cases import Case
from allocator.clocks import clock
from allocator.errors import Fault
from allocator.snapshot import Snapshot


class Level(IntEnum):
    """What something that is wrong holds up, the worst first."""

    PLAN = 1
    WORK = 2
    DECLARE = 3
    ASSUMED = 4


class Row(Protocol):
    """A row that is set aside; see `allocator.store.aside.Aside`."""

    @property
    def number(self) -> int:
        """Under which it lies."""
        ...

    @property
    def kind(self) -> str:
        """The record that it would be."""
        ...

    @property
    def record_id(self) -> str | None:
        """Its id, if it says one."""
        ...

    @property
    def area(self) -> str | None:
        """Whose it is, if that is known."""
        ...

    @property
    def row(self) -> Mapping[str, Any]:
        """What it says, as it was typed."""
        ...

    @property
    def faults(self) -> Sequence[Fault]:
        """Why it is not kept."""
        ...


@dataclass(frozen=True)
class Concern:
    """A case that is held up.

    Parameters
    ----------
    number : of the row to be mended for it; None for a case that is kept and lacks something
    overdue : None: nobody can tell
    """

    case_id: str | None
    area: str | None
    level: Level
    overdue: bool | None
    number: int | None = None


@dataclass(frozen=True)
class Group:
    """What is wrong in the same way.

    Parameters
    ----------
    key : names it in an address
    says, how : what is wrong, and how it is mended, in words
    rows : numbers of the rows that have it
    """

    key: str
    says: str
    how: str
    level: Level
    rows: tuple[int, ...]
    concerns: tuple[Concern, ...]

    @property
    def overdue(self) -> int:
        """How many of the cases are overdue, as far as anybody can tell."""
        return sum(one.overdue is True for one in self.concerns)

    @property
    def unclear(self) -> int:
        """How many may be, as their clocks cannot be read."""
        return sum(one.overdue is None for one in self.concerns)

    def of(self, level: Level) -> int:
        """How many of the cases it holds up in this way."""
        return sum(one.level is level for one in self.concerns)


def is_overdue(case: Case, snapshot: Snapshot) -> bool:
    """Whether the day has passed by which a case should be completed or, with no lead, allocated."""
    found, now = clock(case, snapshot.policy, snapshot.as_of), snapshot.as_of.toordinal()
    return now > found.complete_by or (case.reviewer_id is None and now > found.allocate_by)
