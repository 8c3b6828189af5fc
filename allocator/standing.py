"""How full everyone and everything is under a plan, and what thereby stops a reviewer from one more place."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from allocator.efforts import Efforts
from allocator.exact import Ints
from allocator.facts import Facts
from allocator.forecast import Filled
from allocator.held import Role
from allocator.rules import Bools
from allocator.totals import Bought, Totals, open_limits, year_limits


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
    placed : who fills each place, by case row and role
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
    placed: dict[tuple[int, int], int]

    def stops(self, row: int, role: Role, who: Ints) -> dict[str, Bools]:
        """Whether each limit, alone, stops each of these reviewers from the place, in the codes' order."""
        minutes = self.efforts.new(np.full(len(who), row), who, role)
        capacity = self.given[who] + minutes > self.facts.capacities.limit[who]
        if role is Role.SECOND:
            return {"capacity": capacity}
        return {
            "linked": self._with_another(row, who),
            "admin": np.full(len(who), self._no_admin(row), np.bool_),
            "contract": self._not_bought(who, minutes),
            "open_cases": self.leads[who] >= self.open_limit[who],
            "year_limit": self.new_leads[who] >= self.year_limit[who],
            "capacity": capacity,
        }

    def _with_another(self, row: int, who: Ints) -> Bools:
        label = self.facts.cases[row].linked_to
        holders = set(self.label_leads.get(label, ())) if label else set()
        if not holders:
            return np.zeros(len(who), np.bool_)
        return np.ones(len(who), np.bool_) if len(holders) > 1 else np.asarray(who != next(iter(holders)))

    def _no_admin(self, row: int) -> bool:
        left = self.admin_left.get(self.facts.cases[row].area)
        return left is not None and left < max(0, asked_of_admin(self.facts, self.totals, row))

    def _not_bought(self, who: Ints, minutes: Ints) -> Bools:
        ended = {
            c.provider
            for c in self.facts.snapshot.contracts
            if c.ends_on is not None and c.ends_on < self.facts.snapshot.as_of
        }
        stopped = np.zeros(len(who), np.bool_)
        for at, (reviewer, needed) in enumerate(zip(who.tolist(), minutes.tolist(), strict=True)):
            provider = self.facts.reviewers[reviewer].provider
            bought = self.bought_left.get(provider or "")
            stopped[at] = provider in ended or (bought is not None and not bought.has(needed))
        return stopped


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
        placed={},
    )
    _take(start, filled)
    return start


def _take(start: Standing, filled: Filled) -> None:
    """Take what each filled place uses of what is counted by name."""
    columns = (filled.case, filled.role, filled.reviewer, filled.minutes, filled.new)
    for row, role, reviewer, minutes, new in zip(*(c.tolist() for c in columns), strict=True):
        start.placed[row, role] = reviewer
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
