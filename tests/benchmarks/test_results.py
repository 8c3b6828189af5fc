"""What the figures are turned into: tables, verdicts, and where a rival wins."""

from pathlib import Path

import pytest

from benchmarks import __main__ as bench
from benchmarks import _runs, gap
from benchmarks import all as everything
from benchmarks._results import Section, write_up
from benchmarks._wins import wins
from tests.benchmarks.rows import mark, row


def test_results_have_medians_and_verdicts() -> None:
    """A section has a row for each method, over its seeds; the first table says what was met."""
    rows = [row(gap, seed) for seed, gap in enumerate([0.001, 0.002, None])]
    text = write_up(
        [Section("One area", "python3 run.py bench allocation", rows), Section("None", "x", [])], ["M"]
    )
    assert "| aim | 100 × 12, level 1, gap proved in 5 s | ≤ 1 % | 0.2 %, median of 3 | met |" in text
    assert "| 100x12-load1 | portfolio | 0, 1, 2 | 5 | 100 (1 none) | 90 | 0.15 (1 none) |" in text
    assert "Skipped" in text
    assert "rival" not in text.split("## Musts and aims")[1]


def test_the_search_over_time_is_told() -> None:
    """Value, bound and gap at each moment that every seed has."""
    marks = [{"1": mark(200, 100), "5": mark(120, 100)}, {"5": mark(100, 90)}]
    rows = [row(0.1, seed, checkpoints=one) for seed, one in enumerate(marks)]
    line = "- 100x12-load1, portfolio over time, value ≥ bound (gap): 5 s 110 ≥ 95 (13.33 %)\n"
    assert line in write_up([Section("One", "x", rows)], [])


def test_our_own_stands_beside_published_figures() -> None:
    """Where it ran as long as is asked, and nowhere else."""
    rows = [row(0.0, instance="d20100", time_limit=60), row(0.0, instance="d10100", time_limit=5)]
    text = write_up([Section("Public", "x", rows)], [])
    assert "| d20100 | 6,185 | 6224* | 6244* | 6250* | 6297* | ≤ 6,191 | ≤ 6,187 | **100** |" in text
    assert "| d10100 | 6,347" not in text


def test_where_a_rival_wins_a_line_says_so() -> None:
    """By its value or by its bound, at its own limit, and with the reason."""
    own = row(0.1, checkpoints={"2": mark(120, 80), "5": mark(100, 90)})
    assert wins([own, row(0.1, method="highs")]) == []
    (line,) = wins([own, row(0.1, method="scip", time_limit=2)])
    assert line.startswith(
        "- A rival wins: 100x12-load1 in 2 s, `scip` finds 100 (ours: 120), and proves 90 (ours: 80): "
    )
    assert wins([own, row(None, method="timefold")]) == []
    (early,) = wins([row(None), row(0.1, method="highs")])
    assert "finds 100 (ours: nothing), and proves 90 (ours: nothing): our limit has our start" in early


def test_where_profit_counts_the_larger_wins() -> None:
    """gap1 to gap12 are maximised."""
    own = row(0.1, maximise=True, checkpoints={"5": mark(120, 80)})
    assert wins([own, row(0.1, method="highs")]) == []
    assert (
        "finds 100 (ours: 99)"
        in wins([row(0.1, maximise=True, checkpoints={"5": mark(99, 80)}), row(0.1, method="highs")])[0]
    )


def test_all_writes_the_results(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each run's rows and verdicts are printed, the file is written, and kept rows are not run for again."""
    monkeypatch.setattr(everything, "STANDARD", (_runs.Run("A run", "gap", "--seed 1"),))
    monkeypatch.setattr(gap, "rows", lambda arguments: iter([row(0.001)]))
    words = ["all", "--", "--out", str(tmp_path / "R.md"), "--rows", str(tmp_path / "rows")]
    assert bench.main(words) == 0
    assert "aim: met" in capsys.readouterr().err
    text = (tmp_path / "R.md").read_text(encoding="utf-8")
    assert "`python3 run.py bench gap -- --seed 1`" in text
    assert "- Machine: " in text
    monkeypatch.setattr(gap, "rows", lambda arguments: iter([]))
    assert bench.main(words) == 0
    assert "| 100x12-load1 | portfolio | 1 |" in (tmp_path / "R.md").read_text(encoding="utf-8")


def test_only_benchmarks_have_names(capsys: pytest.CaptureFixture[str]) -> None:
    """What begins with an underscore is no benchmark, and an unknown name gets the list."""
    names = bench.names()
    assert {"ablation", "all", "allocation", "cold", "gap", "growth", "invariance"} <= set(names)
    assert not any(name.startswith("_") for name in names)
    assert bench.main(["nothing"]) == 2
    assert "there are: ablation, all, allocation" in capsys.readouterr().err
