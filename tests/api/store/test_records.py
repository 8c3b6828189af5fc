"""Records over HTTP: by version, page by page, sent again without harm, refused in plain words."""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest

from allocator.store import chain
from allocator.store.callers import Role
from tests.api.store.conftest import Kept

ROW = {"area": "QAA", "notified_on": "2026-09-01", "review_type": "initial", "organisations": ["RPLAIN"]}
ADMIN, COORDINATOR = (Role.ADMIN, ""), (Role.COORDINATOR, "QAA")


def lines(service: Kept) -> int:
    """How many lines the audit has."""
    with service.database.read() as connection:
        assert list(chain.verify(connection)) == []
        return chain.count(connection)


def test_a_record_is_kept_under_its_version(service: Kept) -> None:
    """Made, changed, the same again; who changes what somebody changed since is told."""
    made = service.call("PUT", "/v1/cases/NEW", json=ROW, headers={"If-None-Match": "*"})
    assert (made.status_code, made.headers["ETag"]) == (201, '"1"')
    again = service.call("PUT", "/v1/cases/NEW", json=ROW, headers={"If-None-Match": "*"})
    assert (again.status_code, again.get_json()["code"]) == (412, "changed-since")
    before = lines(service)
    same = service.call("PUT", "/v1/cases/NEW", json=ROW)
    assert (same.status_code, same.headers["ETag"], lines(service)) == (200, '"1"', before)
    other = service.call("PUT", "/v1/cases/NEW", json=ROW | {"priority": 2}, headers={"If-Match": '"1"'})
    assert (other.status_code, other.headers["ETag"]) == (200, '"2"')
    late = service.call("PUT", "/v1/cases/NEW", json=ROW | {"priority": 3}, headers={"If-Match": '"1"'})
    assert late.status_code == 412
    got = service.call("GET", "/v1/cases/NEW")
    assert (got.headers["ETag"], got.get_json()["record"]["priority"]) == ('"2"', 2)
    versions = service.call("GET", "/v1/cases/NEW/versions").get_json()["items"]
    assert [one["record"].get("priority", 0) for one in versions] == [0, 2]


def test_all_records_come_page_by_page(service: Kept) -> None:
    """Each once, in order, whatever the size of a page."""
    every = [one["id"] for one in service.call("GET", "/v1/cases?limit=1000").get_json()["items"]]
    assert every == sorted(every)
    for limit in (1, 2, 4, 6):
        found, after = [], ""
        while after is not None:
            page = service.call(
                "GET", f"/v1/cases?limit={limit}" + (f"&after={after}" if after else "")
            ).get_json()
            found += [one["id"] for one in page["items"]]
            after = page["next"]
        assert found == every


@pytest.mark.parametrize(("query", "ids"), [
    ("state=allocated", ["CANARY-C1", "PLAIN-C1"]),
    ("area=QAA&state=notified", ["PLAIN-C2", "PLAIN-C3"]),
    ("reviewer_id=PLAIN-R1", ["PLAIN-C1"]),
    ("reviewer_id=PLAIN-R2", []),
    ("area=QZZ", []),
])  # fmt: skip
def test_cases_are_found_by_what_they_are(shared: Kept, query: str, ids: list[str]) -> None:
    """Their area, their state, who has them."""
    assert [one["id"] for one in shared.call("GET", f"/v1/cases?{query}").get_json()["items"]] == ids


def test_a_call_that_is_sent_again_is_done_once(service: Kept) -> None:
    """With the same answer; another call under the same key is refused, and a refusal is not kept."""
    key, path = {"Idempotency-Key": "1"}, "/v1/cases/PLAIN-C1/state"
    wrong = service.call("POST", path, json={"state": "completed"}, headers=key)
    assert wrong.status_code == 409
    first = service.call("POST", path, json={"state": "in_review"}, headers=key)
    before = lines(service)
    second = service.call("POST", path, json={"state": "in_review"}, headers=key)
    assert (first.status_code, first.get_data(), first.headers["ETag"]) == (
        second.status_code, second.get_data(), second.headers["ETag"]
    )  # fmt: skip
    assert lines(service) == before
    for other in (
        {"json": {"state": "returned"}},
        {"path": "/v1/cases/PLAIN-C2/state", "json": {"state": "in_review"}},
    ):
        answer = service.call("POST", str(other.get("path", path)), json=other["json"], headers=key)
        assert (answer.status_code, answer.get_json()["code"]) == (422, "idempotency-key-reused")
    mine = service.call("POST", path, COORDINATOR, json={"state": "awaiting_sign_off"}, headers=key)
    assert mine.status_code == 200
    for bad in ("", "x" * 256, "a b"):
        answer = service.call("POST", path, json={"state": "returned"}, headers={"Idempotency-Key": bad})
        assert (answer.status_code, answer.get_json()["code"]) == (400, "bad-idempotency-key")


