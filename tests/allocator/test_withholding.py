"""What is withheld: every small count, and enough besides that nobody works one out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from itertools import product

import pytest

from allocator.performance.table import WITHHELD, Counted, Draft, Given, Ratio, Split, withheld
from allocator.withholding import SMALL, Hidden, hidden, hidden_parts

Counts = tuple[int, ...]


@pytest.mark.parametrize(
    ("counts", "rows", "total"),
    [
        ([9, 8, 7], set(), False),  # none is small
        ([9, 0, 6], set(), False),  # 0 is told, and 6 is the least that is
        ([9, 5, 8], {1, 2}, False),  # a single one could be worked out from the total: the next one goes too
        ([9, 8, 5], {0, 2}, False),  # after the last row comes the first
        ([9, 3, 0, 8], {1, 3}, False),  # a row of 0 would hide nothing
        ([9, 1, 6, 7], {1, 2, 3}, False),  # 7 together could only be 1 and 6
        ([30, 2, 3, 3], {1, 2, 3}, False),  # 8 together leaves each of three anything from 1 to 5
        ([30, 1, 1, 2], {0, 1, 2, 3}, False),  # and 4 together would not
        ([5, 5, 5], {0, 1, 2}, True),  # 15 in three small counts can only be 5 each
        ([2, 0, 3], {0, 2}, True),  # 5 is small itself
        ([0, 0], set(), False),
        ([], set(), False),
    ],
)
def test_a_column(counts: list[int], rows: set[int], total: bool) -> None:
    """Small counts, and with them the next rows until nothing follows from the total."""
    assert hidden(counts) == Hidden(frozenset(rows), total)


@pytest.mark.parametrize(
    ("in_time", "late", "rows", "total"),
    [
        ([9, 8], [7, 6], set(), False),
        ([9, 8], [7, 0], set(), False),  # all in time: that says nothing of few
        ([9, 8, 9], [7, 3, 9], {1, 2}, False),  # 3 late follow from how many there are
        ([9, 8], [0, 3], {0, 1}, True),  # 3 late in all
        ([2, 0], [1, 9], {0, 1}, True),  # the sum of the first is small: so it is withheld of the second
    ],
)
def test_two_parts_of_a_whole(in_time: list[int], late: list[int], rows: set[int], total: bool) -> None:
    """A small part of a row goes with the other part, as the whole is told."""
    whole = hidden([a + b for a, b in zip(in_time, late, strict=True)])
    assert hidden_parts((in_time, late), whole) == Hidden(frozenset(rows), total)


@pytest.mark.parametrize(("rows", "most"), [(1, 12), (2, 14), (3, 11), (4, 8)])
def test_nobody_can_work_out_a_small_count(rows: int, most: int) -> None:
    """Even of those who know the rule: whatever is published is published of columns in which it differs."""
    columns = list(product(range(most + 1), repeat=rows))
    _differ(columns, [_shown(one, hidden(one)) for one in columns], most)


@pytest.mark.parametrize(("rows", "most"), [(1, 12), (2, 9), (3, 4)])
def test_nobody_can_work_out_a_small_part(rows: int, most: int) -> None:
    """Nor from how many there are of both, told beside it."""
    tables = list(product(product(range(most + 1), repeat=2), repeat=rows))
    published: list[Hashable] = []
    for one in tables:
        first, rest = [part for part, _ in one], [part for _, part in one]
        sums = [a + b for a, b in one]
        whole = hidden(sums)
        away = hidden_parts((first, rest), whole)
        parts = _shown(one, away, total=(sum(first), sum(rest)))
        published.append((_shown(sums, whole), parts))
    _differ([tuple(part for row in one for part in row) for one in tables], published, most)


def test_a_total_that_is_withheld_in_one_table_is_in_all() -> None:
    """Else it could be read elsewhere: six months of one case each are known from six of one type."""
    months = Draft("Months", "", "", "", _rows(6), [Counted("n", "N", [1] * 6, "completed")])
    types = Draft("Types", "", "", "", _rows(2), [
        Counted("n", "N", [6, 0], "completed"), Counted("other", "Other", [6, 0], "another")])  # fmt: skip
    first, second = withheld({"months": months, "types": types})
    assert first.total.cells == {"n": WITHHELD}
    assert second.total.cells == {"n": WITHHELD, "other": 6}
    assert [row.cells["n"] for row in second.rows] == [WITHHELD, 0]


def test_what_is_worked_out_tells_no_more_than_what_it_is_of() -> None:
    """A share, a mean and what stands beside a count go with it."""
    columns = [
        Counted("due", "Due", [20, 30, 3], "due"),
        Split("in_time", "In time", [10, 28, 1], [10, 2, 2], "due"),
        Ratio("share", "Share", "in_time", ("due",)),
        Ratio("of_all", "Of all", "due", ("due",), of_total=True),
        Given("hours", "Hours", [1.5, 2.5, 3.5], "number", "due", 7.5),
        Ratio("mean", "Mean", "due", ("hours",), unit="number"),
    ]
    (table,) = withheld({"one": Draft("One", "", "", "", _rows(3), columns)})
    assert [list(row.cells.values()) for row in table.rows] == [
        [WITHHELD] * 6,  # the row after the last, to which 3 would be worked out
        [30, WITHHELD, WITHHELD, 56.6, 2.5, 12.0],
        [WITHHELD] * 6,
    ]
    assert list(table.total.cells.values()) == [53, 39, 73.6, 100, 7.5, 7.1]


def test_a_share_of_nothing_is_none() -> None:
    """It is no share of 0."""
    columns = [Counted("n", "N", [0, 9], "n"), Ratio("share", "Share", "n", ("n",))]
    (table,) = withheld({"one": Draft("One", "", "", "", _rows(2), columns)})
    assert [row.cells["share"] for row in table.rows] == [None, 100]


def _rows(number: int) -> list[tuple[str, str]]:
    return [(f"r{at}", f"R{at}") for at in range(number)]


def _shown(counts: Sequence[Hashable], away: Hidden, total: Hashable = None) -> Hashable:
    """What is published of a column."""
    told = sum(counts) if total is None else total  # type: ignore[arg-type]
    cells = tuple(WITHHELD if row in away.rows else count for row, count in enumerate(counts))
    return cells, WITHHELD if away.total else told


def _differ(columns: Sequence[Counts], published: Iterable[Hashable], most: int) -> None:
    """Fail if any small count is the same in all columns of which the same is published.

    Of columns with a count of `most` not all that are published alike are among these.
    """
    alike = defaultdict[Hashable, list[Counts]](list)
    for column, told in zip(columns, published, strict=True):
        alike[told].append(column)
    for told, some in alike.items():
        if max(max(one) for one in some) < most:
            for cell in zip(*some, strict=True):
                is_told = len(set(cell)) == 1
                assert not (is_told and cell[0] in SMALL), (told, some)
