"""Where a snapshot is short of people: work against the hours of those who could do it, by area and skill."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from allocator.exact import Ints
from allocator.facts import Facts
from allocator.geography import Floats
from allocator.rules.rule import Mask

MOST_NAMED = 3
ENOUGH_CASES = 5  # one case for which nobody has an hour is bad luck, no shortage


@dataclass(frozen=True)
class Shortage:
    """Waiting work of one kind against the free hours of those who could do it, if they did nothing else.

    Parameters
    ----------
    area : its code
    skill : what the work asks for; empty for all work of the area
    work_hours, free_hours : hours at the mean hours factor; no reviewer's below 0
    """

    area: str
    skill: str
    work_hours: float
    free_hours: float

    @property
    def missing_hours(self) -> float:
        """Return the hours by which the work is too much; negative: hours to spare."""
        return self.work_hours - self.free_hours

    @property
    def ratio(self) -> float:
        """Return work ÷ hours, an hour at least."""
        return self.work_hours / max(1.0, self.free_hours)

    def __str__(self) -> str:
        return f"{self.skill or 'all work'} in {self.area} ({self.ratio:.1f} ×)"


def find_shortages(
    facts: Facts, rows: Ints, serves: Mask, work_hours: Floats, free_hours: Floats
) -> tuple[Shortage, ...]:
    """Return the work of each area, and that for each skill in it; where most hours are missing comes first.

    Hours of those who serve several areas are shared out as the work is.

    Parameters
    ----------
    rows : waiting cases that somebody may take
    serves : who passes the area rule
    work_hours, free_hours : of each of these cases, and of each reviewer
    """
    if not len(rows):
        return ()
    _, first, area = np.unique(facts.case_area[rows], return_index=True, return_inverse=True)
    codes, near = [facts.cases[row].area for row in rows[first].tolist()], serves(rows[first])
    found = []
    for skill, asking in _by_skill(facts, rows).items():
        able = near & np.array([not skill or skill in r.skills for r in facts.reviewers])
        work = np.bincount(area[asking], work_hours[asking], len(codes))
        hours = work * (able * _rate(free_hours, work @ able)).sum(axis=1)
        for i in np.flatnonzero(np.bincount(area[asking]) >= ENOUGH_CASES).tolist():
            found.append(Shortage(codes[i], skill, float(work[i]), float(hours[i])))
    return tuple(sorted(found, key=lambda one: (-one.missing_hours, one.area, one.skill)))


def _by_skill(facts: Facts, rows: Ints) -> dict[str, list[int]]:
    """Return which of the cases ask for each skill; all of them for no skill in particular."""
    asking: dict[str, list[int]] = {"": list(range(len(rows)))}
    for i, row in enumerate(rows.tolist()):
        for skill in facts.cases[row].skills:
            asking.setdefault(skill, []).append(i)
    return asking


def _rate(free_hours: Floats, work: Floats) -> Floats:
    """Return free hours for an hour of work that each could do; 0 for those who could do none."""
    return np.divide(free_hours, work, out=np.zeros(len(work)), where=work > 0)


def in_words(shortages: tuple[Shortage, ...]) -> str:
    """Return the skills and the area where most hours are missing, and the area with most to spare."""
    skills = [str(shortage) for shortage in shortages if shortage.skill][:MOST_NAMED]
    areas = [str(shortage) for shortage in shortages if not shortage.skill]
    ends = areas[:1] + areas[1:][-1:]
    return f"work ÷ what those who may do it could do: {', '.join(skills + ends) or 'nothing waits'}"
