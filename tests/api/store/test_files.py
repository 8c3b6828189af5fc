"""Files over HTTP: the same tables as a document's, with every fault told where it is in its file."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from werkzeug.test import TestResponse

from allocator.store import records, schema
from allocator.store.callers import Role
from allocator.store.keys import make_key
from api.app import create_app
from api.settings import Settings
from tests.allocator.store.build import NOW
from tests.api.store.conftest import Kept
from tests.databases import an_empty

AREAS = b"area,name\nQ1,First\n"
REVIEWERS = b"reviewer_id,areas,hours_per_week\nR1,Q1,20\nR2,Q9,many\n"
CASES = (
    b"case_id,area,notified_on,review_type\n"
    b"C1,Q1,2026-09-01,initial\n"
    b"C2,Q2,2026-09-01,initial\n"
    b"C3,Q1,01/09/2026,initial\n"
)


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Kept]:
    """A service with nothing in its store but an administrator's key."""
    with an_empty("sqlite", tmp_path) as database:
        schema.upgrade(database)
        with database.write("test", lambda: NOW) as tx:
            key = make_key(tx, Role.ADMIN)[1]
        with patch("api.app.warm_up"):
            app = create_app(Settings(largest_body=200_000), lambda: NOW, database)
            app.extensions["readiness"].finish(10)
        yield Kept(app, database, {(Role.ADMIN, ""): key})


def sent(service: Kept, files: dict[str, bytes], query: str = "", **more: Any) -> TestResponse:
    """The answer to files that are sent."""
    form = {"files": [(io.BytesIO(data), name) for name, data in files.items()]}
    return service.call("POST", f"/v1/imports{query}", data=form, content_type="multipart/form-data", **more)


def count(service: Kept, kind: str) -> int:
    """How many records of a kind there are."""
    with service.database.read() as connection:
        return len(records.every(connection, kind))


def test_every_fault_of_every_file_is_told_and_nothing_is_kept(empty: Kept) -> None:
    """Of cells, of what refers to nothing, and of files: each with file, line and column, each once."""
    files = {"areas.csv": AREAS, "reviewers.csv": REVIEWERS, "cases.csv": CASES, "interests.csv": b"who\n1\n"}
    answer = sent(empty, files)
    found = {(one["code"], one.get("file"), one.get("line"), one.get("column")) for one in
             answer.get_json()["errors"]}  # fmt: skip
    assert answer.status_code == 422
    assert found == {
        ("no-header", "interests.csv", 1, None),
        ("not-a-number", "reviewers.csv", 3, "hours_per_week"),
        ("dangling-reference", "reviewers.csv", 3, "areas"),
        ("dangling-reference", "cases.csv", 3, "area"),
        ("not-a-date", "cases.csv", 4, "notified_on"),
    }
    assert count(empty, "areas") == 0


def test_a_column_that_is_missing_is_told_once(empty: Kept) -> None:
    """And not once more of each row."""
    answer = sent(
        empty, {"areas.csv": AREAS, "cases.csv": b"case_id,notified_on\nC1,2026-09-01\nC2,2026-09-02\n"}
    )
    assert [(one["code"], one["column"]) for one in answer.get_json()["errors"]] == [
        ("missing-column", "area"),
        ("missing-column", "review_type"),
    ]


def test_the_sound_rows_are_kept_if_that_is_asked_for(empty: Kept) -> None:
    """The others are told of, with what leans on them; a file that cannot be read keeps all out."""
    files = {"areas.csv": AREAS, "reviewers.csv": REVIEWERS, "cases.csv": CASES}
    answer = sent(empty, files, "?partial=true").get_json()
    assert answer["kept"] == {"areas": 1, "reviewers": 1, "cases": 1}
    where = [(one["kind"], one["errors"][0]["file"], one["errors"][0]["line"]) for one in answer["left_out"]]
    assert where == [("reviewers", "reviewers.csv", 3), ("cases", "cases.csv", 3), ("cases", "cases.csv", 4)]
    assert sent(empty, {**files, "contracts.csv": b"\xff\xfe"}, "?partial=true").status_code == 422


