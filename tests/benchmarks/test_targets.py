"""What is asked of the figures, and when it is met."""

import re

import pytest

from benchmarks._asked import TARGETS, judged
from benchmarks._runs import FULL, STANDARD
from benchmarks._targets import Target, highest, total, verdicts
from tests.benchmarks.rows import row


@pytest.mark.parametrize(
    ("gaps", "met"),
    [([0.001, 0.009, 0.5], True), ([0.001, 0.011, 0.5], False), ([0.001, None, None], False), ([0.01], True)],
)
def test_a_target_is_met_by_the_median(gaps: list[float | None], met: bool) -> None:
    """Runs without a plan count as the worst there can be."""
    (verdict,) = judged([row(gap, seed) for seed, gap in enumerate(gaps)])
    assert verdict.met is met
    assert f"{verdict}".startswith("aim: met — " if met else "aim: missed — ")


def test_a_target_asks_only_of_runs_with_its_limit() -> None:
    """Ten seconds do not count where five are allowed."""
    assert judged([row(0.001, time_limit=10)]) == []


def test_of_several_instances_the_worst_median_counts() -> None:
    """An easy load does not make up for a hard one."""
    target = Target("must", "gaps", r"a|b", lambda one: one.gap, 0.02, "")
    easy, hard = [row(gap, instance="a") for gap in (0, 0.01, 9)], [row(0.03, instance="b")]
    assert [verdict.measured for verdict in verdicts(easy, [target])] == [0.01]
    (both,) = verdicts([*easy, *hard], [target])
    assert (both.measured, both.met) == (0.03, False)
    assert both.figure == "0.03, median of 3, worst of 2"


def test_what_is_counted_hides_behind_no_median() -> None:
    """One limit in three that was not kept is one too many, also of one instance."""
    target = Target(
        "must", "late", r".*", lambda one: 0.0 if one.more["kept"] else 1.0, 0, "", fold=total, needs="kept"
    )
    rows = [row(0.0, kept=kept) for kept in (True, False, True)]
    (verdict,) = verdicts([*rows, row(0.0)], [target])
    assert (verdict.met, verdict.figure) == (False, "1 of 3")


def test_the_highest_hides_behind_no_median_either() -> None:
    """One heavy page among light ones of the same instance counts."""
    target = Target("must", "weight", r".*", lambda one: one.gap, 500, "kB", fold=highest)
    (verdict,) = verdicts([row(weight) for weight in (80, 90, 501)], [target])
    assert (verdict.met, verdict.figure) == (False, "501 kB, worst of 3")


def test_every_target_is_about_a_named_run() -> None:
    """No must or aim on a size waits for a run that is on no list."""
    told = " ".join(f"{run.benchmark} {run.options}" for run in (*STANDARD, *FULL))
    sizes = [re.match(r"(\d+)x(\d+)-load", target.instance) for target in TARGETS]
    assert all(f"--cases {size[1]} --reviewers {size[2]} " in told for size in sizes if size)
    assert sum(size is not None for size in sizes) >= 10
