"""The scenario engine against queueing theory: each case is a scenario, run by what `scenario run` calls.

`python3 run.py bench queueing -- --arrival-rate 18 --service-rate 1 --servers 20 --customers 100000
--replications 30 --seed 1` prints one line of JSON; without a rate, the table of all cases beside theory.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks._asked import print_verdicts
from benchmarks._rows import Row, print_rows
from scenarios.files import scenario_of
from scenarios.play import play
from scenarios.run import blocks, played
from scenarios.scenario import Scenario
from scenarios.units import FULL_TIME, WEEK, WEEKS_A_YEAR, YEAR
from scenarios.world import NEVER

A_YEAR = 1000.0
"""Customers a year in every scenario: a unit of the queue's time is as many days as that makes it."""
FULL = FULL_TIME * WEEKS_A_YEAR
"""Hours of a post in a year that is never away."""
WARM = 0.1
"""The share of customers before which none counts."""


@dataclass(frozen=True)
class Queue:
    """A queue, in its own unit of time.

    Parameters
    ----------
    urgent : arrivals a unit that go before the others
    cv2 : squared standard deviation ÷ mean of service
    """

    arrivals: float
    service: float
    servers: int
    customers: int = 100_000
    urgent: float = 0.0
    cv2: float = 1.0

    @property
    def unit(self) -> float:
        """Days of a unit of its time."""
        return YEAR * (self.arrivals + self.urgent) / A_YEAR


def main(arguments: list[str]) -> int:
    """Return 0 after one line for one queue, or a row for each case of theory."""
    if not any(word.startswith("--arrival-rate") for word in arguments):
        print_verdicts(list(print_rows(rows(arguments))))
        return 0
    made = argparse.ArgumentParser(prog="run.py bench queueing --")
    made.add_argument("--arrival-rate", type=float, required=True)
    made.add_argument("--service-rate", type=float, required=True)
    made.add_argument("--servers", type=int, required=True)
    made.add_argument("--customers", type=int, default=100_000)
    made.add_argument("--replications", type=int, default=30)
    made.add_argument("--seed", type=int, default=1)
    made.add_argument("--urgent-rate", type=float, default=0.0, help="arrivals that go before the others")
    made.add_argument(
        "--cv2", type=float, default=1.0, help="of service: 0, 1 (exponential) or more (lognormal)"
    )
    made.add_argument("--out", type=Path, help="keep the scenario file here")
    options = made.parse_args(arguments)
    queue = Queue(
        options.arrival_rate,
        options.service_rate,
        options.servers,
        options.customers,
        options.urgent_rate,
        options.cv2,
    )
    document = scenario_document(queue, options.replications, options.seed)
    if options.out:
        options.out.write_text(json.dumps(document, indent=1), encoding="utf-8")
    print(json.dumps(measured(queue, document)))
    return 0


def scenario_document(queue: Queue, replications: int, seed: int) -> dict[str, Any]:
    """The scenario that is this queue: one review at a time, nothing that takes time but its work."""
    unit_hours = FULL * queue.unit / YEAR
    kind = "fixed" if queue.cv2 == 0 else "exponential" if queue.cv2 == 1 else "lognormal"
    years = queue.customers / A_YEAR
    return {
        "name": f"{queue.arrivals + queue.urgent:g}/{queue.service:g}/{queue.servers}",
        "steady": True,
        "run": {"years": years, "measure_from": WARM * years, "replications": replications, "seed": seed},
        "demand": {"a_year": A_YEAR, "priority_share": queue.urgent / (queue.arrivals + queue.urgent)},
        "holds": {"share": 0},
        "evidence": {"days": 0, "slow_share": 0, "admin_hours": 0, "lapse_share": 0},
        "work": {
            "initial_hours": unit_hours / queue.service,
            "focused_share": 0,
            "cv": math.sqrt(queue.cv2),
            "kind": kind,
            "sign_off_days": 0,
            "panel_weeks": 0,
            "handover_hours": 0,
        },
        "groups": [
            {
                "name": "servers",
                "people": queue.servers,
                "review_share": 1,
                "away_weeks": 0,
                "sickness": 0,
                "turnover": 0,
                "first_case": 1,
                "returned": 0,
                "caseload": 1,
            }
        ],
        "discipline": {"order": "urgency", "week": 1e-9, "priority": 1, "overdue": 0, "unsafe": 0},
    }


def measured(queue: Queue, document: dict[str, Any]) -> dict[str, Any]:
    """The mean wait with its half-width and the share that waits, as `scenario run` tells them; its cost."""
    began = time.process_time()
    answer = play(scenario_of(document)).variants[0]
    seconds = time.process_time() - began
    area = answer.areas[0]
    if area.wait is None or area.at_once is None:
        raise RuntimeError("nobody was served when it counts")
    half = math.inf if area.wait.half_width is None else area.wait.half_width
    return {
        "mean_wait": area.wait.mean / queue.unit,
        "half_width": half / queue.unit,
        "p_wait": 1 - area.at_once,
        "cpu_seconds": seconds,
        "cpu_us_per_customer": 1e6 * seconds / (queue.customers * answer.replications),
    }


def looked_into(queue: Queue, document: dict[str, Any]) -> dict[str, Any]:
    """What an answer does not tell: waits longer than a unit, and waits by urgency."""
    waits = _waits(scenario_of(document), queue)
    found = {"p_wait_beyond_1": float(np.mean([(each > 1).mean() for each, _ in waits]))}
    for name, level in (("urgent", 1), ("others", 0)) if queue.urgent else ():
        each = np.array([wait[urgent == level].mean() for wait, urgent in waits])
        found |= {f"mean_wait_{name}": float(each.mean()), f"half_width_{name}": _half_width(each)}
    return found


