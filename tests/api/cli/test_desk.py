"""`suggest`, `next`, `publish` and `diff`: what a coordinator reads, and what a program gets."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import pytest

from api.cli import main
from tests.api.cli.conftest import rows_of


@pytest.fixture
def new_lead(planned: Path) -> dict[str, str]:
    """The first new lead of the plan."""
    rows = rows_of(planned / "assignments.csv")
    return next(row for row in rows if row["change"] == "new" and row["role"] == "lead")


def test_a_suggestion_in_words_and_as_json(
    queue: Path, new_lead: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    """The same reviewers in the same order, with what the case would do to each."""
    case = new_lead["case_id"]
    assert main(["suggest", str(queue), case]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert main(["suggest", str(queue), case, "--top", "2", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    best = document["suggestions"]
    assert lines[0] == (
        f"{case}, lead, due on {new_lead['complete_by']}: {document['able']} could take it now"
        + (f", the best {min(5, document['able'])} first" if document["able"] > 1 else "")
    )
    assert lines[1].startswith(f"{best[0]['reviewer_id']} (")
    assert lines[1].endswith(best[0]["effect"])
    assert len(best) == min(2, document["able"])
    assert lines[-2] == "All, by what stops them first"


def test_what_was_published_is_counted(
    queue: Path,
    planned: Path,
    new_lead: dict[str, str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Once published the case has a lead, and its lead has more work; publishing again is no news."""
    case, who, file = new_lead["case_id"], new_lead["reviewer_id"], str(tmp_path / "published.db")
    assert main(["next", str(queue), who, "--json"]) == 0
    before = json.loads(capsys.readouterr().out)
    assert main(["publish", str(planned), case, "--to", file]) == 0
    assert main(["publish", str(planned), case, "--to", file]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0].endswith("published, 0 were before.")
    assert " 0 published, " in said[1]
    assert main(["suggest", str(queue), case, "--role", "lead", "--published", file]) == 0
    assert capsys.readouterr().out == f"{case} has a lead: {who}.\n"
    assert main(["next", str(queue), who, "--published", file, "--json"]) == 0
    after = json.loads(capsys.readouterr().out)
    assert after["workload_percent"] > before["workload_percent"]
    assert main(["next", str(queue), who, "--published", file]) == 0
    assert capsys.readouterr().out.startswith(f"{who}: {after['workload_percent']:g} % workload, ")


def test_the_whole_plan_is_published_at_once(
    queue: Path, planned: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every new and moved line, and no kept one."""
    rows = [row for row in rows_of(planned / "assignments.csv") if row["change"] != "kept"]
    file = str(tmp_path / "published.db")
    assert main(["publish", str(planned), "--to", file, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"published": len(rows), "before": 0}
    for row in rows:
        assert main(["suggest", str(queue), row["case_id"], "--role", row["role"], "--published", file]) == 0
        assert capsys.readouterr().out == f"{row['case_id']} has a {row['role']}: {row['reviewer_id']}.\n"


def test_what_cannot_be_asked_is_refused(
    queue: Path, planned: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An unknown case or reviewer, and a case that the plan has no new line of: exit 2, and one line each."""
    for words in (["suggest", str(queue), "NO-1"], ["next", str(queue), "NO-1"]):
        assert main(words) == 2
        assert "the snapshot has no such" in capsys.readouterr().err
    assert main(["publish", str(planned), "NO-1", "--to", str(tmp_path / "p.db")]) == 2
    assert "no new or moved line" in capsys.readouterr().err
    assert not (tmp_path / "p.db").exists()


def test_two_plans_are_compared(
    queue: Path, planned: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A plan does not differ from itself; where a reviewer left, all they had is put down to that."""
    assert main(["diff", str(queue), str(planned), str(planned)]) == 0
    assert capsys.readouterr().out.endswith(" places as they were, 0 not.\n")
    rows = rows_of(planned / "assignments.csv")
    leaver = next(row["reviewer_id"] for row in rows if row["change"] == "new")
    later = shutil.copytree(queue, tmp_path / "later")
    people = rows_of(later / "reviewers.csv")
    for person in people:
        if person["reviewer_id"] == leaver:
            person["leaves_on"] = "2026-09-01"
    with (later / "reviewers.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(people[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(people)
    assert main(["plan", str(later), "--out", str(tmp_path / "out"), "--effort", "1"]) == 0
    capsys.readouterr()
    words = ["diff", str(later), str(planned), str(tmp_path / "out")]
    assert main(words) == 0
    lines = capsys.readouterr().out.splitlines()
    assert any(line.endswith("a reviewer left") for line in lines)
    assert main([*words, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["changes"]
    theirs = [row for row in rows if row["reviewer_id"] == leaver]
    assert [one["cause"] for one in found if one["before"] == leaver] == ["reviewer_left"] * len(theirs)


def test_a_handover_in_words_and_as_json(queue: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Who takes what, what it does to them, and what nobody can take."""
    held = [row["reviewer_id"] for row in rows_of(queue / "cases.csv") if row["reviewer_id"]]
    leaver = max(set(held), key=lambda name: (held.count(name), name))
    assert main(["handover", str(queue), leaver, "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["reviewer_id"] == leaver
    assert document["first_day"] == "2026-09-14"
    assert main(["handover", str(queue), leaver]) == 0
    words = capsys.readouterr().out
    assert words.startswith(f"{leaver} hands over {len(document['taken']) + len(document['left'])} place")
    for one in (*document["taken"], *document["left"], *document["takers"]):
        assert one.get("case_id", one.get("reviewer_id")) in words
    assert main(["handover", str(queue), "R9999"]) == 2
