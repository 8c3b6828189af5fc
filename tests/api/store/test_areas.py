"""An area's code: however it is typed, it is the same area, in every call that names one."""

from __future__ import annotations

from typing import Any

import pytest

from allocator.store.callers import Role
from tests.api.store.conftest import Kept

MINE = (Role.COORDINATOR, "QAA")


@pytest.mark.parametrize(
    "path", ["/v1/cases", "/v1/reviewers", "/v1/queue", "/v1/workloads", "/v1/performance"]
)
@pytest.mark.parametrize("typed", ["qaa", "%20Qaa%20"])
def test_an_area_that_is_asked_for_is_found_however_it_is_typed(shared: Kept, path: str, typed: str) -> None:
    """As it is found by its code."""
    plain, other = (shared.call("GET", f"{path}?area={code}", MINE) for code in ("QAA", typed))
    assert (plain.status_code, other.status_code) == (200, 200)
    assert other.json == plain.json
    if "items" in plain.json:
        assert plain.json["items"]


@pytest.mark.parametrize(("path", "body", "told"), [
    ("/v1/invitations", {"areas": [" qaa"], "reviewer_id": "PLAIN-R1"}, {"areas": ["QAA"]}),
    ("/v1/consents", {"lender": "qaa", "borrower": "qbb "}, {"lender": "QAA", "borrower": "QBB"}),
    ("/v1/webhooks", {"url": "https://cases.example/", "areas": ["qaa"]}, {"areas": ["QAA"]}),
    ("/v1/plans", {"areas": ["qaa "]}, {"areas": ["QAA"]}),
])  # fmt: skip
def test_an_area_that_is_sent_is_kept_as_its_code(service: Kept, path: str, body: Any, told: Any) -> None:
    """And is one of the caller's."""
    who = (Role.ADMIN, "QAA")
    answer = service.call("POST", path, who, json=body)
    assert answer.status_code in (201, 202)
    assert {name: answer.json[name] for name in told} == told