def test_an_import_is_whole_or_nothing_or_what_is_sound(service: Kept) -> None:
    """With every fault, each where it is."""
    body = {"cases": [{"case_id": "N1", **ROW}, {"case_id": "N2", **ROW, "notified_on": "soon"}]}
    refused = service.call("POST", "/v1/imports", json=body)
    assert refused.status_code == 422
    assert [(one["code"], one["pointer"]) for one in refused.get_json()["errors"]] == [
        ("not-a-date", "/cases/1/notified_on")
    ]
    assert service.call("GET", "/v1/cases/N1").status_code == 404
    kept = service.call("POST", "/v1/imports?partial=true", json=body).get_json()
    assert (kept["kept"], [(one["kind"], one["row"]) for one in kept["left_out"]]) == (
        {"cases": 1},
        [("cases", 1)],
    )
    assert service.call("GET", "/v1/cases/N1").status_code == 200
    for bad in ([], {"case": []}, {"cases": {}}):
        assert service.call("POST", "/v1/imports", json=bad).status_code == 422
    system = (Role.CASE_SYSTEM, "")
    assert service.call("POST", "/v1/imports", system, json={"reviewers": []}).status_code == 403


def test_rows_without_a_column_that_all_need_are_a_fault(service: Kept) -> None:
    """However many: told once, and where sound rows are kept, of each row."""
    refused = service.call("POST", "/v1/imports", json={"cases": [{}] * 3})
    assert (refused.status_code, {one["pointer"] for one in refused.get_json()["errors"]}) == (
        422,
        {"/cases/0"},
    )
    partly = service.call("POST", "/v1/imports?partial=true", json={"cases": [{}] * 3}).get_json()
    assert [one["row"] for one in partly["left_out"]] == [0, 1, 2]
    assert all(one["errors"] for one in partly["left_out"])


def test_of_very_many_faults_the_first_are_listed(service: Kept) -> None:
    """And all are counted."""
    bad = {"case_id": "N", **ROW, "notified_on": "soon"}
    answer = service.call(
        "POST", "/v1/imports", json={"cases": [bad | {"case_id": f"N{n}"} for n in range(12_000)]}
    )
    assert answer.status_code == 422
    assert len(answer.get_json()["errors"]) == 10_000
    assert answer.get_json()["detail"].startswith("There are 12000 faults")


def test_what_follows_from_a_change_is_told(service: Kept) -> None:
    """A case typed anew keeps its lead; a conflict takes it back, with a notice."""
    typed = service.call("PUT", "/v1/cases/PLAIN-C1", json=ROW | {"review_type": "focused"}).get_json()
    assert (typed["follows"]["opened"], typed["lead"]["reviewer_id"]) == (["second"], "PLAIN-R1")
    interest = {"reviewer_id": "PLAIN-R1", "kind": "personal", "organisation": "RPLAIN"}
    told = service.call("PUT", "/v1/interests/I9", COORDINATOR, json=interest).get_json()
    assert [(one["case_id"], one["why"]) for one in told["withdrawn"]] == [("PLAIN-C1", "conflict")]
    assert service.call("GET", "/v1/cases/PLAIN-C1").get_json()["state"] == "notified"
    notices = service.call("GET", "/v1/notices", COORDINATOR).get_json()["items"]
    assert [one["code"] for one in notices] == ["withdrawn-conflict"]
    assert service.call("GET", "/v1/notices", (Role.COORDINATOR, "QBB")).get_json()["items"] == []
    gone = service.call("DELETE", "/v1/interests/I9", COORDINATOR, headers={"If-Match": '"1"'})
    assert (gone.status_code, gone.get_json()["removed"]) == (200, True)
    assert (
        service.call("DELETE", "/v1/interests/I9", COORDINATOR, headers={"If-Match": '"1"'}).status_code
        == 412
    )


def test_the_policy_is_kept_with_its_version(service: Kept) -> None:
    """What is not given is as shipped; a type that cases have stays."""
    shipped = service.call("GET", "/v1/policy")
    assert (shipped.headers["ETag"], shipped.get_json()["version"]) == ('"0"', 0)
    done = service.call("PUT", "/v1/policy", json={"horizon": {"weeks": 4}}, headers={"If-Match": '"0"'})
    assert (done.status_code, done.get_json()["policy"]["horizon"]["weeks"]) == (200, 4)
    assert (
        service.call(
            "PUT", "/v1/policy", json={"horizon": {"weeks": 4}}, headers={"If-Match": '"0"'}
        ).status_code
        == 412
    )
    wrong = service.call("PUT", "/v1/policy", json={"horizon": {"weeks": 0}, "more": 1})
    assert (wrong.status_code, len(wrong.get_json()["errors"])) == (422, 2)
    in_use = service.call("PUT", "/v1/policy", json={"review_types": {"other": {"hours": 3}}})
    assert {one["code"] for one in in_use.get_json()["errors"]} <= {"type-in-use"}


