"""Who must not review which case: conflicts of interest, exclusions and declines, as rows.

The rules read this, and so does `held`: a held case is released for these reasons and no others of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import numpy as np

from allocator.cases import Case
from allocator.dates import add_months
from allocator.exact import Ints
from allocator.organisations import Roots
from allocator.reviewers import Interest
from allocator.snapshot import Snapshot

NOBODY: Ints = np.zeros(0, np.int64)


class Barred:
    """For each case the reviewers who must not have it, as rows; a case that is not listed bars nobody.

    Cases share the lists of their organisations, so that many cases with many conflicts need little room.
    """

    def __init__(self, rows: Mapping[int, Sequence[Ints]]) -> None:
        self._rows = rows

    def of(self, case: int) -> Ints:
        """Reviewer rows barred from a case row; some may be named twice."""
        lists = self._rows.get(case, ())
        return np.concatenate(lists) if lists else NOBODY

    def bars(self, case: int, reviewer: int) -> bool:
        """True when the reviewer must not have the case."""
        return bool((self.of(case) == reviewer).any())


def exclusions(snapshot: Snapshot, cases: Sequence[Case], reviewer_row: Mapping[str, int]) -> Barred:
    """Who is named in a case's excluded reviewers, or has declined it."""
    declined: dict[str, set[str]] = {}
    for decline in snapshot.declines:
        declined.setdefault(decline.case_id, set()).add(decline.reviewer_id)
    rows: dict[int, Sequence[Ints]] = {}
    for row, case in enumerate(cases):
        named = declined.get(case.case_id, set()).union(case.excluded_reviewers)
        if known := {reviewer_row[r] for r in named if r in reviewer_row}:
            rows[row] = (_rows(known),)
    return Barred(rows)


def conflicts(
    snapshot: Snapshot, cases: Sequence[Case], reviewer_row: Mapping[str, int], horizon_ends: Ints
) -> Barred:
    """Who works for an organisation of a case, or has an interest in one or in the case, that still counts.

    Parameters
    ----------
    horizon_ends : ndarray of shape (n_reviewers,), ordinal of the last day of each reviewer's horizon
    """
    roots = Roots(snapshot.organisations)
    in_organisation = _present_posts(snapshot, reviewer_row, roots)
    in_case: dict[str, set[int]] = {}
    for interest in snapshot.interests:
        row = reviewer_row[interest.reviewer_id]
        if not counts(interest, snapshot, int(horizon_ends[row])):
            continue
        if interest.case_id is not None:
            in_case.setdefault(interest.case_id, set()).add(row)
        else:
            in_organisation.setdefault(roots.of(interest.organisation or ""), set()).add(row)
    by_organisation = {root: _rows(who) for root, who in in_organisation.items()}
    by_case = {case_id: _rows(who) for case_id, who in in_case.items()}
    commissioners = commissioners_of(snapshot)
    rows: dict[int, Sequence[Ints]] = {}
    for case_row, case in enumerate(cases):
        involved = {roots.of(code) for code in (*case.organisations, *commissioners.get(case.area, ()))}
        lists = [by_organisation[root] for root in sorted(involved) if root in by_organisation]
        if case.case_id in by_case:
            lists.append(by_case[case.case_id])
        if lists:
            rows[case_row] = tuple(lists)
    return Barred(rows)


def _rows(who: Iterable[int]) -> Ints:
    return np.array(sorted(who), np.int64)


def counts(interest: Interest, snapshot: Snapshot, horizon_end: int) -> bool:
    """True unless the interest begins after the horizon or has cooled off.

    An interest in a case never cools off, nor does having been involved in the care.
    """
    if interest.from_ is not None and interest.from_.toordinal() > horizon_end:
        return False
    if interest.to is None or interest.case_id is not None or interest.kind == "involvement":
        return True
    return not _cooled_off(interest.to, snapshot.policy.conflict.cooling_off_months, snapshot.as_of)


def _cooled_off(last: date, months: int, as_of: date) -> bool:
    return add_months(last, months) <= as_of


def _present_posts(snapshot: Snapshot, reviewer_row: Mapping[str, int], roots: Roots) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    for reviewer in snapshot.reviewers:
        for code in reviewer.organisations:
            found.setdefault(roots.of(code), set()).add(reviewer_row[reviewer.reviewer_id])
    return found


def commissioners_of(snapshot: Snapshot) -> dict[str, tuple[str, ...]]:
    """The commissioner's code of each area, where the policy counts it as involved in the care."""
    if not snapshot.policy.conflict.commissioner_is_conflict:
        return {}
    return {a.area: (a.organisation,) for a in snapshot.areas if a.organisation is not None}
