"""`allocator plan` as a person uses it: files in; words, files or JSON out."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from api.cli import main
from tests.api.cli.conftest import QUICK, rows_of

Capture = pytest.CaptureFixture[str]


def test_a_plan_is_printed_for_people(queue: Path, capsys: Capture) -> None:
    """Without --out everything a coordinator acts on is on standard output, and progress is not."""
    assert main(["plan", str(queue), *QUICK]) == 0
    out = capsys.readouterr().out
    headings = ("Plan ", "Leads: ", "Who takes what", "Reviewers", "How good")
    assert all(f"\n{heading}" in f"\n{out}" for heading in headings)
    assert "\x1b" not in out
    assert "gap" not in out.split("How good")[0]


def test_a_plan_is_written_and_summed_up(planned: Path, queue: Path, tmp_path: Path, capsys: Capture) -> None:
    """With --out the files are there, and a summary says how good the plan is and where they are."""
    assert main(["plan", str(queue), "--out", str(tmp_path), *QUICK]) == 0
    out = capsys.readouterr().out
    assert "How good" in out
    assert str(tmp_path) in out
    assert "Who takes what" not in out
    tables = ["assignments.csv", "unassigned.csv", "workloads.csv"]
    files = ["plan.json", "certificate.json", "rejected.csv", *tables]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(files)
    for name in tables:
        assert (tmp_path / name).read_bytes() == (planned / name).read_bytes()


def test_json_is_one_document_and_the_same_plan(queue: Path, planned: Path, capsys: Capture) -> None:
    """`--json` prints what plan.json and certificate.json hold, and nothing else."""
    assert main(["plan", str(queue), "--json", *QUICK]) == 0
    document = json.loads(capsys.readouterr().out)
    written = json.loads((planned / "plan.json").read_text(encoding="utf-8"))
    assert document["plan_id"] == written["plan_id"]
    assert document["assignments"] == written["assignments"]
    assert set(document) == {*written, "certificate", "rejected"}
    certificate = json.loads((planned / "certificate.json").read_text(encoding="utf-8"))
    assert document["certificate"] == certificate
    assert document["rejected"] == []


def test_bad_input_lists_its_faults_and_plans_nothing(broken: Path, tmp_path: Path, capsys: Capture) -> None:
    """Faults one a line on standard error, the count last, exit 2, no file."""
    out = tmp_path / "out"
    assert main(["plan", str(broken), "--out", str(out)]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert "notified_on" in told.err.splitlines()[0]
    assert told.err.splitlines()[-1] == "1 fault; nothing was done"
    assert not out.exists()


def test_bad_input_as_json_is_one_document(broken: Path, capsys: Capture) -> None:
    """A program reads the faults where it would have read the plan."""
    assert main(["plan", str(broken), "--json"]) == 2
    (fault,) = json.loads(capsys.readouterr().out)["faults"]
    assert (fault["file"], fault["column"], fault["value"]) == ("cases.csv", "notified_on", "yesterday")


def test_quarantine_plans_the_sound_rows_and_says_so_first(
    broken: Path, tmp_path: Path, capsys: Capture
) -> None:
    """The row left out is counted before anything else, and listed in rejected.csv; `check` agrees."""
    assert main(["plan", str(broken), "--quarantine", "--out", str(tmp_path), *QUICK]) == 0
    assert capsys.readouterr().out.startswith("1 row was left out: see ")
    (row,) = rows_of(tmp_path / "rejected.csv")
    assert row["id"] == "BAD-1"
    assert main(["check", str(broken), str(tmp_path), "--quarantine"]) == 0
    capsys.readouterr()
    assert main(["plan", str(broken), "--quarantine", *QUICK]) == 0
    first, second, *_ = capsys.readouterr().out.splitlines()
    assert first == "1 row was left out:"
    assert "notified_on" in second


def test_quarantine_as_json_lists_each_row_left_out(broken: Path, capsys: Capture) -> None:
    """In the one document, with its faults: there is no rejected.csv to look into."""
    assert main(["plan", str(broken), "--quarantine", "--json", *QUICK]) == 0
    (row,) = json.loads(capsys.readouterr().out)["rejected"]
    assert row["id"] == "BAD-1"
    assert "notified_on" in [fault["column"] for fault in row["faults"]]


def test_a_policy_file_replaces_the_snapshots_policy(queue: Path, tmp_path: Path, capsys: Capture) -> None:
    """What the file says stands in the plan, and what it leaves out is the shipped default."""
    policy = tmp_path / "policy.toml"
    policy.write_text("[capacity]\nmax_workload = 0.5\n", encoding="utf-8")
    words = ["plan", str(queue), "--policy", str(policy), "--as-of", "2026-09-14", "--json", *QUICK]
    assert main(words) == 0
    plan = json.loads(capsys.readouterr().out)
    assert plan["policy"]["capacity"]["max_workload"] == 0.5
    assert plan["as_of"] == "2026-09-14"


def test_a_place_that_cannot_be_written_is_bad_input(queue: Path, tmp_path: Path, capsys: Capture) -> None:
    """A file where the folder should be: one line, no traceback."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert main(["plan", str(queue), "--out", str(tmp_path / "file"), *QUICK]) == 2
    assert str(tmp_path / "file") in capsys.readouterr().err


