"""What the figures are turned into: rows, verdicts and RESULTS.md."""

import json
import os
from pathlib import Path

import pytest

from benchmarks import __main__ as bench
from benchmarks import all as everything
from benchmarks import allocation
from benchmarks._apart import apart
from benchmarks._results import Section, write_up
from benchmarks._rows import Row
from benchmarks._targets import TARGETS, verdicts

FIELDS = ["instance", "method", "objective", "bound", "gap", "seconds", "cpu_seconds", "peak_mb", "seed"]
FIELDS += ["workers", "versions"]


def _row(gap: float | None, seed: int, seconds: float = 4.0) -> Row:
    objective = None if gap is None else 100
    return Row(
        "100x12-load1", "portfolio", objective, 90, gap, seconds, 5.0, 300.0, seed, 2, {}, {"time_limit": 5}
    )


def test_a_row_is_one_line_with_every_field() -> None:
    """The JSON has the named fields, and the benchmark's own beside them."""
    line = _row(0.005, 1).as_json()
    document = json.loads(line)
    assert "\n" not in line
    assert [*document] == [*FIELDS, "time_limit"]


@pytest.mark.parametrize(
    ("gaps", "met"),
    [([0.001, 0.009, 0.5], True), ([0.001, 0.011, 0.5], False), ([0.001, None, None], False), ([0.01], True)],
)
def test_a_target_is_met_by_the_median(gaps: list[float | None], met: bool) -> None:
    """Runs without a plan count as the worst there can be."""
    (verdict,) = verdicts([_row(gap, seed) for seed, gap in enumerate(gaps)])
    assert verdict.met is met
    assert f"{verdict}".startswith("aim: met — " if met else "aim: missed — ")


def test_a_target_asks_only_of_runs_with_its_limit() -> None:
    """Ten seconds do not count where five are allowed."""
    row = _row(0.001, 1)
    assert verdicts([Row(**{**vars(row), "more": {"time_limit": 10}})]) == []


def test_every_target_is_about_a_named_run() -> None:
    """No must or aim waits for a run that is on no list; the cold demo is asked for by an option."""
    titles = " ".join(f"{run.benchmark} {run.options}" for run in everything.RUNS)
    sizes = {target.instance.split("-")[0] for target in TARGETS if target.time_limit}
    assert all("--cases {} --reviewers {}".format(*size.split("x")) in titles for size in sizes)


def test_results_have_medians_and_verdicts() -> None:
    """A section has a row for each method, over its seeds; the first table says what was met."""
    rows = [_row(gap, seed) for seed, gap in enumerate([0.001, 0.002, None])]
    text = write_up(
        [Section("One area", "python3 run.py bench allocation", rows), Section("None", "x", [])], ["M"]
    )
    assert "| aim | 100 × 12, level 1, gap proved in 5 s | ≤ 1 % | 0.2 %, median of 3 | met |" in text
    assert "| 100x12-load1 | portfolio | 0, 1, 2 | 100 (1 none) | 90 | 0.15 (1 none) |" in text
    assert "Skipped" in text


def test_work_apart_is_measured_and_may_die() -> None:
    """A process of its own tells its peak, and one that dies gives no value instead of an error."""
    lived, died = apart(abs, -3), apart(os._exit, 3)
    assert lived.value == 3
    assert lived.cpu_seconds is not None
    assert (died.value, died.cpu_seconds) == (None, None)


def test_our_own_row_comes_first_and_the_rivals_share_its_problem(capsys: pytest.CaptureFixture[str]) -> None:
    """On a small snapshot every method has a row, and none is below the best bound."""
    options = ["--cases", "40", "--reviewers", "6", "--seed", "3", "--time-limit", "1", "--workers", "1"]
    assert allocation.main(options) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["method"] for row in rows] == ["portfolio", "oldest-first", "cp-sat", "highs"]
    assert all(row["gap_to_best_bound"] >= 0 for row in rows)
    assert {"read", "solve", "audit", "write", "whole_process"} <= set(rows[0]["split"])
    assert len({row["levels"]["unallocated"]["fixed"] for row in rows}) == 1


def test_all_writes_the_results(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each run's rows and verdicts are printed, and the file is written."""
    monkeypatch.setattr(everything, "RUNS", (everything.Run("A run", "fake", "--seed 1"),))
    monkeypatch.setitem(everything.BENCHMARKS, "fake", lambda arguments: iter([_row(0.001, 1)]))
    assert bench.main(["all", "--", "--out", str(tmp_path / "R.md"), "--workers", "2"]) == 0
    assert "aim: met" in capsys.readouterr().err
    text = (tmp_path / "R.md").read_text(encoding="utf-8")
    assert "`python3 run.py bench fake -- --seed 1`" in text
    assert "- Machine: " in text


def test_only_benchmarks_have_names(capsys: pytest.CaptureFixture[str]) -> None:
    """What begins with an underscore is no benchmark, and an unknown name gets the list."""
    assert bench.names() == ["all", "allocation", "gap", "reading", "service"]
    assert bench.main(["nothing"]) == 2
    assert "there are: all, allocation" in capsys.readouterr().err
