"""RESULTS.md: the figures of every named run, as tables of medians, and what was asked of them."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from benchmarks._columns import COLUMNS, Column
from benchmarks._rows import Row
from benchmarks._targets import Verdict, verdicts


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
    found = [verdict for section in sections for verdict in verdicts(section.rows)]
    parts = ["# Results", INTRODUCTION, "\n".join(f"- {line}" for line in head), _asked(found)]
    return "\n\n".join([*parts, *(_section(one) for one in sections)]) + "\n"


INTRODUCTION = """Written by `python3 run.py bench all`; not edited by hand. Figures are medians over the
seeds named. Methods on one instance get the same problem, limit and workers, one after
the other, each in a process of its own; kernels are compiled beforehand. *objective*,
*bound* and *gap* are of level 1 (contract, section 3); *to best bound* is the distance
from the best bound that any method proved. *seconds* are the method's own (for
`portfolio` the search); *cpu* and *peak* are of its whole process, which for `portfolio`
reads, encodes, audits and writes as well. `oldest-first` is what a coordinator does by
hand; `cp-sat` one plain model of all levels; `highs` a mixed-integer programme of level 1
alone, with the threads HiGHS chooses."""


def _asked(found: Sequence[Verdict]) -> str:
    rows = [
        [one.target.kind, one.target.what, f"≤ {one.target.most:g} {one.target.unit}", one.figure, _word(one)]
        for one in found
    ]
    if not rows:
        return "## Musts and aims\n\nNone of these runs is asked about."
    return "## Musts and aims\n\n" + _table(["", "what", "asked", "measured", "verdict"], rows)


def _word(verdict: Verdict) -> str:
    return "met" if verdict.met else "**missed**"


def _section(section: Section) -> str:
    head = f"## {section.title}\n\n`{section.command}`"
    if not section.rows:
        return f"{head}\n\nSkipped: there was nothing to run it on."
    keys = list(dict.fromkeys((row.instance, row.method) for row in section.rows))
    groups = [[row for row in section.rows if (row.instance, row.method) == key] for key in keys]
    shown = [column for column in COLUMNS if any(column.cell(row) is not None for row in section.rows)]
    cells = [
        [*key, _seeds(group), *(_median(column, group) for column in shown)]
        for key, group in zip(keys, groups, strict=True)
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
    """Return what a table has no room for: the gap over time, and notes."""
    notes = dict.fromkeys(
        f"- {row.instance}, {row.method}: {note}" for row in rows if (note := row.more.get("note"))
    )
    over_time = _over_time(rows)
    return [part for part in (over_time, "\n".join(notes)) if part]


def _over_time(rows: Sequence[Row]) -> str:
    by_instance: dict[str, list[dict[str, float]]] = {}
    for row in rows:
        if checkpoints := cast("dict[str, float]", row.more.get("checkpoints", {})):
            by_instance.setdefault(row.instance, []).append(checkpoints)
    lines = []
    for instance, found in by_instance.items():
        common = [second for second in found[0] if all(second in one for one in found)]
        medians = (
            f"{second} s {100 * statistics.median(one[second] for one in found):.2f} %" for second in common
        )
        lines.append(f"- {instance}, portfolio, level-1 gap after " + " · ".join(medians))
    return "\n".join(lines)


def _table(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [titles, ["---"] * len(titles), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
