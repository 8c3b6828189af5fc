"""Tables of text in the contract's form, and how they are written."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Column = Sequence[str]
Days = NDArray[np.datetime64]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Tables:
    """A snapshot as text: for each table its columns by name, and the policy file.

    ``tables["cases"]["case_id"]`` is the column of case ids; all columns of a table have one length.
    """

    tables: Mapping[str, Mapping[str, Column]]
    policy: str

    def rows(self, table: str) -> int:
        """Return how many rows a table has."""
        return len(next(iter(self.tables[table].values())))


def write_sample(tables: Tables, directory: Path) -> None:
    """Write each table as CSV, and ``policy.toml``, into a folder (made if absent).

    Raises
    ------
    OSError
        If the folder or a file cannot be written.
    """
    directory.mkdir(parents=True, exist_ok=True)
    for name, columns in tables.tables.items():
        with (directory / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(columns)
            writer.writerows(zip(*columns.values(), strict=True))
    (directory / "policy.toml").write_text(tables.policy, encoding="utf-8", newline="\n")


def distinct(columns: Mapping[str, Column]) -> dict[str, Column]:
    """Return a table without the rows that repeat one before them."""
    rows = list(dict.fromkeys(zip(*columns.values(), strict=True)))
    return {name: [row[i] for row in rows] for i, name in enumerate(columns)}


def numbers(values: Floats | Ints, given: Bools | None = None) -> list[str]:
    """Return numbers as text without trailing zeros, empty where not given or NaN."""
    return _text(values, given, lambda value: "" if value != value else f"{value:.10g}")


def dates(values: Days) -> list[str]:
    """Return dates as YYYY-MM-DD, empty for "not a time"."""
    return ["" if value is None else value.isoformat() for value in values.astype(object)]


def flags(values: Bools) -> list[str]:
    """Return ``true`` where set and an empty cell elsewhere."""
    return ["true" if value else "" for value in values.tolist()]


def picked(names: Sequence[str], index: Ints) -> list[str]:
    """Return the name at each index, empty where the index is negative."""
    table = (*names, "")
    return [table[i if i >= 0 else -1] for i in index.tolist()]


def joined(names: Sequence[str], index: Ints) -> list[str]:
    """Return, for each row of indices, its names joined by ``;`` (negative ones left out)."""
    return [";".join(names[i] for i in row if i >= 0) for row in index.tolist()]


def _text(values: NDArray[np.generic], given: Bools | None, form: Callable[[float], str]) -> list[str]:
    distinct, where = np.unique(values, return_inverse=True)
    words = [form(value) for value in distinct.tolist()]
    text: Iterable[str] = (words[i] for i in where.tolist())
    if given is None:
        return list(text)
    return [word if keep else "" for word, keep in zip(text, given.tolist(), strict=True)]
