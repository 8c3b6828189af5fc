"""RESULTS.md: the figures of every named run, as tables of medians, and what was asked of them."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from benchmarks._asked import judged
from benchmarks._columns import COLUMNS, Column
from benchmarks._found import PORTFOLIO, Mark
from benchmarks._introduction import INTRODUCTION
from benchmarks._means import MEAN_OF, mean_lines
from benchmarks._published import PUBLISHED, SECONDS
from benchmarks._rows import Row
from benchmarks._targets import Verdict
from benchmarks._wins import WHY, wins

OTHERS = "The four solvers' are others' work, in 100 s on another machine; a star: the limit was reached."


@dataclass(frozen=True)
class Section:
    """One run: what it is called, the options it was given, and the rows that came of it."""

    title: str
    command: str
    rows: Sequence[Row]


def write_up(sections: Sequence[Section], head: Sequence[str]) -> str:
    """Return the whole of RESULTS.md.

    Parameters
    ----------
    head : what the figures were taken on, a line each
    """
    rows = [row for section in sections for row in section.rows]
    parts = ["# Results", INTRODUCTION, "\n".join(f"- {line}" for line in head), _asked(judged(rows))]
    parts += [part for part in (_rivals(sections), _beside_published(rows)) if part]
    return "\n\n".join([*parts, *(_section(one) for one in sections)]) + "\n"


def _asked(found: Sequence[Verdict]) -> str:
    rows = [[one.target.kind, one.target.what, one.asked, one.figure, _word(one)] for one in found]
    if not rows:
        return "## Musts and aims\n\nNone of these runs is asked about."
    return "## Musts and aims\n\n" + _table(["", "what", "asked", "measured", "verdict"], rows)


def _word(verdict: Verdict) -> str:
    return "met" if verdict.met else "**missed**"


def _rivals(sections: Sequence[Section]) -> str:
    """Return where a rival wins, each run by itself: its rows alone are of the same snapshots."""
    if not any(row.method in WHY for section in sections for row in section.rows):
        return ""
    lines = [line for section in sections for line in wins(section.rows)]
    nowhere = "Nowhere: ours is level or ahead in every table below."
    return "## Where a rival wins\n\n" + ("\n".join(lines) or nowhere)


def _beside_published(rows: Sequence[Row]) -> str:
    """Return the published table with our own figures in it, where they were run as long as is asked."""
    lines = []
    for name, one in PUBLISHED.items():
        ours = [row for row in rows if (row.instance, row.method) == (name, PORTFOLIO)]
        values = [row.objective for row in ours if row.more.get("time_limit") == SECONDS]
        if values:
            median = None if None in values else statistics.median(cast("list[int]", values))
            told = "none" if median is None else f"**{median:,.0f}**"
            solvers = (one.gurobi, one.cplex, one.highs, one.scip)
            lines.append([name, f"{one.best_known:,}", *solvers, f"≤ {one.must:,}", f"≤ {one.aim:,}", told])
    titles = ["instance", "best known", "Gurobi", "CPLEX", "HiGHS", "SCIP", "must", "aim", "ours, 60 s"]
    head = f"## Beside published figures\n\n{OTHERS}"
    return f"{head}\n\n{_table(titles, lines)}" if lines else ""


def _section(section: Section) -> str:
    head = f"## {section.title}\n\n`{section.command}`"
    if not section.rows:
        return f"{head}\n\nSkipped: there was nothing to run it on."
    groups: dict[tuple[object, ...], list[Row]] = {}
    rows = [row for row in section.rows if not row.instance.startswith(MEAN_OF)]
    for row in rows:
        groups.setdefault((row.instance, row.method, row.more.get("time_limit")), []).append(row)
    shown = [column for column in COLUMNS if any(column.cell(row) is not None for row in rows)]
    cells = [
        [group[0].instance, group[0].method, _seeds(group), *(_median(column, group) for column in shown)]
        for group in groups.values()
    ]
    titles = ["instance", "method", "seeds", *(column.title for column in shown)]
    return "\n\n".join([head, _table(titles, cells), *_extras(section.rows)])


def _seeds(group: Sequence[Row]) -> str:
    return ", ".join(str(row.seed) for row in group if row.seed is not None)


def _median(column: Column, group: Sequence[Row]) -> str:
    """Return the median of what there is; how many had none stands beside it."""
    figures = [figure for row in group if (figure := column.cell(row)) is not None]
    if not figures:
        return "–"
    lacking = f" ({len(group) - len(figures)} none)" if len(figures) < len(group) else ""
    return column.form.format(column.scale * statistics.median(figures)) + lacking


def _extras(rows: Sequence[Row]) -> list[str]:
    """Return what a table has no room for: how the search went over time, and notes."""
    notes = dict.fromkeys(
        f"- {row.instance}, {row.method}: {note}" for row in rows if (note := row.more.get("note"))
    )
    return [part for part in (_over_time(rows), "\n".join(notes), _means(rows)) if part]


def _means(rows: Sequence[Row]) -> str:
    lines = list(mean_lines(rows))
    return _table(lines[0], lines[1:]) if lines else ""


def _over_time(rows: Sequence[Row]) -> str:
    """Return a line for each instance: value, bound and gap at each checkpoint that every run reached."""
    by_instance: dict[str, list[dict[str, Mark]]] = {}
    for row in rows:
        if row.method == PORTFOLIO and (marks := cast("dict[str, Mark]", row.more.get("checkpoints", {}))):
            by_instance.setdefault(row.instance, []).append(marks)
    lines = []
    for instance, found in by_instance.items():
        common = [second for second in found[0] if all(second in one for one in found)]
        told = " · ".join(_moment(second, [one[second] for one in found]) for second in common)
        lines.append(f"- {instance}, portfolio over time, value ≥ bound (gap): {told}")
    return "\n".join(lines)


def _moment(second: str, marks: Sequence[Mark]) -> str:
    value, bound, gap = (
        statistics.median(mark[name] for mark in marks) for name in ("value", "bound", "gap")
    )
    return f"{second} s {value:,.0f} ≥ {bound:,.0f} ({100 * gap:.2f} %)"


def _table(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [titles, ["---"] * len(titles), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
