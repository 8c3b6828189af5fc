"""Tables of the report: what is counted, and the same with small counts withheld."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from pydantic import Field

from allocator.exact import percent
from allocator.plan import Number, Part
from allocator.withholding import Counts, Hidden, everything, hidden, hidden_parts

WITHHELD: Final = "withheld"
Cell = int | float | str | None
Unit = Literal["count", "number", "percent", "words"]


class Column(Part):
    """One column of a table."""

    name: str
    label: str = Field(description="In plain words")
    unit: Unit


class Row(Part):
    """One row of a table."""

    name: str
    label: str = Field(description="In plain words")
    cells: dict[str, Cell] = Field(description="By column; `withheld`, or empty where there is none to tell")


class Table(Part):
    """One table of the report."""

    name: str
    title: str
    says: str = Field(description="What it counts, in a sentence")
    source: str = Field(description="What it is worked out from")
    row_label: str = Field(description="What its rows are, in plain words")
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    total: Row


@dataclass(frozen=True)
class Counted:
    """A column of counts.

    Parameters
    ----------
    of : what is counted, the same word in every table that counts the same
    """

    name: str
    label: str
    counts: Counts
    of: str


@dataclass(frozen=True)
class Split:
    """A column of counts that are a part of another column's.

    Parameters
    ----------
    whole : the other column
    rest : the counts of what is not in this part, which no column tells
    """

    name: str
    label: str
    counts: Counts
    rest: Counts
    whole: str


@dataclass(frozen=True)
class Ratio:
    """A column that divides what others tell, and tells no more than they do.

    Parameters
    ----------
    whole : columns whose sum it is a part of
    of_total : whether that sum is the total row's
    """

    name: str
    label: str
    part: str
    whole: tuple[str, ...]
    of_total: bool = False
    unit: Unit = "percent"


@dataclass(frozen=True)
class Given:
    """A column of what is no count of cases or people.

    Parameters
    ----------
    beside : a column with whose counts it is withheld; None: never
    total : of the total row
    """

    name: str
    label: str
    values: Sequence[Cell]
    unit: Unit
    beside: str | None = None
    total: Cell = None


@dataclass(frozen=True)
class Draft:
    """A table before anything is withheld.

    Parameters
    ----------
    rows : the name and the label of each
    """

    title: str
    says: str
    source: str
    row_label: str
    rows: Sequence[tuple[str, str]]
    columns: Sequence[Counted | Split | Ratio | Given]


def withheld(drafts: Mapping[str, Draft]) -> tuple[Table, ...]:
    """The tables, without what may not be told of them, nor follows from what they tell together.

    Parameters
    ----------
    drafts : by name
    """
    columns = [
        (name, one) for name, made in drafts.items() for one in made.columns if isinstance(one, Counted)
    ]
    found = {(table, one.name): hidden(one.counts) for table, one in columns}
    silent = {one.of for table, one in columns if found[table, one.name].total}
    by_table: dict[str, dict[str, Hidden]] = defaultdict(dict)
    for table, one in columns:
        by_table[table][one.name] = everything(one.counts) if one.of in silent else found[table, one.name]
    return tuple(_told(name, made, by_table[name]) for name, made in drafts.items())


def _told(name: str, draft: Draft, counted: Mapping[str, Hidden]) -> Table:
    away = dict(counted)
    for one in draft.columns:
        if isinstance(one, Split):
            away[one.name] = hidden_parts((one.counts, one.rest), counted[one.whole])
        elif isinstance(one, Given):
            away[one.name] = counted[one.beside] if one.beside else Hidden()
    plain = {one.name: one for one in draft.columns if not isinstance(one, Ratio)}
    total = {name: WITHHELD if away[name].total else _total(one) for name, one in plain.items()}
    rows = [
        {name: WITHHELD if at in away[name].rows else _values(one)[at] for name, one in plain.items()}
        for at in range(len(draft.rows))
    ]
    return Table(
        name=name,
        title=draft.title,
        says=draft.says,
        source=draft.source,
        row_label=draft.row_label,
        columns=tuple(Column(name=one.name, label=one.label, unit=_unit(one)) for one in draft.columns),
        rows=tuple(
            Row(name=name, label=label, cells=_cells(draft, row, total))
            for (name, label), row in zip(draft.rows, rows, strict=True)
        ),
        total=Row(name="total", label="Total", cells=_cells(draft, total, total)),
    )


def _cells(draft: Draft, row: Mapping[str, Cell], total: Mapping[str, Cell]) -> dict[str, Cell]:
    return {
        one.name: _ratio(one, row, total) if isinstance(one, Ratio) else row[one.name]
        for one in draft.columns
    }


def _ratio(one: Ratio, row: Mapping[str, Cell], total: Mapping[str, Cell]) -> Cell:
    part, whole = row[one.part], [(total if one.of_total else row)[name] for name in one.whole]
    if WITHHELD in (part, *whole):
        return WITHHELD
    number, below = _number(part), sum(map(_number, whole))
    if one.unit == "percent":
        return percent(int(number), int(below))
    return round(number / below, 1) if below else None


def _number(cell: Cell) -> Number:
    return cell if isinstance(cell, int | float) else 0


def _total(one: Counted | Split | Given) -> Cell:
    return one.total if isinstance(one, Given) else sum(one.counts)


def _values(one: Counted | Split | Given) -> Sequence[Cell]:
    return one.values if isinstance(one, Given) else one.counts


def _unit(one: Counted | Split | Ratio | Given) -> Unit:
    return one.unit if isinstance(one, Ratio | Given) else "count"
