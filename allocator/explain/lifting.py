"""Limits that a change lifts, and what they have shut to whoever is beyond them.

Whoever is beyond a limit gets nothing new, even where a move makes room: that takes the limit lifted to what
they have. A limit of open cases stands apart from that of a year, so that each can be lifted by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from allocator.encode import Encoding
from allocator.exact import Ints
from allocator.explain.changes import Change, HigherLimit, LongerHorizon, MoreAdmin, MoreHours
from allocator.groups import GroupKey, Kind
from allocator.held import Role
from allocator.rules import Bools
from allocator.totals import open_limits, year_limits
from solver.problem import NO_LIMIT, Groups, Problem


@dataclass(frozen=True, eq=False)
class Leading:
    """How many leads each reviewer has and may have, each of shape (n_reviewers,).

    Parameters
    ----------
    most : the limit of open cases, `NO_LIMIT` for none
    held, movable : how many they hold, and how many of those may move away
    """

    most: Ints
    held: Ints
    movable: Ints

    @staticmethod
    def of(encoding: Encoding) -> Leading:
        """Those of an encoding's snapshot."""
        facts, places = encoding.facts, encoding.places
        mine = (places.holder >= 0) & (places.role == Role.LEAD)
        held, movable = (
            np.bincount(places.holder[some], minlength=facts.n_reviewers)
            for some in (mine, mine & places.movable)
        )
        return Leading(open_limits(facts), held, movable)

    def raises(self, row: int) -> int | None:
        """How many more may be led with one case more of the limit; None if that lets nothing happen."""
        most, held = int(self.most[row]), int(self.held[row])
        if most == NO_LIMIT or held > most + 1 or (held > most and not self.movable[row]):
            return None
        return int(held <= most)


def open_cases_apart(encoding: Encoding, problem: Problem) -> Encoding:
    """The encoding with this problem, each limit of open cases a group of its own."""
    facts, places, leading = encoding.facts, encoding.places, Leading.of(encoding)
    counted = (places.role == Role.LEAD) & ((places.holder < 0) | places.movable)
    counts = counted[problem.arc_place]
    keys, groups = [], []
    for row, key in enumerate(encoding.groups):
        if key.kind is not Kind.OPEN_CASES:
            g = problem.groups
            members = slice(int(g.start[row]), int(g.start[row + 1]))
            keys.append(key)
            groups.append((int(g.limit[row]), g.arc[members], g.amount[members]))
    for row in np.flatnonzero(leading.most < NO_LIMIT).tolist():
        arcs = np.flatnonzero(counts & (problem.arc_reviewer == row))
        left = max(0, int(leading.most[row] - leading.held[row])) + int(leading.movable[row])
        keys.append(GroupKey(Kind.OPEN_CASES, facts.reviewers[row].reviewer_id))
        groups.append((left, arcs, np.ones(len(arcs), np.int64)))
    apart = problem.replace(slots=year_limits(facts), groups=Groups.of(groups))
    return replace(encoding, problem=apart, groups=tuple(keys))


@dataclass(frozen=True, eq=False)
class Lifting:
    """Which changes open what a limit has shut, by their number.

    Parameters
    ----------
    encoding : of what may be changed, its limits those of now
    changes : in the order of their numbers
    """

    encoding: Encoding
    changes: Sequence[Change]

    def clauses(self, place: int, who: int) -> list[tuple[int, ...]]:
        """Of each limit that shuts a place to whoever is new to it: the changes of which one must be made."""
        places, facts = self.encoding.places, self.encoding.facts
        name, case = facts.reviewers[who].reviewer_id, facts.cases[int(places.case[place])]
        limits = [("hours", name)]
        if places.role[place] == Role.LEAD:
            limits += [("leads", name), ("admin", case.area)]
        return [tuple(self._lifting[limit]) for limit in limits if limit in self._lifting]

    @cached_property
    def _lifting(self) -> dict[tuple[str, str], list[int]]:
        """By what is beyond its limit and of whom, the changes that lift the limit to it."""
        facts, leading = self.encoding.facts, Leading.of(self.encoding)
        names = [one.reviewer_id for one in facts.reviewers]
        lifting: dict[tuple[str, str], list[int]] = {
            **{("hours", names[row]): [] for row in np.flatnonzero(beyond_hours(self.encoding))},
            **{("leads", names[row]): [] for row in np.flatnonzero(leading.held > leading.most)},
            **{("admin", area): [] for area, free in self.encoding.totals.admin.items() if free < 0},
        }
        for at, change in enumerate(self.changes):
            if (limit := self._lifted(change)) in lifting:
                lifting[limit].append(at)
        return lifting

    def _lifted(self, change: Change) -> tuple[str, str] | None:
        """The limit that a change lifts; those of a person are offered only if they reach what there is."""
        match change:
            case MoreHours() | LongerHorizon():
                return "hours", change.reviewer_id
            case HigherLimit(limit="max_open_cases"):
                return "leads", change.reviewer_id
            case MoreAdmin() if left_of_admin(self.encoding, change) >= 0:
                return "admin", change.area
        return None


def beyond_hours(encoding: Encoding) -> Bools:
    """The reviewers whose held work is beyond their hours; shape (n_reviewers,)."""
    return np.asarray(encoding.facts.capacities.limit < encoding.problem.capacity, np.bool_)


def left_of_admin(encoding: Encoding, change: MoreAdmin) -> int:
    """Parts of a minute that an area would have left with more; below 0: held work is still beyond it."""
    totals = encoding.totals
    return totals.admin[change.area] + 60 * totals.parts * change.hours * change.weeks