def test_a_folder_that_cannot_be_made_is_said_before_the_search(
    queue: Path, tmp_path: Path, capsys: Capture
) -> None:
    """No progress is told: nothing was searched for that could not be written."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert main(["plan", str(queue), "--out", str(tmp_path / "file" / "out"), *QUICK]) == 2
    said = capsys.readouterr().err
    assert str(tmp_path / "file") in said
    assert "gap" not in said


def test_a_plan_begins_from_an_earlier_one(
    queue: Path, planned: Path, tmp_path: Path, capsys: Capture
) -> None:
    """From its folder, from plan.json in it, or from the one document: the same plan, of another id."""
    assert main(["plan", str(queue), "--json", *QUICK]) == 0
    document = tmp_path / "answer.json"
    document.write_text(capsys.readouterr().out, encoding="utf-8")
    earlier = json.loads((planned / "plan.json").read_text(encoding="utf-8"))
    found = []
    for path in (planned, planned / "plan.json", document):
        assert main(["plan", str(queue), "--previous", str(path), "--json", *QUICK]) == 0
        found.append(json.loads(capsys.readouterr().out))
        assert found[-1]["solver"]["previous_plan_id"] == earlier["plan_id"]
    assert found[0]["plan_id"] != earlier["plan_id"]
    assert len({one["plan_id"] for one in found}) == 1
    assert found[0]["assignments"] == found[1]["assignments"] == found[2]["assignments"]


def test_a_plan_from_an_earlier_one_is_checked_like_any(
    queue: Path, planned: Path, tmp_path: Path, capsys: Capture
) -> None:
    """Written into the very folder it was read from, it passes the checker."""
    folder = shutil.copytree(planned, tmp_path / "again")
    assert main(["plan", str(queue), "--previous", str(folder), "--out", str(folder), *QUICK]) == 0
    assert main(["check", str(queue), str(folder)]) == 0
    assert "sound" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda folder: (folder / "plan.json").unlink(), "plan.json: cannot be read"),
        (lambda folder: (folder / "certificate.json").unlink(), "certificate.json: cannot be read"),
        (lambda folder: (folder / "plan.json").write_text("{", encoding="utf-8"), "plan.json: not JSON"),
        (
            lambda folder: (folder / "plan.json").write_text("{}", encoding="utf-8"),
            "/plan_id: Field required",
        ),
    ],
)
def test_an_earlier_plan_that_cannot_be_read_is_a_fault(
    queue: Path, planned: Path, tmp_path: Path, capsys: Capture, spoil: Callable[[Path], None], told: str
) -> None:
    """Exit 2, what is wrong with which file, and what would be right; nothing is planned."""
    folder = shutil.copytree(planned, tmp_path / "spoilt")
    spoil(folder)
    out = tmp_path / "out"
    assert main(["plan", str(queue), "--previous", str(folder), "--out", str(out), *QUICK]) == 2
    err = capsys.readouterr().err
    assert told in err
    assert "the folder that `plan --out` wrote" in err
    assert not out.exists()
