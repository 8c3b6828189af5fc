"""Who may do what: every call × role × area, by status and by content."""

from __future__ import annotations

import re
from typing import Any

import pytest

from allocator.store import events, sending, webhooks
from allocator.store.callers import Role
from allocator.store.events import Kind, News
from allocator.store.webhooks import Wish
from tests.allocator.store.build import NOW
from tests.api.store.conftest import CANARY, Kept, plan_of

QUESTIONS = ("explanations", "lines", "suggestions", "next-cases", "handovers", "edits", "diffs", "reports")
KEPT_OPEN = ("/health/live", "/health/ready", *(f"/v1/{name}" for name in QUESTIONS))
"""Calls that keep nothing and tell of nothing that is kept: they need no key."""
HERE, THERE = "QAA", "QBB"
BODIES: dict[str, Any] = {
    "state": {"state": "in_review"},
    "take-back": {"role": "lead"},
    "merge": {"into": "{mark}-C3"},
    "unmerge": {},
    "give": {"reviewer_id": "{mark}-R2"},
    "hold": {"since": "2026-10-01"},
    "resume": {"on": "2026-10-01"},
    "answers": {"answer": "accept"},
    "declarations": {},
    "progress": {"hours_left": 3},
    "invitations": {"role": "reviewer", "reviewer_id": "{mark}-R1"},
    "imports": {"cases": []},
    "reconciliations": {"cases": [{"id": "{mark}-C1", "version": 1}]},
    "webhooks": {"url": "https://cases.example/events", "areas": ["{area}"]},
    "secrets": {},
    "replays": {},
    "replay": {},
    "consents": {"lender": "{area}", "borrower": "{other}"},
    "approvals": {},
    "publications": {},
    "sign-out": None,
    "rehearsals": {"at": "02:00", "days": 1},
    "share": None,
    "filled-scenarios": {"scenario": {"name": "one", "groups": [{"name": "team", "wte": 1}]}},
    "sample": None,
    "scenarios": {"scenario": {"name": "one", "groups": [{"name": "team", "wte": 1}]}},
    "trials": {
        "case_id": "{mark}-C2",
        "changes": [{"change": "more_hours", "reviewer_id": "{mark}-R1", "hours": 1, "weeks": 8}],
    },
    "handovers": {"effort": 1},
    "mend": {"fields": {"priority": 1}},
    "dismiss": {"reason": "ended"},
    "retry": None,
    "edits": {"edits": [{"edit": "pin", "case_id": "{mark}-C2"}]},
}
ROWS: dict[str, Any] = {
    "cases": {"area": "{area}", "notified_on": "2026-09-01", "review_type": "initial"},
    "reviewers": {"areas": ["{area}"], "hours_per_week": 5},
    "absences": {"reviewer_id": "{mark}-R1", "from": "2026-12-01", "to": "2026-12-02"},
    "declines": {"reviewer_id": "{mark}-R1", "case_id": "{mark}-C3"},
    "interests": {"reviewer_id": "{mark}-R1", "kind": "personal", "organisation": "RPLAIN"},
    "areas": {"name": "here"},
    "organisations": {"name": "here"},
    "contracts": {"cases_left": 3},
    "policy": {"horizon": {"weeks": 9}},
    "standing-orders": {"at": "02:00"},
    "webhooks": {"url": "https://cases.example/events", "areas": ["{area}"]},
}
IDS = {
    "cases": "{mark}-C1",
    "reviewers": "{mark}-R1",
    "areas": "{area}",
    "organisations": "RPLAIN",
    "contracts": "plain",
    "plans": "{mark}-C2",
}
PLANS = {HERE: "1", THERE: "2"}
"""Plans by area: who calls them has had them made."""
HOOKS = {HERE: "a" * 12, THERE: "b" * 12}
"""Webhooks by area: whoever calls them has had them made, each with a delivery of the number of its plan."""
EVERYBODYS = (
    "areas",
    "organisations",
    "contracts",
    "audit",
    "policy",
    "rules",
    "consents",
    "lent",
    "sign-out",
    "templates",
)


def filled(template: Any, area: str) -> Any:
    """A template with the ids of an area."""
    mark = "PLAIN" if area == HERE else CANARY
    if isinstance(template, str):
        other = THERE if area == HERE else HERE
        return template.replace("{mark}", mark).replace("{area}", area).replace("{other}", other)
    if isinstance(template, dict):
        return {key: filled(value, area) for key, value in template.items()}
    return [filled(one, area) for one in template] if isinstance(template, list) else template


