"""The engine's own rows, what simulators are told and report, and what is asked of the comparison."""

import argparse
import ast
import json
import math
from pathlib import Path
from random import Random

import numpy as np
import pytest

from benchmarks import _rivals_home, simulation
from benchmarks._asked import judged
from benchmarks._review import Case, Review, new_case, told, urgency, weekly_hours, worked_by
from benchmarks._rows import Row
from benchmarks._runs import TINY
from scenarios.calendars import Calendar
from scenarios.files import scenario_of
from scenarios.run import Block, played
from scenarios.workforce import posts_of

FOLDER = Path(simulation.__file__).parent
SMALL = ["--replications", "3", "--rival-replications", "3", "--years", "1", "--customers", "100"]


def _review(service: int = 0, **changed: object) -> Review:
    options = argparse.Namespace(years=2.0, replications=2, seed=[1])
    review = simulation.review_of(
        scenario_of(simulation.scenario_document(simulation.SERVICES[service], 1, options))
    )
    return Review(**{**vars(review), **changed})


def test_the_engine_has_a_row_for_each_model(capsys: pytest.CaptureFixture[str]) -> None:
    """Without rivals, as the tiny run has it: every mean is there, and nothing is judged."""
    (tiny,) = [one for one in TINY if one.benchmark == "simulation"]
    assert simulation.main(tiny.options.split()) == 0
    out, err = capsys.readouterr()
    found = [json.loads(line) for line in out.splitlines()]
    assert [one["method"] for one in found] == [simulation.ENGINE] * 3
    assert all(one["cases"] > 0 for one in found)
    assert all(set(simulation.MEANS) <= set(one) for one in found[:2])
    assert err == ""


@pytest.mark.parametrize("service", simulation.SERVICES, ids=lambda one: one.name)
def test_our_means_are_those_of_the_records(service: simulation.Service) -> None:
    """Counted again, case by case, by what counts the rivals' cases."""
    options = argparse.Namespace(years=2.0, replications=3, seed=[5])
    scenario = scenario_of(simulation.scenario_document(service, 1, options))
    cases, records, _ = played(Block(scenario, (0,), posts_of(scenario), range(3)))
    lanes = [
        [
            Case(notified, 0, 0.0, 0.0, allocated=allocated, completed=completed)
            for notified, allocated, completed in zip(*lane, strict=True)
            if notified < math.inf
        ]
        for lane in zip(
            cases.notified.tolist(), records.allocated.tolist(), records.completed.tolist(), strict=True
        )
    ]
    found = simulation.ours_of(scenario)
    again = told(simulation.review_of(scenario), lanes, 0.0)
    assert {name: found[name] for name in again if name != "cpu_seconds"} == pytest.approx(
        {name: value for name, value in again.items() if name != "cpu_seconds"}
    )


def test_work_ends_on_the_day_that_the_engine_says() -> None:
    """The same weeks, some of them off, from any moment; also in the last week, which goes on."""
    random = Random(3)
    weekly = weekly_hours(_review(away=0.4), random)[0]
    when = np.array([random.uniform(0, 7 * len(weekly)) for _ in range(200)])
    hours = np.array([random.expovariate(0.02) for _ in range(200)])
    at = np.zeros(200, np.int64)
    found = [worked_by(weekly, *one) for one in zip(when.tolist(), hours.tolist(), strict=True)]
    assert found == pytest.approx(Calendar(np.ones(1), np.array([weekly])).finish(at, at, when, hours))


def test_a_case_on_hold_ages_only_outside_it() -> None:
    """Ten weeks of which four were on hold are six; a priority is worth a hundred points."""
    review = _review()
    waited = Case(0.0, 0, 1.0, 1.0, hold_from=14.0, hold_to=42.0)
    assert urgency(review, waited, 70.5) == pytest.approx(6 * review.week)
    assert urgency(review, Case(0.0, 1, 1.0, 1.0), 70.5) == pytest.approx(10 * review.week + 100)


def test_cases_are_as_varied_as_the_scenario_says() -> None:
    """The means and shares of many cases are those of the file."""
    review, random = _review(), Random(7)
    cases = [new_case(review, random, 0.0) for _ in range(20_000)]
    hours = review.hours + review.more_share * review.more_hours + review.extra_hours
    days = review.slow_share * review.slow + (1 - review.slow_share) * review.evidence
    held = [one for one in cases if one.hold_from < math.inf]
    assert np.mean([one.hours for one in cases]) == pytest.approx(hours, rel=0.03)
    assert np.mean([one.evidence for one in cases]) == pytest.approx(days, rel=0.03)
    assert len(held) / len(cases) == pytest.approx(review.hold_share, abs=0.01)
    assert np.mean([one.hold_to - one.hold_from for one in held]) == pytest.approx(
        review.hold_lasts, rel=0.08
    )


def test_a_panel_signs_off_when_its_day_has_come() -> None:
    """Ten days after the end of work, then the next of the fortnightly days."""
    case = Case(0.0, 0, 1.0, 1.0)
    case.finish(_review(), 3.0, 5.0)
    assert (case.begun, case.finished, case.completed) == (3.0, 5.0, 28.0)


def test_simulators_share_no_code_with_us() -> None:
    """Their models know the standard library, themselves and what they share among each other."""
    for module, own in (("_review", set()), ("_simpy_model", {"simpy"}), ("_ciw_model", {"ciw"})):
        tree = ast.parse((FOLDER / f"{module}.py").read_text("utf-8"))
        names = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        names |= {one.name for node in ast.walk(tree) if isinstance(node, ast.Import) for one in node.names}
        ours = ("solver", "allocator", "scenarios", "api")
        assert own <= names
        assert not [name for name in names if name.split(".")[0] in ours]
        assert {name for name in names if name.startswith("benchmarks")} <= {"benchmarks._review"}


def test_a_rival_that_cannot_be_had_is_left_out_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """And the engine's rows come all the same."""
    monkeypatch.setattr(simulation, "why_without", lambda name: f"no {name} today")
    assert simulation.main(SMALL) == 0
    out, err = capsys.readouterr()
    assert len(out.splitlines()) == 3
    assert err.splitlines() == [f"simulation: without {one}: no {one} today" for one in simulation.RIVALS]


@pytest.mark.slow
def test_simulators_agree_with_the_engine(capsys: pytest.CaptureFixture[str]) -> None:
    """Each that is there has its rows, and its means are ours."""
    missing = [why for one in simulation.RIVALS if (why := _rivals_home.why_without(one))]
    if missing:
        pytest.skip(missing[0])
    options = ["--replications", "60", "--rival-replications", "60", "--years", "3", "--customers", "2000"]
    assert simulation.main(options) == 0
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [one["method"] for one in found] == ["engine", "simpy"] + 2 * ["engine", "simpy", "ciw"]
    assert all(one["means_agree"] for one in found if one["method"] != "engine")


def _beside(method: str, **more: object) -> Row:
    return Row("reviews, one at a time", method, None, None, None, None, 1.0, None, 1, 1, {}, more)


def test_a_share_of_the_cpu_is_asked_for_and_means_that_differ_are_counted() -> None:
    """A tenth of SimPy's, a twentieth of Ciw's; what was not repeated often enough is not judged."""
    rows = [
        _beside("simpy", of_its_cpu=0.09, means_agree=True),
        _beside("ciw", of_its_cpu=0.09, means_agree=False),
    ]
    verdicts = {(one.target.kind, one.target.most): one.met for one in judged(rows)}
    assert verdicts == {("must", 0): False, ("aim", 10): True, ("aim", 5): False}
    assert not judged([_beside("simpy", times_ours=3.0)])
