"""The scenario engine beside SimPy and Ciw: one service under the same rules, CPU time a case, equal means.

`python3 run.py bench simulation -- --replications 250 --rivals simpy ciw`. Three models: reviewers who have
several cases at once (SimPy), reviewers who have one (both: what Ciw can say), and a plain M/M/20.
Priorities, urgency, holds, slow evidence, weeks of leave and of sickness, and panels are on; turnover,
learning, lapsing links and returned reviews are off. Each draws its own luck.

CPU time is the simulation's alone, its random numbers and the records of its cases with it: no imports,
and of ours not the weekly and yearly tables, which no rival makes: with them it is `cpu_us_with_tables`.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from benchmarks._asked import print_verdicts
from benchmarks._review import Line, Review, with_half_width
from benchmarks._rivals_home import python, quietly, why_without
from benchmarks._rows import Row, print_rows
from benchmarks.queueing import WARM, Queue, measured
from benchmarks.queueing import scenario_document as queue_document
from scenarios.files import scenario_of
from scenarios.run import Block, blocks, played, rules_of, run_variant
from scenarios.scenario import Scenario
from scenarios.units import WEEK, YEAR
from scenarios.workforce import posts_of

ENGINE: Final = "engine"
RIVALS: Final = ("simpy", "ciw")
MEANS: Final = ("mean_wait_days", "mean_days_to_completion", "completed")
ENOUGH = 200
"""Replications of ours from which our share of a rival's CPU is judged."""
AN_AREA = 85
"""Cases that an area notifies in a year."""
FAR = 3.0
"""Standard errors from which means are said to differ: by chance alone, one comparison in 400."""
LONGEST_SECONDS = 3600.0
Found = Mapping[str, float]


@dataclass(frozen=True)
class Service:
    """A pool.

    Parameters
    ----------
    people : reviewers by the number of areas, so few that cases wait; caseload : cases that one of them has
    rivals : who can say it
    """

    name: str
    people: Mapping[int, int]
    caseload: int
    rivals: tuple[str, ...]


SERVICES = (
    Service("reviews, 8 at once", {1: 2, 6: 10}, 8, ("simpy",)),
    Service("reviews, one at a time", {1: 14, 6: 70}, 1, ("simpy", "ciw")),
)


def main(arguments: list[str]) -> int:
    """Return 0 after a row for each model and engine."""
    print_verdicts(list(print_rows(rows(arguments))))
    return 0


def rows(arguments: list[str]) -> Iterator[Row]:
    """Yield for each model our row, and a rival's for each that can say it."""
    options = _options(arguments)
    rivals = [one for one in options.rivals if _is_here(one)]
    for areas in options.areas:
        for service in SERVICES:
            yield from _beside(service, areas, rivals, options)
    yield from _in_line(rivals, options)


def _options(arguments: list[str]) -> argparse.Namespace:
    made = argparse.ArgumentParser(prog="run.py bench simulation --")
    made.add_argument("--replications", type=int, default=250, help="of ours")
    made.add_argument("--rival-replications", type=int, default=100)
    made.add_argument("--years", type=float, default=5.0)
    made.add_argument(
        "--areas",
        type=int,
        nargs="+",
        default=[1],
        choices=(1, 6),
        help="areas of a pool, 85 cases a year each",
    )
    made.add_argument("--customers", type=int, default=10_000, help="of a replication of M/M/20")
    made.add_argument("--rivals", nargs="*", choices=RIVALS, default=list(RIVALS))
    made.add_argument("--seed", type=int, nargs="+", default=[1])
    made.add_argument("--workers", type=int, default=1, help="means nothing: all is one process")
    made.add_argument("--data", type=Path)
    return made.parse_args(arguments)


def _is_here(rival: str) -> bool:
    why = why_without(rival)
    if why:
        print(f"simulation: without {rival}: {why}", file=sys.stderr, flush=True)
    return why is None


def scenario_document(service: Service, areas: int, options: argparse.Namespace) -> dict[str, Any]:
    """The scenario that is this service: one pool."""
    return {
        "name": service.name,
        "run": {
            "years": options.years,
            "measure_from": WARM * options.years,
            "replications": options.replications,
            "seed": options.seed[0],
        },
        "demand": {"a_year": areas * AN_AREA, "priority_share": 0.2},
        "evidence": {"lapse_share": 0},
        "groups": [
            {
                "name": "reviewers",
                "people": service.people[areas],
                "caseload": service.caseload,
                "turnover": 0,
                "first_case": 1,
                "returned": 0,
            }
        ],
        "discipline": {"order": "urgency"},
    }


def review_of(scenario: Scenario) -> Review:
    """The same, as the rivals are told it."""
    rules, (group,), evidence, holds = (
        rules_of(scenario, [0]),
        scenario.groups,
        scenario.evidence,
        scenario.holds,
    )
    work = scenario.work
    full, away = group.hours_a_week * group.review_share, min(1.0, group.away_weeks * WEEK / YEAR)
    return Review(
        until=rules.until,
        first=scenario.run.measure_from * YEAR,
        a_year=scenario.demand.a_year,
        posts=len(posts_of(scenario)),
        caseload=group.caseload,
        full=full,
        steady=full * (1 - away) * (1 - group.sickness),
        away=away,
        ill=group.sickness,
        hours=work.initial_hours,
        more_hours=work.focused_hours,
        more_share=work.focused_share,
        extra_hours=evidence.admin_hours,
        hours_cv=work.cv,
        evidence=evidence.days,
        slow=evidence.slow_days,
        slow_share=evidence.slow_share,
        evidence_cv=evidence.cv,
        hold_share=holds.share,
        hold_after=holds.after.mean,
        hold_after_cv=holds.after.cv,
        hold_lasts=holds.lasts.mean,
        hold_lasts_cv=holds.lasts.cv,
        sign_off=work.sign_off_days,
        panel=rules.panel_days,
        priority_share=scenario.demand.priority_share,
        week=rules.points_a_week,
        priority=rules.points_a_priority,
        overdue=rules.points_overdue,
        unsafe=rules.points_unsafe,
        allocate=rules.allocate_days,
        safe=rules.safe_days,
    )


