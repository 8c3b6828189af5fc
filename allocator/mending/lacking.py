"""What kept cases lack, and what that holds up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import Final

from allocator.cases import Case
from allocator.mending.groups import Concern, Group, Level, is_overdue
from allocator.mending.words import LACKING
from allocator.needs import Open, Pair
from allocator.snapshot import Snapshot

LACKS: Final = "lacks"
"""What the keys of groups of kept cases begin with."""


def lacking(snapshot: Snapshot, declared: Collection[Pair]) -> Iterator[Group]:
    """Yield what kept cases lack."""
    every, found = Open(snapshot), defaultdict[str, list[Concern]](list)
    people = {one.reviewer_id for one in snapshot.reviewers}
    for one in every.cases:
        overdue = is_overdue(one, snapshot)
        for name, level in _lacks(one, every, people, declared):
            found[name].append(Concern(one.case_id, one.area, level, overdue))
    for name, concerns in found.items():
        says, how = LACKING[name]
        worst = min(one.level for one in concerns)
        yield Group(f"{LACKS}.{name}", says, how, worst, (), tuple(concerns))


def _lacks(
    one: Case, every: Open, people: Collection[str], declared: Collection[Pair]
) -> Iterator[tuple[str, Level]]:
    lead = every.lead(one)
    if one.latitude is None:
        yield "position", Level.ASSUMED
    if not one.organisations and (lead is None or (one.case_id, lead) not in declared):
        holds = every.snapshot.policy.conflict.unknown_organisations == "hold" and lead is None
        yield "organisations", Level.PLAN if holds else Level.DECLARE
    if lead is None:
        return
    if lead not in people:
        yield "holder", Level.WORK
    elif one.on_hold_since is None and one.hours_left is None:
        yield "hours_left", Level.ASSUMED
    if one.evidence_received_on is None and one.evidence_expected_on is None:
        yield "evidence", Level.ASSUMED
