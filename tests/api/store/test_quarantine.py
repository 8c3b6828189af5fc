"""Rows set aside over HTTP: nothing is lost, who may see and mend them, and what to mend first."""

from __future__ import annotations

import io
from typing import Any

from allocator.store.callers import Role
from tests.api.store.conftest import CANARY, Kept

MINE, THEIRS = (Role.COORDINATOR, "QAA"), (Role.COORDINATOR, "QBB")
SYSTEM = (Role.CASE_SYSTEM, "QAA")


def case(case_id: str, **fields: Any) -> dict[str, Any]:
    """A case of the first area that waits."""
    plain = {
        "area": "QAA",
        "notified_on": "2026-09-01",
        "review_type": "initial",
        "organisations": ["RPLAIN"],
    }
    return {"case_id": case_id, **plain, **fields}


def sent(service: Kept, who: tuple[Role, str] = (Role.ADMIN, ""), **tables: Any) -> Any:
    """The answer to an import whose faulty rows are set aside."""
    answer = service.call("POST", "/v1/imports?quarantine=true", who, json=tables)
    assert answer.status_code == 200, answer.json
    return answer.json


def listed(service: Kept, who: tuple[Role, str] = (Role.ADMIN, ""), query: str = "") -> list[Any]:
    """The ids of the rows that somebody sees."""
    return [one["id"] for one in service.call("GET", f"/v1/quarantine{query}", who).json["items"]]


def test_what_came_is_counted_by_kind_and_area(service: Kept) -> None:
    """Received is kept, passed over or set aside; each left row says where it lies."""
    answer = sent(
        service, cases=[case("N1"), case("N2", priority=12), case("N3", area="QXX"), {"case_id": "N4"}]
    )
    assert answer["counts"]["cases"] == {
        "received": 4, "kept": 1, "older": 0, "set_aside": 3, "left_out": 0}  # fmt: skip
    parts = answer["cases_by_area"]
    assert {area: (one["kept"], one["set_aside"]) for area, one in parts.items()} == {
        "": (0, 1), "QAA": (1, 1), "QXX": (0, 1)}  # fmt: skip
    assert [one["quarantine"] for one in answer["left_out"]] == [1, 2, 3]
    assert listed(service) == ["N2", "N3", "N4"]
    assert listed(service, query="?area=QAA") == ["N2"]
    assert listed(service, query="?code=dangling-reference") == ["N3"]
    assert listed(service, query="?kind=reviewers") == []
    page = service.call("GET", "/v1/quarantine?limit=2").json
    assert (len(page["items"]), page["next"]) == (2, 2)
    partial = service.call("POST", "/v1/imports?partial=true", json={"cases": [case("N5", priority=12)]}).json
    assert partial["counts"]["cases"]["left_out"] == 1
    assert partial["left_out"][0]["quarantine"] is None
    assert len(listed(service)) == 3


def test_a_cell_of_a_file_stays_as_it_was_typed(service: Kept) -> None:
    """What cannot be read too, so that it can be mended; a column that is none refuses the whole."""
    text = "case_id,area,notified_on,review_type,priority\nN1,QAA,31.02.2026,initial,2\n"
    data = {"files": (io.BytesIO(text.encode()), "cases.csv")}
    assert service.call("POST", "/v1/imports?quarantine=true", data=data).status_code == 200
    row = service.call("GET", "/v1/quarantine/1").json
    assert row["row"]["notified_on"] == "31.02.2026"
    assert row["row"]["priority"] == 2
    data = {"files": (io.BytesIO(text.replace("priority", "nhs_number").encode()), "cases.csv")}
    assert service.call("POST", "/v1/imports?quarantine=true", data=data).status_code == 422


def test_a_row_is_mended_or_stays(service: Kept) -> None:
    """By a coordinator of its area alone; what is none of its fields is told."""
    sent(service, cases=[case("N1", priority=12)])
    path = "/v1/quarantine/1/mend"
    assert service.call("POST", path, THEIRS, json={"fields": {"priority": 1}}).status_code == 404
    assert service.call("POST", path, SYSTEM, json={"fields": {"priority": 1}}).status_code == 403
    wrong = service.call("POST", path, MINE, json={"fields": {"priority": 11}})
    assert (wrong.status_code, wrong.json["errors"][0]["pointer"]) == (422, "/priority")
    unknown = service.call("POST", path, MINE, json={"fields": {"priorty": 1}})
    assert (unknown.status_code, unknown.json["errors"][0]["code"]) == (422, "unknown-column")
    assert (
        service.call("POST", path, MINE, json={"fields": {"area": "QBB", "priority": 1}}).status_code == 403
    )
    assert service.call("GET", "/v1/cases/N1").status_code == 404
    done = service.call("POST", path, MINE, json={"fields": {"priority": 1}})
    assert (done.status_code, done.json["row"]["how"], done.json["kept"]) == (200, "mended", [1])
    assert service.call("GET", "/v1/cases/N1").json["record"]["priority"] == 1
    again = service.call("POST", path, MINE, json={"fields": {"priority": 1}})
    assert (again.status_code, again.json["code"]) == (409, "quarantine-ended")


