"""`allocator scenario match` as a commissioner uses it: counts in, what they foretell out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from api.cli import main
from scenarios.counts import shipped_counts
from scenarios.files import shipped
from scenarios.matched import Matched

Capture = pytest.CaptureFixture[str]
SCENARIO = """
name = "One ICB"
steady = true
[run]
start = 2024-01-01
years = 2
[demand]
a_year = 85
[[groups]]
name = "team"
wte = 1.5
[assumptions."groups.team.wte"]
low = 0.5
high = 3.0
reason = "nobody knows"
[assumptions."demand.a_year"]
low = 60
high = 110
reason = "nor that"
"""
KNOWN = """
[[counts]]
on = 2024-12-31
notified = 85
completed = 30
source = "a report"
"""
CAME = """
[[counts]]
on = 2025-12-30
notified = 170
unallocated = 20
source = "a later report"
"""
QUICK = ["--sets", "20", "--waves", "2", "--replications", "2", "--discrepancy", "10", "--workers", "1"]
FOUR = ["--sets", "4", "--waves", "1", "--replications", "2", "--discrepancy", "100", "--workers", "1"]


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    """Return a scenario, counts, and what came later."""
    found = []
    for name, text in (("one.toml", SCENARIO), ("known.toml", KNOWN), ("came.toml", CAME)):
        (tmp_path / name).write_text(text, encoding="utf-8")
        found.append(str(tmp_path / name))
    return found


def told(capsys: Capture, *words: str) -> dict[str, Any]:
    """What the command prints as JSON."""
    assert main(["scenario", "match", *words, "--json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_it_is_told_in_words(files: list[str], tmp_path: Path, capsys: Capture) -> None:
    """What agrees, what is foretold, what is known of what nobody knows, and what came."""
    one, known, came = files
    assert main(["scenario", "match", one, known, "--score", came, *QUICK, "--out", str(tmp_path / "o")]) == 0
    out = capsys.readouterr()
    for words in (
        "sets of values agree with the published counts", "By 30 December 2025, in eight of ten runs",
        "10% for what the model leaves out", "groups.team.wte", "Foretold", "What came", "2025-12-30",
    ):  # fmt: skip
        assert words in out.out
    assert "wave 2: " in out.err
    written = json.loads((tmp_path / "o" / "match.json").read_text(encoding="utf-8"))
    assert Matched.model_validate({k: v for k, v in written.items() if k != "scores"}).kept > 0
    assert [row["figure"] for row in written["scores"]] == ["notified", "unallocated"]


def test_altered_later_counts_change_the_score_and_not_the_forecast(
    files: list[str], capsys: Capture
) -> None:
    """Nor does it matter whether there are any: only the scoring opens them."""
    one, known, came = files
    plain = told(capsys, one, known, *QUICK)
    first = told(capsys, one, known, "--score", came, *QUICK)
    Path(came).write_text(CAME.replace("170", "230").replace("20\n", "90\n"), encoding="utf-8")
    second = told(capsys, one, known, "--score", came, *QUICK)
    scores = [answer.pop("scores") for answer in (plain, first, second)]
    assert plain == first == second
    assert plain["forecasts"]
    assert scores[0] == []
    errors = [[row["error"] for row in each] for each in scores[1:]]
    assert errors[0][0] == pytest.approx(errors[1][0] + 60)
    assert errors[0][1] == pytest.approx(errors[1][1] + 70)


def test_the_counts_of_2019_are_opened_by_the_scoring_alone(tmp_path: Path, capsys: Capture) -> None:
    """The national backlog, its later counts altered: the same forecast to the last digit."""
    altered = tmp_path / "altered.toml"
    text = shipped_counts()["england-2019"].read_text(encoding="utf-8")
    altered.write_text(text.replace("3195", "1234"), encoding="utf-8")
    answers = [
        told(capsys, "national-backlog", "england-2018", "--score", later, *FOUR)
        for later in ("england-2019", str(altered))
    ]
    scores = [answer.pop("scores") for answer in answers]
    assert answers[0] == answers[1]
    assert len(answers[0]["forecasts"]) == 4
    assert [row["published"] for row in scores[0]] == [7145, 3195, 1923, 2027]
    assert [row["published"] for row in scores[1]] == [7145, 1234, 1923, 2027]


def test_that_nothing_agrees_is_said(files: list[str], capsys: Capture) -> None:
    """With the nearest, what to do, and that there is nothing to compare."""
    one, known, came = files
    Path(known).write_text(KNOWN.replace("= 85", "= 400"), encoding="utf-8")
    assert main(["scenario", "match", one, known, "--score", came, *QUICK]) == 0
    out = capsys.readouterr().out
    for words in ("None of ", "nearest set", "Draw more sets", "there is nothing to compare with what came"):
        assert words in out
    assert "Foretold" not in out


def test_what_cannot_be_is_refused(files: list[str], tmp_path: Path, capsys: Capture) -> None:
    """A file that is none, a day that is not foretold or not simulated, numbers out of range: exit 2."""
    one, known, came = files
    for words, said in (
        ([str(tmp_path / "no.toml"), known], "with the program come admin-first"),
        ([one, "england-2020"], "with the program come england-2018, england-2019"),
        ([one, str(tmp_path)], "is a folder"),
        ([one, one], "one.toml /counts: field required"),
        (
            [one, known, "--score", came, "--at", "2025-06-30"],
            "came.toml /counts/0/notified: this day is not",
        ),
        ([one, known, "--at", "2026-01-01"], "the run is from 2024-01-01 to 2025-12-30"),
        ([one, known, "--at", "soon"], "no date"),
        ([one, known, "--replications", "1"], "range"),
        ([one, known, "--discrepancy", "101"], "percentage"),
    ):
        assert main(["scenario", "match", *words]) == 2, words
        out = capsys.readouterr()
        assert out.out == ""
        assert said in out.err.replace("\n", " "), out.err


def test_a_search_that_is_stopped_ends_with_3(
    files: list[str], monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    """Half a search says nothing."""
    monkeypatch.setattr("api.cli.interrupt.cancellable", lambda work: work(lambda: True))
    assert main(["scenario", "match", *files[:2], *QUICK]) == 3
    assert capsys.readouterr().out == ""


def test_a_shipped_scenario_goes_by_its_name_unless_a_file_has_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    """What lies where one works goes before."""
    monkeypatch.chdir(tmp_path)
    assert "june-2021" in shipped()
    short = SCENARIO.replace("years = 2", "years = 0.6\nreplications = 2")
    Path("june-2021").write_text(short, encoding="utf-8")
    assert main(["scenario", "run", "june-2021", "--json", "--workers", "1"]) == 0
    assert json.loads(capsys.readouterr().out)["scenario"] == "One ICB"
