"""What follows from a change: clocks that run otherwise, rules no longer met, cases withdrawn.

A holder who now has a conflict of interest, or is excluded, has the case no longer: no role and no lock
passes that rule, and nobody waits for the next plan to find it. Any other rule binds new work alone
(contract, section 2): it is told that the holder no longer meets it, and the case stays where it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from allocator.cases import Case
from allocator.clocks import clock
from allocator.desk import Desk
from allocator.explain.records import Pair, Records
from allocator.facts import row_array
from allocator.held import Role, Why, holder_of
from allocator.plan import RoleName
from allocator.policy import Policy
from allocator.rules import RULES
from allocator.store import cases, holdings
from allocator.store.database import Tx
from allocator.store.policies import policy_of
from allocator.store.queue import around
from allocator.store.records import Record
from allocator.store.states import HELD
from allocator.store.told import Notice, notify
from allocator.voice import Voice

WITHDRAWN = {Why.CONFLICT: "conflict", Why.EXCLUDED: "excluded"}
"""Why a holder loses a case at once, and what the holding's end is called."""
BINDS_NEW_WORK = tuple(rule for rule in RULES if rule.code in ("type", "skill", "area", "available"))


@dataclass(frozen=True)
class Days:
    """A case's two clocks on a day.

    Parameters
    ----------
    days : on the clock so far
    """

    days: int
    allocate_by: date
    complete_by: date


@dataclass(frozen=True)
class Unmet:
    """A rule that somebody who has a place would not meet if they were new to it."""

    role: RoleName
    reviewer_id: str
    rule: str
    sentence: str


@dataclass(frozen=True)
class Withdrawn:
    """A place that somebody had until now."""

    case_id: str
    role: RoleName
    reviewer_id: str
    why: str
    area: str | None = None


@dataclass(frozen=True)
class Followed:
    """What follows from a change of one case.

    Parameters
    ----------
    before, after : its clocks
    opened : the places that it has since, such as a second's
    unmet : rules that whoever has it does not meet any more
    """

    before: Days
    after: Days
    opened: tuple[RoleName, ...]
    unmet: tuple[Unmet, ...]


def days_of(record: Record, policy: Policy, day: date) -> Days:
    """A case's clocks on a day."""
    found = clock(Case.model_validate(record.body), policy, day)
    return Days(found.days, date.fromordinal(found.allocate_by), date.fromordinal(found.complete_by))


def followed(tx: Tx, before: Record, after: Record, day: date) -> Followed:
    """What follows from a case's change, to be told to whoever made it."""
    policy = policy_of(tx.connection)
    places = [_places(one, policy) for one in (before, after)]
    return Followed(
        days_of(before, policy, day),
        days_of(after, policy, day),
        tuple(role for role in places[1] if role not in places[0]),
        tuple(_unmet(tx, after.record_id, day)) if after.state in HELD else (),
    )


def withdraw_after(tx: Tx, day: date, changed: Iterable[Record]) -> tuple[Withdrawn, ...]:
    """What nobody may have any more because of changed records: of cases, of reviewers, or of who is who."""
    case_ids, reviewer_ids, kinds = set[str](), set[str](), set[str]()
    for one in changed:
        kinds.add(one.kind)
        if one.kind == "cases":
            case_ids.add(one.record_id)
        elif one.kind == "reviewers":
            reviewer_ids.add(one.record_id)
        elif one.kind in ("interests", "declines"):
            reviewer_ids.add(str(one.body["reviewer_id"]))
    if kinds & {"organisations", "areas", "policies"}:
        case_ids |= {case_id for case_id, _ in holdings.current(tx.connection)}
    return withdraw(tx, day, case_ids, reviewer_ids) if case_ids or reviewer_ids else ()


def withdraw(
    tx: Tx, day: date, case_ids: Iterable[str] = (), reviewer_ids: Iterable[str] = ()
) -> tuple[Withdrawn, ...]:
    """The places of some cases and reviewers that nobody may have who has them: each is taken back, with a
    notice to both.
    """
    wanted = set(case_ids)
    desk = Desk(around(tx.connection, day, wanted, reviewer_ids).snapshot)
    held = holdings.of_cases(tx.connection, desk.facts.case_row)
    found = [
        Withdrawn(desk.facts.cases[row].case_id, role.label, one.reviewer_id, WITHDRAWN[one.why])
        for (row, role), one in sorted(desk.held.released.items())
        if one.why in WITHDRAWN and (desk.facts.cases[row].case_id, role.label) in held
    ]
    done = []
    for one in found:
        record = cases.take_back(tx, one.case_id, one.role, one.why)
        detail = f"{one.case_id} is no longer with {one.reviewer_id} as {one.role}: {one.why}"
        done.append(replace(one, area=record.area))
        notify(tx, Notice(f"withdrawn-{one.why}", one.case_id, one.reviewer_id, record.area, detail))
    return tuple(done)


def _places(record: Record, policy: Policy) -> Sequence[RoleName]:
    kind = policy.review_types[record.body["review_type"]]
    return ("lead", "second") if kind.second else ("lead",)


def _unmet(tx: Tx, case_id: str, day: date) -> Iterator[Unmet]:
    """Yield each rule that binds new work alone and that whoever has the case does not meet."""
    desk = Desk(around(tx.connection, day, [case_id]).snapshot)
    facts, now = desk.facts, desk.now()
    row = facts.case_row.get(case_id)
    if row is None:
        return
    records = Records(facts, desk.efforts, now.standing)
    for role in Role:
        reviewer_id = holder_of(facts.cases[row], role)
        who = facts.reviewer_row.get(reviewer_id or "")
        if reviewer_id is None or who is None:
            continue
        pair, voice = Pair(row, role, who, has=True), Voice(facts, facts.cases[row], role, has_lead=True)
        for rule in BINDS_NEW_WORK:
            mask = rule.of(role)
            if mask is not None and not mask(facts, desk.held)(row_array([row]))[0, who]:
                yield Unmet(role.label, reviewer_id, rule.code, records.stopped(rule.code, pair, voice))
        if now.standing.given[who] > facts.capacities.limit[who]:
            yield Unmet(role.label, reviewer_id, "capacity", records.stopped("capacity", pair, voice))
