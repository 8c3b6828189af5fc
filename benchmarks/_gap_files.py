"""Generalised assignment problems as they are published, and as problems of ours.

A file holds `m n`, costs m × n, resources m × n and m capacities, agents by rows; OR-Library's files begin
with how many such problems follow.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from solver.problem import NO_LIMIT, Bands, Groups, Ints, Problem

BY_PROFIT = re.compile(r"gap\d+")
ONE_OF_MANY = re.compile(r"([a-d])\d{5}|(gap\d+)-\d+")


class FormError(ValueError):
    """A file is not in the form of generalised assignment problems."""


@dataclass(frozen=True, eq=False)
class Assignment:
    """One problem: each of n jobs goes to one of m agents.

    Parameters
    ----------
    cost, resource : ndarray of shape (m, n)
    capacity : ndarray of shape (m,)
    maximise : whether `cost` is a profit
    """

    name: str
    cost: Ints
    resource: Ints
    capacity: Ints
    maximise: bool

    def as_problem(self) -> Problem:
        """Return it with every job a required place that may go to anyone, its cost the points of level 3."""
        m, n = self.cost.shape
        points = self.cost.max(initial=0) - self.cost if self.maximise else self.cost
        none, zero = np.full(n, -1, np.int64), np.zeros(n, np.int64)
        arcs = np.tile(np.arange(m), n)
        return Problem(
            case=np.arange(n),
            rank=np.arange(n),
            penalty=zero,
            late_points=zero.copy(),
            required=np.ones(n, np.bool_),
            movable=np.ones(n, np.bool_),
            needs=none,
            link=none.copy(),
            arc_start=np.arange(0, m * n + 1, m),
            arc_reviewer=arcs,
            arc_minutes=self.resource.T.ravel(),
            arc_points=points.T.ravel(),
            arc_slots=np.zeros(m * n, np.int64),
            arc_due=self.capacity[arcs],
            capacity=self.capacity.copy(),
            slots=np.full(m, NO_LIMIT, np.int64),
            bands=Bands.none(m),
            groups=Groups.none(),
        )

    def of_points(self, points: int) -> int:
        """Return the published objective of so many level-3 points, or of a bound in points."""
        return self.cost.shape[1] * int(self.cost.max(initial=0)) - points if self.maximise else points


def read_problems(path: Path) -> list[Assignment]:
    """Return the problems of a file, named after it: `d20400`, `gap1-1` …, and those of gapa–gapd `a05100` ….

    Raises
    ------
    FormError
        The numbers are not as many as the form asks for.
    """
    try:
        numbers = np.array(path.read_text("ascii").split(), np.int64)
    except ValueError as error:
        raise FormError(f"{path.name}: {error}") from error
    if len(numbers) >= 2 and len(numbers) == _size(numbers):
        return [_problem(path.stem, numbers, path.stem)]
    return _several(path.stem, numbers)


def _size(numbers: Ints) -> int:
    m, n = int(numbers[0]), int(numbers[1])
    return 2 + 2 * m * n + m


def _several(stem: str, numbers: Ints) -> list[Assignment]:
    found, at = [], 1
    for number in range(1, 1 + int(numbers[0]) if len(numbers) else 1):
        size = _size(numbers[at : at + 2]) if at + 2 <= len(numbers) else 0
        if not size or at + size > len(numbers):
            raise FormError(f"{stem}: problem {number} is cut short")
        found.append(_problem(f"{stem}-{number}", numbers[at : at + size], stem))
        at += size
    if not found or at != len(numbers):
        raise FormError(f"{stem}: there are {len(numbers)} numbers, and the problems take {at}")
    return found


def _problem(name: str, numbers: Ints, stem: str) -> Assignment:
    m, n = numbers[:2].tolist()
    cost, resource = numbers[2 : 2 + 2 * m * n].reshape(2, m, n)
    kind = re.fullmatch(r"gap([a-d])", stem)
    name = f"{kind[1]}{m:02}{n:03}" if kind else name
    return Assignment(name, cost, resource, numbers[2 + 2 * m * n :], bool(BY_PROFIT.fullmatch(stem)))


def find(name: str, data: Path | None) -> list[Assignment]:
    """Return the problems that a path or a published name stands for; none if there is no such file."""
    places = [Path(name)]
    if data:
        places += [data / "gap" / "yagiura" / name, data / "gap" / "orlib" / f"{name}.txt", data / name]
    for path in places:
        if path.is_file():
            return read_problems(path)
    among = ONE_OF_MANY.fullmatch(name)
    if not among:
        return []
    whole = f"gap{among[1]}" if among[1] else among[2]
    return [one for one in find(whole, data) if one.name == name]


def best_known(data: Path | None) -> dict[tuple[str, bool], int]:
    """Return the best published values by name and whether it is maximised; none without the table."""
    table = data / "gap" / "best_known.csv" if data else None
    if table is None or not table.is_file():
        return {}
    with table.open(encoding="utf-8", newline="") as file:
        return {
            (row["instance"], row["objective"] == "max"): int(row["best_known"])
            for row in csv.DictReader(file)
        }
