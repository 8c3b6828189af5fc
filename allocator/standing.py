"""How full everyone and everything is under a plan, and what thereby stops a reviewer from one more place."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from allocator.efforts import Efforts
from allocator.exact import Ints
from allocator.facts import Facts, row_array
from allocator.forecast import Filled
from allocator.held import NOBODY_YET, SEVERAL, Role
from allocator.plan import State
from allocator.rules import Bools
from allocator.totals import Bought, Totals, open_limits, year_limits
from solver.problem import NO_LIMIT


@dataclass(frozen=True, eq=False)
class Standing:
    """What a plan has given away, and what is left.

    Parameters
    ----------
    given, kept, leads, new_leads : ndarray of shape (n_reviewers,): minutes in all and of
        kept work, leads in all and new ones
    open_limit, year_limit : ndarray of shape (n_reviewers,): the most leads, and the most new ones
    admin_left : parts of a minute each area with a limit still has
    bought_left : what each provider's contract still has
    label_leads : who leads the cases with a label, once a case
    placed : ndarray of shape (2, n_cases): who fills each case's lead and second place, below 0 for nobody
    """

    facts: Facts
    efforts: Efforts
    totals: Totals
    given: Ints
    kept: Ints
    leads: Ints
    new_leads: Ints
    open_limit: Ints
    year_limit: Ints
    admin_left: dict[str, int]
    bought_left: dict[str, Bought]
    label_leads: dict[str, list[int]]
    placed: Ints

    def stops(self, rows: Ints, role: Role, pairs: tuple[Ints, Ints]) -> dict[str, Bools]:
        """Whether each limit, alone, stops each pair of a place and a reviewer, in the codes' order.

        Parameters
        ----------
        rows : ndarray of shape (n_places,): the places' cases
        pairs : positions in `rows`, and reviewers
        """
        at, who = pairs
        minutes = self.efforts.new(rows[at], who, role)
        capacity = self.given[who] + minutes > self.facts.capacities.limit[who]
        if role is Role.SECOND:
            return {"capacity": capacity}
        linked_to = self._linked_to(rows)[at]
        return {
            "linked": (linked_to == SEVERAL) | ((linked_to >= 0) & (linked_to != who)),
            "admin": self._no_admin(rows)[at],
            "contract": self._not_bought(who, minutes),
            "open_cases": self.leads[who] >= self.open_limit[who],
            "year_limit": self.new_leads[who] >= self.year_limit[who],
            "capacity": capacity,
        }

    def _linked_to(self, rows: Ints) -> Ints:
        """Who leads the cases linked to each of these, below 0 for nobody or several people."""
        who = (set(self.label_leads.get(self.facts.cases[row].linked_to or "", ())) for row in rows.tolist())
        return row_array([NOBODY_YET if not one else SEVERAL if len(one) > 1 else min(one) for one in who])

    def _no_admin(self, rows: Ints) -> Bools:
        """Whether the administration of each case's area has too little left for a new lead of it."""
        left = (self.admin_left.get(self.facts.cases[row].area) for row in rows.tolist())
        asked = (max(0, asked_of_admin(self.facts, self.totals, row)) for row in rows.tolist())
        short = [free is not None and free < much for free, much in zip(left, asked, strict=True)]
        return np.array(short, np.bool_)

    def _not_bought(self, who: Ints, minutes: Ints) -> Bools:
        """Whether each reviewer's provider may not be given one more lead of so many minutes."""
        cases, most_minutes = self._bought
        return np.asarray((cases[who] < 1) | (most_minutes[who] < minutes))

    @cached_property
    def _bought(self) -> tuple[Ints, Ints]:
        """Cases and minutes that each reviewer's contract has left; no case once it has ended."""
        now, no_limit = self.facts.snapshot.as_of, int(NO_LIMIT)
        ended = {
            c.provider for c in self.facts.snapshot.contracts if c.ends_on is not None and c.ends_on < now
        }
        cases, minutes = [], []
        for reviewer in self.facts.reviewers:
            left = self.bought_left.get(reviewer.provider or "", Bought("", None, None))
            cases.append(0 if reviewer.provider in ended else no_limit if left.cases is None else left.cases)
            minutes.append(no_limit if left.minutes is None else left.minutes)
        return row_array(cases), row_array(minutes)


def state_of(given: int, capacity: int) -> State:
    """How full a reviewer is; by exact minutes, not by the rounded percentage."""
    if not capacity:
        return "unavailable"
    if given > capacity:
        return "over"
    return "full" if 10 * given >= 9 * capacity else "ok"


def asked_of_admin(facts: Facts, totals: Totals, row: int) -> int:
    """Parts of a minute that a new lead of the case asks of its area; none if it was held before."""
    case = facts.cases[row]
    if case.reviewer_id is not None:
        return 0
    return totals.admin_amount(facts.policy.review_types[case.review_type].admin_hours)


def standing(facts: Facts, efforts: Efforts, totals: Totals, filled: Filled) -> Standing:
    """Where everything stands once these places are filled."""
    lead = filled.role == Role.LEAD
    n = facts.n_reviewers
    new_lead = lead & filled.new
    start = Standing(
        facts=facts,
        efforts=efforts,
        totals=totals,
        given=np.bincount(filled.reviewer, filled.minutes, n).astype(np.int64),
        kept=np.bincount(filled.reviewer, filled.minutes * ~filled.new, n).astype(np.int64),
        leads=np.bincount(filled.reviewer[lead], minlength=n),
        new_leads=np.bincount(filled.reviewer[new_lead], minlength=n),
        open_limit=open_limits(facts),
        year_limit=year_limits(facts),
        admin_left=dict(totals.admin),
        bought_left={bought.provider: bought for bought in totals.bought},
        label_leads={},
        placed=np.full((len(Role), len(facts.cases)), NOBODY_YET, np.int64),
    )
    start.placed[filled.role, filled.case] = filled.reviewer
    _take(start, filled)
    return start


def _take(start: Standing, filled: Filled) -> None:
    """Take what each filled place uses of what is counted by name."""
    columns = (filled.case, filled.role, filled.reviewer, filled.minutes, filled.new)
    for row, role, reviewer, minutes, new in zip(*(c.tolist() for c in columns), strict=True):
        if role != Role.LEAD:
            continue
        case = start.facts.cases[row]
        if case.linked_to is not None:
            start.label_leads.setdefault(case.linked_to, []).append(reviewer)
        if not new:
            continue
        if case.area in start.admin_left:
            start.admin_left[case.area] -= asked_of_admin(start.facts, start.totals, row)
        provider = start.facts.reviewers[reviewer].provider or ""
        if provider in start.bought_left:
            start.bought_left[provider] = start.bought_left[provider].less(minutes)
