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
    assert any(line.startswith("a reviewer left: ") for line in lines)
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


def test_edits_are_told_and_made(
    queue: Path, planned: Path, new_lead: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Points and what follows; the plan that is made names its parent and is sound."""
    case = new_lead["case_id"]
    words = ["edit", str(queue), str(planned), "--take-back", case]
    assert main([*words, "--json"]) == 0
    (told,) = json.loads(capsys.readouterr().out)["consequences"]
    assert main(words) == 0
    line = capsys.readouterr().out
    assert line.startswith(f"take back {case}: +{told['points']['unallocated']:,} unallocated")
    out = tmp_path / "edited"
    assert main([*words, "--out", str(out)]) == 0
    parent = json.loads((planned / "plan.json").read_bytes())["plan_id"]
    assert json.loads((out / "plan.json").read_bytes())["solver"]["previous_plan_id"] == parent
    assert case not in {row["case_id"] for row in rows_of(out / "assignments.csv") if row["role"] == "lead"}
    assert main(["check", str(queue), str(out)]) == 0


def test_an_edit_that_breaks_a_rule_ends_with_1(
    queue: Path, planned: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """And writes nothing, whatever the others do; from a file as from options."""
    rows = rows_of(planned / "assignments.csv")
    kept = next(row for row in rows if row["change"] == "kept" and row["role"] == "lead")
    listed = tmp_path / "edits.json"
    listed.write_text(json.dumps([{"edit": "take_back", "case_id": kept["case_id"]}]), encoding="utf-8")
    out = tmp_path / "edited"
    words = ["edit", str(queue), str(planned), "--edits", str(listed), "--out", str(out)]
    assert main(words) == 1
    assert f"take back {kept['case_id']}: breaks `held`." in capsys.readouterr().out
    assert not out.exists()


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        ([], "give at least one edit"),
        (["--give", "C1"], "--give takes CASE=R, and not C1"),
        (["--take-back", "C1=R2"], "--take-back takes CASE, and not C1=R2"),
        (["--swap", "C1="], "--swap takes CASE=CASE, and not C1="),
        (["--pin", "C1"], "C1"),
        (["--edits", "nowhere.json"], "nowhere.json"),
    ],
)
def test_edits_that_are_none(
    queue: Path, planned: Path, words: list[str], fault: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each with what would be one."""
    assert main(["edit", str(queue), str(planned), *words]) == 2
    assert fault in capsys.readouterr().err


def test_a_file_of_no_edits_says_where(
    queue: Path, planned: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """By place in the document; and one that is no JSON."""
    listed = tmp_path / "edits.json"
    for text, fault in (('[{"edit": "lose"}]', "/0"), ("[", "not JSON")):
        listed.write_text(text, encoding="utf-8")
        assert main(["edit", str(queue), str(planned), "--edits", str(listed)]) == 2
        assert fault in capsys.readouterr().err


def test_a_report_in_words_and_as_json(
    queue: Path, planned: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Four sections; what is published is one, and names nobody."""
    words = ["report", str(queue), str(planned), "--effort", "1"]
    assert main([*words, "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert set(document) == {"queue", "bottlenecks", "fairness", "chances"}
    assert main(words) == 0
    told = capsys.readouterr().out
    assert "What is placed of those who wait" in told
    assert "Where ten more hours would help most" in told
    assert f"Fragile lines: {document['chances']['fragile']} of {len(document['chances']['lines'])}" in told
    assert main([*words, "--published"]) == 0
    told = capsys.readouterr().out
    assert "How the load is shared" in told
    assert "Fragile" not in told
    assert main([*words, "--published", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["fairness"]["year"]["by_reviewer"] == {}


def test_a_better_plan_that_asking_comes_upon_is_kept(
    queue: Path, planned: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A plan with a case left out is bettered by giving it to whoever could have it; a proved one is not."""
    rows = rows_of(planned / "assignments.csv")
    new = next(row for row in rows if row["change"] == "new" and row["role"] == "lead")
    worse, better = tmp_path / "worse", tmp_path / "better"
    edit = ["edit", str(queue), str(planned), "--take-back", new["case_id"], "--out", str(worse)]
    assert main(edit) == 0
    ask = ["explain", str(queue), str(worse), new["case_id"], "--time-limit", "2s", "--out", str(better)]
    assert main(ask) == 0
    assert "in a better plan than this" in capsys.readouterr().out
    before, after = (
        json.loads((folder / "plan.json").read_bytes())["objective"]["unallocated"]["value"]
        for folder in (worse, better)
    )
    assert after < before
    assert main(["check", str(queue), str(better)]) == 0
    none = tmp_path / "none"
    ask = ["explain", str(queue), str(better), new["case_id"], "--time-limit", "1s", "--out", str(none)]
    assert main(ask) == 0
    assert not none.exists()


def test_planning_again_keeps_what_still_holds(
    queue: Path, planned: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With nothing changed nothing changes; of one who has left their lines, and what it led to."""
    out = tmp_path / "again"
    words = ["replan", str(queue), str(planned), "--effort", "1", "--out", str(out)]
    assert main(words) == 0
    assert " places as they were, 0 not." in capsys.readouterr().out
    assert (out / "assignments.csv").read_bytes() == (planned / "assignments.csv").read_bytes()
    assert main(["check", str(queue), str(out)]) == 0
    capsys.readouterr()
    assert main([*words[:-2], "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["diff"]["changes"] == []


def test_every_line_is_told_at_once(queue: Path, planned: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One a place; a case and all at once are a slip."""
    words = ["explain", str(queue), str(planned)]
    assert main([*words, "--all", "--json"]) == 0
    lines = json.loads(capsys.readouterr().out)["lines"]
    assert main([*words, "--all"]) == 0
    told = capsys.readouterr().out.splitlines()
    assert len(told) == len(lines)
    assert told[0].startswith(f"{lines[0]['case_id']} {lines[0]['role']}: ")
    assert main(words) == 2
    assert main([*words, "C000001", "--all"]) == 2
