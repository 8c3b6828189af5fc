"""Conferences are read as they are published, rivals play by the rules, and every row tells the same."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from benchmarks import matching
from benchmarks._matching import Conference, Loads, own
from benchmarks._matching_rivals import RIVALS, run_rival
from solver.matching import CONFLICT, MatchingError
from solver.outcome import Limits
from tests.solver.matching_brute import MOST_PAIRS, optimum

SCORES = np.array([[0.9, 0.8, CONFLICT], [0.7, 0.6, 0.5], [CONFLICT, 0.4, 0.3]])


def conference(folder: Path, scores: np.ndarray, loads: Loads) -> Conference:
    """A file of these scores."""
    path = folder / "week.npy"
    np.save(path, scores)
    return Conference("week", path, loads, 1)


@pytest.mark.parametrize("name", RIVALS)
@pytest.mark.parametrize("seed", range(10))
def test_rivals_find_the_optimum_of_small_ones(name: str, seed: int, tmp_path: Path) -> None:
    """All of them are exact where there is time; ours is no better and no worse."""
    rng = np.random.default_rng(seed)
    scores = np.where(rng.random((4, 3)) < 0.2, CONFLICT, rng.random((4, 3)).round(6))
    assert scores.size <= MOST_PAIRS
    asked = conference(tmp_path, scores, Loads(2, 2, int(rng.integers(2))))
    best, found = optimum(asked.matching()), run_rival(name, asked, Limits(20, workers=1))
    assert own(asked).total == pytest.approx(best[2])
    if best[:2] == (0, 0):
        assert found.total == pytest.approx(best[2])
        assert found.bound is not None
        assert found.bound >= best[2] - 1e-6
    else:
        assert (found.total, found.note) == (None, found.note)
        assert found.note


def test_a_file_is_reviewers_by_cases(tmp_path: Path) -> None:
    """One number for all cases, one for all reviewers; by itself a most leaves a quarter to spare."""
    found = conference(tmp_path, SCORES, Loads(2, 3, 1)).matching()
    assert np.array_equal(found.scores, SCORES)
    assert (found.per_case.tolist(), found.most.tolist(), found.least.tolist()) == ([2] * 3, [3] * 3, [1] * 3)
    assert conference(tmp_path, np.zeros((2, 8)), Loads()).matching().most.tolist() == [15, 15]


def test_made_up_ones_differ_by_seed_alone() -> None:
    """The same seed, the same scores."""
    one, same, other = (Conference("5x3", None, Loads(), seed).matching() for seed in (1, 1, 2))
    assert np.array_equal(one.scores, same.scores)
    assert one.scores.shape == (5, 3)
    assert not np.array_equal(one.scores, other.scores)


def test_public_ones_are_read_as_they_are_published(tmp_path: Path) -> None:
    """MIDL's loads stand in files, its least only where asked for; AAMAS is turned, scaled and capped."""
    midl, aamas = tmp_path / "matching" / "midl", tmp_path / "matching" / "aamas2021"
    midl.mkdir(parents=True)
    aamas.mkdir()
    for name, array in (
        ("scores", SCORES),
        ("covs", [1, 1, 1]),
        ("loads", [2, 2, 2]),
        ("loads-lb", [1, 1, 1]),
    ):
        np.save(midl / f"{name}.npy", array)
    np.save(aamas / "aamas_text.npy", np.array([[0.05, 0.2], [0.01, 0.0]]))
    np.save(aamas / "aamas_authorship.npy", np.array([[0, 0], [1, 0]], np.float32))
    assert Conference("midl", midl, Loads(), 1).matching().least.tolist() == [0, 0, 0]
    assert Conference("midl-least", midl, Loads(), 1).matching().least.tolist() == [1, 1, 1]
    found = Conference("aamas2021", aamas, Loads(), 1).matching()
    assert found.scores.tolist() == [[1.0, CONFLICT], [2.0, 0.0]]
    assert (found.per_case.tolist(), found.most.tolist()) == ([4, 4], [6, 6])


def test_rows_have_the_head_and_ours_comes_first(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is not there is skipped and named; each method has a line of JSON with the same head."""
    np.save(tmp_path / "scores.npy", SCORES)
    words = [str(tmp_path / "scores.npy"), "midl", "nowhere.npy", "--per-case", "1", "--max-load", "2"]
    assert matching.main([*words, "--rivals", "flow", "--workers", "1"]) == 0
    told = capsys.readouterr()
    rows = [json.loads(line) for line in told.out.splitlines()]
    assert [(row["instance"], row["method"]) for row in rows] == [("scores", "portfolio"), ("scores", "flow")]
    assert [row["objective"] for row in rows] == [pytest.approx(2.2), pytest.approx(2.2)]
    head = {"instance", "method", "objective", "bound", "gap", "seconds", "cpu_seconds", "peak_mb", "seed"}
    assert all(head | {"workers", "versions"} <= row.keys() for row in rows)
    assert "skipped midl" in told.err
    assert "skipped nowhere.npy" in told.err


def test_bad_numbers_end_with_every_fault(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit 2, and a line for each; a file that is no array is one of them."""
    np.save(tmp_path / "bad.npy", np.array([[np.nan, 1], [np.inf, 1]]))
    assert matching.main([str(tmp_path / "bad.npy"), "--rivals"]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 2
    (tmp_path / "text.npy").write_text("scores", encoding="utf-8")
    with pytest.raises(MatchingError, match=r"text\.npy is no \.npy file of numbers"):
        Conference("text", tmp_path / "text.npy", Loads(), 1).matching()


def test_too_many_pairs_for_a_rival_are_said_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is left out, by name."""
    monkeypatch.setitem(matching.LARGEST, "cp-sat", 5)
    np.save(tmp_path / "scores.npy", SCORES)
    assert matching.main([str(tmp_path / "scores.npy"), "--rivals", "cp-sat"]) == 0
    told = capsys.readouterr()
    assert len(told.out.splitlines()) == 1
    assert "9 pairs are too many for cp-sat" in told.err
