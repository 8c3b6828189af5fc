"""`allocator check` and `explain`: a plan that was written, looked at again."""

import json
import shutil
from pathlib import Path

import pytest

from api.cli import main
from tests.api.cli.conftest import QUICK, SMALL, rows_of

Capture = pytest.CaptureFixture[str]
NEW_LEAD = ("new", "lead")


def test_a_sound_plan_passes_the_check(queue: Path, planned: Path, capsys: Capture) -> None:
    """The checker says so in one line and exits 0, for the folder and for its plan.json."""
    for path in (planned, planned / "plan.json"):
        assert main(["check", str(queue), str(path)]) == 0
        assert capsys.readouterr().out.startswith("sound: ")
    assert main(["check", str(queue), str(planned), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"sound": True, "findings": []}


def test_a_changed_plan_fails_the_check(queue: Path, planned: Path, tmp_path: Path, capsys: Capture) -> None:
    """One hour more in one file, and the exit code is 1 with what differs."""
    folder = shutil.copytree(planned, tmp_path / "changed")
    text = (folder / "plan.json").read_text(encoding="utf-8")
    plan = json.loads(text)
    plan["assignments"][0]["hours"] += 1
    (folder / "plan.json").write_text(json.dumps(plan), encoding="utf-8")
    assert main(["check", str(queue), str(folder)]) == 1
    assert "differ" in capsys.readouterr().out.splitlines()[-1]
    assert main(["check", str(queue), str(folder), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["sound"] is False


def test_another_snapshot_fails_the_check(planned: Path, tmp_path: Path, capsys: Capture) -> None:
    """A plan belongs to the snapshot whose digest it carries."""
    other = tmp_path / "other"
    assert main(["sample", str(other), *SMALL, "--seed", "2"]) == 0
    assert main(["check", str(other), str(planned)]) == 1
    assert "digest" in capsys.readouterr().out


def test_what_json_printed_can_be_checked(queue: Path, tmp_path: Path, capsys: Capture) -> None:
    """One document with its certificate: sound as printed, and not once an hour is added."""
    assert main(["plan", str(queue), "--json", *QUICK]) == 0
    plan = json.loads(capsys.readouterr().out)
    path = tmp_path / "printed.json"
    path.write_text(json.dumps(plan), encoding="utf-8")
    assert main(["check", str(queue), str(path)]) == 0
    plan["assignments"][0]["hours"] += 1
    path.write_text(json.dumps(plan), encoding="utf-8")
    assert main(["check", str(queue), str(path)]) == 1


def test_a_plan_without_its_folder_is_bad_input(
    queue: Path, planned: Path, tmp_path: Path, capsys: Capture
) -> None:
    """A lone plan.json comes without a certificate, so it is refused and not called unsound."""
    shutil.copy(planned / "plan.json", tmp_path / "printed.json")
    assert main(["check", str(queue), str(tmp_path / "printed.json")]) == 2
    assert "the folder that `plan --out` wrote" in capsys.readouterr().err


@pytest.mark.parametrize("content", [None, "{", "[]"])
def test_a_plan_that_cannot_be_read_is_bad_input(
    content: str | None, queue: Path, tmp_path: Path, capsys: Capture
) -> None:
    """No file, no JSON or no object: exit 2, and what would be right."""
    if content is not None:
        (tmp_path / "plan.json").write_text(content, encoding="utf-8")
    for words in (["check", str(queue), str(tmp_path)], ["explain", str(queue), str(tmp_path), "C1"]):
        assert main(words) == 2
        assert "the folder that `plan --out` wrote" in capsys.readouterr().err


def test_an_explanation_counts_reviewers_by_rule(queue: Path, planned: Path, capsys: Capture) -> None:
    """For a case without a lead, in words and as JSON."""
    case = rows_of(planned / "unassigned.csv")[0]["case_id"]
    assert main(["explain", str(queue), str(planned), case]) == 0
    assert case in capsys.readouterr().out
    assert main(["explain", str(queue), str(planned), case, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)
    reviewer = rows_of(planned / "workloads.csv")[0]["reviewer_id"]
    assert main(["explain", str(queue), str(planned), case, "--reviewer", reviewer]) == 0
    assert reviewer in capsys.readouterr().out


def test_an_explanation_tells_who_else_and_at_what_price(queue: Path, planned: Path, capsys: Capture) -> None:
    """For every new lead, from the certificate beside the plan; without that file there are no prices."""
    rows = [row for row in rows_of(planned / "assignments.csv") if (row["change"], row["role"]) == NEW_LEAD]
    told = []
    for row in rows[:4]:
        words = ["explain", str(queue), str(planned), row["case_id"], "--time-limit", "1s", "--json"]
        assert main(words) == 0
        told += json.loads(capsys.readouterr().out)["places"][0]["alternatives"]
    assert told
    assert {other["proof"] for other in told} <= {"exact", "interval", "floor", "impossible"}
    alone = shutil.copytree(planned, planned.parent / "alone", dirs_exist_ok=True)
    (alone / "certificate.json").unlink(missing_ok=True)
    assert main(["explain", str(queue), str(alone), rows[0]["case_id"], "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["places"][0]["alternatives"] is None


@pytest.mark.parametrize("words", [["NOBODY"], ["FIRST", "--reviewer", "NOBODY"]])
def test_explaining_what_is_not_there_is_bad_input(
    words: list[str], queue: Path, planned: Path, capsys: Capture
) -> None:
    """An unknown case or reviewer is named, exit 2."""
    first = rows_of(queue / "cases.csv")[0]["case_id"]
    named = [first if word == "FIRST" else word for word in words]
    assert main(["explain", str(queue), str(planned), *named]) == 2
    assert "NOBODY" in capsys.readouterr().err
