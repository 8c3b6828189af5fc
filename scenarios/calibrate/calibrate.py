"""The use case: completed reviews in, what they tell out."""

from __future__ import annotations

from collections.abc import Sequence

from allocator.completed import Completed
from scenarios.calibrate.delays import delays, shares
from scenarios.calibrate.done import done
from scenarios.calibrate.figures import Calibration, Told
from scenarios.calibrate.hours import hours
from scenarios.calibrate.resample import DRAWS, FEWEST_CLUSTERS, resampled


def calibrate(rows: Sequence[Completed], seed: int = 1, draws: int = DRAWS) -> Calibration:
    """What some completed reviews tell, and what they cannot."""
    told, reviews = Told(), done(rows)
    reviewers = len({row.reviewer_id for row in rows} - {None})
    if rows:
        again = resampled(reviews.names, seed, draws)
        hours(told, reviews, again)
        delays(told, reviews, again)
        shares(told, reviews, again)
        draws = len(again.weights) - 1
    else:
        told.cannot("anything", "there is no review")
    if 0 < reviewers < FEWEST_CLUSTERS:
        told.cannot(
            "how much reviewers differ",
            f"there are {reviewers} of them; {FEWEST_CLUSTERS} are needed. The intervals take each review "
            "for somebody's of its own, and may be too narrow",
        )
    return Calibration(
        reviews=len(rows),
        reviewers=reviewers or None,
        seed=seed,
        draws=draws,
        on_notification=reviews.on_notification,
        figures=tuple(told.figures),
        untold=tuple(told.untold),
    )
