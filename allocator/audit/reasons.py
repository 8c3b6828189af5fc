"""Why a place is empty: the reason code, by the contract's one sentence."""

from collections import defaultdict
from collections.abc import Callable, Iterator

import numpy as np

from allocator.audit.exact import Bools, Ints
from allocator.audit.facts import LEAD
from allocator.audit.finding import Finding
from allocator.audit.person import passes, removed_by
from allocator.audit.room import admin_need, open_limits, year_left
from allocator.audit.standing import NOBODY, tally
from allocator.audit.view import View


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
        self._linked = _people_by_label(view)
        self.tests: tuple[tuple[str, Callable[[int, Ints], Bools]], ...] = (
            ("linked", self._stops_linked),
            ("admin", self._stops_admin),
            ("contract", self._stops_contract),
            ("open_cases", lambda _, seats: self._leads[seats] + 1 > self._open[seats]),
            ("year_limit", lambda _, seats: self._new[seats] + 1 > self._year[seats]),
        )

    def _stops_linked(self, case: int, seats: Ints) -> Bools:
        people = self._linked.get(self._view.facts.cases[case].linked_to or "", set())
        stopped = np.full(len(seats), len(people) > 1)
        return stopped | (seats != next(iter(people))) if len(people) == 1 else stopped

    def _stops_admin(self, case: int, seats: Ints) -> Bools:
        area = int(self._view.facts.area_of[case])
        free, begun = self._admin_left[area], self._view.room.admin_free[area]
        shut = begun is not None and begun < 0
        return np.full(len(seats), free is not None and (shut or admin_need(self._view.facts, case) > free))

    def _stops_contract(self, case: int, seats: Ints) -> Bools:
        terms = self._view.room.providers
        of = terms.of[seats]
        minutes = self._view.facts.efforts.minutes(LEAD, np.full(len(seats), case), seats)
        stopped = terms.ended[of]
        has = of >= 0
        leads, used = self._contract_leads[of[has]], self._contract_minutes[of[has]]
        stopped[has] |= leads + 1 > terms.cases_left[of[has]]
        stopped[has] |= used + minutes[has] > terms.minutes_left[of[has]]
        return stopped


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
    limits = Limits(view)
    for (role, row), line in view.rows.unassigned.items():
        right = _codes(view, limits, role, row)
        if line["reason_code"] not in sorted(right):  # a list: what stands in the line may be no text at all
            shown = " or ".join(sorted(right))
            message = f"reason_code is {line['reason_code']!r}, the contract gives {shown}"
            yield Finding("reason_code", view.facts.label(row, role), message)
        if not isinstance(line["reason"], str) or not isinstance(line["remedy"], str | None):
            yield Finding("shape", view.facts.label(row, role), "reason and remedy are sentences")


def _codes(view: View, limits: Limits, role: int, row: int) -> set[str]:
    """Return the reason codes that fit: several only where two rules remove equally many.

    The person at the case's other place passes the rules about a person, but can take no second place of
    it: both readings, with them and without, are accepted.
    """
    if view.facts.on_hold[row]:
        return {"on_hold"}
    everyone = np.arange(len(view.facts.reviewers))
    able = everyone[passes(view.tables, role, np.array([row]), everyone)]
    if not len(able):
        counts = removed_by(view.facts, view.tables, role, row)
        return {code for code, count in counts.items() if count == max(counts.values())}
    if role != LEAD:
        return {"no_capacity"}
    free = able[able != view.rows.given[1 - role, row]]
    return {_stopped_by(limits, row, seats) for seats in (able, free) if len(seats)}


def _stopped_by(limits: Limits, row: int, seats: Ints) -> str:
    """Return the first limit that alone stops all of these reviewers from leading the case."""
    for code, stops in limits.tests:
        if bool(stops(row, seats).all()):
            return code
    return "no_capacity"
