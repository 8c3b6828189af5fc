"""A cluster of workers gives the same bytes, also when one of them is killed in the middle."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from distributed import LocalCluster  # type: ignore[import-untyped,unused-ignore]

from allocator.errors import BadInput
from api.cli import main
from scenarios.cluster import cluster, sent
from scenarios.outcome import Outcome
from scenarios.run import run_variant
from scenarios.scenario import Scenario
from tests.scenarios.build import scenario

REPLICATIONS = range(600)


def test_no_address_is_this_machine() -> None:
    """And nothing is asked of anybody."""
    with cluster(None) as many:
        assert many is None


def test_an_address_where_nobody_answers_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a code and what to do, and not after minutes."""
    monkeypatch.setattr("scenarios.cluster.PATIENCE_SECONDS", 0.5)
    for address in ("tcp://127.0.0.1:9", "nonsense://x"):
        with pytest.raises(BadInput) as found, cluster(address):
            pytest.fail("there is no such cluster")
        assert [one.code for one in found.value.faults] == ["no-cluster"]


@pytest.fixture(scope="module")
def workers() -> Iterator[Any]:
    """Two processes on this machine; one that is killed is begun anew."""
    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, host="127.0.0.1"
    ) as found:
        yield found


def a_scenario() -> Scenario:
    """One of many blocks, that takes some seconds."""
    return scenario({"wte": 4, "turnover": 0.5}, run={"years": 10}, demand={"a_year": 150})


def same(one: Outcome, other: Outcome) -> bool:
    """Whether two outcomes are the same to the byte."""
    return all(
        np.array_equal(getattr(one, field.name), getattr(other, field.name)) for field in fields(Outcome)
    )


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="processes are ended as elsewhere")
def test_a_cluster_gives_the_same_bytes_though_a_worker_is_killed(workers: Any) -> None:
    """What the killed one had in hand is run again by another."""
    here = run_variant(a_scenario(), REPLICATIONS)
    with cluster(workers.scheduler_address) as many, sent(many):
        assert many == 2
        assert same(run_variant(a_scenario(), REPLICATIONS, many), here)
        killed: list[int] = []

        def kill() -> None:
            time.sleep(0.3)
            killed.append(next(iter(workers.workers.values())).pid)
            os.kill(killed[0], signal.SIGKILL)

        killer = threading.Thread(target=kill)
        killer.start()
        again = run_variant(a_scenario(), REPLICATIONS, many)
        killer.join()
        assert killed
        assert same(again, here)


@pytest.mark.slow
def test_the_command_line_runs_on_the_cluster_that_is_named(
    workers: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """And says the same as on this machine."""
    file, told = tmp_path / "scenario.json", []
    file.write_text(a_scenario().model_dump_json(), encoding="utf-8")
    for where in ([], ["--dask", workers.scheduler_address]):
        assert main(["scenario", *where, "run", str(file), "--json"]) == 0
        told.append(capsys.readouterr().out)
    assert told[0] == told[1]
