"""The examples in the description are true: each is sent, and answered as it says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from flask import Flask

from allocator.jobs import Runner, Sender
from allocator.store import Database, schema
from allocator.store.callers import Caller, Role
from allocator.store.keys import make_key
from allocator.store.sending import Outcome
from allocator.store.sessions import invite
from api import examples
from api.app import create_app
from api.auth import CSRF_HEADER
from api.examples import Sent
from api.settings import Settings
from api.work import work
from tests.databases import an_empty

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """A store with nothing in it."""
    with an_empty("sqlite", tmp_path) as found:
        schema.upgrade(found)
        yield found


@pytest.fixture
def app(database: Database) -> Flask:
    """The service over it."""
    made = create_app(Settings(), lambda: NOW, database)
    made.extensions["readiness"].finish(120)
    return made


def test_every_example_is_answered_as_the_description_says(app: Flask, database: Database) -> None:
    """In their order, from an empty store: status, and a body of the schema."""
    document = app.test_client().get("/openapi.json").get_json()
    operations = {
        one["operationId"]: (method, path, one)
        for path, item in document["paths"].items()
        for method, one in item.items()
    }
    with database.write("test", lambda: NOW) as tx:
        admin = make_key(tx, Role.ADMIN)[1]
    client, headers = app.test_client(), {"admin": {"Authorization": f"Bearer {admin}"}}
    job, webhook = "", ""
    for one in examples.every():
        method, path, told = operations[one.call]
        if one.who == "reviewer" and "reviewer" not in headers:
            with database.write("test", lambda: NOW) as tx:
                headers["reviewer"] = {
                    "Authorization": f"Bearer {make_key(tx, Role.REVIEWER, reviewer_id='R1')[1]}"
                }
        if one.who == "session":
            headers["session"] = _session(client, database)
        own = {name: text for name, text in (("job", job), ("webhook", webhook)) if name in one.example.path}
        at = path.format(**(one.example.path | own))
        answer = client.open(
            at, method=method.upper(), query_string=dict(one.example.query), json=one.example.body,
            headers=headers.get(one.who or "", {}),
        )  # fmt: skip
        assert answer.status_code == one.status, (one, answer.get_data(as_text=True)[:600])
        _check(document, told, one, answer)
        if one.call == "make-webhook":
            webhook = answer.get_json()["webhook"]
            assert Sender(database, lambda: NOW, lambda letter: Outcome(500, "answered-500")).run_one()
        if one.status == 202:
            job = answer.get_json()["job"]
            assert Runner(database, lambda: NOW, do=work).run_one()


def test_every_call_has_an_example(app: Flask) -> None:
    """In the description: of the path, and of the body where there is one."""
    document = app.test_client().get("/openapi.json").get_json()
    for path, item in document["paths"].items():
        for method, one in item.items():
            given = {x["name"] for x in one.get("parameters", []) if "example" in x}
            wanted = {x["name"] for x in one.get("parameters", []) if x["in"] == "path"}
            assert wanted <= given, (method, path)
            if "requestBody" in one:
                assert "example" in one["requestBody"]["content"]["application/json"], (method, path)
    assert {one.call for one in examples.every()} == {
        one["operationId"] for item in document["paths"].values() for one in item.values()
    }


def test_the_plan_in_the_examples_is_that_of_the_snapshot_in_them(app: Flask) -> None:
    """As it is made now."""
    asked = next(one for one in examples.every() if one.call == "plan" and one.who is None)
    told = next(one for one in examples.every() if one.call == "report")
    made = app.test_client().post("/v1/plans?effort=1", json=asked.example.body).get_json()
    body: Any = told.example.body
    assert made["assignments"] == body["plan"]["assignments"]
    assert made["objective"] == body["plan"]["objective"]


def _session(client: Any, database: Database) -> dict[str, str]:
    with database.write("test", lambda: NOW) as tx:
        word, _ = invite(tx, Caller("test", Role.ADMIN), timedelta(hours=1))
    client.post(f"/invited/{word}")
    return {CSRF_HEADER: client.get("/v1/me").get_json()["csrf_token"]}


def _check(document: Any, told: Any, one: Sent, answer: Any) -> None:
    content = told["responses"][str(one.status)]["content"]
    assert answer.mimetype in {name.partition(";")[0] for name in content}, one
    if answer.is_json:
        schema = {"$ref": content["application/json"]["schema"]["$ref"], "components": document["components"]}
        jsonschema.Draft202012Validator(schema).validate(answer.get_json())
