"""Why a place is empty: the reason code, by the contract's one sentence."""

from collections import defaultdict
from collections.abc import Callable, Iterator

import numpy as np

from allocator.audit.arcs import blocks
from allocator.audit.exact import Bools, Ints
from allocator.audit.facts import LEAD, SECOND
from allocator.audit.finding import Finding
from allocator.audit.person import passes, removed_by
from allocator.audit.room import admin_need, open_limits, year_left
from allocator.audit.standing import NOBODY, tally
from allocator.audit.tables import EVERYONE
from allocator.audit.view import View

Test = Callable[[Ints, Ints], Bools]
"""Cases and their reviewers → whether a limit stops each."""


class Limits:
    """What the plan has left for one more new lead: one test a limit, true where it stops a reviewer."""

    def __init__(self, view: View) -> None:
        self._view = view
        rows, terms = view.rows, view.room.providers
        new = rows.new_leads()
        self._leads, self._open = view.leads_given(), open_limits(view.facts)
        self._new, self._year = view.leads_given(new_only=True), year_left(view.facts)
        of = terms.of[rows.reviewer[new]]
        size = len(terms.ended)
        self._contract_leads = np.bincount(of[of >= 0], minlength=size)
        self._contract_minutes = tally(of[of >= 0], rows.minutes[new][of >= 0], size)
        self._admin_left = list(view.room.admin_free)
        for row in rows.case[new].tolist():
            area = int(view.facts.area_of[row])
            free = self._admin_left[area]
            self._admin_left[area] = None if free is None else free - admin_need(view.facts, row)
        self._linked = _linked_leads(view)
        self.tests: tuple[tuple[str, Test], ...] = (
            ("linked", self._stops_linked),
            ("admin", self._stops_admin),
            ("contract", self._stops_contract),
            ("open_cases", lambda _, seats: self._leads[seats] + 1 > self._open[seats]),
            ("year_limit", lambda _, seats: self._new[seats] + 1 > self._year[seats]),
        )

    def _stops_linked(self, cases: Ints, seats: Ints) -> Bools:
        one, several = self._linked
        stopped: Bools = several[cases] | ((one[cases] != NOBODY) & (one[cases] != seats))
        return stopped

    def _stops_admin(self, cases: Ints, _: Ints) -> Bools:
        here, at = np.unique(cases, return_inverse=True)
        return np.array([self._has_no_admin(case) for case in here.tolist()], dtype=np.bool_)[at]

    def _has_no_admin(self, case: int) -> bool:
        area = int(self._view.facts.area_of[case])
        free, begun = self._admin_left[area], self._view.room.admin_free[area]
        if free is None or begun is None:
            return False
        return begun < 0 or admin_need(self._view.facts, case) > free

    def _stops_contract(self, cases: Ints, seats: Ints) -> Bools:
        terms = self._view.room.providers
        of = terms.of[seats]
        stopped, has = terms.ended[of], of >= 0
        minutes = self._view.facts.efforts.minutes(LEAD, cases[has], seats[has])
        leads, used = self._contract_leads[of[has]], self._contract_minutes[of[has]]
        stopped[has] |= leads + 1 > terms.cases_left[of[has]]
        stopped[has] |= used + minutes > terms.minutes_left[of[has]]
        return stopped


def _linked_leads(view: View) -> tuple[Ints, Bools]:
    """Return who alone leads the set that each case is linked to, or NOBODY; and whether several do."""
    people = _people_by_label(view)
    sets = [people.get(case.linked_to, set()) if case.linked_to else set() for case in view.facts.cases]
    one = np.array([min(found) if len(found) == 1 else NOBODY for found in sets], dtype=np.int64)
    return one, np.array([len(found) > 1 for found in sets], dtype=np.bool_)


def _people_by_label(view: View) -> dict[str, set[int]]:
    """Return who leads each linked set in the plan: keeps or newly takes one of its cases."""
    people: dict[str, set[int]] = defaultdict(set)
    for case, kept, given in zip(
        view.facts.cases, view.standing.holder[LEAD].tolist(), view.rows.given[LEAD].tolist(), strict=True
    ):
        if case.linked_to:
            people[case.linked_to] |= {kept, given} - {NOBODY}
    return people


def reason_codes(view: View) -> Iterator[Finding]:
    """Yield empty places whose reason_code is not the contract's."""
    right = fitting_codes(view)
    for (role, row), line in view.rows.unassigned.items():
        codes = sorted(right[role, row])
        if line["reason_code"] not in codes:  # a list: what stands in the line may be no text at all
            message = f"reason_code is {line['reason_code']!r}, the contract gives {' or '.join(codes)}"
            yield Finding("reason_code", view.facts.label(row, role), message)
        if not isinstance(line["reason"], str) or not isinstance(line["remedy"], str | None):
            yield Finding("shape", view.facts.label(row, role), "reason and remedy are sentences")


def fitting_codes(view: View) -> dict[tuple[int, int], set[str]]:
    """Return, by role and case, the reason codes that fit the empty places.

    They are several where two rules remove equally many. And the person at the case's other place passes the
    rules about a person, but can take no second place of it: both readings, with them and without, are
    accepted.
    """
    right = {place: {"on_hold"} for place in view.rows.unassigned}
    limits = Limits(view)
    for role in (LEAD, SECOND):
        rows = np.array([row for of, row in right if of == role and not view.facts.on_hold[row]], np.int64)
        for block in blocks(rows, len(view.facts.reviewers)):
            able = passes(view.tables, role, block, EVERYONE)
            for row in block[~able.any(axis=1)].tolist():
                counts = removed_by(view.tables, role, row)
                right[role, row] = {code for code, n in counts.items() if n == max(counts.values())}
            found, seats = np.nonzero(able)
            cases = block[found]
            readings = (np.ones_like(cases, np.bool_), seats != view.rows.given[1 - role, cases])
            told = _stopped_by(limits, cases, seats, readings) if role == LEAD else {}
            for row in np.unique(cases).tolist():
                right[role, row] = told.get(row, {"no_capacity"})
    return right


def _stopped_by(
    limits: Limits, cases: Ints, seats: Ints, readings: tuple[Bools, Bools]
) -> dict[int, set[str]]:
    """Return, for each case, the limits that alone stop all who pass: the first one of each reading.

    Parameters
    ----------
    cases, seats : ndarray of shape (n_pairs,), dtype=np.int64
        Who passes the rules about a person.
    readings : tuple of ndarray of shape (n_pairs,), dtype=np.bool_
        Which of them are looked at.
    """
    told: dict[int, set[str]] = {}
    free = [(code, ~stops(cases, seats)) for code, stops in limits.tests]
    for reading in readings:
        left = np.unique(cases[reading])
        for code, passing in free:
            through = np.unique(cases[reading & passing])
            for row in np.setdiff1d(left, through).tolist():
                told.setdefault(row, set()).add(code)
            left = np.intersect1d(left, through)
        for row in left.tolist():
            told.setdefault(row, set()).add("no_capacity")
    return told
