"""The rivals play by the rules: what they find is sound, what they prove is so, and nothing of it is ours."""

import ast
import json
import time
from pathlib import Path

import numpy as np
import pytest

from benchmarks import _timefold, allocation
from benchmarks._rivals import run_rival
from benchmarks._snapshots import Posed
from solver.outcome import Limits
from solver.problem import Problem
from tests.solver.brute import optimum
from tests.solver.instances import random_sketch
from tests.solver.sketch import Arc, Seat, sketch

FOLDER = Path(allocation.__file__).parent
MODELS = ("cp-sat", "highs", "scip")
RIVAL_MODULES = ("_rivals", "_programme", "_models", "_greedy", "_timefold", "_timefold_model")
SHARED = {"solver.problem", "solver.outcome", "solver.check", "solver.reduce", "solver.by_hand"}


def _posed(problem: Problem, notified: list[int] | None = None, level: int = 0) -> Posed:
    return Posed(problem, np.array(notified or range(problem.n_places), np.int64), level)


@pytest.mark.parametrize("name", ["oldest-first", *MODELS])
@pytest.mark.parametrize("seed", range(15))
def test_rivals_find_sound_plans_and_prove_what_is_so(name: str, seed: int) -> None:
    """On problems with everything in them no value is below the optimum, no bound above; models reach it."""
    plain = random_sketch(np.random.default_rng(seed), 4, 3)
    found = optimum(plain)
    assert found is not None
    best = found[1][0]
    result = run_rival(name, _posed(plain.problem()), Limits(5.0, seed=seed, workers=1), time.monotonic())
    value = result.levels["unallocated"]["value"]
    assert isinstance(value, int)
    assert value >= best
    assert result.bound is None or result.bound <= best
    if name in MODELS:
        assert (value, result.bound) == (best, best)


@pytest.mark.parametrize("name", ["greedy", *MODELS])
def test_rivals_assign_every_job(name: str) -> None:
    """The cheapest has no room for both, so one of them pays more."""
    jobs = [
        Seat(0, {0: Arc(6, points=1), 1: Arc(6, points=9)}, required=True, movable=True),
        Seat(1, {0: Arc(6, points=2), 1: Arc(7, points=4)}, required=True, movable=True),
    ]
    result = run_rival(
        name, _posed(sketch(jobs, [6, 7]).problem(), level=2), Limits(5.0, workers=1), time.monotonic()
    )
    assert result.levels["cost"]["value"] == 5
    assert result.bound == (None if name == "greedy" else 5)


def test_the_oldest_goes_first_to_the_least_loaded() -> None:
    """The older case is placed first, whatever its penalty, with whoever has the smaller share taken."""
    seats = [
        Seat(0, {0: Arc(60)}, penalty=9),
        Seat(1, {0: Arc(60), 1: Arc(60)}, penalty=5),
        Seat(2, {1: Arc(30)}, required=True),
    ]
    posed = _posed(sketch(seats, [60, 90]).problem(), [7, 3, 1])
    assert run_rival("oldest-first", posed, Limits(1.0), time.monotonic()).levels["unallocated"]["value"] == 9


@pytest.mark.parametrize("name", ["greedy", "highs"])
def test_no_plan_is_said_so(name: str) -> None:
    """A rival that has nothing to show gets a note and no value, never a value of 0."""
    held = [Seat(case, {0: Arc(1), 1: Arc(1)}, required=True, movable=True) for case in range(3)]
    result = run_rival(name, _posed(sketch(held, [1, 1]).problem(), level=2), Limits(1.0), time.monotonic())
    assert (result.levels, result.note) == ({}, "found no plan within the limit")


def test_rivals_share_no_method_with_us() -> None:
    """They know the problem and the oracle; whatever searches or proves is their own."""
    for module in RIVAL_MODULES:
        tree = ast.parse((FOLDER / f"{module}.py").read_text("utf-8"))
        imported = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        assert {name for name in imported if name.split(".")[0] == "solver"} <= SHARED


@pytest.mark.usefixtures("in_this_process")
def test_without_java_timefold_is_left_out_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """And the others go on."""
    monkeypatch.setattr(_timefold.shutil, "which", lambda name: None)
    options = ["--cases", "12", "--reviewers", "3", "--time-limit", "2", "--workers", "1"]
    assert allocation.main([*options, "--rivals", "timefold", "oldest-first"]) == 0
    out, err = capsys.readouterr()
    assert [json.loads(line)["method"] for line in out.splitlines()] == ["portfolio", "oldest-first"]
    assert err.startswith("allocation: without timefold: it needs Java 17, and there is none here\n")


def test_timefold_is_not_asked_what_it_cannot_do() -> None:
    """Beyond 2,000 cases × 300 reviewers it would only be starting."""
    assert _timefold.why_not(2_001, 300) == "it is asked only up to 2,000 × 300"
