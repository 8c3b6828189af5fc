"""Planning again after some new cases, from an earlier plan and its prices, in a tenth of the time.

`python3 run.py bench replan -- --seed 101 --time-limit 60`: a queue is planned, twenty cases come, and all is
planned anew: from nothing in the same time, and from the earlier plan with a tenth of the search. What a
process takes beside its search (its start, reading, the audit) both have whole: a service starts but once.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from allocator.allocate import PlanRequest
from allocator.sample import SampleSpec, Tables, make_sample, write_sample
from benchmarks._alone import plan_into
from benchmarks._apart import apart
from benchmarks._asked import print_verdicts
from benchmarks._found import row_of
from benchmarks._options import parser
from benchmarks._rows import Row, print_rows
from benchmarks._snapshots import usual_areas
from solver.outcome import Limits

FIRST, COLD, WARM = "the first time", "again, from nothing", "again, from the earlier plan"
HASTY = "again, from nothing in as little"
SHARE = 0.1
OTHER_SEED = 7000
ONLY_OPEN = ("on_hold_since", "reviewer_id", "linked_to", "out_of_scope")
"""A new case has none of these."""


@dataclass(frozen=True)
class Queue:
    """A made-up queue, and how many cases come to it."""

    spec: SampleSpec
    more: int

    @property
    def name(self) -> str:
        """What rows call it."""
        return f"{self.spec.cases}x{self.spec.reviewers}-load{self.spec.load:g}+{self.more}"


def main(arguments: list[str]) -> int:
    """Return 0 after the rows of each seed."""
    print_verdicts(list(print_rows(rows(arguments))))
    return 0


def rows(arguments: list[str]) -> Iterator[Row]:
    """Yield, for each seed: the first plan; from nothing, and with a tenth of it; from the first plan."""
    made = parser("replan", "Plans again after new cases, from the earlier plan.", 60.0)
    made.add_argument("--cases", type=int, default=2000)
    made.add_argument("--reviewers", type=int, default=300)
    made.add_argument("--load", type=float, default=1.1)
    made.add_argument("--more", type=int, default=20, help="how many new cases come")
    options = made.parse_args(arguments)
    for seed in options.seed:
        areas = usual_areas(options.reviewers)
        spec = SampleSpec(options.cases, options.reviewers, areas, options.load, seed)
        limits = Limits(options.time_limit, seed=seed, workers=options.workers)
        yield from _rows(Queue(spec, options.more), limits)


def _rows(queue: Queue, limits: Limits) -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(temporary)
        apart(_write, queue, root)
        yield _row(queue, FIRST, limits, root / "before", root / "first")
        cold = _row(queue, COLD, limits, root / "after", root / "cold")
        yield cold
        short = replace(limits, seconds=_tenth(cold, limits.seconds))
        yield _beside(_row(queue, HASTY, short, root / "after", root / "hasty"), cold)
        yield _beside(_row(queue, WARM, short, root / "after", root / "warm", root / "first"), cold)


def _tenth(cold: Row, seconds: float) -> float:
    """The limit of a process whose search gets a tenth of another's, and which has as long for all else."""
    whole, searched = cold.more.get("whole_process"), cold.seconds
    if not isinstance(whole, float) or searched is None:
        return SHARE * seconds
    return whole - searched + SHARE * searched


def _row(
    queue: Queue, method: str, limits: Limits, folder: Path, out: Path, previous: Path | None = None
) -> Row:
    request = PlanRequest(limits.seconds, workers=limits.workers, seed=limits.seed)
    return row_of(queue.name, method, plan_into(out, folder, request, previous=previous), limits)


def _beside(warm: Row, cold: Row) -> Row:
    """Return the row with how far its gap, value and bound are from those of the plan from nothing."""
    told: dict[str, object] = {}
    if warm.gap is not None and cold.gap is not None:
        told["gap_above_cold"] = warm.gap - cold.gap
    for name, one, other in (
        ("objective", warm.objective, cold.objective),
        ("bound", warm.bound, cold.bound),
    ):
        if one is not None and other is not None:
            told[f"{name}_against_cold"] = one / max(1, other) - 1
    return replace(warm, more={**warm.more, **told})


def _write(queue: Queue, root: Path) -> None:
    """Write the queue before and after the new cases came."""
    spec = queue.spec
    before = make_sample(spec, spec.rng())
    other = replace(spec, seed=spec.seed + OTHER_SEED)
    write_sample(before, root / "before")
    write_sample(with_more(before, make_sample(other, other.rng()), queue.more), root / "after")


def with_more(tables: Tables, other: Tables, count: int) -> Tables:
    """Return a snapshot with so many cases of another one of its kind: open ones, under new ids."""
    cases, theirs = tables.tables["cases"], other.tables["cases"]
    is_open = [not any(given) for given in zip(*(theirs[name] for name in ONLY_OPEN), strict=True)]
    chosen = [row for row, free in enumerate(is_open) if free][:count]
    new = {name: [theirs[name][row] for row in chosen] for name in cases}
    known = set(tables.tables["organisations"]["organisation"])
    new["case_id"] = [f"NEW-{row}" for row in chosen]
    new["excluded_reviewers"] = [""] * len(chosen)
    new["organisations"] = [
        ";".join(o for o in cell.split(";") if o in known) for cell in new["organisations"]
    ]
    both = {name: [*column, *new[name]] for name, column in cases.items()}
    return replace(tables, tables={**tables.tables, "cases": both})


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