def operations(service: Kept) -> list[tuple[str, str, tuple[str, ...]]]:
    """Method, path and roles of every operation of the description."""
    document = service.app.test_client().get("/openapi.json").get_json()
    found = []
    for path, item in document["paths"].items():
        for method, one in item.items():
            roles = re.findall(r"[a-z-]+", one.get("description", "").removeprefix("For "))
            security = one.get("security", [{}])
            assert ({} in security) == (path in KEPT_OPEN or (path, method) == ("/v1/plans", "post")), path
            if {} not in security:
                found.append((method.upper(), path, tuple(roles)))
    return found


def sent(service: Kept, operation: tuple[str, str, tuple[str, ...]], who: Any, area: str) -> Any:
    """The answer to an operation about what belongs to an area."""
    method, path, _ = operation
    kind, *rest = path.removeprefix("/v1").split("/")[1:]
    with service.database.read() as connection:
        ids = _ids(connection, kind, area)
    body = None
    if method == "PUT":
        body = filled(ROWS[kind], area)
    elif method == "POST":
        body = filled(BODIES[rest[-1] if rest else kind], area)
    return service.call(
        method,
        path.replace("{record_id}", ids)
        .replace("{consent}", "1")
        .replace("{plan}", PLANS[area])
        .replace("{area}", area)
        .replace("{publication}", PLANS[area])
        .replace("{job}", "none")
        .replace("{webhook}", HOOKS[area])
        .replace("{delivery}", PLANS[area])
        .replace("{table}", "cases")
        .replace("{number}", PLANS[area])
        .replace(
            "{group}", "cases.priority.out-of-range" if area == HERE else "cases.effort_hours.out-of-range"
        ),
        who,
        **({"json": body} if body is not None else {}),
    )


def planned(service: Kept) -> None:
    """Let each area have a plan, a webhook with something on its way to it, and a row that is set aside."""
    assert [plan_of(service.database, area) for area in (HERE, THERE)] == [1, 2]
    with service.database.write("test", lambda: NOW) as tx:
        for area, name in HOOKS.items():
            webhooks.make(tx, Wish("https://cases.example/events", (area,)), name=lambda name=name: name)
            events.tell(tx, [News(Kind.MOVED, filled("{mark}-C1", area), {})])
        assert sending.set_out(tx) == 2
    for area, wrong in ((HERE, {"priority": 12}), (THERE, {"effort_hours": -1})):
        row = filled({"case_id": "{mark}-C9", **ROWS["cases"]}, area) | wrong
        answer = service.call("POST", "/v1/imports?quarantine=true", json={"cases": [row]})
        assert answer.json["left_out"][0]["quarantine"] == int(PLANS[area])


def _ids(connection: Any, kind: str, area: str) -> str:
    if kind in IDS:
        return filled(IDS[kind], area)
    from allocator.store import records

    mark = filled("{mark}", area)
    found = [one for one in records.every(connection, kind) if mark in str(one.body)] if kind in ROWS else []
    return found[0].record_id if found else "none"


def test_without_a_key_nothing_of_the_store_is_done(shared: Kept) -> None:
    """Nor with one that counts no more, or a word that is none."""
    for operation in operations(shared):
        assert sent(shared, operation, None, HERE).status_code == 401, operation
    for text in ("Bearer x", "Basic x", "Bearer", "Bearer rak_000000000000_" + "x" * 43):
        answer = shared.app.test_client().get("/v1/cases", headers={"Authorization": text})
        assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")


@pytest.mark.parametrize("role", Role)
def test_a_role_does_what_it_may_in_its_own_area_and_nothing_else(service: Kept, role: Role) -> None:
    """Of every call: 403 for a role that may not, else an answer about what is its own."""
    planned(service)
    for operation in sorted(operations(service), key=lambda one: (one[0] == "DELETE", one)):
        answer = sent(service, operation, (role, HERE), HERE)
        if role not in operation[2]:
            assert answer.status_code == 403, operation
        else:
            assert answer.status_code in (200, 201, 202, 403, 404, 409), (
                operation,
                answer.get_data(as_text=True),
            )
            if answer.status_code == 403:
                whole = operation[1].endswith(
                    ("/audit", "/verification", "/document", "/certificate", "/metrics", "/sample")
                )
                assert role is Role.REVIEWER or whole, operation


