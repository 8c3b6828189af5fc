"""A service with two areas that must not see into each other, and keys of every role for each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from allocator.jobs.work import Task, work
from allocator.store import Database, import_tables, schema
from allocator.store.callers import Role
from allocator.store.keys import make_key
from allocator.store.plans import Made, propose
from api.app import create_app
from api.settings import Settings
from tests.allocator.store.build import DAY, NOW
from tests.databases import KINDS, an_empty

CANARY = "CANARY"
"""What stands in every id and text of the second area, and in nothing else."""


def of_area(area: str, mark: str) -> dict[str, list[dict[str, Any]]]:
    """The tables of one area, each id with the mark."""
    lead = {"reviewer_id": f"{mark}-R1", "allocated_on": "2026-10-01"}
    plain = {
        "area": area,
        "notified_on": "2026-09-01",
        "review_type": "initial",
        "organisations": [f"{mark}-O1"],
    }
    return {
        "reviewers": [
            {"reviewer_id": f"{mark}-R{at}", "areas": [area], "hours_per_week": 20} for at in range(1, 3)
        ],
        "cases": [
            {"case_id": f"{mark}-C1", **plain, **lead},
            {"case_id": f"{mark}-C2", **plain, "linked_to": f"{mark}-label"},
            {"case_id": f"{mark}-C3", **plain},
        ],
        "absences": [
            {"reviewer_id": f"{mark}-R1", "from": "2026-11-09", "to": "2026-11-13", "reason": f"{mark} away"}
        ],
        "declines": [{"reviewer_id": f"{mark}-R2", "case_id": f"{mark}-C2", "reason": f"{mark} no"}],
        "interests": [
            {
                "reviewer_id": f"{mark}-R2",
                "kind": "personal",
                "organisation": f"{mark}-O2",
                "note": f"{mark} kin",
            }
        ],
    }


TABLES: dict[str, list[dict[str, Any]]] = {
    "areas": [{"area": "QAA"}, {"area": "QBB"}],
    "organisations": [{"organisation": "RPLAIN"}],
    "contracts": [{"provider": "plain", "cases_left": 9}],
}
"""What is nobody's."""


@dataclass(frozen=True)
class Kept:
    """A service, its store, and a key of each role and area.

    Parameters
    ----------
    keys : by role and area; "" is everywhere
    """

    app: Flask
    database: Database
    keys: Mapping[tuple[Role, str], str] = field(default_factory=dict)

    def call(
        self, method: str, path: str, who: tuple[Role, str] | None = (Role.ADMIN, ""), **more: Any
    ) -> TestResponse:
        """The answer to a call with somebody's key, or with none."""
        headers = dict(more.pop("headers", {}))
        if who is not None:
            headers["Authorization"] = f"Bearer {self.keys[who]}"
        return self.app.test_client().open(path, method=method, headers=headers, **more)


def plan_of(database: Database, *areas: str) -> int:
    """The number of a plan of some areas, or of all, made here and now."""
    url = database.engine.url.render_as_string(hide_password=False)
    made = work(Task(url, areas, {"effort": 1}, None, 1, NOW), lambda news: None, lambda: False)
    assert made.answer is not None
    assert made.known_at is not None
    with database.write("test", lambda: NOW) as tx:
        plan = {name: part for name, part in made.answer.items() if name not in ("certificate", "rejected")}
        return propose(tx, Made(plan, made.answer["certificate"], made.known_at, areas)).plan


def kept(database: Database) -> Kept:
    """A service over a database, filled."""
    schema.upgrade(database)
    keys = {}
    with database.write("test", lambda: NOW) as tx:
        import_tables(tx, TABLES, DAY)
        for area, mark in (("QAA", "PLAIN"), ("QBB", CANARY)):
            import_tables(tx, of_area(area, mark), DAY)
        for role in Role:
            for area, mark in (("QAA", "PLAIN"), ("QBB", CANARY), ("", "PLAIN")):
                whose = f"{mark}-R1" if role is Role.REVIEWER else None
                keys[role, area] = make_key(tx, role, (area,) if area else (), reviewer_id=whose)[1]
    with patch("api.app.warm_up"):  # what is kept needs no solver
        app = create_app(Settings(largest_body=2_000_000), lambda: NOW, database)
        app.extensions["readiness"].finish(10)
    return Kept(app, database, keys)


@pytest.fixture(params=KINDS)
def service(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Kept]:
    """A service of this test's own, on each database."""
    with an_empty(request.param, tmp_path) as database:
        yield kept(database)


@pytest.fixture(scope="module", params=KINDS)
def shared(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    """A service on each database that the tests of a module share, and only read."""
    with an_empty(request.param, tmp_path_factory.mktemp("store")) as database:
        yield kept(database)
