"""The plan in figures: what is new, kept, moved and empty, and how many reviews will be in time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from allocator.cases import Case
from allocator.plan import Assignment, Changes, Counts, Summary, Unassigned
from allocator.snapshot import Snapshot


def summary(
    snapshot: Snapshot, assignments: Sequence[Assignment], unassigned: Sequence[Unassigned]
) -> Summary:
    """Every figure of a plan's summary."""
    leads = {a.case_id: a for a in assignments if a.role == "lead"}
    in_scope = [c for c in snapshot.cases if c.out_of_scope is None]
    out_of_scope = Counter(c.out_of_scope for c in snapshot.cases if c.out_of_scope)
    return Summary(
        **_changes(assignments).model_dump(),
        leads=_changes(leads.values()),
        seconds=_changes(a for a in assignments if a.role == "second"),
        unallocated=_reasons(unassigned),
        unallocated_leads=_reasons(u for u in unassigned if u.role == "lead"),
        unallocated_seconds=_reasons(u for u in unassigned if u.role == "second"),
        on_hold=sum(c.on_hold_since is not None for c in in_scope),
        out_of_scope=out_of_scope.total(),
        out_of_scope_reasons=dict(sorted(out_of_scope.items())),
        eligible=_counts([c for c in in_scope if c.on_hold_since is None], leads),
        all=_counts(in_scope, leads),
    )


def _changes(assignments: Iterable[Assignment]) -> Changes:
    counts = Counter(a.change for a in assignments)
    return Changes(new=counts["new"], kept=counts["kept"], moved=counts["moved"])


def _reasons(unassigned: Iterable[Unassigned]) -> dict[str, int]:
    return dict(sorted(Counter(u.reason_code for u in unassigned).items()))


def _counts(cases: Sequence[Case], leads: dict[str, Assignment]) -> Counts:
    on_time = Counter(leads[c.case_id].on_time for c in cases if c.case_id in leads)
    return Counts(cases=len(cases), in_time=on_time[True], late=on_time[False])
