"""How long each place takes, in whole minutes: new ones by effort and pace, held ones by what is left."""

from __future__ import annotations

from fractions import Fraction

from allocator.cases import Case
from allocator.exact import Ints, Minutes, exact, half_up, minutes_of
from allocator.facts import Facts, row_array
from allocator.held import Role
from allocator.policy import Second

LEAST_SHARE = Fraction(1, 10)


class Efforts:
    """Minutes of each place of each case, for whoever takes it or has it."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        factors = [r.hours_factor for r in facts.reviewers]
        self._minutes: dict[Role, Minutes] = {}
        self._keys: dict[Role, Ints] = {}
        for role in Role:
            distinct: dict[float, int] = {}
            each = [
                distinct.setdefault(self.hours(row, role), len(distinct)) for row in range(len(facts.cases))
            ]
            self._keys[role] = row_array(each)
            self._minutes[role] = Minutes(list(distinct), factors)

    def hours(self, row: int, role: Role) -> float:
        """Expected hours of a place at the usual pace; 0 for a second that the type does not have."""
        case = self._facts.cases[row]
        kind = self._facts.policy.review_types[case.review_type]
        if role is Role.SECOND:
            return kind.second.hours if kind.second else 0.0
        return kind.hours if case.effort_hours is None else case.effort_hours

    def new(self, cases: Ints, reviewers: Ints, role: Role) -> Ints:
        """Minutes of new places, as case rows and reviewer rows of one shape."""
        return self._minutes[role].of(self._keys[role][cases], reviewers)

    def minutes(self, row: int, reviewer: int, role: Role, is_new: bool) -> int:
        """Minutes of one place for whoever takes it, or has it."""
        if not is_new:
            return self.left(row, reviewer, role)
        return int(self.new(row_array([row]), row_array([reviewer]), role)[0])

    def left(self, row: int, reviewer: int, role: Role) -> int:
        """Minutes a holder still needs; none while the case is on hold."""
        case = self._facts.cases[row]
        if case.on_hold_since is not None:
            return 0
        given = case.hours_left if role is Role.LEAD else case.second_hours_left
        if given is not None:
            return minutes_of(given)
        effort = exact(self.hours(row, role)) * exact(self._facts.reviewers[reviewer].hours_factor)
        return half_up(60 * effort * (self.share_left(row) if role is Role.LEAD else 1))

    def share_left(self, row: int) -> Fraction:
        """The share of the days from allocation to complete-by still to run, from a tenth to all."""
        case, complete_by = self._facts.cases[row], int(self._facts.clocks.complete_by[row])
        assert case.allocated_on is not None
        in_all = complete_by - case.allocated_on.toordinal()
        to_run = complete_by - self._facts.snapshot.as_of.toordinal()
        return max(LEAST_SHARE, min(Fraction(1), Fraction(to_run, in_all))) if in_all > 0 else LEAST_SHARE


def is_assumed(case: Case, role: Role) -> bool:
    """True when the hours left of a held place are not given but assumed."""
    if case.on_hold_since is not None:
        return False
    return (case.hours_left if role is Role.LEAD else case.second_hours_left) is None


def second_of(facts: Facts, row: int) -> Second | None:
    """What the case's type asks of a second; None if it has none."""
    return facts.policy.review_types[facts.cases[row].review_type].second
