"""What a plan must say first: assumptions, released holders, held work beyond a limit, independence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from allocator.arcs import held_load, kept_minutes
from allocator.efforts import is_assumed
from allocator.encode import Encoding
from allocator.errors import Fault
from allocator.forecast import Filled
from allocator.held import SEVERAL, Role, Why
from allocator.voice import released

NAMED = 10
"""How many ids a notice names; the rest are counted."""


def notices(encoding: Encoding, filled: Filled) -> list[Fault]:
    """Everything of an encoded snapshot and its plan that a coordinator should know first."""
    return [
        *_assumed(encoding),
        *_released(encoding),
        *_several_holders(encoding),
        *_uncovered(encoding),
        *_beyond_limits(encoding),
        *_to_confirm(encoding, filled),
    ]


def some(ids: Sequence[str]) -> str:
    """The ids, or the first few and how many more."""
    more = f" and {len(ids) - NAMED} more" if len(ids) > NAMED else ""
    return ", ".join(ids[:NAMED]) + more


def _assumed(encoding: Encoding) -> Iterator[Fault]:
    cases = encoding.facts.cases
    rows = ((row, role) for role in Role for row in np.flatnonzero(encoding.held.of(role) >= 0).tolist())
    ids = sorted({cases[row].case_id for row, role in rows if is_assumed(cases[row], role)})
    if ids:
        yield Fault(
            "assumed-hours",
            f"hours left are not given and were assumed for {len(ids)} held case(s): {some(ids)}",
            hint="give hours_left and second_hours_left",
        )


def _released(encoding: Encoding) -> Iterator[Fault]:
    """Each holder who does not stay; a lock does not keep them."""
    for (row, role), release in sorted(encoding.held.released.items()):
        case = encoding.facts.cases[row]
        locked = case.locked and role is Role.LEAD
        code = "locked-released" if locked else "holder-released"
        if release.why is Why.MISSING and not locked:
            code = "holder-missing"
        word = "locked case" if locked else "case"
        message = f"{word} {case.case_id} does not stay with its {role.label}, {released(release)}"
        yield Fault(code, message, value=case.case_id)


def _several_holders(encoding: Encoding) -> Iterator[Fault]:
    labels: dict[str, list[str]] = {}
    for case, holder in zip(encoding.facts.cases, encoding.held.link_holder.tolist(), strict=True):
        if holder == SEVERAL and case.linked_to is not None:
            labels.setdefault(case.linked_to, []).append(case.case_id)
    for label, ids in sorted(labels.items()):
        message = f"cases linked by {label} have several holders, who all keep theirs: {some(ids)}"
        yield Fault("linked-holders", message, value=label)


def _uncovered(encoding: Encoding) -> Iterator[Fault]:
    """Areas with cases that nobody covers or may serve: most often a code typed wrongly."""
    facts = encoding.facts
    if facts.policy.geography.rule != "area" or not facts.reviewers:
        return
    homes = {reviewer.areas[0] for reviewer in facts.reviewers}
    served = {area.area for area in facts.snapshot.areas if homes.intersection(area.neighbours)}
    covered = {area for reviewer in facts.reviewers for area in reviewer.areas}
    counts = Counter(case.area for case in facts.cases)
    for area in sorted(counts.keys() - covered - served):
        message = f"no reviewer covers {area} or may serve it, the area of {counts[area]} case(s)"
        yield Fault("area-not-covered", message, value=area, hint="is the code right?")


def _beyond_limits(encoding: Encoding) -> Iterator[Fault]:
    facts, totals = encoding.facts, encoding.totals
    places = encoding.places
    everything, left = np.ones(len(places), np.bool_), kept_minutes(encoding.efforts, places)
    load = held_load(left, places, everything, facts.n_reviewers)
    ids = [facts.reviewers[r].reviewer_id for r in np.flatnonzero(load.minutes > facts.capacities.limit)]
    if ids:
        message = (
            f"held work is beyond the capacity of {len(ids)} reviewer(s), who get nothing new: {some(ids)}"
        )
        yield Fault("held-over-capacity", message)
    areas = sorted(area for area, left in totals.admin.items() if left < 0)
    if areas:
        message = f"held administration is beyond the limit of {len(areas)} area(s): {some(areas)}"
        yield Fault("admin-over-limit", message, hint="they get no new lead")


def _to_confirm(encoding: Encoding, filled: Filled) -> Iterator[Fault]:
    cases = encoding.facts.cases
    rows = np.unique(filled.case[filled.new]).tolist()
    ids = [cases[row].case_id for row in rows if not cases[row].organisations]
    if ids:
        yield Fault(
            "independence-to-confirm",
            f"{len(ids)} case(s) without organisations were placed, independence to confirm: {some(ids)}",
            hint="give the codes of the organisations involved in the care",
        )
