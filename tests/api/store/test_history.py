"""The audit over HTTP: about a case, a plan, a person; in words, as a file; whether it is whole."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from allocator import store
from allocator.store import chain, jobs
from allocator.store.about import About, lines_about
from allocator.store.callers import Role
from allocator.store.giving import DEPART
from allocator.store.retention import forget
from api.audit_words import ACTIONS, says
from api.desks import QUIET
from tests.allocator.store.build import NOW, at
from tests.api.store.conftest import CANARY, Kept, plan_of

ALL, MINE, AUDITOR = (Role.ADMIN, ""), (Role.AUDITOR, "QAA"), (Role.AUDITOR, "")


def told(service: Kept, query: str, who: tuple[Role, str] = AUDITOR) -> list[str]:
    """What was done, in words, in order."""
    answer = service.call("GET", f"/v1/audit?{query}", who)
    assert answer.status_code == 200, answer.text
    return [one["says"] for one in answer.json["items"]]


@pytest.fixture
def lived(service: Kept) -> Kept:
    """A service in which something has happened."""
    number = plan_of(service.database, "QAA")
    lines = {"lines": [{"case_id": "PLAIN-C3"}]}
    for path, body in (
        (f"/v1/plans/{number}/approvals", lines),
        (f"/v1/plans/{number}/publications", lines),
        ("/v1/cases/PLAIN-C1/take-back", {"reason": "workload"}),
    ):
        assert service.call("POST", path, ALL, json=body).status_code in (200, 201)
    row = {"areas": ["QAA"], "hours_per_week": 15}
    assert service.call("PUT", "/v1/reviewers/PLAIN-R1", ALL, json=row).status_code == 200
    return service


def test_a_case_is_told_of_in_words(lived: Kept) -> None:
    """Who had it, who took it back and why; who declined it; nothing of another."""
    assert told(lived, "case_id=PLAIN-C1") == [
        "Entered case PLAIN-C1.",
        "Gave case PLAIN-C1 to PLAIN-R1 as its lead.",
        "Took case PLAIN-C1 back from PLAIN-R1, its lead: they have too much work.",
        "Changed case PLAIN-C1, as somebody has it no more.",
    ]
    assert "Entered decline of PLAIN-R2." in told(lived, "case_id=PLAIN-C2")


def test_a_plan_is_told_of_in_words(lived: Kept) -> None:
    """Kept, approved, published."""
    said = told(lived, "plan=1")
    assert said[0] == "Kept plan 1: its lines are proposed."
    assert said[1].startswith("Approved PLAIN-R")
    assert said[2] == "Published 1 line of plan 1: PLAIN-C3 (lead)."


def test_a_reviewer_is_told_of_in_words(lived: Kept) -> None:
    """Their record, what is said of them, what they had, and what they did themselves."""
    row = {"reviewer_id": "PLAIN-R1", "from": "2026-12-21", "to": "2026-12-24"}
    assert lived.call("PUT", "/v1/absences/A1", (Role.REVIEWER, "QAA"), json=row).status_code == 201
    answer = lived.call("GET", "/v1/audit?reviewer_id=PLAIN-R1", AUDITOR).json["items"]
    said = [one["says"] for one in answer]
    assert said[0] == "Entered reviewer PLAIN-R1."
    assert said[-1] == "Entered absence of PLAIN-R1."
    assert "Gave case PLAIN-C1 to PLAIN-R1 as its lead." in said
    changed = [one["changes"] for one in answer if one["says"] == "Changed reviewer PLAIN-R1."]
    assert changed == [["Hours a week: was 20, is 15"]]
    assert answer[-1]["changes"] == [
        "First day: 21 December 2026",
        "Reviewer: PLAIN-R1",
        "Last day: 24 December 2026",
    ]
    assert not any("PLAIN-R2" in one["says"] and "PLAIN-R1" not in one["says"] for one in answer)


def test_an_actor_is_told_of(lived: Kept) -> None:
    """What they did and nothing else; somebody who did nothing has no lines."""
    (first, *_) = lived.call("GET", "/v1/audit?case_id=PLAIN-C1&limit=1", AUDITOR).json["items"]
    assert told(lived, f"actor={first['actor']}&case_id=PLAIN-C1")[0] == "Entered case PLAIN-C1."
    assert told(lived, "actor=nobody") == []


def test_an_area_is_told_of_its_own(lived: Kept) -> None:
    """A case or a reviewer of theirs, in which nobody else's has a name; not the whole, nor another's."""
    assert told(lived, "case_id=PLAIN-C1", MINE)
    assert lived.call("GET", "/v1/audit", MINE).status_code == 403
    assert lived.call("GET", "/v1/audit?plan=1", MINE).status_code == 403
    assert lived.call("GET", f"/v1/audit?case_id={CANARY}-C1", MINE).status_code == 404
    assert lived.call("GET", f"/v1/audit?reviewer_id={CANARY}-R1", MINE).status_code == 404
    assert lived.call("GET", "/v1/audit/verification", MINE).status_code == 403
    assert lived.call("GET", "/v1/audit?case_id=PLAIN-C1", (Role.COORDINATOR, "")).status_code == 403


def test_lines_come_page_by_page_and_as_a_file(lived: Kept) -> None:
    """The same ones."""
    page = lived.call("GET", "/v1/audit?case_id=PLAIN-C1&limit=3", AUDITOR).json
    rest = told(lived, f"case_id=PLAIN-C1&after={page['next']}")
    file = lived.call("GET", "/v1/audit?case_id=PLAIN-C1&format=csv", AUDITOR)
    assert file.mimetype == "text/csv"
    rows = list(csv.DictReader(io.StringIO(file.text)))
    assert [one["says"] for one in rows] == [one["says"] for one in page["items"]] + rest


def test_whether_it_is_whole(lived: Kept) -> None:
    """A line that was changed is found, and so is a noted one that is not there."""
    whole = lived.call("GET", "/v1/audit/verification", AUDITOR).json
    assert (whole["sound"], whole["broken"]) == (True, [])
    noted = lived.call("GET", f"/v1/audit/verification?head={whole['head']}", AUDITOR).json
    assert noted["sound"]
    cut = f"{whole['lines'] + 1}:{'0' * 64}"
    assert not lived.call("GET", f"/v1/audit/verification?head={cut}", AUDITOR).json["sound"]
    assert lived.call("GET", "/v1/audit/verification?head=x", AUDITOR).status_code == 422
    with lived.database.write("test", lambda: NOW) as tx:
        tx.connection.execute(text("UPDATE audit_values SET note = 'x' WHERE number = 3"))
    found = lived.call("GET", "/v1/audit/verification", AUDITOR).json
    assert (found["sound"], found["broken"][0]["number"]) == (False, 3)


def test_what_was_deleted_after_its_time_is_told_as_that(service: Kept) -> None:
    """The lines stay, and say so."""
    for state in ("in_review", "awaiting_sign_off", "completed"):
        path = "/v1/cases/PLAIN-C1/state"
        assert service.call("POST", path, ALL, json={"state": state}).status_code == 200
    with at(service.database, NOW + timedelta(days=400)) as tx:
        assert "PLAIN-C1" in forget(tx, tx.at)
    items = service.call("GET", "/v1/audit?case_id=PLAIN-C1", AUDITOR).json["items"]
    assert items[0]["changes"] == ["What it said was deleted after its time to be kept."]
    assert items[-1]["says"].startswith("Deleted what case PLAIN-C1 said")


def test_no_action_of_the_store_is_without_words() -> None:
    """A new one fails here until it is told of."""
    assert actions() == set(ACTIONS)


def test_after_every_action_the_desk_is_read_anew_or_need_not_be() -> None:
    """A new one fails here until it is said which; what is given is counted, and read only with the rest."""
    anew = {"put", "remove", "take-back", "move", "merge", "unmerge", "undo", "forget"}
    assert actions() == QUIET | {"give"} | anew


def actions() -> set[str]:
    """Every action of which the store has a line in its audit."""
    source = "".join(path.read_text("utf-8") for path in Path(store.__file__).parent.glob("*.py"))
    plain = set(re.findall(r'(?:Entry\(|records\.save\(\s*tx,)\s*"([a-z-]+)"', source))
    named = set(re.findall(r"Entry\((?:[a-z]+\.)?([A-Za-z]+),", source))
    assert named == {"DEPART", "FORGET", "action"}  # the last of `save`, and of sharing
    return plain | {DEPART, chain.FORGET, jobs.SHARE, jobs.UNSHARE}


def test_every_action_has_words(lived: Kept) -> None:
    """And no line of a store that was lived in is told by its code."""
    with lived.database.read() as connection:
        lines: list[dict[str, Any]] = lines_about(connection, About(), 0, 10_000)
        assert len(lines) == chain.count(connection)
    assert {one["action"] for one in lines} <= set(ACTIONS)
    for one in lines:
        assert "_" not in says(one).replace(str(one["record_id"]), "")
