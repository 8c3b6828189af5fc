"""Conference matching: several reviewers a case, loads, conflicts; the highest total, beside its rivals.

`python3 run.py bench matching -- scores.npy --per-case 3 --max-load 4`: scores are reviewers × cases, −1 is a
conflict. A CONFERENCE can also be `midl`, `midl-least` or `aamas2021`, to look for in DIR/matching, or RxC:
so many reviewers and cases with scores drawn evenly from 0 to 1.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Iterator

from benchmarks._apart import Measured, apart
from benchmarks._asked import print_verdicts
from benchmarks._found import PORTFOLIO
from benchmarks._matching import PUBLISHED, Answer, Conference, Published, conferences, own
from benchmarks._options import parser
from benchmarks._rows import Row, print_rows
from solver.matching import MatchingError
from solver.outcome import Limits

NAMED = ("midl", "midl-least", "aamas2021", "1000x500", "5000x1500")
LARGEST = {"flow": 10_000_000, "highs": 1_000_000, "cp-sat": 30_000}
"""Pairs up to which a rival is worth waiting for."""
ROUNDING = 1e-9


def main(arguments: list[str]) -> int:
    """Return 0 after a row for every conference and method, 2 if one cannot be read or is no matching."""
    try:
        print_verdicts(list(print_rows(rows(arguments))))
    except MatchingError as fault:
        print(fault, file=sys.stderr)
        return 2
    return 0


def rows(arguments: list[str]) -> Iterator[Row]:
    """Yield a row for every conference, seed and method; our own comes first."""
    made = parser("matching", "Matches conferences, and lets rivals match them.", 60.0)
    made.add_argument("conferences", nargs="*", metavar="CONFERENCE", default=list(NAMED))
    made.add_argument("--per-case", type=int, default=3, help="reviewers a case; not of the public ones")
    made.add_argument("--max-load", type=int, help="cases a reviewer at most; by itself: a quarter to spare")
    made.add_argument("--min-load", type=int, default=0, help="cases a reviewer at least")
    made.add_argument("--rivals", nargs="*", choices=list(LARGEST), default=list(LARGEST))
    options = made.parse_args(arguments)
    for conference in conferences(options):
        yield from _rows_of(conference, options)


def _rows_of(conference: Conference, options: argparse.Namespace) -> Iterator[Row]:
    limits = Limits(options.time_limit, seed=conference.seed, workers=options.workers)
    pairs = conference.matching().scores.size
    yield _row(conference, PORTFOLIO, apart(own, conference), limits)
    for name in options.rivals:
        if pairs > LARGEST[name]:
            said = f"{pairs:,} pairs are too many for {name}, whose limit is {LARGEST[name]:,}"
            print(f"matching: {conference.name}: {said}", file=sys.stderr, flush=True)
            continue
        run_rival = importlib.import_module("benchmarks._matching_rivals").run_rival
        yield _row(conference, name, apart(run_rival, name, conference, limits), limits)


def _row(conference: Conference, method: str, done: Measured[Answer], limits: Limits) -> Row:
    answer = done.value or Answer(done.seconds, note="its process died")
    more: dict[str, object] = {
        "whole_process": done.seconds,
        "unfilled": answer.unfilled,
        "missing": answer.missing,
        "note": answer.note,
        **_published(conference, answer, done.seconds),
    }
    return Row(
        instance=conference.name,
        method=method,
        objective=answer.total,
        bound=answer.bound,
        gap=_gap(answer),
        seconds=answer.seconds,
        cpu_seconds=done.cpu_seconds,
        peak_mb=done.peak_mb,
        seed=conference.seed,
        workers=limits.workers,
        more={name: value for name, value in more.items() if value is not None},
    )


def _gap(answer: Answer) -> float | None:
    """Return how far the bound is, as a share of the total; 0 if by no more than roundings."""
    if answer.total is None or answer.bound is None:
        return None
    gap = (answer.bound - answer.total) / max(1.0, abs(answer.total))
    return 0.0 if gap < ROUNDING else gap


def _published(conference: Conference, answer: Answer, seconds: float) -> dict[str, object]:
    """Return what is known of a conference beside what was found, and how it compares."""
    known = PUBLISHED.get(conference.name, Published())
    both = answer.total is not None and known.exact is not None
    return {
        "exact": known.exact,
        "off_exact": abs((answer.total or 0) - (known.exact or 0)) if both else None,
        "minmax": known.minmax,
        "minmax_seconds": known.minmax_seconds,
        "of_minmax_seconds": known.minmax_seconds and seconds / known.minmax_seconds,
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
