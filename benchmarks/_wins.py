"""Where a rival wins: said in words, beside the table that shows it."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence
from typing import cast

from benchmarks._found import PORTFOLIO, Mark
from benchmarks._rows import Row

BRANCHES = "it cuts and branches on that level alone, which closes what prices leave open on a small instance"
CHANCE = "it knows nothing that we do not, so this is chance or a fault of ours"
NOTHING = "ours: nothing"
TOO_EARLY = "our limit has our start and reading in it, theirs has not"
WHY = {
    "cp-sat": "it searches that level alone, and learns from failures, which pays on small, tight instances",
    "highs": BRANCHES,
    "scip": BRANCHES,
    "greedy": CHANCE,
    "oldest-first": CHANCE,
    "timefold": CHANCE,
}


def wins(rows: Sequence[Row]) -> list[str]:
    """Return a line for each instance, limit and rival whose median is better than ours at that moment."""
    lines = []
    runs: dict[tuple[str, str, float], list[Row]] = {}
    for row in rows:
        if row.method in WHY and "time_limit" in row.more:
            limit = cast("float", row.more["time_limit"])
            runs.setdefault((row.instance, row.method, limit), []).append(row)
    for (instance, method, limit), theirs in runs.items():
        ours = [row for row in rows if (row.instance, row.method) == (instance, PORTFOLIO)]
        better = list(_better(theirs, ours, limit)) if ours else []
        if better:
            what = ", and ".join(better)
            why = TOO_EARLY if NOTHING in better[0] else WHY[method]
            lines.append(f"- A rival wins: {instance} in {limit:g} s, `{method}` {what}: {why}.")
    return lines


def _better(theirs: Sequence[Row], ours: Sequence[Row], limit: float) -> Iterator[str]:
    """Yield in what they are better: the value, the bound, both or neither."""
    sign = -1 if ours[0].more.get("maximise") else 1
    for verb, figure, kind, less in (
        ("finds", "objective", "value", sign),
        ("proves", "bound", "bound", -sign),
    ):
        one = _median([getattr(row, figure) for row in theirs])
        other = _median([_at(row, limit).get(kind) for row in ours])
        if one is not None and (other is None or less * (other - one) > 0):
            yield f"{verb} {one:,.0f} ({NOTHING if other is None else f'ours: {other:,.0f}'})"


def _at(row: Row, limit: float) -> Mark:
    return cast("dict[str, Mark]", row.more.get("checkpoints", {})).get(f"{limit:g}", {})


def _median(figures: Sequence[float | None]) -> float | None:
    """Return the median; none unless every run has a figure."""
    return statistics.median(cast("Sequence[float]", figures)) if None not in figures else None
