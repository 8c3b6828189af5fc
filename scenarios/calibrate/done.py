"""Completed reviews as columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from allocator.completed import Completed
from scenarios.world import Bools, Floats, Ints

INITIAL: Final = "initial"
FOCUSED: Final = "focused"
"""The two types that a scenario knows: the second is what the first may become."""
MOST_EARLY: Final = 0.1
"""Of evidence that came before the allocation: if more did, it is asked for on notification."""


@dataclass(frozen=True, eq=False)
class Done:
    """Reviews by column, each of shape (n,); not a number where a row does not say.

    Parameters
    ----------
    names : whose each review is; one that says of nobody has a name of its own
    kinds : review types, the initial one first; kind : number of each review's
    before : reviews that its reviewer had completed
    evidence : days from when it was asked for; on_notification : whether that was at once, None: not known
    after_allocation : days from the allocation until it was in, 0 where it was in before
    sign_off : days from the end of the work; of those that were not returned
    """

    names: tuple[Hashable, ...]
    kinds: tuple[str, ...]
    kind: Ints
    hours: Floats
    before: Floats
    admin: Floats
    evidence: Floats
    on_notification: bool | None
    after_allocation: Floats
    sign_off: Floats
    hold_days: Floats
    returned: Floats
    employment: tuple[str | None, ...]

    def __len__(self) -> int:
        return len(self.hours)

    @property
    def at_once(self) -> Bools:
        """Those that were not returned: their hours are one piece of work."""
        return np.asarray(self.returned != 1)

    def of_kind(self, *names: str) -> Bools:
        """Those of some types."""
        return np.isin(self.kind, [self.kinds.index(name) for name in names if name in self.kinds])

    def employed(self, name: str) -> Bools:
        """Those of reviewers who are employed so."""
        return np.array([one == name for one in self.employment], bool)


def done(rows: Sequence[Completed]) -> Done:
    """The reviews of some rows."""
    counts = Counter(row.review_type for row in rows)
    kinds = sorted(counts, key=lambda name: (name != INITIAL, name != FOCUSED, -counts[name], name))
    allocated = _column(_days(row.allocated_on, row.evidence_received_on) for row in rows)
    evidence, on_notification = _evidence(rows, allocated)

    return Done(
        names=tuple(row.reviewer_id or ("row", at) for at, row in enumerate(rows)),
        kinds=tuple(kinds),
        kind=np.array([kinds.index(row.review_type) for row in rows], np.int64),
        hours=_column(row.hours for row in rows),
        before=_column(row.reviews_before for row in rows),
        admin=_column(row.admin_hours for row in rows),
        evidence=evidence,
        on_notification=on_notification,
        after_allocation=np.maximum(allocated, 0.0),
        sign_off=_column(map(_sign_off, rows)),
        hold_days=_column(row.hold_days for row in rows),
        returned=_column(row.returned for row in rows),
        employment=tuple(row.employment for row in rows),
    )


def _sign_off(row: Completed) -> float | None:
    """Days from the end of the work; of a review that was returned nobody knows which end it is."""
    return None if row.returned else _days(row.finished_on, row.completed_on)


def _evidence(rows: Sequence[Completed], allocated: Floats) -> tuple[Floats, bool | None]:
    """Days that evidence took, and whether it was asked for at once: if much came before the allocation."""
    known = ~np.isnan(allocated)
    if not known.any():
        return allocated, None
    early = allocated < 0
    if early.sum() > MOST_EARLY * known.sum():
        return _column(_days(row.notified_on, row.evidence_received_on) for row in rows), True
    return np.where(early, np.nan, allocated), False


def _days(first: date | None, then: date | None) -> float | None:
    return None if first is None or then is None else float((then - first).days)


def _column(values: Iterable[float | None]) -> Floats:
    return np.array([np.nan if value is None else value for value in values], np.float64)