def test_the_first_policy_is_kept_and_no_other(empty: Kept) -> None:
    """As the command line does; what came of it is told."""
    policy = {"areas.csv": AREAS, "policy.toml": b"[horizon]\nweeks = 9\n"}
    first = sent(empty, policy).get_json()
    assert (first["policy"], first["warnings"]) == (True, [])
    assert empty.call("GET", "/v1/policy").get_json()["policy"]["horizon"]["weeks"] == 9
    again = sent(empty, {**policy, "policy.toml": b"[horizon]\nweeks = 10\n", "notes.csv": b"a\n"}).get_json()
    assert again["policy"] is False
    assert [one["code"] for one in again["warnings"]] == ["ignored-file", "ignored-file"]
    assert empty.call("GET", "/v1/policy").get_json()["policy"]["horizon"]["weeks"] == 9


def test_files_that_are_too_large_are_refused(empty: Kept) -> None:
    """As any body is; and so is a form without a file."""
    answer = sent(empty, {"cases.csv": b"x" * 300_000})
    assert (answer.status_code, answer.get_json()["code"]) == (413, "too-large")
    answer = empty.call("POST", "/v1/imports", data={"files": ""}, content_type="multipart/form-data")
    assert [one["code"] for one in answer.get_json()["errors"]] == ["missing-table"]


def test_files_sent_again_under_one_key_are_kept_once(empty: Kept) -> None:
    """And other files under it are refused."""
    for data, status in ((AREAS, 200), (AREAS, 200), (b"area\nQ2\n", 422)):
        answer = sent(empty, {"areas.csv": data}, headers={"Idempotency-Key": "one"})
        assert answer.status_code == status
    assert count(empty, "areas") == 1


def test_a_role_keeps_what_it_may(service: Kept) -> None:
    """No area of a coordinator's, and nothing of another area."""
    who = (Role.COORDINATOR, "QAA")
    case = b"case_id,area,notified_on,review_type\nNEW,%s,2026-09-01,initial\n"
    assert sent(service, {"areas.csv": AREAS}, who=who).status_code == 403
    assert sent(service, {"cases.csv": case % b"QBB"}, who=who).status_code == 403
    assert sent(service, {"cases.csv": case % b"QAA"}, who=who).status_code == 200
    assert sent(service, {"cases.csv": case % b"QAA"}, who=(Role.AUDITOR, "QAA")).status_code == 403


def test_the_sample_goes_into_an_empty_store_and_is_told_of(empty: Kept) -> None:
    """Its days are those of now, whatever day it was made for; a second one is refused."""
    assert empty.call("GET", "/v1/queue").get_json()["made_up"] is False
    kept = empty.call("POST", "/v1/sample").get_json()["kept"]
    assert (kept["cases"], kept["reviewers"], kept["areas"]) == (85, 12, 1)
    queue = empty.call("GET", "/v1/queue?limit=1000").get_json()
    assert (queue["made_up"], queue["as_of"]) == (True, "2026-11-02")
    assert max(one["notified_on"] for one in queue["cases"]) > "2026-10-15"
    again = empty.call("POST", "/v1/sample")
    assert (again.status_code, again.get_json()["code"]) == (409, "not-empty")


def test_a_store_with_something_in_it_takes_no_sample(service: Kept) -> None:
    """Made-up cases among real ones would be planned with them."""
    assert service.call("POST", "/v1/sample").status_code == 409
    assert service.call("POST", "/v1/sample", (Role.ADMIN, "QAA")).status_code == 403
    assert service.call("GET", "/v1/queue").get_json()["made_up"] is False


def test_templates_are_for_everyone(service: Kept) -> None:
    """As files under names of their own, or as what each column is."""
    who = (Role.CASE_SYSTEM, "QAA")
    answer = service.call("GET", "/v1/templates/cases?format=csv", who)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="cases.csv"'
    assert answer.data.startswith(b"\xef\xbb\xbfcase_id,area,notified_on")
    assert service.call("GET", "/v1/templates?format=xlsx", who).data[:2] == b"PK"
    tables = service.call("GET", "/v1/templates", who).get_json()["items"]
    assert [one["table"] for one in tables if one["required"]] == ["cases", "reviewers"]
    assert service.call("GET", "/v1/templates/secrets", who).status_code == 404
