"""The audit: everything the contract asks of a plan, worked out again from the snapshot."""

from collections.abc import Iterator, Mapping

from allocator.audit import checks_limits, checks_person
from allocator.audit.checks_certificate import certified
from allocator.audit.checks_head import head, max_moves
from allocator.audit.checks_lines import change, dates, distance, hours, on_time, work_of
from allocator.audit.checks_objective import Level, objective
from allocator.audit.checks_report import summary, workloads
from allocator.audit.facts import gather
from allocator.audit.finding import Finding
from allocator.audit.levels import LEVELS, Unavoidable, cost, late, unallocated, workload_points
from allocator.audit.reasons import reason_codes
from allocator.audit.room import read_room
from allocator.audit.rows import ASSIGNMENT_COLUMNS, UNASSIGNED_COLUMNS, Line, read_rows
from allocator.audit.standing import read_standing
from allocator.audit.tables import read_tables
from allocator.audit.view import Check, View
from allocator.plan import RoleName
from allocator.snapshot import Snapshot

CHECKS: tuple[Check, ...] = (
    *checks_person.CHECKS,
    *checks_limits.CHECKS,
    change,
    hours,
    distance,
    reason_codes,
    workloads,
)
"""Every check of the lines of a plan that needs nothing but the view; the rules first."""


def audit(snapshot: Snapshot, plan: object, certificate: object) -> list[Finding]:
    """Return what is wrong with a plan by the contract; nothing wrong: an empty list.

    Parameters
    ----------
    snapshot : Snapshot
        What the plan was made from.
    plan : dict
        The content of plan.json, whatever it holds: damage becomes findings.
    certificate : dict or None
        The content of certificate.json.
    """
    if not isinstance(plan, dict):
        return [Finding("shape", "plan", "an object is asked for")]
    view, findings = _look(snapshot, plan)
    findings += head(snapshot, plan)
    for check in CHECKS:
        findings += check(view)
    findings += _outcome(view, certificate)
    return findings


def broken_rules(
    snapshot: Snapshot, given: Mapping[tuple[str, RoleName], str], moves: int = 0
) -> list[Finding]:
    """Return the rules that it breaks if places have who is given here and all others nobody.

    Parameters
    ----------
    given : reviewer_id by case_id and role, of held places too
    moves : how many held leads may change hands by choice
    """
    blank: Line = dict.fromkeys((*ASSIGNMENT_COLUMNS, *UNASSIGNED_COLUMNS))
    lines = [
        blank | {"case_id": case_id, "role": role, "reviewer_id": given[case_id, role]}
        for case_id, role in sorted(given)
    ]
    empty = [
        blank | {"case_id": case_id, "role": role}
        for case_id, role in _places(snapshot)
        if (case_id, role) not in given
    ]
    view, findings = _look(snapshot, {"assignments": lines, "unassigned": empty, "max_moves": moves})
    for check in (*checks_person.CHECKS, *checks_limits.CHECKS):
        findings += check(view)
    return findings


def _places(snapshot: Snapshot) -> Iterator[tuple[str, RoleName]]:
    """Yield each place of each case in scope, in order."""
    facts = gather(snapshot)
    for row, case in enumerate(facts.cases):
        yield case.case_id, "lead"
        if facts.has_second[row]:
            yield case.case_id, "second"


def _look(snapshot: Snapshot, plan: Line) -> tuple[View, list[Finding]]:
    """Return the plan beside its snapshot's facts, and what could not be read."""
    facts = gather(snapshot)
    tables = read_tables(facts)
    standing = read_standing(facts, tables)
    moves, findings = max_moves(plan)
    rows, faults = read_rows(facts, standing, plan)
    room = read_room(facts, standing)
    return View(facts, tables, standing, room, rows, plan, moves), findings + faults


def _outcome(view: View, certificate: object) -> Iterator[Finding]:
    """Yield what is wrong with dates, summary, levels and certificate."""
    working, told = work_of(view)
    yield from dates(view, working, told)
    yield from summary(view, on_time(view, working, told))
    fixed = Unavoidable(view.facts, view.tables, view.standing, moves=view.max_moves > 0)
    values = (unallocated(view), late(view, told, working), cost(view))
    proved, faults = certified(view, fixed, values, certificate)
    yield from faults
    hopeless = fixed.unallocated()
    stays = workload_points(view.facts, fixed.stays.held_minutes())
    most = (hopeless, fixed.late(values[0] - hopeless), stays)
    # With moves a plan may claim less as fixed than what no choice can change, never more.
    least = (0, 0, 0) if view.max_moves else most
    levels = zip(LEVELS, values, zip(least, most, strict=True), strict=True)
    yield from objective(view.plan, tuple(Level(*level, proved.get(level[0])) for level in levels))
