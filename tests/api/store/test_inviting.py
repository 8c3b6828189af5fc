"""Links that sign somebody in, made over HTTP: for whom, by whom, and shown once."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from allocator.store.callers import Role
from allocator.store.tables import invites, repeats
from tests.api.store.conftest import CANARY, Kept

MINE, ADMIN = (Role.COORDINATOR, "QAA"), (Role.ADMIN, "")
PATH = "/v1/invitations"


def test_a_coordinator_lets_a_reviewer_of_their_area_in(service: Kept) -> None:
    """The link signs in once, to see their own work; the audit tells who made it."""
    made = service.call("POST", PATH, MINE, json={"reviewer_id": "PLAIN-R1", "hours": 2})
    assert made.status_code == 201
    told = made.get_json()
    assert (told["role"], told["reviewer_id"], told["areas"]) == ("reviewer", "PLAIN-R1", [])
    assert told["expires_at"].startswith("2026-11-02T11:30")
    assert told["link"].startswith("http://localhost/invited/rai_")
    browser, path = service.app.test_client(), told["link"].removeprefix("http://localhost")
    answer = browser.post(path)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/my-work")
    assert browser.get("/v1/my-work").get_json()["reviewer_id"] == "PLAIN-R1"
    assert browser.post(path).status_code == 409
    lines = service.call("GET", "/v1/audit?limit=1000").get_json()["items"]
    (line,) = [one for one in lines if one["action"] == "invite"]
    assert line["actor"].startswith("key:")
    assert line["after"] == {"role": "reviewer", "areas": [], "reviewer_id": "PLAIN-R1"}


@pytest.mark.parametrize(
    ("who", "asked", "status", "code"),
    [
        (MINE, {"reviewer_id": f"{CANARY}-R1"}, 403, "other-area"),
        (MINE, {"reviewer_id": "NOBODY"}, 403, "other-area"),
        (MINE, {"reviewer_id": "PLAIN-R1", "areas": ["QBB"]}, 403, "other-area"),
        (MINE, {"role": "coordinator", "areas": ["QAA"]}, 403, "not-allowed"),
        (MINE, {"role": "admin", "areas": ["QAA"]}, 403, "not-allowed"),
        ((Role.ADMIN, "QAA"), {"role": "admin"}, 403, "other-area"),
        ((Role.ADMIN, "QAA"), {"role": "coordinator", "areas": ["QAA", "QBB"]}, 403, "other-area"),
        (ADMIN, {"reviewer_id": "NOBODY"}, 422, "bad-input"),
        (ADMIN, {}, 422, "bad-input"),
        (ADMIN, {"role": "coordinator", "hours": 169}, 422, "bad-input"),
        ((Role.ADMIN, "QAA"), {"role": "coordinator", "areas": ["QAA"]}, 201, None),
        (ADMIN, {"role": "auditor"}, 201, None),
    ],
)
def test_nobody_gets_more_by_a_link_than_its_maker_has(
    shared: Kept, who: tuple[Role, str], asked: dict[str, object], status: int, code: str | None
) -> None:
    """And a coordinator invites reviewers alone."""
    answer = shared.call("POST", PATH, who, json=asked)
    assert (answer.status_code, answer.get_json().get("code")) == (status, code)


def test_the_link_is_kept_nowhere(service: Kept) -> None:
    """Not for who sends the call again either: each time there is a new one."""
    body, headers = {"reviewer_id": "PLAIN-R1"}, {"Idempotency-Key": "once"}
    links = {
        service.call("POST", PATH, MINE, json=body, headers=headers).get_json()["link"] for _ in range(2)
    }
    assert len(links) == 2
    with service.database.read() as connection:
        kept = str(connection.execute(select(invites)).all()) + str(connection.execute(select(repeats)).all())
    assert all(link.rpartition("_")[2] not in kept for link in links)
