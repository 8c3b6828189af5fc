"""Rules that bind many lines at once: what a person, a provider, an area or a linked set may be given."""

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from allocator.audit.exact import hours_of
from allocator.audit.facts import LEAD
from allocator.audit.finding import Finding
from allocator.audit.room import admin_need, open_limits, year_left
from allocator.audit.standing import NOBODY, tally
from allocator.audit.view import Check, View


def _who(view: View, seat: int) -> str:
    """Return a reviewer as a reader of the plan knows them."""
    return f"reviewer {view.facts.reviewers[seat].reviewer_id}"


def capacity(view: View) -> Iterator[Finding]:
    """Yield reviewers who get something new and have more than their limit: with it, or before any move."""
    limit = view.facts.diaries.limit
    given = np.maximum(view.minutes_given(), view.standing.held_minutes())
    gets_new = np.zeros(len(limit), dtype=np.bool_)
    gets_new[view.rows.reviewer[~view.rows.kept]] = True
    for seat in np.flatnonzero(gets_new & (given > limit)).tolist():
        most, much = hours_of(int(limit[seat])), hours_of(int(given[seat]))
        yield Finding("capacity", _who(view, seat), f"{much:g} hours given, {most:g} is the most")


def open_cases(view: View) -> Iterator[Finding]:
    """Yield reviewers who get a new lead and have too many open ones: with it, or before any move."""
    new, limit = view.leads_given(new_only=True), open_limits(view.facts)
    leads = np.maximum(view.leads_given(), view.standing.leads())
    for seat in np.flatnonzero((new > 0) & (leads > limit)).tolist():
        yield Finding("open_cases", _who(view, seat), f"{leads[seat]} open leads, {limit[seat]} is the most")


def year_limit(view: View) -> Iterator[Finding]:
    """Yield reviewers who get more new leads than the year still allows."""
    new, left = view.leads_given(new_only=True), year_left(view.facts)
    for seat in np.flatnonzero((new > 0) & (new > left)).tolist():
        message = f"{new[seat]} new leads, the year allows {max(0, int(left[seat]))} more"
        yield Finding("year_limit", _who(view, seat), message)


def contract(view: View) -> Iterator[Finding]:
    """Yield providers given more new leads, or hours of them, than are left, or any after the end."""
    rows, terms, contracts = view.rows, view.room.providers, view.facts.snapshot.contracts
    chosen = rows.new_leads() & (terms.of[rows.reviewer] >= 0)
    of = terms.of[rows.reviewer[chosen]]
    leads = np.bincount(of, minlength=len(contracts))
    minutes = tally(of, rows.minutes[chosen], len(contracts))
    for place in np.flatnonzero(leads).tolist():
        where = f"provider {contracts[place].provider}"
        if terms.ended[place]:
            yield Finding("contract", where, f"new leads, but it ended on {contracts[place].ends_on}")
        if leads[place] > terms.cases_left[place]:
            yield Finding("contract", where, f"{leads[place]} new leads, {terms.cases_left[place]} are left")
        if minutes[place] > terms.minutes_left[place]:
            message = f"{hours_of(int(minutes[place])):g} hours of new leads, more than are left"
            yield Finding("contract", where, message)


def admin(view: View) -> Iterator[Finding]:
    """Yield areas with a new lead and more administration than there is."""
    facts, rows = view.facts, view.rows
    asked: dict[int, Fraction] = defaultdict(Fraction)
    for row in rows.case[rows.new_leads()].tolist():
        asked[int(facts.area_of[row])] += admin_need(facts, row)
    for area, hours in sorted(asked.items()):
        free = view.room.admin_free[area]
        if free is not None and (free < 0 or hours > free):
            message = f"new leads need {float(hours):g} hours of administration, {float(free):g} are free"
            yield Finding("admin", f"area {facts.areas[area]}", message)


def linked(view: View) -> Iterator[Finding]:
    """Yield linked sets whose new leads do not all go to one person: the holder, if one of them is held."""
    facts, holder, given = view.facts, view.standing.holder[LEAD], view.rows.given[LEAD]
    holders, takers = defaultdict(set), defaultdict(set)
    for row, case in enumerate(facts.cases):
        if not case.linked_to:
            continue
        if holder[row] != NOBODY:
            holders[case.linked_to].add(int(holder[row]))
        if given[row] not in (NOBODY, holder[row]):
            takers[case.linked_to].add(int(given[row]))
    for label, found in sorted(takers.items()):
        if len(found | holders[label]) > 1:
            people = ", ".join(facts.reviewers[seat].reviewer_id for seat in sorted(found | holders[label]))
            yield Finding("linked", f"linked set {label}", f"new leads beside more than one person: {people}")


CHECKS: tuple[Check, ...] = (capacity, open_cases, year_limit, contract, admin, linked)