def test_a_row_is_mended_by_being_sent_alone(service: Kept) -> None:
    """The audit of the case tells of it."""
    sent(service, cases=[case("N1", priority=12)])
    row = {name: value for name, value in case("N1").items() if name != "case_id"}
    assert service.call("PUT", "/v1/cases/N1", MINE, json=row).status_code == 201
    assert service.call("GET", "/v1/quarantine/1").json["how"] == "mended"
    told = service.call("GET", "/v1/audit?case_id=N1", (Role.AUDITOR, "")).json["items"]
    assert [one["says"] for one in told] == [
        "Set row 1, of case N1 aside, as it has faults: out of range.",
        "Entered case N1.",
        "Mended and kept: row 1, of case N1.",
    ]


def test_a_row_is_dismissed_with_a_reason(service: Kept) -> None:
    """And counts for nothing."""
    sent(service, cases=[case("N1", priority=12)])
    path = "/v1/quarantine/1/dismiss"
    assert service.call("POST", path, MINE, json={"reason": "because"}).status_code == 422
    done = service.call("POST", path, MINE, json={"reason": "ended"}).json
    assert (done["how"], done["why"]) == ("dismissed", "ended")
    assert listed(service) == []


def test_rows_of_no_known_area_are_for_who_counts_for_all(service: Kept) -> None:
    """And nobody sets a row aside in another area, or over one that lies there."""
    sent(service, cases=[case("N1", area="QXX"), case(f"{CANARY}-N2", area="QBB", priority=12)])
    assert listed(service, MINE) == []
    assert listed(service, THEIRS) == [f"{CANARY}-N2"]
    assert listed(service, SYSTEM) == []
    for row in (case("N9", area="QBB", priority=12), case(f"{CANARY}-N2"), case(f"{CANARY}-N2", priority=12)):
        answer = service.call("POST", "/v1/imports?quarantine=true", MINE, json={"cases": [row]})
        assert answer.status_code == 403
    alone = {name: value for name, value in case("N").items() if name != "case_id"}
    assert service.call("PUT", f"/v1/cases/{CANARY}-N2", MINE, json=alone).status_code == 403
    reviewers = [{"reviewer_id": "N1", "areas": ["QAA"], "hours_per_week": 900}]
    sent(service, reviewers=reviewers)
    assert "N1" in listed(service, MINE)
    assert listed(service, SYSTEM) == []


def test_all_are_tried_again(service: Kept) -> None:
    """Of the caller's: what is sound now is kept."""
    sent(service, cases=[case("N1", area="QCC"), case("N2", area="QDD")])
    service.call("PUT", "/v1/areas/QCC", json={})
    done = service.call("POST", "/v1/quarantine/retry").json
    assert (done["row"], done["kept"]) == (None, [1])
    assert listed(service) == ["N2"]


def test_a_reconciliation_tells_what_is_set_aside(service: Kept) -> None:
    """Neither missing nor old: it was sent, and lies there."""
    sent(service, cases=[case("N1", priority=12, source_version=2), case("N2", source_version=1)])
    sent(service, cases=[case("N2", priority=12, source_version=2)])
    there = {"cases": [{"id": "N1", "version": 2}, {"id": "N2", "version": 2}, {"id": "N3", "version": 1}]}
    found = service.call("POST", "/v1/reconciliations", SYSTEM, json=there).json
    assert [one["id"] for one in found["set_aside"]] == ["N1", "N2"]
    assert [one["id"] for one in found["missing_here"]] == ["N3"]
    assert found["older_here"] == []
    there["cases"][1]["version"] = 3
    found = service.call("POST", "/v1/reconciliations", SYSTEM, json=there).json
    assert [one["id"] for one in found["older_here"]] == ["N2"]
    other = service.call("POST", "/v1/reconciliations", (Role.CASE_SYSTEM, "QBB"), json=there).json
    assert (other["set_aside"], len(other["missing_here"])) == ([], 3)


def test_what_holds_up_most_is_to_be_mended_first(service: Kept) -> None:
    """Out of any plan, then hidden work, then what needs a declaration, then what is assumed."""
    old = case("N1", area="QAA", notified_on="2026-01-01", priority=12)
    held = case("N2", priority=12, effort_hours=-1, reviewer_id="PLAIN-R1", allocated_on="2026-10-01")
    sent(service, cases=[old, held, case("N3", organisations=[])])
    groups = {one["group"]: one for one in service.call("GET", "/v1/to-mend", MINE).json["groups"]}
    assert list(groups)[:3] == [
        "cases.priority.out-of-range",
        "cases.effort_hours.out-of-range",
        "lacks.organisations",
    ]
    first = groups["cases.priority.out-of-range"]
    assert (first["rows"], first["cases"], first["overdue"], first["in_no_plan"], first["hidden_work"]) == (
        2,
        2,
        1,
        1,
        1,
    )
    assert first["says"] == "Priority of cases is out of range"
    rows = service.call("GET", "/v1/to-mend/cases.priority.out-of-range", MINE).json
    assert [(one["number"], one["id"], one["overdue"]) for one in rows["items"]] == [
        (1, "N1", True),
        (2, "N2", False),
    ]
    lacking = service.call("GET", "/v1/to-mend/lacks.organisations?limit=1", MINE).json
    assert [(one["number"], one["id"]) for one in lacking["items"]] == [(None, "N3")]
    theirs = service.call("GET", "/v1/to-mend", THEIRS).json
    assert theirs["set_aside"] == 0
    assert service.call("GET", "/v1/to-mend/cases.priority.out-of-range", THEIRS).status_code == 404
