"""The walkthrough of a week is true: each of its calls is made over a real connection, on both databases."""

from __future__ import annotations

import http.client
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from allocator.jobs import Runner, Runners
from allocator.store import Database, schema
from allocator.store.callers import Role
from allocator.store.chain import verify
from allocator.store.keys import make_key
from api.app import create_app
from api.settings import Settings
from tests.databases import KINDS, an_empty
from tests.serving import served

PAGE = Path(__file__).parents[3] / "docs" / "walkthroughs" / "4.md"
DAY = re.compile(r"^## \w+ (\d+ \w+ \d{4})$", re.MULTILINE)
CALL = re.compile(r"([\w-]+): (\w+) (\S+)(?: \(([\w-]+): ([^)]*)\))?")
PEOPLE = {
    "coordinator": (Role.COORDINATOR, ("QAA",), None),
    "neighbour": (Role.COORDINATOR, ("QBB",), None),
    "case-system": (Role.CASE_SYSTEM, ("QAA",), None),
    "auditor": (Role.AUDITOR, ("QAA",), None),
    "R1": (Role.REVIEWER, (), "R1"),
    "R2": (Role.REVIEWER, (), "R2"),
    "R3": (Role.REVIEWER, (), "R3"),
}


@dataclass(frozen=True)
class Step:
    """One call of the page, on its day."""

    day: datetime
    who: str
    method: str
    path: str
    header: tuple[str, str] | None
    body: Any
    status: int
    expected: Any


class Clock:
    """The server's clock, set by the page."""

    moment = datetime(2026, 11, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        """The moment."""
        return self.moment


def steps() -> list[Step]:
    """Every call of the page, in order."""
    text = PAGE.read_text(encoding="utf-8")
    found = []
    marks = [(one.end(), one.group(1)) for one in DAY.finditer(text)]
    for at, (begin, name) in enumerate(marks):
        end = marks[at + 1][0] if at + 1 < len(marks) else len(text)
        day = datetime.strptime(f"{name} 09", "%d %B %Y %H").replace(tzinfo=UTC)
        for block in re.findall(r"```http\n(.*?)```", text[begin:end], re.DOTALL):
            found += [step_of(day, one) for one in block.strip().split("\n\n")]
    return found


def step_of(day: datetime, text: str) -> Step:
    """One call as a page writes it."""
    first, *rest = text.split("\n")
    called = CALL.fullmatch(first)
    assert called is not None, first
    who, method, path, name, value = called.groups()
    body = "\n".join(rest[:-1])
    status, _, expected = rest[-1].partition(" ")
    return Step(
        day,
        who,
        method,
        path,
        (name, value) if name else None,
        json.loads(body) if body else None,
        int(status),
        json.loads(expected),
    )


def holds(found: Any, expected: Any) -> bool:
    """Whether an answer has what the page shows of it; an array has as many entries."""
    if isinstance(expected, dict):
        return isinstance(found, dict) and all(holds(found.get(key), one) for key, one in expected.items())
    if isinstance(expected, list):
        return isinstance(found, list) and len(found) == len(expected) and all(map(holds, found, expected))
    return bool(found == expected)


@pytest.fixture(params=KINDS)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A store with nothing in it."""
    with an_empty(request.param, tmp_path) as found:
        schema.upgrade(found)
        yield found


def test_the_week_is_as_the_page_tells_it(database: Database) -> None:
    """Every call, on its day, by its caller's own key; and the audit is sound at the end."""
    clock, told = Clock(), {"plan": "0"}
    with database.write("test", clock) as tx:
        keys = {"admin": make_key(tx, Role.ADMIN)[1]}
    settings = Settings(largest_body=200_000)
    with Runners([Runner(database, clock).run_one]) as runners, patch("api.app.warm_up"):
        app = create_app(settings, clock, database, runners.wake)
        with served(app, settings) as live:
            for at, step in enumerate(steps()):
                clock.moment = step.day
                status, answer = called(live, step, keys[step.who], told)
                assert status == step.status, (step, answer)
                assert holds(answer, step.expected), (step, answer)
                if isinstance(answer, dict) and isinstance(answer.get("plan"), int):
                    told["plan"] = str(answer["plan"])
                if at == 0:
                    keys |= _keys(database, clock)
    with database.read() as connection:
        assert list(verify(connection)) == []


def _keys(database: Database, clock: Clock) -> dict[str, str]:
    with database.write("test", clock) as tx:
        return {
            name: make_key(tx, role, areas, reviewer_id=whose)[1]
            for name, (role, areas, whose) in PEOPLE.items()
        }


def called(live: tuple[str, int], step: Step, key: str, told: dict[str, str]) -> tuple[int, Any]:
    """The status and the answer of a call."""
    connection = http.client.HTTPConnection(*live, timeout=120)
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    if step.header:
        headers[step.header[0]] = step.header[1]
    body = None if step.body is None else json.dumps(step.body)
    connection.request(step.method, step.path.format(**told), body, headers)
    answer = connection.getresponse()
    found = answer.status, json.loads(answer.read())
    connection.close()
    return found