@pytest.mark.parametrize("role", Role)
def test_nothing_of_another_area_is_told(service: Kept, role: Role) -> None:
    """No id and no text of it stands in any body or header, but for what the caller sent themselves."""
    planned(service)
    for operation in operations(service):
        for area in (HERE, THERE):
            answer = sent(service, operation, (role, HERE), area)
            told = answer.get_data(as_text=True) + str(answer.headers)
            mine = re.sub(rf"{CANARY}-[A-Z0-9]+", "", told) if area == THERE else told
            assert CANARY not in mine, (operation, told)
            if area == THERE and not any(f"/v1/{kind}" in operation[1] for kind in EVERYBODYS):
                listing = "{" not in operation[1]
                assert answer.status_code in ((200, 202, 403) if listing else (403, 404)), (operation, told)


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.CASE_SYSTEM, Role.AUDITOR, Role.REVIEWER])
def test_lists_hold_what_is_the_callers(shared: Kept, role: Role) -> None:
    """Whatever is asked for: another area by name, another reviewer, all."""
    for kind in ("cases", "reviewers", "absences", "declines", "interests"):
        for query in ("", "?area=QBB", f"?reviewer_id={CANARY}-R1", "?limit=1", "?after=A"):
            answer = shared.call("GET", f"/v1/{kind}{query}", (role, HERE))
            if answer.status_code != 403:
                assert CANARY not in answer.get_data(as_text=True).replace(f"{CANARY}-R1", ""), (kind, query)
                if "QBB" in query or "reviewer_id" in query:
                    assert answer.get_json()["items"] == []


def test_a_record_is_not_moved_into_another_area(service: Kept) -> None:
    """Nor out of it, nor made there, nor by an import."""
    who = (Role.COORDINATOR, HERE)
    row = {"area": "QBB", "notified_on": "2026-09-01", "review_type": "initial"}
    for case_id in ("PLAIN-C2", "NEW", f"{CANARY}-C2"):
        assert service.call("PUT", f"/v1/cases/{case_id}", who, json=row).status_code == 403
        body = {"cases": [{"case_id": case_id, **row}]}
        assert service.call("POST", "/v1/imports", who, json=body).status_code == 403
    stolen = {"cases": [{"case_id": f"{CANARY}-C2", **row, "area": "QAA"}]}
    assert service.call("POST", "/v1/imports", who, json=stolen).status_code == 403
    theirs = {"reviewer_id": f"{CANARY}-R1", "from": "2026-12-01", "to": "2026-12-02"}
    assert service.call("PUT", "/v1/absences/NEW", who, json=theirs).status_code == 403


def test_a_reviewer_sees_and_says_what_is_their_own(service: Kept) -> None:
    """Their case, their row, their absences and interests; of nobody else's."""
    me = (Role.REVIEWER, HERE)
    assert [one["id"] for one in service.call("GET", "/v1/cases", me).get_json()["items"]] == ["PLAIN-C1"]
    assert [one["id"] for one in service.call("GET", "/v1/reviewers", me).get_json()["items"]] == ["PLAIN-R1"]
    for path, status in (("cases/PLAIN-C1", 200), ("cases/PLAIN-C2", 404), ("reviewers/PLAIN-R2", 404)):
        assert service.call("GET", f"/v1/{path}", me).status_code == status
    mine = {"reviewer_id": "PLAIN-R1", "from": "2026-12-01", "to": "2026-12-02"}
    assert service.call("PUT", "/v1/absences/A9", me, json=mine).status_code == 201
    other = mine | {"reviewer_id": "PLAIN-R2"}
    assert service.call("PUT", "/v1/absences/A8", me, json=other).status_code == 403
    assert service.call("PUT", "/v1/absences/A9", me, json=other).status_code == 403


def test_figures_name_nobody(service: Kept) -> None:
    """Whatever was called before: no id, no area, nothing that was typed."""
    for path in (f"/v1/cases/{CANARY}-C1", f"/v1/cases?area={CANARY}", f"/{CANARY}"):
        service.call("GET", path)
    text = service.call("GET", "/metrics", (Role.AUDITOR, "")).get_data(as_text=True)
    assert 'route="/v1/cases/<record_id>"' in text
    assert CANARY not in text
    assert "QBB" not in text
    assert service.call("GET", "/metrics", (Role.AUDITOR, "QAA")).status_code == 403
