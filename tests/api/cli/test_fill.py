"""`allocator scenario fill` as a commissioner uses it: what is there goes in, each value with its source."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from api.cli import main
from scenarios.files import read_scenario, scenario_of

Capture = pytest.CaptureFixture[str]
SCENARIO = """
name = "One ICB"
[run]
years = 1
replications = 2
[[groups]]
name = "team"
wte = 1.5
turnover = 0.2
"""


@pytest.fixture
def team(tmp_path: Path) -> Path:
    """Return a small scenario's file."""
    path = tmp_path / "team.toml"
    path.write_text(SCENARIO, encoding="utf-8")
    return path


@pytest.fixture
def queue(tmp_path: Path, capsys: Capture) -> Path:
    """Return the folder of a made-up snapshot of two areas."""
    path = tmp_path / "queue"
    assert main(["sample", str(path), "--cases", "40", "--reviewers", "8", "--areas", "2"]) == 0
    capsys.readouterr()
    return path


def test_without_out_it_is_printed_as_a_file(team: Path, queue: Path, capsys: Capture) -> None:
    """With where each value is from, so that it can be sent into one."""
    assert main(["scenario", "fill", str(team), "--from", str(queue)]) == 0
    told = capsys.readouterr().out
    made = scenario_of(tomllib.loads(told))
    assert {one.name for one in made.areas} == {"Q01", "Q02"}
    assert "  # the policy's clocks" in told
    assert "# - demand.a_year: a snapshot does not tell" in told


def test_with_out_it_is_written_and_what_was_done_is_told(team: Path, queue: Path, capsys: Capture) -> None:
    """What was filled in from where, and what keeps the scenario's own value; the file runs."""
    out = team.with_name("filled.toml")
    assert main(["scenario", "fill", str(team), "--from", str(queue), "--out", str(out)]) == 0
    told = capsys.readouterr().out
    for words in (
        "Filled in",
        "demand.backlog.ages",
        "As the scenario has it",
        "demand.a_year",
        f"Written to {out}",
    ):
        assert words in told
    assert main(["scenario", "run", str(out), "--workers", "1"]) == 0


def test_json_is_one_document(team: Path, queue: Path, capsys: Capture) -> None:
    """The scenario, what was filled in, what was kept; a file that is called so is JSON too."""
    out = team.with_name("filled.json")
    assert main(["scenario", "fill", str(team), "--from", str(queue), "--out", str(out), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert sorted(told) == ["filled", "kept", "scenario"]
    assert {"key", "value", "source"} == set(told["filled"][0])
    assert scenario_of(told["scenario"]) == read_scenario(out)


def test_one_area_of_several_can_be_asked_for(team: Path, queue: Path, capsys: Capture) -> None:
    """Written in small letters too; one that there is not is a fault."""
    assert main(["scenario", "fill", str(team), "--from", str(queue), "--area", "q02"]) == 0
    assert [one.name for one in scenario_of(tomllib.loads(capsys.readouterr().out)).areas] == ["Q02"]
    assert main(["scenario", "fill", str(team), "--from", str(queue), "--area", "Q09"]) == 2
    assert "the snapshot has no such area" in capsys.readouterr().err


def test_the_store_fills_as_the_snapshot_that_was_put_into_it(
    team: Path, queue: Path, capsys: Capture
) -> None:
    """The same values; how many are notified a year it cannot tell yet."""
    url = f"sqlite:///{queue.with_name('store.db')}"
    day = ["--as-of", "2026-09-14"]
    assert main(["import", str(queue), "--database", url]) == 0
    capsys.readouterr()
    assert main(["scenario", "fill", str(team), "--from", str(queue), *day]) == 0
    here = tomllib.loads(capsys.readouterr().out)
    assert main(["scenario", "fill", str(team), "--store", "--database", url, *day]) == 0
    told = capsys.readouterr().out
    there = tomllib.loads(told)
    for document in (here, there):
        document.get("assumptions", {}).pop("holds.share", None)
        document.pop("holds", None)
    assert there == here
    assert "90 days are needed" in told


def test_it_must_be_said_what_from(team: Path, queue: Path, capsys: Capture) -> None:
    """Nothing, two snapshots, no store, a file that is none: exit 2 and no file."""
    out = ["--out", str(team.with_name("x.toml"))]
    for words in (
        [],
        ["--from", str(queue), "--store"],
        ["--store", "--quarantine"],
        ["--calibrated", str(team), "--area", "Q01"],
        ["--from", str(team.with_name("none"))],
        ["--store", "--database", f"sqlite:///{team.with_name('none.db')}"],
        ["--calibrated", str(team)],
        ["--calibrated", str(team.with_name("none.toml"))],
    ):
        assert main(["scenario", "fill", str(team), *words, *out]) == 2, words
        told = capsys.readouterr()
        assert (told.out, bool(told.err), "Traceback" in told.err) == ("", True, False)
        assert not team.with_name("x.toml").exists()


def test_rows_that_are_left_out_are_told_aside(team: Path, broken: Path, capsys: Capture) -> None:
    """With --quarantine; without it the snapshot is refused, as `plan` refuses it."""
    assert main(["scenario", "fill", str(team), "--from", str(broken)]) == 2
    capsys.readouterr()
    assert main(["scenario", "fill", str(team), "--from", str(broken), "--quarantine"]) == 0
    told = capsys.readouterr()
    assert "left out: cases.csv line 42, column notified_on" in told.err
    assert "left out: cases" not in told.out
