"""Completed reviews made up from known numbers: what calibration has to find again.

`python -m tests.scenarios.reviews tests/data/completed.csv` writes those of the pages.
"""

from __future__ import annotations

import csv
import io
import sys
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
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


def made_up(count: int = 260, seed: int = 11) -> list[Completed]:
    """Reviews as a team's records may have them: the file that the pages calibrate with.

    Ten dedicated reviewers and six day-job ones, who come one after the other and do reviews in turn; who has
    done few takes longer. Some cases were on hold, some reviews were returned.
    """
    truth, random = Truth(cv=0.4), np.random.Generator(np.random.Philox(seed))
    counts: dict[int, int] = {}
    found = []
    for row in reviews(count, seed, truth):
        at = len(found)
        who = int(random.integers(0, min(16, 4 + at // 10)))
        before = counts.get(who, 0)
        counts[who] = before + 1
        times = 1 + (truth.first_case - 1) * np.exp(-before / truth.cases_to_learn)
        usual = 1 + (truth.first_case - 1) * np.exp(-(row.reviews_before or 0) / truth.cases_to_learn)
        hold = int(random.integers(20, 120)) if random.random() < 0.15 else 0
        notified = FIRST_DAY + timedelta(days=2 * at)
        allocated = notified + timedelta(days=int(random.integers(5, 60)))
        assert row.evidence_received_on is not None
        assert row.allocated_on is not None
        assert row.completed_on is not None
        assert row.finished_on is not None
        received = allocated + (row.evidence_received_on - row.allocated_on)
        begun = received + timedelta(days=int(random.integers(0, 15)) + hold)
        finished = begun + timedelta(days=int(random.integers(3, 25)))
        change = {
            "hours": round(row.hours * float(times / usual) * 4) / 4 or 0.25,
            "reviewer_id": f"R{who + 1:02d}",
            "employment": "day_job" if who >= 10 else "dedicated",
            "reviews_before": before,
            "admin_hours": round(3.5 * float(_luck(random, 0.4, 1)[0]) * 4) / 4,
            "notified_on": notified,
            "allocated_on": allocated,
            "evidence_received_on": received,
            "begun_on": begun,
            "finished_on": finished,
            "completed_on": finished + (row.completed_on - row.finished_on),
            "hold_days": hold,
        }
        found.append(Completed.model_validate(row.model_dump() | change | {"case_id": f"C{at + 1:03d}"}))
    return found


def as_csv(rows: list[Completed]) -> str:
    """The rows as a CSV file."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(Completed.model_fields)
    for row in rows:
        cells = row.model_dump(mode="json").values()
        writer.writerow(str(cell).lower() if isinstance(cell, bool) else cell for cell in cells)
    return out.getvalue()


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(as_csv(made_up()), encoding="utf-8", newline="\n")