def _beside(service: Service, areas: int, rivals: list[str], options: argparse.Namespace) -> Iterator[Row]:
    scenario = scenario_of(scenario_document(service, areas, options))
    instance = f"{service.name}, {areas * AN_AREA:g} a year"
    ours = ours_of(scenario)
    yield _row(instance, ENGINE, options.replications, options, ours)
    asked = {"review": asdict(review_of(scenario))}
    for rival in rivals:
        if rival in service.rivals:
            found = _asked(rival, asked, options)
            more = _compared(ours, found, MEANS)
            yield _row(instance, rival, options.rival_replications, options, {**found, **more})


def ours_of(scenario: Scenario) -> dict[str, float]:
    """The means of ours over the replications, CPU seconds to its records, and µs a case with the tables."""
    years, n = scenario.run.years, scenario.run.replications
    first, until = scenario.run.measure_from * YEAR, years * YEAR
    waits: list[float] = []
    days: list[float] = []
    completed: list[float] = []
    total, seconds = 0, 0.0
    played(Block(scenario, (0,), posts_of(scenario), range(2)))  # what numpy does once only
    for block in blocks(scenario, [0], range(n)):
        began = time.process_time()
        cases, records, _ = played(block)
        seconds += time.process_time() - began
        total += int((cases.notified < until).sum())
        counts = (cases.notified >= first) & (records.allocated < until)
        waits += _means(records.allocated, cases.notified, counts)
        done = records.completed < until
        days += _means(records.completed, cases.notified, done & (cases.notified >= first))
        completed += done.sum(axis=1).tolist()
    began = time.process_time()
    run_variant(scenario, range(n))
    whole = time.process_time() - began
    means = [with_half_width(name, one) for name, one in zip(MEANS, (waits, days, completed), strict=True)]
    return {
        **means[0],
        **means[1],
        **means[2],
        "replications": n,
        "cases": total,
        "cpu_seconds": seconds,
        "cpu_us_with_tables": 1e6 * whole / max(1, total),
    }


def _means(later: Any, earlier: Any, counts: Any) -> list[float]:
    """The mean difference of each replication, over what counts."""
    with np.errstate(invalid="ignore"):
        sums = np.where(counts, later - earlier, 0.0).sum(axis=1)
    found: list[float] = (sums / np.maximum(1, counts.sum(axis=1))).tolist()
    return found


def _in_line(rivals: list[str], options: argparse.Namespace) -> Iterator[Row]:
    """Yield the rows of a plain M/M/20 at load 0.9."""
    queue = Queue(18, 1, 20, options.customers)
    found = measured(queue, queue_document(queue, options.replications, options.seed[0]))
    ours = {
        "mean_wait": found["mean_wait"],
        "mean_wait_half_width": found["half_width"],
        "replications": options.replications,
        "cases": queue.customers * options.replications,
        "cpu_seconds": found["cpu_seconds"],
    }
    yield _row("M/M/20, load 0.9", ENGINE, options.replications, options, ours)
    long = queue.customers / queue.arrivals
    asked = {"line": asdict(Line(queue.arrivals, queue.service, queue.servers, long, WARM * long))}
    for rival in rivals:
        its = _asked(rival, asked, options)
        more = _compared(ours, its, ("mean_wait",))
        yield _row("M/M/20, load 0.9", rival, options.rival_replications, options, {**its, **more})


def _asked(rival: str, model: Mapping[str, Any], options: argparse.Namespace) -> dict[str, float]:
    """What a rival finds.

    Raises
    ------
    RuntimeError
        It failed; with the last it said.
    """
    document = {**model, "seed": options.seed[0], "replications": options.rival_replications}
    words = [str(python()), "-m", f"benchmarks._{rival}_model"]
    done = quietly(words, LONGEST_SECONDS, json.dumps(document))
    if done.returncode:
        raise RuntimeError(f"{rival} failed: {done.stderr[-500:]}")
    found: dict[str, float] = json.loads(done.stdout)
    return found


def _compared(ours: Found, its: Found, means: tuple[str, ...]) -> dict[str, float]:
    """How many times our CPU a case it takes, our share of it if that counts, how far apart means are."""
    share = (ours["cpu_seconds"] / ours["cases"]) / (its["cpu_seconds"] / its["cases"])
    apart = max(_apart(ours, its, name) for name in means)
    judged = {"of_its_cpu": share} if ours["replications"] >= ENOUGH else {}
    told = {"times_ours": 1 / share, **judged}
    return {**told, "standard_errors_apart": apart, "means_agree": apart <= FAR}


def _apart(ours: Found, its: Found, name: str) -> float:
    width = math.hypot(ours[f"{name}_half_width"], its[f"{name}_half_width"])
    return 1.96 * abs(ours[name] - its[name]) / width if width else 0.0


def _row(instance: str, method: str, replications: int, options: argparse.Namespace, found: Found) -> Row:
    more = {name: value for name, value in found.items() if name != "cpu_seconds"}
    us = 1e6 * found["cpu_seconds"] / max(1, found["cases"])
    told = {"cpu_us_per_case": us, **more, "replications": replications}
    seed, seconds = options.seed[0], found["cpu_seconds"]
    return Row(instance, method, None, None, None, None, seconds, None, seed, 1, more=told)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
