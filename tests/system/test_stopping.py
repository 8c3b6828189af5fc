"""Stopped at any moment, a plan is checked; left alone with an effort, it is the same everywhere."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from allocator.allocate import Allocation, PlanRequest, allocate
from allocator.audit import audit, audit_folder
from allocator.intake import Reading, read_snapshot
from api.cli import main
from tests.system.documents import AS_OF, stopped_clock
from tests.system.samples import sample, sample_folder

ROOT = Path(__file__).parents[2]
NEVER = 10**9
CSV_FILES = ("assignments.csv", "unassigned.csv", "workloads.csv")


@pytest.fixture(scope="module")
def queue(tmp_path_factory: pytest.TempPathFactory) -> Reading:
    """Eighty cases, ten reviewers: enough to do that whoever stops early has proved nothing."""
    return sample(tmp_path_factory.mktemp("queue"), 80, 10, 5, load=1.2)


class Countdown:
    """Asks to stop from the n-th question on."""

    def __init__(self, n: int) -> None:
        self.left = n

    def __call__(self) -> bool:
        """Whether to stop."""
        self.left -= 1
        return self.left < 0


def stopped_at(queue: Reading, moves: int, workers: int, question: int) -> tuple[Allocation, int]:
    """The plan of a search told to stop at its n-th question, and how many it did ask."""
    stop = Countdown(question)
    request = PlanRequest(effort=1, workers=workers, max_moves=moves)
    found = allocate(queue, request, stopped_clock, cancel=stop)  # InternalFault, if the audit finds anything
    return found, question - stop.left


@pytest.fixture(scope="module")
def questions(queue: Reading) -> dict[int, int]:
    """How often the search asks whether to stop, without moves and with them, if it is not stopped."""
    return {moves: stopped_at(queue, moves, 1, NEVER)[1] for moves in (0, 2)}


@pytest.mark.parametrize("block", range(10))
def test_stopped_at_a_hundred_random_moments_there_is_a_checked_plan(
    queue: Reading, questions: dict[int, int], block: int
) -> None:
    """Ten a block, from before the search has begun to after it has ended; with and without moves."""
    rng, unproved = random.Random(block), 0
    for _ in range(9):
        moves = rng.choice([0, 0, 2])
        moment = rng.randrange(questions[moves] * 11 // 10)
        found, _ = stopped_at(queue, moves, rng.choice([1, 2]), moment)
        unproved += found.plan.solver.proof != "optimal"
    assert unproved >= 4  # all are proved by a search that pays no heed, and by one left to its end
    stopped_by_the_clock(queue, rng.random() / 4)


def stopped_by_the_clock(queue: Reading, after: float) -> None:
    """Plan with all the time there is, and be stopped from another thread."""
    asked = threading.Event()
    timer = threading.Timer(after, asked.set)
    timer.start()
    found = allocate(queue, PlanRequest(time_limit=600, workers=2), stopped_clock, cancel=asked.is_set)
    timer.cancel()
    assert audit(queue.snapshot, found.plan.as_document(), found.certificate.as_document()) == []


def command(*words: str, hash_seed: str) -> None:
    """Run the allocator in a process of its own."""
    subprocess.run(
        [sys.executable, "-m", "api.cli", *words],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": hash_seed},
        check=True,
        capture_output=True,
    )


@pytest.mark.parametrize("max_moves", ["0", "2"])
def test_an_effort_gives_the_same_files_in_every_process(tmp_path: Path, max_moves: str) -> None:
    """`--effort` here and with another hash seed and number of workers: three CSV files, byte for byte."""
    folder = sample_folder(tmp_path / "queue", 50, 7, 3)
    options = ["plan", str(folder), "--effort", "2", "--max-moves", max_moves]
    assert main([*options, "--workers", "1", "--out", str(tmp_path / "1")]) == 0
    command(*options, "--workers", "2", "--out", str(tmp_path / "2"), hash_seed="4242")
    for workers in ("1", "2"):
        assert audit_folder(read_snapshot(folder, today=AS_OF).snapshot, tmp_path / workers) == []
    for name in CSV_FILES:
        assert (tmp_path / "1" / name).read_bytes() == (tmp_path / "2" / name).read_bytes()
