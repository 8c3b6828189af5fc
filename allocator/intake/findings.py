"""What the intake finds, gathered until everything has been looked at."""

import math
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from typing import NamedTuple

from allocator.errors import Fault, Scalar

LONGEST_SHOWN = 80


class RowKey(NamedTuple):
    """Which row: the table's name and the row's place in it, from 0."""

    table: str
    row: int


@dataclass
class Findings:
    """Faults of whole files, faults by row, and warnings.

    Parameters
    ----------
    faults : of files, headers and the policy: no plan is possible
    rows : by row: a plan without the row is possible
    warnings : worth knowing
    """

    faults: list[Fault] = field(default_factory=list)
    rows: dict[RowKey, list[Fault]] = field(default_factory=dict)
    warnings: list[Fault] = field(default_factory=list)

    def refuse(self, table: str, row: int, fault: Fault) -> None:
        """Note a fault of one row."""
        self.rows.setdefault(RowKey(table, row), []).append(fault)

    def every_fault(self, order: tuple[str, ...]) -> tuple[Fault, ...]:
        """Return all faults: those of files first, then by table in `order` and by row."""
        rows = sorted(self.rows, key=lambda key: (order.index(key.table), key.row))
        return (*self.faults, *(fault for key in rows for fault in self.rows[key]))


def is_empty(cell: object) -> bool:
    """Return whether a cell says nothing: not there, or blanks."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def printable(value: object) -> Scalar:
    """Return a value as a fault may show it: short, and safe for any terminal or encoding."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, int):
        return value if value.bit_length() < 64 else "a very long number"
    text = value if isinstance(value, str) else str(value) if isinstance(value, date) else _nested(value)
    short = text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1] + "…"
    return "".join(
        character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in short
    )


def _nested(value: object) -> str:
    """Return what kind of JSON value this is; what is inside may be deep and long."""
    return "[…]" if isinstance(value, list) else "{…}" if isinstance(value, dict) else str(value)


def did_you_mean(word: str, known: tuple[str, ...], cutoff: float = 0.6) -> str | None:
    """Return the known word nearest to `word`, or None if none is near."""
    tidy = word.strip().casefold().replace(" ", "_").replace("-", "_")
    near = get_close_matches(tidy[:100], known, n=1, cutoff=cutoff)
    return near[0] if near else None