def _waits(scenario: Scenario, queue: Queue) -> list[tuple[NDArray[np.float64], NDArray[np.int64]]]:
    """Of each replication the waits that count, in units of the queue, and who was urgent."""
    found, first = [], scenario.run.measure_from * YEAR
    for block in blocks(scenario, [0], range(scenario.run.replications)):
        cases, records, _ = played(block)
        for lane in range(len(block.replications)):
            notified, allocated = cases.notified[lane], records.allocated[lane]
            counts = (notified >= first) & (allocated < NEVER)
            waits = (allocated[counts] - notified[counts]) / queue.unit
            found.append((waits, cases.priority[lane][counts]))
    return found


def _half_width(means: NDArray[np.float64]) -> float:
    return float(1.96 * means.std(ddof=1) / math.sqrt(len(means))) if len(means) > 1 else math.inf


@dataclass(frozen=True)
class Theory:
    """A queue with a closed form: which figure it is, and what it should be.

    Parameters
    ----------
    times : so many times the replications, where waits differ much
    """

    name: str
    queue: Queue
    figures: dict[str, float]
    times: int = 1


THEORY = (
    Theory("M/M/1 (5, 8)", Queue(5, 8, 1), {"mean_wait": 0.208333}),
    Theory("M/M/3 (.2, .1)", Queue(0.2, 0.1, 3), {"mean_wait": 4.444444, "p_wait": 0.444444}),
    Theory("M/M/20 (18, 1)", Queue(18, 1, 20),
           {"mean_wait": 0.275385, "p_wait": 0.550769, "p_wait_beyond_1": 0.074538}),
    Theory("priority M/M/10 (5 + 4, 1)", Queue(4, 1, 10, urgent=5),
           {"mean_wait_urgent": 0.133746, "mean_wait_others": 1.337463}),
    Theory("M/D/1, load .8", Queue(0.8, 1, 1, cv2=0), {"mean_wait": 2.0}),
    Theory("M/M/1, load .8", Queue(0.8, 1, 1), {"mean_wait": 4.0}),
    Theory("M/G/1, load .8, cv² 4", Queue(0.8, 1, 1, cv2=4), {"mean_wait": 10.0}, times=4),
)  # fmt: skip


def rows(arguments: list[str]) -> Iterator[Row]:
    """Yield a row for each figure with a closed form."""
    made = argparse.ArgumentParser(prog="run.py bench queueing --")
    made.add_argument("--replications", type=int, default=200)
    made.add_argument("--customers", type=int, default=40_000)
    made.add_argument("--seed", type=int, nargs="+", default=[1])
    made.add_argument("--workers", type=int, default=1)
    made.add_argument("--data", type=Path)
    options = made.parse_args(arguments)
    for seed, one in enumerate(THEORY, options.seed[0]):  # with one seed all would share its luck
        queue = Queue(**{**vars(one.queue), "customers": options.customers})
        document = scenario_document(queue, one.times * options.replications, seed)
        found = measured(queue, document)
        if set(one.figures) - set(found):
            found |= looked_into(queue, document)
        for name, should in one.figures.items():
            width = found.get(name.replace("mean_wait", "half_width")) if "mean_wait" in name else None
            yield _row(one.name, name, found[name], should, width, found["cpu_seconds"], seed)
    amplitude, lag, seconds = _swinging(options.replications // 4, options.seed[0])
    yield _row(SWINGS, "amplitude", amplitude, 19.4308, None, seconds, options.seed[0])
    yield _row(SWINGS, "lag", lag, 5.1915, None, seconds, options.seed[0])


SWINGS = "Mt/M/∞, 10 + 4 sin(2πt/52), 6"


def _swinging(replications: int, seed: int) -> tuple[float, float, float]:
    """Amplitude and lag of the number at work where arrivals swing and nobody waits; and its cost."""
    document = scenario_document(Queue(10, 1 / 6, 300), replications, seed)
    document["run"] = {"years": 8, "replications": max(2, replications), "seed": seed}
    document["demand"] = {"a_year": 10 * YEAR / WEEK, "swing": 0.4, "swing_weeks": 52}
    document["work"]["initial_hours"] = 6 * FULL_TIME
    began = time.process_time()
    area = play(scenario_of(document)).variants[0].areas[0]
    seconds = time.process_time() - began
    at_work = np.array(next(one.mean for one in area.weeks if one.stage == "in_progress"))
    week = np.arange(len(at_work))
    angle = 2 * np.pi * week / 52
    columns = np.stack([np.ones_like(angle), np.sin(angle), np.cos(angle)], axis=1)
    settled = week >= 104
    _, along, across = np.linalg.lstsq(columns[settled], at_work[settled], rcond=None)[0]
    return float(np.hypot(along, across)), float(np.arctan2(-across, along) * 52 / (2 * np.pi)), seconds


def _row(  # noqa: PLR0913
    queue: str, figure: str, found: float, should: float, width: float | None, cpu: float, seed: int
) -> Row:
    more: dict[str, object] = {"measured": found, "theory": should, "off_theory": found / should - 1}
    if width is not None:
        more |= {"half_width_of_theory": width / should, "off_in_half_widths": abs(found - should) / width}
    return Row(queue, figure, None, None, None, None, cpu, None, seed, more=more)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
