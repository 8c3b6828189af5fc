"""`allocator calibrate`, and what it writes: read back by `plan` and by `scenario fill`."""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from allocator.intake import read_snapshot
from api.cli import main
from scenarios.calibrate import Calibration
from scenarios.files import read_scenario
from scenarios.fill import read_fragment
from tests.scenarios.reviews import reviews

Capture = pytest.CaptureFixture[str]
SCENARIO = 'name = "One ICB"\n[run]\nyears = 1\nreplications = 2\n[[groups]]\nname = "team"\nwte = 1.5\n'


def written(path: Path, *changes: dict[str, Any], count: int = 120) -> Path:
    """Return a file of completed reviews, the first ones changed."""
    rows = [row.model_dump(mode="json", exclude_none=True) for row in reviews(count, 1, reviewers=12)]
    for row, change in zip(rows, changes, strict=False):
        row.update(change)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, sorted({name for row in rows for name in row}))
        writer.writeheader()
        writer.writerows(
            {k: str(v).lower() if isinstance(v, bool) else v for k, v in row.items()} for row in rows
        )
    return path


def test_figures_are_told_with_their_intervals_and_what_is_missing(tmp_path: Path, capsys: Capture) -> None:
    """A line each; what the reviews do not tell comes last."""
    assert main(["calibrate", str(written(tmp_path / "done.csv"))]) == 0
    told = capsys.readouterr().out
    assert told.startswith("120 completed reviews by 12 reviewers; 95 % intervals from 1,000 draws\n")
    for words in ("usual hours", "work.initial_hours", "review_types.initial.hours", "What they do not tell",
                  "administration: no review says it; 10 are needed"):  # fmt: skip
        assert words in told


def test_the_files_are_read_by_plan_and_by_fill(tmp_path: Path, capsys: Capture) -> None:
    """A whole way: reviews, a policy that goes before a snapshot's, a scenario that runs."""
    source, out = written(tmp_path / "done.csv"), tmp_path / "deep" / "out"
    assert main(["calibrate", str(source), "--out", str(out), "--json"]) == 0
    found = Calibration.model_validate_json(capsys.readouterr().out)
    assert sorted(path.name for path in out.iterdir()) == ["policy.toml", "scenario.toml"]
    hours = {one.fills: one.value for one in found.figures}["review_types.initial.hours"]
    snapshot = tmp_path / "snapshot.json"
    case = {"case_id": "C1", "area": "Q1", "notified_on": "2026-05-01", "review_type": "initial"}
    person = {"reviewer_id": "R1", "areas": ["Q1"], "hours_per_week": 20}
    snapshot.write_text(json.dumps({"as_of": "2026-06-01", "cases": [case], "reviewers": [person]}))
    policy = read_snapshot(snapshot, policy=out / "policy.toml", today=date(2026, 6, 1)).snapshot.policy
    assert policy.review_types["initial"].hours == hours
    assert policy.review_types["focused"].second is not None
    (tmp_path / "team.toml").write_text(SCENARIO, encoding="utf-8")
    filled = tmp_path / "filled.toml"
    told = ["--calibrated", str(out / "scenario.toml"), "--from", str(snapshot), "--out", str(filled)]
    assert main(["scenario", "fill", str(tmp_path / "team.toml"), *told]) == 0
    assert (
        read_scenario(filled).work.initial_hours == read_fragment(out / "scenario.toml").work["initial_hours"]
    )
    assert main(["scenario", "run", str(filled), "--workers", "1"]) == 0


def test_the_same_seed_writes_the_same_bytes(tmp_path: Path, capsys: Capture) -> None:
    """Another seed, other ends of the intervals."""
    source, texts = written(tmp_path / "done.csv", count=40), []
    for at, seed in enumerate(("1", "1", "2")):
        assert main(["calibrate", str(source), "--out", str(tmp_path / f"{at}"), "--seed", seed]) == 0
        texts.append((tmp_path / f"{at}" / "scenario.toml").read_bytes())
    assert texts[0] == texts[1] != texts[2]


def test_every_fault_is_told_and_nothing_is_done(tmp_path: Path, capsys: Capture) -> None:
    """With line, column, value and what is right; no folder is made."""
    source = written(tmp_path / "done.csv", {"hours": 0}, {"completed_on": "2020-01-01"}, {"returned": "yes"})
    assert main(["calibrate", str(source), "--out", str(tmp_path / "out")]) == 2
    told = capsys.readouterr()
    lines = told.err.splitlines()
    assert (told.out, len(lines), lines[-1]) == ("", 4, "3 faults; nothing was done")
    assert lines[0] == (
        "done.csv line 2, column hours: `hours` is out of range (value '0'): "
        "must be more than 0, at most 10000"
    )
    assert [line.partition(",")[0] for line in lines[:3]] == [f"done.csv line {at}" for at in (2, 3, 4)]
    assert not (tmp_path / "out").exists()
    assert main(["calibrate", str(tmp_path / "none.csv"), "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["faults"][0]["code"] == "not-found"


def test_an_empty_file_tells_nothing_and_says_so(tmp_path: Path, capsys: Capture) -> None:
    """A header is a table; its fragments are empty and read back."""
    (tmp_path / "done.csv").write_text("case_id,review_type,hours\n", encoding="utf-8")
    assert main(["calibrate", str(tmp_path / "done.csv"), "--out", str(tmp_path / "out")]) == 0
    assert "anything: there is no review" in capsys.readouterr().out
    assert read_fragment(tmp_path / "out" / "scenario.toml").assumptions == {}


def test_an_id_like_an_nhs_number_is_warned_of(tmp_path: Path, capsys: Capture) -> None:
    """On standard error."""
    assert main(["calibrate", str(written(tmp_path / "done.csv", {"case_id": "9434765919"}, count=20))]) == 0
    assert "looks like an NHS number" in capsys.readouterr().err
