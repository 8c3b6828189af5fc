"""Small scenarios for tests: plain unless the test says otherwise."""

from __future__ import annotations

from typing import Any

from scenarios.files import scenario_of
from scenarios.run import Block, played
from scenarios.scenario import Scenario
from scenarios.workforce import pools, posts_of

NOTHING_ELSE: dict[str, Any] = {
    "steady": True,
    "holds": {"share": 0},
    "evidence": {"days": 0, "slow_share": 0, "admin_hours": 0, "lapse_share": 0},
    "work": {"focused_share": 0, "sign_off_days": 0, "panel_weeks": 0, "handover_hours": 0},
}
"""Nothing that takes time but work."""
ALWAYS_THERE = {
    "review_share": 1,
    "away_weeks": 0,
    "sickness": 0,
    "turnover": 0,
    "first_case": 1,
    "returned": 0,
}
"""A group that is never away, learns nothing and does nothing twice."""


def scenario(*groups: dict[str, Any], **tables: Any) -> Scenario:
    """A scenario of some groups; one of three posts unless given."""
    listed = [{"name": f"g{at}", **one} for at, one in enumerate(groups or ({"wte": 3},))]
    run = {"years": 2, "replications": 20} | tables.pop("run", {})
    return scenario_of({"name": "a test", "run": run, "groups": listed, **tables})


def bare(*groups: dict[str, Any], **tables: Any) -> Scenario:
    """A scenario in which nothing takes time but work."""
    plain = {
        name: {**part, **tables.pop(name, {})} for name, part in NOTHING_ELSE.items() if name != "steady"
    }
    groups = groups or ({"people": 1, "caseload": 1},)
    return scenario(*({**ALWAYS_THERE, **one} for one in groups), steady=True, **plain, **tables)


def one_pool(one: Scenario, count: int | None = None) -> tuple[Any, Any, Any]:
    """The cases, records and posts of the first pool of a scenario."""
    (pool, *_), some = pools(one), range(count or one.run.replications)
    who = tuple(post for post in posts_of(one) if post.home in pool)
    return played(Block(one, tuple(pool), who, some))
