"""`allocator scenario` as a commissioner uses it: a file in; words, files or JSON out; faults all at once."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from api.cli import main
from scenarios.answers import ScenarioAnswer, Tornado
from scenarios.files import read_scenario
from scenarios.play import digest_of
from scenarios.scenario import Scenario
from scenarios.sizing import Sized

Capture = pytest.CaptureFixture[str]
ALONE = ["--workers", "1"]
SCENARIO = """
name = "One ICB"
says = "Is one more post worth it?"
[run]
years = 1
replications = 4
[demand]
a_year = 30
[[groups]]
name = "team"
wte = 1.5
[[variants]]
name = "one more"
change = { "groups.team.wte" = 2.5 }
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return a small scenario's file."""
    path = tmp_path / "scenario.toml"
    path.write_text(SCENARIO, encoding="utf-8")
    return path


def test_a_scenario_is_told_in_words(file: Path, capsys: Capture) -> None:
    """Each variant with its sentence, what binds, its shares and its money; progress goes elsewhere."""
    assert main(["scenario", "run", str(file), *ALONE]) == 0
    told = capsys.readouterr()
    for words in (
        "base", "one more", "1.5 WTE", "2.5 WTE", "What binds", "begun within 4 months",
        "completed within 6 months", "a review in time", "Until allocation: ", "Nobody overdue any more: ",
        " to £", " points",
    ):  # fmt: skip
        assert words in told.out
    assert "against the base" in told.out
    assert "replications" not in told.out
    assert "quick" not in told.out
    assert "one more: 0 of 4 replications" in told.err


