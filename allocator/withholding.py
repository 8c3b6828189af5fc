"""Which counts of a column are not told, so that nobody can be found by a small number.

Counts of 1 to 5 are withheld, and as many others as it takes that none of them can be worked out from the
total. The rule, and how it was found to be enough, is in `docs/decisions/0036-performance.md`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

SMALL: Final = range(1, 6)
"""Counts that are withheld."""
Counts = Sequence[int]


@dataclass(frozen=True)
class Hidden:
    """What is withheld of a column: which rows, by their place, and whether the total too."""

    rows: frozenset[int] = frozenset()
    total: bool = False


def hidden(counts: Counts) -> Hidden:
    """What is withheld of a column whose total is told.

    The small counts alone, if their sum lets each of them be anything from 1 to 5. Else the next ones too,
    until one of them is not small, and they are not all as little as they can be.
    """
    some = _some(counts)
    small = [row for row in some if counts[row] in SMALL]
    found = set(small)
    for row in _after(small, some):
        if _has_room(counts, found):
            break
        found.add(row)
    return Hidden(frozenset(found)) if _has_room(counts, found) else everything(counts)


def hidden_parts(parts: tuple[Counts, Counts], whole: Hidden) -> Hidden:
    """What is withheld of two columns that add up to a third, such as those in time and those late.

    A row is withheld of both. With those of which one is small, or whose sum is withheld, go the next ones
    until what is withheld together is not small, and leaves each of them what it might be.

    Parameters
    ----------
    whole : what is withheld of the third
    """
    sums = [sum(each) for each in zip(*parts, strict=True)]
    if whole.total:
        return everything(sums)
    some = _some(sums)
    small = sorted(whole.rows | {row for row in some if any(part[row] in SMALL for part in parts)})
    found = set(small)
    for row in _after(small, some):
        if _parts_have_room(parts, found):
            break
        found.add(row)
    return Hidden(frozenset(found)) if _parts_have_room(parts, found) else everything(sums)


def everything(counts: Counts) -> Hidden:
    """All that is not 0, and the total."""
    return Hidden(frozenset(_some(counts)), True)


def _some(counts: Counts) -> list[int]:
    return [row for row, count in enumerate(counts) if count]


def _after(small: Sequence[int], some: Iterable[int]) -> list[int]:
    """The other rows, those after the last small one first: an order that tells nothing of their counts."""
    others = [row for row in some if row not in small]
    return sorted(others, key=lambda row: (row < small[-1], row)) if small else []


def _has_room(counts: Counts, found: set[int]) -> bool:
    """Whether the sum of some rows, which is known, tells nothing of the small ones."""
    if not found:
        return True
    together, large = sum(counts[row] for row in found), sum(counts[row] not in SMALL for row in found)
    small = len(found) - large
    if large:
        return together > small + SMALL.stop * large
    return small + SMALL[-1] - 1 <= together <= SMALL[-1] * (small - 1) + 1


def _parts_have_room(parts: tuple[Counts, Counts], found: set[int]) -> bool:
    """Whether some rows may be withheld: their sums tell of no row what it is, or within five of it."""
    if not found:
        return True
    one, other = (sum(part[row] for row in found) for part in parts)
    if len(found) == 1 or one in SMALL or other in SMALL:
        return False
    sums = (parts[0][row] + parts[1][row] for row in found)
    return all(min(each, one) - max(0, each - other) >= min(each, SMALL[-1]) for each in sums)
