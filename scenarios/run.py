"""A scenario is run: every variant, in blocks of replications, on as many processes as there are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from joblib import Parallel, delayed

from scenarios.counting import outcome_of
from scenarios.demand import cases_of, open_at_start
from scenarios.engine import simulate
from scenarios.outcome import Outcome, beside, joined
from scenarios.scenario import Scenario
from scenarios.units import MONTH, WEEK, YEAR
from scenarios.weekly import Planner
from scenarios.workforce import Post, pools, posts_of, staff
from scenarios.world import NEVER, Cases, Posts, Records, Rules

MOST_NUMBERS: Final = 6_000_000
"""Cases and weeks of posts that one block has in memory; it decides nothing else."""
MOST_LANES: Final = 128
"""What so many need is at hand when it is wanted; with more, memory is waited for."""
SAFE_DAYS: Final = 14.0


@dataclass(frozen=True)
class Block:
    """Some replications of one pool."""

    scenario: Scenario
    chosen: tuple[int, ...]
    who: tuple[Post, ...]
    replications: range


def run_block(block: Block) -> Outcome:
    """What came of it."""
    cases, records, posts = played(block)
    return outcome_of(block.scenario, list(block.chosen), list(block.who), cases, posts, records)


def played(block: Block) -> tuple[Cases, Records, Posts]:
    """Its cases, what happened to them, and its posts."""
    scenario, chosen = block.scenario, list(block.chosen)
    cases = cases_of(scenario, chosen, block.replications)
    posts = staff(scenario, chosen, block.who, block.replications)
    rules = rules_of(scenario, chosen)
    if scenario.discipline.order == "allocator":
        rules = replace(rules, plan=Planner(scenario, block.chosen, block.who))
    return cases, simulate(cases, posts, rules), posts


def rules_of(scenario: Scenario, chosen: Sequence[int]) -> Rules:
    """What holds for all cases and posts of a pool."""
    evidence, work, discipline = scenario.evidence, scenario.work, scenario.discipline
    part = sum(scenario.areas[n].share for n in chosen) / sum(one.share for one in scenario.areas)
    wte = evidence.admin_wte * part
    admin = int(-(-wte // 1))
    by_urgency = discipline.order != "oldest"
    complete = scenario.targets.completed_months * MONTH
    return Rules(
        until=scenario.run.years * YEAR,
        points_a_week=discipline.week,
        points_a_priority=discipline.priority if by_urgency else 0.0,
        points_overdue=discipline.overdue if by_urgency else 0.0,
        points_unsafe=discipline.unsafe if by_urgency else 0.0,
        allocate_days=scenario.targets.allocated_months * MONTH,
        safe_days=max(0.0, complete - work.sign_off_days - evidence.days - SAFE_DAYS),
        admin=admin,
        admin_hours=evidence.admin_week / WEEK * wte / admin if admin else 0.0,
        on_notification=evidence.on_notification,
        lapse_days=evidence.good_days or NEVER,
        lapse_share=evidence.lapse_share,
        again_days=evidence.again_days,
        handover=work.handover_hours,
        panel_days=WEEK * work.panel_weeks,
    )


def run_variant(
    scenario: Scenario,
    replications: range,
    workers: int = 1,
    stopped: Callable[[], bool] = lambda: False,
) -> Outcome:
    """What came of some replications of one variant; the same bytes for any number of workers.

    Raises
    ------
    Stopped
        Somebody did not want to know it any more.
    """
    return run_pools(scenario, pools(scenario), replications, workers, stopped)


def run_pools(
    scenario: Scenario,
    chosen: list[list[int]],
    replications: range,
    workers: int = 1,
    stopped: Callable[[], bool] = lambda: False,
) -> Outcome:
    """What came of some pools of a variant, its areas in their order; as it does beside the other pools.

    Raises
    ------
    Stopped
        Somebody did not want to know it any more.
    """
    by_pool = [list(blocks(scenario, pool, replications)) for pool in chosen]
    flat = [block for pool in by_pool for block in pool]
    done: list[Outcome] = []
    if workers <= 1 or len(flat) == 1:
        for block in flat:
            if stopped():
                raise Stopped
            done.append(run_block(block))
    else:
        kind = "processes" if scenario.discipline.order == "allocator" else "threads"  # lanes need no lock
        with Parallel(n_jobs=workers, prefer=kind, return_as="generator") as parallel:
            for one in parallel(delayed(run_block)(block) for block in flat):
                if stopped():
                    raise Stopped
                done.append(one)
    found: list[Outcome] = []
    for pool in by_pool:
        found.append(joined(done[: len(pool)]))
        del done[: len(pool)]
    return beside(found, [area for pool in chosen for area in pool])


class Stopped(Exception):  # noqa: N818 - it is no error
    """A run was stopped before its end."""


def blocks(scenario: Scenario, pool: list[int], replications: range) -> Iterator[Block]:
    """Yield the blocks of a pool: so large that numpy has enough to do, so small that memory is enough."""
    who = tuple(one for one in posts_of(scenario) if one.home in pool)
    part = sum(scenario.areas[n].share for n in pool) / sum(one.share for one in scenario.areas)
    n_cases = part * (scenario.demand.a_year * scenario.run.years + open_at_start(scenario)) + 20
    weeks = 0 if scenario.steady else scenario.run.years * 52
    size = int(min(MOST_LANES, max(10, MOST_NUMBERS // (10 * n_cases + weeks * max(1, len(who))))))
    for first in range(replications.start, replications.stop, size):
        yield Block(scenario, tuple(pool), who, range(first, min(first + size, replications.stop)))
