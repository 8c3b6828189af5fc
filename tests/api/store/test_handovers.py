"""A handover that is kept: proposed like any plan, published like any plan, and undone."""

from __future__ import annotations

from typing import Any

import pytest

from allocator.store.callers import Role
from tests.api.store.conftest import CANARY, Kept

MINE, ALL = (Role.COORDINATOR, "QAA"), (Role.ADMIN, "")
HAND_OVER = "/v1/reviewers/PLAIN-R1/handovers"


def lead(service: Kept, case_id: str = "PLAIN-C1", place: str = "lead") -> str | None:
    """Who has a place of a case now."""
    found = service.call("GET", f"/v1/cases/{case_id}", ALL).json[place]
    return found["reviewer_id"] if found else None


def test_a_handover_is_a_plan_until_it_is_published(service: Kept) -> None:
    """They have their case till then; then the taker has it; undone, they have it again."""
    made = service.call("POST", HAND_OVER, MINE, json={"effort": 1})
    assert (made.status_code, made.json["handover"], made.json["lines"]) == (201, "PLAIN-R1", {"proposed": 1})
    plan = made.headers["Location"]
    (line,) = service.call("GET", f"{plan}/lines", MINE).json["items"]
    seen = (line["case_id"], line["previous_reviewer_id"], line["advised"], line["stale"])
    assert seen == ("PLAIN-C1", "PLAIN-R1", "PLAIN-R2", None)
    assert lead(service) == "PLAIN-R1"
    why = service.call("GET", f"{plan}/explanations/PLAIN-C1?effort=1&reviewer_id=PLAIN-R1", MINE)
    assert why.status_code == 200
    assert service.call("POST", f"{plan}/approvals", MINE, json={}).status_code == 200
    done = service.call("POST", f"{plan}/publications", MINE, json={})
    assert (done.status_code, lead(service)) == (201, "PLAIN-R2")
    assert service.call("DELETE", done.headers["Location"], MINE).status_code == 200
    assert lead(service) == "PLAIN-R1"


def test_locked_linked_and_second_places_are_handed_over_too(service: Kept) -> None:
    """No plan moves those by itself; who leaves cannot keep them."""
    plain: dict[str, Any] = {"area": "QAA", "notified_on": "2026-09-01", "organisations": ["RPLAIN"]}
    led = {"reviewer_id": "PLAIN-R1", "allocated_on": "2026-10-01"}
    other = led | {"reviewer_id": "PLAIN-R2", "second_reviewer_id": "PLAIN-R1"}
    rows = {
        "reviewers": [
            {"reviewer_id": f"PLAIN-R{at}", "areas": ["QAA"], "hours_per_week": 35, "skills": ["senior"]}
            for at in (1, 2, 3)
        ],
        "cases": [
            {"case_id": "L1", **plain, **led, "review_type": "initial", "locked": True},
            {"case_id": "L2", **plain, **led, "review_type": "initial", "linked_to": "fire"},
            {"case_id": "L3", **plain, **other, "review_type": "focused"},
            {"case_id": "L4", **plain, **led, "review_type": "initial", "on_hold_since": "2026-10-20"},
        ],
    }
    assert service.call("POST", "/v1/imports", MINE, json=rows).status_code == 200
    plan = service.call("POST", HAND_OVER, MINE, json={"effort": 1}).headers["Location"]
    lines = service.call("GET", f"{plan}/lines", MINE).json["items"]
    places = {(one["case_id"], one["role"]) for one in lines}
    assert places == {("L1", "lead"), ("L2", "lead"), ("L3", "second"), ("PLAIN-C1", "lead")}
    assert service.call("POST", f"{plan}/approvals", MINE, json={}).status_code == 200
    done = service.call("POST", f"{plan}/publications", MINE, json={})
    assert done.status_code == 201, done.text
    assert {lead(service, one) for one in ("L1", "L2")} <= {"PLAIN-R2", "PLAIN-R3"}
    assert (lead(service, "L3", "second"), lead(service, "L4")) == ("PLAIN-R3", "PLAIN-R1")


def test_who_has_nothing_has_nothing_to_hand_over(service: Kept) -> None:
    """Nor has somebody of another area, nor anybody for whom nobody is."""
    none = service.call("POST", "/v1/reviewers/PLAIN-R2/handovers", MINE, json={"effort": 1})
    assert (none.status_code, none.json["code"]) == (409, "nothing-to-hand-over")
    theirs = service.call("POST", f"/v1/reviewers/{CANARY}-R1/handovers", MINE, json={})
    assert theirs.status_code == 404
    wrong = service.call("POST", HAND_OVER, MINE, json={"first_day": "soon", "weeks": 2})
    assert (wrong.status_code, len(wrong.json["errors"])) == (422, 2)


def test_a_handover_of_what_changed_since_is_not_published(service: Kept) -> None:
    """Somebody else was given the case in between."""
    plan = service.call("POST", HAND_OVER, MINE, json={"effort": 1}).headers["Location"]
    assert service.call("POST", "/v1/cases/PLAIN-C1/take-back", MINE, json={}).status_code == 200
    assert service.call("POST", f"{plan}/approvals", MINE, json={}).status_code == 200
    stale = service.call("POST", f"{plan}/publications", MINE, json={})
    assert (stale.status_code, stale.json["code"]) == (409, "stale")


def test_what_would_be_if_they_came_back_is_told(service: Kept) -> None:
    """With a last day; without one they never finish."""
    path = "/v1/reviewers/PLAIN-R1/handover?effort=1&first_day=2026-11-09"
    (back,) = service.call("GET", f"{path}&last_day=2026-11-13", MINE).json["kept"]
    (never,) = service.call("GET", path, MINE).json["kept"]
    assert (back["on_time"], never["on_time"], never["finish_on"]) == (True, False, None)


def test_a_call_sent_again_is_not_worked_out_again(service: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its answer is kept: it is told at once, whatever has become of the reviewer since; nothing else is."""
    body, headers = {"effort": 1}, {"Idempotency-Key": "once"}
    first = service.call("POST", HAND_OVER, MINE, json=body, headers=headers)
    assert first.status_code == 201

    def never(*_: Any) -> None:
        raise AssertionError("it is worked out again")

    monkeypatch.setattr("api.handovers.takeover", never)
    again = service.call("POST", HAND_OVER, MINE, json=body, headers=headers)
    assert (again.status_code, again.json, again.headers["Location"]) == (
        201, first.json, first.headers["Location"],
    )  # fmt: skip
    other = service.call("POST", HAND_OVER, MINE, json={"effort": 2}, headers=headers)
    assert (other.status_code, other.json["code"]) == (422, "idempotency-key-reused")


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
def test_days_are_those_that_records_may_have(service: Kept, day: str) -> None:
    """Others are slips of the pen: no calendar reaches so far, and the answer says which is meant."""
    asked = "/v1/reviewers/PLAIN-R1/handover?effort=1"
    for part in (f"last_day={day}", f"first_day={day}"):
        told = service.call("GET", f"{asked}&{part}", MINE)
        assert (told.status_code, told.json["code"]) == (422, "bad-parameter")
        assert part.partition("=")[0] in told.text
    told = service.call("POST", HAND_OVER, MINE, json={"first_day": day})
    assert (told.status_code, told.json["code"]) == (422, "bad-input")
