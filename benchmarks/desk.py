"""One case at a time: suggestions and explanations with prices at size, and all remedies of a small plan.

`python3 run.py bench desk -- --cases 10000 --reviewers 1000`
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from allocator.allocate import PlanRequest, allocate
from allocator.desk import Desk, suggest
from allocator.explain.remedies import Remedies
from allocator.explain.weighing import Weighing
from allocator.held import Role
from allocator.intake import Reading, read_snapshot
from allocator.sample import SampleSpec, make_sample, write_sample
from benchmarks._apart import Measured, apart
from benchmarks._asked import print_verdicts
from benchmarks._options import parser
from benchmarks._rows import Row, print_rows
from benchmarks._snapshots import usual_areas
from solver.cpsat import CpLimits

About = TypeVar("About")
SUGGESTED, EXPLAINED = 500, 20
MANY = 50
SEARCH_SECONDS = 1.0
SMALL = SampleSpec(100, 12, load=1.1)
"""The queue all of whose remedies are looked for."""
SMALL_SECONDS = 5.0


@dataclass(frozen=True)
class Answered:
    """Wall seconds of each answer and until there could be a first one, and the fewest that one is about."""

    each: list[float]
    loading: float
    least_able: int | None = None


def main(arguments: list[str]) -> int:
    """Return 0 after three rows: suggestions, explanations and remedies."""
    print_verdicts(list(print_rows(rows(arguments))))
    return 0


def rows(arguments: list[str]) -> Iterator[Row]:
    """Yield, for each seed, the rows of each question; the time limit is that of the plan to explain."""
    made = parser("desk", "Asks about single cases of a large snapshot.", 30.0)
    made.add_argument("--cases", type=int, default=10_000)
    made.add_argument("--reviewers", type=int, default=1_000)
    made.add_argument("--load", type=float, default=1.1)
    options = made.parse_args(arguments)
    areas = usual_areas(options.reviewers)
    for seed in options.seed:
        large = SampleSpec(options.cases, options.reviewers, areas, seed=seed, load=options.load)
        small = replace(SMALL, seed=seed)
        with tempfile.TemporaryDirectory() as temporary:
            folder, of_small = Path(temporary, "large"), Path(temporary, "small")
            write_sample(make_sample(large, large.rng()), folder)
            write_sample(make_sample(small, small.rng()), of_small)
            yield _row("suggest", large, apart(_suggest, folder))
            yield _row("explain", large, apart(_explain, folder, options.time_limit))
            yield _row("remedies", small, apart(_remedies, of_small))


def _suggest(folder: Path) -> Answered:
    """Ask for the best five of up to so many cases with many takers, or of those with the most."""
    began = time.perf_counter()
    now = Desk(read_snapshot(folder, today=SampleSpec().as_of).snapshot).now()
    cases, who = now.could_take(Role.LEAD)
    now.loses(0, Role.LEAD, int(who[0]) if len(who) else 0, 0)
    loading = time.perf_counter() - began
    able = np.bincount(cases, minlength=len(now.facts.cases))
    many = np.flatnonzero(able >= min(MANY, int(able.max(initial=0))))
    chosen = many[:: max(1, len(many) // SUGGESTED)][:SUGGESTED].tolist()
    each = [_timed(lambda case_id: suggest(now, case_id), now.facts.cases[row].case_id) for row in chosen]
    return Answered(each, loading, int(able[chosen].min()) if chosen else 0)


def _explain(folder: Path, seconds: float) -> Answered:
    """Find who else could have some new leads of a plan, and at what price."""
    reading, plan, certificate = _planned(folder, seconds)
    began = time.perf_counter()
    weighing = Weighing.of(reading.snapshot, plan, certificate)
    loading, row_of = time.perf_counter() - began, weighing.encoding.facts.case_row
    new = [row_of[a["case_id"]] for a in plan["assignments"] if (a["change"], a["role"]) == ("new", "lead")]
    able: list[int] = []

    def answer(row: int) -> None:
        able.append(len(list(weighing.alternatives(row, Role.LEAD, SEARCH_SECONDS))))

    answer(new[-1])  # the first one reads the prices
    chosen = new[:: max(1, len(new) // EXPLAINED)][:EXPLAINED]
    each = [_timed(answer, row) for row in chosen]
    return Answered(each, loading, min(able[1:], default=0))


def _remedies(folder: Path) -> Answered:
    """Find what would place each case that a plan leaves without a lead, but for those on hold."""
    reading, plan, certificate = _planned(folder, SMALL_SECONDS)
    began = time.perf_counter()
    weighing = Weighing.of(reading.snapshot, plan, certificate)
    remedies = Remedies(reading.snapshot, weighing.assignment)
    loading, row_of = time.perf_counter() - began, weighing.encoding.facts.case_row
    empty = [row for row in plan["unassigned"] if row["reason_code"] != "on_hold"]
    places = [weighing.place(row_of[row["case_id"]], Role[row["role"].upper()]) for row in empty]
    limits = CpLimits(SMALL_SECONDS, None, 1, SMALL.seed)
    each = [_timed(lambda place: remedies.of(place, limits), place) for place in places]
    return Answered(each, loading)


def _planned(folder: Path, seconds: float) -> tuple[Reading, dict[str, Any], dict[str, Any]]:
    reading = read_snapshot(folder, today=SampleSpec().as_of)
    request = PlanRequest(time_limit=seconds)
    return reading, *allocate(reading, request, lambda: datetime.now(UTC)).documents


def _timed(ask: Callable[[About], object], about: About) -> float:
    began = time.perf_counter()
    ask(about)
    return time.perf_counter() - began


def _row(method: str, spec: SampleSpec, done: Measured[Answered]) -> Row:
    answered = done.value
    return Row(
        instance=f"{spec.cases}x{spec.reviewers}",
        method=method,
        objective=None,
        bound=None,
        gap=None,
        seconds=sum(answered.each) if answered else None,
        cpu_seconds=done.cpu_seconds,
        peak_mb=done.peak_mb,
        seed=spec.seed,
        workers=1,
        more=_figures(answered) if answered else {"note": "its process died"},
    )


def _figures(answered: Answered) -> dict[str, object]:
    return {
        "asked": len(answered.each),
        "least_able": answered.least_able,
        "p50_ms": _percentile(answered.each, 50),
        "p95_ms": _percentile(answered.each, 95),
        "longest_ms": _percentile(answered.each, 100),
        "loading": answered.loading,
    }


def _percentile(seconds: Sequence[float], percent: int) -> float:
    return 1000 * float(np.percentile(seconds, percent)) if seconds else 0.0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
