"""Hours of a place as whole minutes, for any case with any reviewer, rounded half up once."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allocator.audit.exact import Ints, exact, narrow, scaled
from allocator.cases import Case
from allocator.snapshot import Snapshot


@dataclass(frozen=True)
class Efforts:
    """Hours by role and case, factors by reviewer, as whole numbers over one scale.

    Parameters
    ----------
    hours : ndarray of shape (2, n_cases), dtype=np.int64, or object where 64 bits do not hold the products
        Effort of the lead and hours of the second, times 120.
    factor : ndarray of shape (n_reviewers,), of the same dtype
        hours_factor.
    scale : int
        What hours × factor is divided by to give half minutes.
    """

    hours: NDArray[np.object_] | Ints
    factor: NDArray[np.object_] | Ints
    scale: int

    def minutes(self, role: int | Ints, cases: Ints, reviewers: Ints) -> Ints:
        """Return the minutes of new places, case by case: floor(hours × factor × 60 + ½)."""
        half_minutes = self.hours[role, cases] * self.factor[reviewers]
        minutes: Ints = ((half_minutes + self.scale) // (2 * self.scale)).astype(np.int64)
        return minutes


def read_efforts(cases: tuple[Case, ...], snapshot: Snapshot) -> Efforts:
    """Return the efforts of the cases in scope, and the factors of all reviewers."""
    kinds = snapshot.policy.review_types
    lead = [exact(case.effort_hours or kinds[case.review_type].hours) for case in cases]
    seconds = [kinds[case.review_type].second for case in cases]
    second = [exact(part.hours if part else 0.0) for part in seconds]
    hours, hours_scale = scaled(lead + second)
    factor, factor_scale = scaled([exact(reviewer.hours_factor) for reviewer in snapshot.reviewers])
    scale = hours_scale * factor_scale
    largest = max(factor.tolist(), default=1)
    hours = hours.reshape(2, len(cases)) * 120
    if scale < 2**61 and narrow(hours.ravel(), largest).dtype == np.int64:
        factor, hours = factor.astype(np.int64), hours.astype(np.int64)
    return Efforts(hours, factor, scale)
