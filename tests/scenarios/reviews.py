"""Completed reviews made up from known numbers: what calibration has to find again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np

from allocator.completed import Completed

FIRST_DAY = date(2024, 1, 1)


@dataclass(frozen=True)
class Truth:
    """The numbers that reviews are made from, as a scenario names them."""

    initial_hours: float = 14.0
    focused_hours: float = 26.0
    focused_share: float = 0.2
    cv: float = 0.5
    first_case: float = 1.6
    cases_to_learn: float = 8.0
    evidence_days: float = 28.0
    slow_days: float = 84.0
    slow_share: float = 0.15
    evidence_cv: float = 0.4
    sign_off_days: float = 12.0
    returned: float = 0.1
    rework: float = 0.25
    reviewer_cv: float = 0.0


def reviews(
    count: int, seed: int, truth: Truth | None = None, reviewers: int = 0, **more: Any
) -> list[Completed]:
    """So many reviews; of reviewers who are named if a number of them is given.

    Parameters
    ----------
    more : fields that all rows have in place of their own
    """
    truth = truth or Truth()
    random = np.random.Generator(np.random.Philox(seed))
    focused = random.random(count) < truth.focused_share
    before = np.where(random.random(count) < 0.3, random.integers(0, 5, count), random.integers(5, 60, count))
    who = random.integers(0, max(1, reviewers), count)
    pace = _luck(random, truth.reviewer_cv, max(1, reviewers))[who] if reviewers else np.ones(count)
    times = 1 + (truth.first_case - 1) * np.exp(-before / truth.cases_to_learn)
    hours = (truth.initial_hours + truth.focused_hours * focused) * times * pace
    hours = hours * _luck(random, truth.cv, count)
    returned = random.random(count) < truth.returned
    hours = hours * np.where(returned, 1 + truth.rework, 1.0)
    slow = random.random(count) < truth.slow_share
    evidence = np.where(slow, truth.slow_days, truth.evidence_days) * _luck(random, truth.evidence_cv, count)
    evidence_days = np.floor(evidence + random.random(count)).astype(int)
    sign_off = np.floor(truth.sign_off_days * _luck(random, 0.3, count) + random.random(count)).astype(int)
    rows = []
    for at in range(count):
        allocated = FIRST_DAY + timedelta(days=40)
        received = allocated + timedelta(days=int(evidence_days[at]))
        finished = received + timedelta(days=10)
        row = {
            "case_id": f"C{at}",
            "review_type": "focused" if focused[at] else "initial",
            "hours": float(hours[at]),
            "reviews_before": int(before[at]),
            "notified_on": FIRST_DAY,
            "allocated_on": allocated,
            "evidence_received_on": received,
            "finished_on": finished,
            "completed_on": finished + timedelta(days=int(sign_off[at])),
            "returned": bool(returned[at]),
        }
        if reviewers:
            row["reviewer_id"] = f"R{who[at]}"
        rows.append(Completed.model_validate(row | more))
    return rows


def _luck(random: np.random.Generator, cv: float, count: int) -> Any:
    """Lognormal numbers of mean 1."""
    variance = np.log1p(cv**2)
    return np.exp(np.sqrt(variance) * random.standard_normal(count) - variance / 2)