def test_an_area_lends_its_own_reviewers(service: Kept) -> None:
    """Only its own coordinators do; both see it, and the end of it."""
    theirs, third = (Role.COORDINATOR, "QBB"), {"lender": "QBB", "borrower": "QAA"}
    assert service.call("POST", "/v1/consents", COORDINATOR, json=third).status_code == 403
    made = service.call("POST", "/v1/consents", theirs, json=third)
    number = made.get_json()["consent"]
    assert made.status_code == 201
    for who in (COORDINATOR, theirs):
        assert len(service.call("GET", "/v1/consents", who).get_json()["items"]) == 1
    assert service.call("DELETE", f"/v1/consents/{number}", COORDINATOR).status_code == 403
    assert service.call("DELETE", f"/v1/consents/{number}", theirs).status_code == 200
    assert service.call("DELETE", f"/v1/consents/{number}", theirs).status_code == 404
    for bad in ("QAA", "QZZ"):
        body = {"lender": "QAA", "borrower": bad}
        assert service.call("POST", "/v1/consents", json=body).status_code in (404, 409)
    assert service.call("GET", "/v1/lent", theirs).get_json() == {"items": []}


HOSTILE: list[tuple[str, dict[str, Any]]] = [
    ("/v1/cases/" + "x" * 10_000, {}),
    ("/v1/cases/a%00b", {}),
    ("/v1/cases/a%0ab", {}),
    ("/v1/cases/..%2f..%2fetc", {}),
    ("/v1/cases/C?limit=1", {}),
    ("/v1/cases?limit=0", {}),
    ("/v1/cases?limit=9223372036854775808", {}),
    ("/v1/cases?after=" + "x" * 100, {}),
    ("/v1/cases?after=%00", {}),
    ("/v1/cases?area=%00", {}),
    ("/v1/cases?reviewer_id=%00x", {}),
    ("/v1/cases?state=open", {}),
    ("/v1/cases?limit=1&limit=2", {}),
    ("/v1/audit?after=-1", {}),
    ("/v1/audit?after=99999999999", {}),
]


@pytest.mark.parametrize(("path", "more"), HOSTILE)
def test_hostile_paths_and_queries_are_refused(shared: Kept, path: str, more: dict[str, Any]) -> None:
    """In plain words, and never as our fault."""
    answer = shared.call("GET", path, **more)
    assert 400 <= answer.status_code < 500, answer.get_data(as_text=True)
    assert answer.content_type == "application/problem+json"


BROKEN: list[tuple[bytes, str, int]] = [
    (b"", "application/json", 400),
    (b"{", "application/json", 400),
    (b"[" * 100_000, "application/json", 400),
    (b'{"area": "QAA", "area": "QBB"}', "application/json", 422),
    (b'{"area": NaN}', "application/json", 422),
    (b'{"priority": 9223372036854775808}', "application/json", 422),
    (b'{"area": "\\ud800"}', "application/json", 422),
    (
        b'{"area": "a\\u0000b", "notified_on": "2026-09-01", "review_type": "initial"}',
        "application/json",
        422,
    ),
    ('{"area": "Ä"}'.encode("utf-16"), "application/json", 400),
    (b"area=QAA", "application/x-www-form-urlencoded", 415),
    (b"<case/>", "text/xml", 415),
    (b" " * 2_000_001, "application/json", 413),
]


@pytest.mark.parametrize(("body", "kind", "status"), BROKEN)
def test_broken_bodies_are_refused(shared: Kept, body: bytes, kind: str, status: int) -> None:
    """Each with the status that says what to mend, and nothing is kept."""
    answer = shared.call("PUT", "/v1/cases/BROKEN", data=body, content_type=kind)
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")
    assert shared.call("GET", "/v1/cases/BROKEN").status_code == 404


def test_a_packed_body_that_unpacks_too_large_is_refused(shared: Kept) -> None:
    """Without unpacking the whole of it."""
    bomb = gzip.compress(b" " * 50_000_000)
    answer = shared.call(
        "POST",
        "/v1/imports",
        data=bomb,
        content_type="application/json",
        headers={"Content-Encoding": "gzip"},
    )
    assert (answer.status_code, len(bomb) < 100_000) == (413, True)
    packed = gzip.compress(json.dumps({"cases": []}).encode())
    answer = shared.call(
        "POST",
        "/v1/imports",
        data=packed,
        content_type="application/json",
        headers={"Content-Encoding": "gzip"},
    )
    assert answer.status_code == 200


@pytest.mark.parametrize("header", ["3", 'W/"3"', '"x"', '"-1"', '"99999999999999999999"', '"1", "2"'])
def test_a_version_is_named_as_it_was_read(shared: Kept, header: str) -> None:
    """Or not at all."""
    answer = shared.call("PUT", "/v1/areas/QAA", json={}, headers={"If-Match": header})
    assert (answer.status_code, answer.get_json()["code"]) == (400, "bad-etag")
