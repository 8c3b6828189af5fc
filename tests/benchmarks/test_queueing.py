"""The queueing benchmark runs what the command line runs, and its intervals are worth what they say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from api.cli import main
from benchmarks.queueing import Queue, measured, scenario_document
from benchmarks.queueing import main as queueing
from scenarios.files import read_scenario, scenario_of
from scenarios.play import digest_of
from scenarios.run import Block, played
from scenarios.units import YEAR
from scenarios.workforce import posts_of

QUEUE = Queue(0.5, 1, 1, customers=400)
WORDS = ["--arrival-rate", "0.5", "--service-rate", "1", "--servers", "1", "--customers", "400",
         "--replications", "6", "--seed", "3"]  # fmt: skip
Capture = pytest.CaptureFixture[str]


@pytest.fixture
def both(tmp_path: Path, capsys: Capture) -> tuple[dict[str, Any], dict[str, Any], Path]:
    """Return what the benchmark says, what the command line says of its file, and the file."""
    file = tmp_path / "queue.json"
    assert queueing([*WORDS, "--out", str(file)]) == 0
    said = json.loads(capsys.readouterr().out)
    assert main(["scenario", "run", str(file), "--json", "--workers", "1"]) == 0
    return said, json.loads(capsys.readouterr().out), file


def test_the_file_that_is_kept_is_the_scenario_that_is_measured(
    both: tuple[dict[str, Any], dict[str, Any], Path],
) -> None:
    """Read back it is the same to the last bit, and the answer names its digest."""
    _, answer, file = both
    assert read_scenario(file) == scenario_of(scenario_document(QUEUE, 6, 3))
    assert answer["digest"] == digest_of(read_scenario(file))
    assert answer["variants"][0]["replications"] == 6


def test_the_command_line_tells_the_mean_of_the_records_that_the_benchmark_sees(
    both: tuple[dict[str, Any], dict[str, Any], Path],
) -> None:
    """Days until allocation to all six digits, over the cases that were completed in the run."""
    _, answer, file = both
    one = read_scenario(file)
    cases, records, _ = played(Block(one, (0,), posts_of(one), range(one.run.replications)))
    done = (records.completed < one.run.years * YEAR) & (cases.notified >= one.run.measure_from * YEAR)
    days = (records.allocated[done] - cases.notified[done]).mean()
    assert answer["variants"][0]["areas"][0]["days"]["to_allocation"] == float(f"{days:.6g}")


def test_the_benchmark_and_the_command_line_tell_the_same_mean_wait(
    both: tuple[dict[str, Any], dict[str, Any], Path],
) -> None:
    """To the last of the six digits that an answer has: what is compared with theory is what users get."""
    said, answer, _ = both
    wait = answer["variants"][0]["areas"][0]["wait"]
    assert said["mean_wait"] == wait["mean"] / QUEUE.unit
    assert said["half_width"] == wait["half_width"] / QUEUE.unit


def test_a_line_of_the_benchmark_is_near_theory(both: tuple[dict[str, Any], dict[str, Any], Path]) -> None:
    """Within three half-widths even of a short run: an error of a unit would be far outside."""
    said, _, _ = both
    assert abs(said["mean_wait"] - 1.0) < 3 * said["half_width"] + 0.1


@pytest.mark.slow
def test_nineteen_of_twenty_intervals_hold_the_mean_of_theory() -> None:
    """M/M/1 at load .5, whose mean wait is 1: of 200 seeds 91 to 98 % have it in their 95 % interval."""
    queue = Queue(0.5, 1, 1, customers=1500)
    held = []
    for seed in range(200):
        found = measured(queue, scenario_document(queue, 60, seed))
        held.append(abs(found["mean_wait"] - 1.0) <= found["half_width"])
    assert 0.91 <= np.mean(held) <= 0.98
