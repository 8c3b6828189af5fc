"""Rules that bind one place and one person: what a line of the plan may not do, whatever the others do."""

from collections.abc import Iterator

import numpy as np

from allocator.audit.exact import Bools
from allocator.audit.facts import LEAD, ROLES, SECOND
from allocator.audit.finding import Finding
from allocator.audit.person import PERSON_RULES, Rule
from allocator.audit.standing import NOBODY, movable
from allocator.audit.view import Check, View

_SAYS = {
    "type": "{who} may not lead a review of type {type}",
    "skill": "{who} lacks a skill that the {role} needs",
    "area": "{who} is outside the geography rule for area {area}",
    "excluded": "{who} is excluded from the case or has declined it",
    "conflict": "{who} is not independent of the case, or that cannot be known",
    "available": "{who} has no time in the horizon, or leaves before the evidence is due",
}


def _person_check(code: str, rule: Rule) -> Check:
    """Return the check of one rule about a person, over every new line."""

    def check(view: View) -> Iterator[Finding]:
        rows, facts = view.rows, view.facts
        for role in (LEAD, SECOND):
            chosen = np.flatnonzero((rows.role == role) & ~rows.kept)
            stopped = rule(view.tables, role, rows.case[chosen], rows.reviewer[chosen])
            for index in chosen[stopped].tolist():
                row, seat = int(rows.case[index]), int(rows.reviewer[index])
                case, who = facts.cases[row], facts.reviewers[seat].reviewer_id
                said = _SAYS[code].format(who=who, type=case.review_type, area=case.area, role=ROLES[role])
                yield Finding(code, facts.label(row, role), said)

    check.__doc__ = f"Yield new lines that break `{code}`."
    return check


def assignment(view: View) -> Iterator[Finding]:
    """Yield seconds who are the lead too, and new seconds without a lead or on a case on hold."""
    facts, (lead, second) = view.facts, view.rows.given
    for row in np.flatnonzero((lead == second) & (lead != NOBODY)).tolist():
        yield Finding("assignment", facts.label(row, SECOND), "the second is the lead too")
    new = (second != NOBODY) & (view.standing.holder[SECOND] != second)
    for row in np.flatnonzero(new & (lead == NOBODY)).tolist():
        yield Finding("assignment", facts.label(row, SECOND), "a new second, but no lead")
    for row in np.flatnonzero(new & facts.on_hold).tolist():
        yield Finding("assignment", facts.label(row, SECOND), "a new second while the case is on hold")


def hold(view: View) -> Iterator[Finding]:
    """Yield new leads of cases on an open hold."""
    rows = view.rows
    for row in rows.case[rows.new_leads() & view.facts.on_hold[rows.case]].tolist():
        yield Finding("hold", view.facts.label(row, LEAD), "a new lead while the case is on hold")


def _taken_away(view: View, role: int) -> Bools:
    """Return the cases whose holder of a role keeps the place by the rules but not in the plan."""
    holder = view.standing.holder[role]
    away: Bools = (holder != NOBODY) & (view.rows.given[role] != holder)
    return away


def locked(view: View) -> Iterator[Finding]:
    """Yield locked cases that do not stay with their holder."""
    for row in np.flatnonzero(_taken_away(view, LEAD)).tolist():
        if view.facts.cases[row].locked:
            yield Finding("locked", view.facts.label(row, LEAD), "a locked case stays with its holder")


def held(view: View) -> Iterator[Finding]:
    """Yield held places that are dropped, or moved beyond what --max-moves allows."""
    facts, given = view.facts, view.rows.given
    moves = np.flatnonzero(view.moved).tolist()
    if len(moves) > view.max_moves:
        message = f"{len(moves)} held cases change hands by choice, {view.max_moves} may"
        for row in moves:
            yield Finding("held", facts.label(row, LEAD), message)
    may_move = movable(facts)
    for role in (LEAD, SECOND):
        for row in np.flatnonzero(_taken_away(view, role)).tolist():
            dropped = given[role, row] == NOBODY
            bound = role == SECOND or not (may_move[row] or facts.cases[row].locked)
            if dropped or bound:
                yield Finding("held", facts.label(row, role), "held work stays with its holder")


CHECKS: tuple[Check, ...] = (
    assignment,
    hold,
    *(_person_check(code, rule) for code, rule in PERSON_RULES),
    locked,
    held,
)
