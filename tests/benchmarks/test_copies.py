"""A copy of a problem is the same problem: what a plan is worth, and what it breaks, stays as it is."""

import pytest
from hypothesis import assume, given

from benchmarks import invariance
from benchmarks._copies import dearer, permuted
from solver.check import breaches, distinct, values
from tests.solver.draws import careless, rngs, sketches
from tests.solver.instances import Rng
from tests.solver.sketch import Sketch


@given(sketches(), rngs)
def test_a_permuted_copy_values_and_forbids_the_same(plain: Sketch, rng: Rng) -> None:
    """Every level of every plan, and how often each rule is broken."""
    problem = plain.problem()
    plan, copy = careless(rng, plain), permuted(problem, rng)
    assume(not distinct(problem, plan))  # two places of a case with one reviewer are worked in no told order
    same = copy.assignment(plan)
    assert values(copy.problem, same).tolist() == values(problem, plan).tolist()
    assert len(breaches(copy.problem, same)) == len(breaches(problem, plan))


@given(sketches(), rngs)
def test_points_times_seven_are_seven_times_as_many(plain: Sketch, rng: Rng) -> None:
    """At every level, but for what a reviewer's bands lose when they are cut to whole points."""
    problem = plain.problem()
    plan = careless(rng, plain)
    before, after = values(problem, plan), values(dearer(problem, 7), plan)
    assert after[:2].tolist() == (7 * before[:2]).tolist()
    assert 0 <= after[2] - 7 * before[2] < 7 * problem.n_reviewers
    assert len(breaches(dearer(problem, 7), plan)) == len(breaches(problem, plan))


def test_the_benchmark_compares_copies_of_what_is_there(capsys: pytest.CaptureFixture[str]) -> None:
    """Without data a public instance is skipped in one line."""
    assert invariance.main(["d10100"]) == 0
    out, err = capsys.readouterr()
    assert out == ""
    assert err == "invariance: skipped d10100: there is no such file here, and no --data DIR was given\n"
