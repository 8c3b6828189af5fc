"""The same plan in every process: by effort, neither hash seeds nor workers change a byte."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
PROGRAMME = """
import sys
import numpy as np
from solver.outcome import Limits
from solver.solve import solve
from tests.solver.instances import random_sketch

problem = random_sketch(np.random.default_rng(1), 60, 10, density=0.4).problem()
outcome = solve(problem, Limits(effort=1, seed=5, workers=int(sys.argv[1])))
print(outcome.assignment.tobytes().hex(), [(level.value, level.bound) for level in outcome.levels])
"""


def _started(hash_seed: str, workers: str) -> subprocess.Popen[str]:
    environment = os.environ | {"PYTHONHASHSEED": hash_seed}
    command = [sys.executable, "-c", PROGRAMME, workers]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)


def test_two_processes_give_the_same_plan() -> None:
    """Different hash seeds and numbers of workers, the same effort and seed: the same bytes and bounds."""
    running = [_started("1", "1"), _started("2", "2")]
    said = [process.communicate()[0] for process in running]
    assert [process.returncode for process in running] == [0, 0]
    assert said[0] == said[1] != ""
