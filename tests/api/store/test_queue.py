"""The queue over HTTP: which cases, in what order, why each needs somebody, and who is told what."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from allocator.store import cases, import_tables
from allocator.store.callers import Role
from allocator.store.declaring import declare
from allocator.store.holdings import Holding
from tests.allocator.store.build import DAY, NOW, by_hand
from tests.api.store.conftest import CANARY, Kept, plan_of

COORDINATOR = (Role.COORDINATOR, "QAA")


def asked(service: Kept, query: str = "", who: tuple[Role, str] = COORDINATOR) -> Any:
    """The queue as somebody is told of it."""
    answer = service.call("GET", f"/v1/queue?{query}", who)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_json()


def ids(answer: Any) -> list[str]:
    """The cases of an answer, in their order."""
    return [one["case_id"] for one in answer["cases"]]


def told(service: Kept, **tables: Any) -> None:
    """Nothing; the store is told of more."""
    with service.database.write("test", lambda: NOW) as tx:
        import_tables(tx, tables, DAY)


def case(case_id: str, **more: Any) -> dict[str, Any]:
    """A case of the first area."""
    plain = {
        "area": "QAA",
        "notified_on": "2026-09-01",
        "review_type": "initial",
        "organisations": ["RPLAIN"],
    }
    return {"case_id": case_id, **plain, **more}


def test_cases_are_sorted_by_any_column(shared: Kept) -> None:
    """Either way; those with nothing in it last; equal ones by urgency."""
    assert ids(asked(shared, "sort=case_id")) == ["PLAIN-C1", "PLAIN-C2", "PLAIN-C3"]
    assert ids(asked(shared, "sort=-case_id")) == ["PLAIN-C3", "PLAIN-C2", "PLAIN-C1"]
    for sort in ("reviewer_id", "-reviewer_id"):
        assert ids(asked(shared, f"sort={sort}"))[0] == "PLAIN-C1"
    answer = shared.call("GET", "/v1/queue?sort=secret", COORDINATOR)
    assert (answer.status_code, answer.get_json()["code"]) == (422, "bad-parameter")


def test_cases_are_those_that_are_asked_for(shared: Kept) -> None:
    """By state, type, part of their id and why they need somebody; the figures stay those of all."""
    for query, wanted in (
        ("state=allocated", ["PLAIN-C1"]),
        ("state=returned", []),
        ("review_type=initial&find=c3", ["PLAIN-C3"]),
        ("need=to_allocate", ["PLAIN-C2", "PLAIN-C3"]),
        ("need=on_hold", []),
    ):
        answer = asked(shared, query)
        assert (ids(answer), answer["found"]) == (wanted, len(wanted)), query
        assert (answer["total"]["cases"], answer["review_types"]) == (3, ["initial"])


def test_pages_follow_each_other(shared: Kept) -> None:
    """Until there are no more."""
    first = asked(shared, "sort=case_id&limit=2")
    assert (ids(first), first["found"], first["next"]) == (["PLAIN-C1", "PLAIN-C2"], 3, 2)
    assert (lambda last: (ids(last), last["next"]))(asked(shared, "sort=case_id&limit=2&after=2")) == (
        ["PLAIN-C3"],
        None,
    )


def test_a_file_has_all_that_are_asked_for(shared: Kept) -> None:
    """Whatever the limit, in the same order, under a name of its own."""
    answer = shared.call("GET", "/v1/queue?format=csv&need=to_allocate&limit=1&sort=-case_id", COORDINATOR)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="queue-2026-11-02.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.get_data(as_text=True))))
    assert [(row["case_id"], row["state"], row["needs"]) for row in rows] == [
        ("PLAIN-C3", "notified", "to_allocate"),
        ("PLAIN-C2", "notified", "to_allocate;declined"),
    ]
    assert shared.call("GET", "/v1/queue?format=xlsx", COORDINATOR).data[:2] == b"PK"
    nobody = shared.call("GET", "/v1/queue?format=csv", (Role.COMMISSIONER, "QAA")).get_data(as_text=True)
    assert len(nobody.splitlines()) == 1


def test_a_declined_case_needs_somebody_else(service: Kept) -> None:
    """From the moment that it is declined until somebody else leads it; whoever declined it does not."""
    me, path = (Role.REVIEWER, "QAA"), "/v1/cases/PLAIN-C1/answers"
    assert ids(asked(service, "need=declined")) == ["PLAIN-C2"]
    assert service.call("POST", path, me, json={"answer": "decline", "reason": "family"}).status_code == 200
    answer = asked(service, "need=declined&sort=case_id")
    assert [(one["case_id"], one["is_allocated"], one["state"]) for one in answer["cases"]] == [
        ("PLAIN-C1", False, "notified"),
        ("PLAIN-C2", False, "notified"),
    ]
    assert (answer["needs"]["declined"], answer["needs"]["to_allocate"]) == (2, 3)
    with service.database.write("test", lambda: NOW) as tx:
        cases.give(tx, Holding("PLAIN-C1", "lead", "PLAIN-R2", DAY, tx.at))
    assert ids(asked(service, "need=declined")) == ["PLAIN-C2"]


def test_independence_is_to_confirm_until_it_is_declared(service: Kept) -> None:
    """By who has the case, and by who is to have it."""
    told(service, cases=[case("NEW", organisations=[])])
    assert asked(service)["needs"]["independence"] == 0
    with service.database.write("test", lambda: NOW) as tx:
        by_hand(tx, ("NEW", "lead", "PLAIN-R1"))
    assert ids(asked(service, "need=independence")) == ["NEW"]
    with service.database.write("test", lambda: NOW) as tx:
        declare(tx, "NEW", "PLAIN-R1")
    assert asked(service)["needs"]["independence"] == 0


def test_what_the_newest_plan_of_its_area_leaves_empty_is_not_placeable(service: Kept) -> None:
    """A plan of another area changes nothing; a case on hold is none; one that somebody has is none."""
    told(
        service,
        cases=[case("HARD", skills=["rare"]), case("HELD", skills=["rare"], on_hold_since="2026-10-01")],
    )
    assert asked(service)["needs"]["not_placeable"] == 0
    plan_of(service.database)
    plan_of(service.database, "QBB")
    assert ids(asked(service, "need=not_placeable")) == ["HARD"]
    with service.database.write("test", lambda: NOW) as tx:
        cases.give(tx, Holding("HARD", "lead", "PLAIN-R2", DAY, tx.at))
    assert asked(service)["needs"]["not_placeable"] == 0


def test_leavers_who_have_cases_are_told_to_their_own_area(service: Kept) -> None:
    """Who leaves is not told to another area, though it has the case, nor to who may not see reviewers."""
    told(service, reviewers=[
        {"reviewer_id": "PLAIN-R1", "areas": ["QAA"], "hours_per_week": 20, "leaves_on": "2026-11-30"},
        {"reviewer_id": f"{CANARY}-R1", "areas": ["QBB"], "hours_per_week": 20, "leaves_on": "2026-11-20"},
    ])  # fmt: skip
    with service.database.write("test", lambda: NOW) as tx:
        cases.give(tx, Holding("PLAIN-C2", "lead", f"{CANARY}-R1", DAY, tx.at))
    mine = {"reviewer_id": "PLAIN-R1", "leaves_on": "2026-11-30", "cases": 1}
    theirs = {"reviewer_id": f"{CANARY}-R1", "leaves_on": "2026-11-20", "cases": 2}
    answer = asked(service, "need=leaver")
    assert (answer["leavers"], ids(answer)) == ([mine], ["PLAIN-C1"])
    assert asked(service, "", (Role.COORDINATOR, "QBB"))["leavers"] == [theirs]
    assert asked(service, "", (Role.ADMIN, ""))["leavers"] == [theirs, mine]
    for role in (Role.CASE_SYSTEM, Role.COMMISSIONER):
        seen = asked(service, "need=leaver", (role, "QAA"))
        assert (seen["leavers"], seen["cases"], "leaver" in seen["needs"]) == ([], [], False)


def test_what_changes_is_seen_at_once(service: Kept) -> None:
    """Though the queue is not read anew for every look."""
    assert asked(service)["total"]["cases"] == 3
    told(service, cases=[case("NEW")])
    assert asked(service)["total"]["cases"] == 4
    assert (
        service.call("POST", "/v1/cases/NEW/state", json={"state": "closed_without_review"}).status_code
        == 200
    )
    assert asked(service)["total"]["cases"] == 3


@pytest.mark.parametrize("query", ["known_on=2026-11-01", "as_of=2027-02-01"])
def test_another_day_is_another_queue(shared: Kept, query: str) -> None:
    """Nothing was known yesterday; in three months the same cases are older."""
    answer = asked(shared, query)
    assert answer["total"]["cases"] == (0 if "known" in query else 3)
    assert asked(shared)["total"]["overdue_to_allocate"] == 0