def test_the_files_are_written_and_say_the_same(file: Path, tmp_path: Path, capsys: Capture) -> None:
    """result.json is what --json prints; the page and the workbook open."""
    out = tmp_path / "deep" / "out"
    assert main(["scenario", "run", str(file), "--out", str(out), "--json", *ALONE]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert sorted(path.name for path in out.iterdir()) == ["report.html", "report.xlsx", "result.json"]
    assert json.loads((out / "result.json").read_text(encoding="utf-8")) == printed
    assert "One ICB" in (out / "report.html").read_text(encoding="utf-8")
    names = CalamineWorkbook.from_path(str(out / "report.xlsx")).sheet_names
    assert {"Summary", "Inputs", "Assumptions", "Weeks 1", "Weeks 2", "Method", "About"} <= set(names)


def test_json_is_one_answer_with_its_origin(file: Path, capsys: Capture) -> None:
    """It can be read back, and names the scenario's digest and seed."""
    assert main(["scenario", "run", str(file), "--json", *ALONE]) == 0
    answer = ScenarioAnswer.model_validate_json(capsys.readouterr().out)
    assert [one.name for one in answer.variants] == ["base", "one more"]
    assert answer.digest == digest_of(read_scenario(file))
    assert answer.seed == 1


def test_the_same_file_gives_the_same_bytes_on_any_number_of_workers(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    """Somebody else gets the same answer."""
    monkeypatch.setattr("scenarios.run.MOST_LANES", 2)
    told = []
    for workers in ("1", "2"):
        assert main(["scenario", "run", str(file), "--json", "--workers", workers]) == 0
        told.append(capsys.readouterr().out)
    assert told[0] == told[1]


def test_a_size_is_told_in_words_and_as_json(file: Path, tmp_path: Path, capsys: Capture) -> None:
    """How many, what they cost, and sizes around it."""
    asked = ["scenario", "size", str(file), "--group", "team", "--clear-weeks", "20", *ALONE]
    assert main([*asked, "--out", str(tmp_path / "out")]) == 0
    assert "WTE meet 95%" in capsys.readouterr().out
    assert main([*asked, "--json"]) == 0
    found = Sized.model_validate_json(capsys.readouterr().out)
    assert found.clearing is not None
    assert found.groups == ("team",)
    written = (tmp_path / "out" / "size.json").read_text(encoding="utf-8")
    assert Sized.model_validate_json(written) == found
    assert found.says in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    book = CalamineWorkbook.from_path(str(tmp_path / "out" / "report.xlsx"))
    assert ["in one sentence", found.says] in book.get_sheet_by_name("Summary").to_python()


def test_several_groups_and_areas_are_sized_together(file: Path, capsys: Capture) -> None:
    """The cheapest mix, with a line an area; least WTE when that is asked."""
    more = '[[groups]]\nname = "bank"\nwte = 0\ncost = 40000\n[[areas]]\nname = "A"\n[[areas]]\nname = "B"\n'
    file.write_text(SCENARIO.partition("[[variants]]")[0] + more, encoding="utf-8")
    asked = ["scenario", "size", str(file), "--group", "team", "--group", "bank", *ALONE]
    assert main(asked) == 0
    told = capsys.readouterr().out
    heads = next(line for line in told.splitlines() if line.startswith("area"))
    assert heads.split() == ["area", "team", "bank", "years", "that", "reach", "it", "a", "year"]
    assert [line.split()[0] for line in told.splitlines() if line.startswith(("A ", "B "))] == ["A", "B"]
    assert main([*asked, "--least", "wte", "--json"]) == 0
    assert Sized.model_validate_json(capsys.readouterr().out).least == "wte"


def test_assumptions_are_tried_one_by_one(file: Path, tmp_path: Path, capsys: Capture) -> None:
    """The one that matters most first."""
    file.write_text(SCENARIO.replace("years = 1\nreplications = 4", "years = 0.6\nreplications = 2"))
    assert main(["scenario", "tornado", str(file), "--json", *ALONE]) == 0
    found = Tornado.model_validate_json(capsys.readouterr().out)
    swings = [one.swing for one in found.bars]
    assert swings == sorted(swings, reverse=True)
    out = tmp_path / "out"
    assert main(["scenario", "tornado", str(file), *ALONE, "--out", str(out)]) == 0
    printed = capsys.readouterr().out
    assert found.bars[0].key in printed
    assert " points" in printed
    answer = ScenarioAnswer.model_validate_json((out / "result.json").read_text(encoding="utf-8"))
    assert answer.tornado == found
    assert [one.name for one in answer.variants] == ["base"]
    assert "Which assumptions matter" in (out / "report.html").read_text(encoding="utf-8")


def test_a_run_may_come_with_its_tornado(file: Path, tmp_path: Path, capsys: Capture) -> None:
    """In words, in the files and as JSON, beside all variants."""
    file.write_text(SCENARIO.replace("years = 1\nreplications = 4", "years = 0.6\nreplications = 2"))
    out = tmp_path / "out"
    assert main(["scenario", "run", str(file), "--tornado", "--out", str(out), *ALONE]) == 0
    assert "which assumptions matter" in capsys.readouterr().out
    answer = ScenarioAnswer.model_validate_json((out / "result.json").read_text(encoding="utf-8"))
    assert answer.tornado is not None
    assert [one.name for one in answer.variants] == ["base", "one more"]
    assert "Tornado" in CalamineWorkbook.from_path(str(out / "report.xlsx")).sheet_names


def test_where_the_allocation_is_simulated_it_is_said_what_the_quick_one_gives(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    """By how much they differ, figure by figure; here the plan is to give the first post all that waits."""
    monkeypatch.setattr("scenarios.run.Planner", lambda *_: lambda view: [(one, 0) for one in view.waiting])
    short = SCENARIO.replace("years = 1\nreplications = 4", "years = 0.15\nreplications = 1")
    plain = short.partition("[[variants]]")[0].replace("wte = 1.5", "wte = 1.5\ntraining_weeks = 1")
    file.write_text(f'{plain}[discipline]\norder = "allocator"\n', encoding="utf-8")
    assert main(["scenario", "run", str(file), *ALONE]) == 0
    told = capsys.readouterr().out
    assert "the quick discipline instead" in told
    assert "allocation itself" in told
    assert "quick" in told


def test_the_schema_has_every_key_with_its_unit_and_reason(capsys: Capture) -> None:
    """An editor completes from it; what the file may say is written down in one place."""
    assert main(["scenario", "schema"]) == 0
    schema = json.loads(capsys.readouterr().out)
    assert schema == Scenario.model_json_schema()
    hours = schema["$defs"]["Work"]["properties"]["initial_hours"]
    assert (hours["default"], hours["unit"], hours["low"], hours["high"]) == (14, "hours", 8, 24)
    assert hours["reason"].startswith("assumption")
    assert schema["additionalProperties"] is False


@pytest.mark.parametrize("command", ["run", "size", "tornado"])
def test_every_fault_is_told_and_nothing_is_done(command: str, tmp_path: Path, capsys: Capture) -> None:
    """One a line with file and key on standard error, the count last, exit 2, no folder."""
    path, out = tmp_path / "bad.toml", tmp_path / "out"
    path.write_text(SCENARIO.replace("wte = 1.5", "wte = nan\nwages = 1"), encoding="utf-8")
    assert main(["scenario", command, str(path), "--out", str(out)]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    lines = told.err.splitlines()
    assert lines[0].startswith("bad.toml /groups/0/wte: ")
    assert lines[1].startswith("bad.toml /groups/0/wages: ")
    assert lines[-1] == "2 faults; nothing was done"
    assert not out.exists()


def test_what_is_no_file_is_refused(tmp_path: Path, file: Path, capsys: Capture) -> None:
    """A folder, a missing file, an unknown group, a file where the folder should be: exit 2, no traceback."""
    for words in (
        ["run", str(tmp_path)],
        ["run", str(tmp_path / "missing.toml")],
        ["run", str(file), "--out", str(file)],
        ["run", str(file), "--workers", "0"],
        ["size", str(file), "--group", "nobody"],
        ["size", str(file), "--clear-weeks", "0"],
        ["size", str(file), "--least", "posts"],
    ):
        assert main(["scenario", *words]) == 2, words
        told = capsys.readouterr()
        assert told.out == ""
        assert told.err
        assert "Traceback" not in told.err


@pytest.mark.parametrize("command", ["size", "tornado"])
def test_a_search_that_is_stopped_ends_with_3(
    command: str, file: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    """Half a search says nothing: no table, no traceback."""
    monkeypatch.setattr("api.cli.interrupt.cancellable", lambda work: work(lambda: True))
    assert main(["scenario", command, str(file), *ALONE]) == 3
    assert capsys.readouterr().out == ""


def test_a_run_that_is_stopped_tells_what_is_done(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    """Nothing here, and the files say so."""
    monkeypatch.setattr("api.cli.interrupt.cancellable", lambda work: work(lambda: True))
    out = tmp_path / "out"
    assert main(["scenario", "run", str(file), "--json", "--out", str(out), *ALONE]) == 0
    assert json.loads(capsys.readouterr().out)["variants"] == []
    assert (out / "report.html").exists()
