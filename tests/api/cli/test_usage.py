"""What is offered: the commands and options of the contract, and the ready-made queues."""

import json
from pathlib import Path

import click
import pytest

from api.cli import commands, main
from tests.api.cli.conftest import SMALL

Capture = pytest.CaptureFixture[str]
CONTRACT = {
    "plan": "--out --policy --as-of --time-limit --effort --gap --max-moves --quarantine --workers --seed"
    " --json",
    "check": "",
    "explain": "--reviewer",
    "diff": "--policy",
    "suggest": "--top",
    "next": "--top --published",
    "publish": "--to",
    "serve": "--port",
    "demo": "",
    "calibrate": "--out --seed --json",
    "sample": "--cases --reviewers --areas --map --load --seed --describe",
}


@pytest.mark.parametrize("name", CONTRACT)
def test_a_command_has_the_options_of_the_contract(name: str, capsys: Capture) -> None:
    """Section 5 of the contract, option by option."""
    assert main([name, "--help"]) == 0
    out = capsys.readouterr().out
    assert all(option in out for option in CONTRACT[name].split())


def test_all_commands_are_listed(capsys: Capture) -> None:
    """`--help` names each command with a sentence; no command at all is a fault of usage."""
    assert main(["--help"]) == 0
    out = capsys.readouterr().out
    assert all(f"  {name} " in out for name in CONTRACT)
    assert main([]) == 2
    assert "Commands:" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["simulate", "calibrat", ""])
def test_what_is_not_there_is_not_offered(name: str, capsys: Capture) -> None:
    """It is unknown, not a stub."""
    assert commands.get_command(click.Context(commands), name) is None
    assert main([name]) == 2
    assert f"No such command '{name}'" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    [
        ["--time-limit", "soon"],
        ["--gap", "200"],
        ["--effort", "0"],
        ["--max-moves", "-1"],
        ["--max-moves", "99999999999999999999"],
        ["--as-of", "14/09/2026"],
        ["--workers", "0"],
        ["--seed", "x"],
        ["--unknown"],
    ],
)
def test_a_wrong_option_is_a_fault_of_usage(words: list[str], queue: Path, capsys: Capture) -> None:
    """Exit 2 with the option's name, in text and as JSON."""
    assert main(["plan", str(queue), *words]) == 2
    assert words[0] in capsys.readouterr().err
    assert main(["plan", str(queue), *words, "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["faults"][0]["code"] == "usage"


def test_a_sample_is_the_same_every_time_and_says_how_hard_it_is(tmp_path: Path, capsys: Capture) -> None:
    """Same options, same bytes; `--describe` prints the figures, and --json makes them one document."""
    for name in ("one", "two"):
        assert main(["sample", str(tmp_path / name), *SMALL, "--describe"]) == 0
    assert "eligible reviewers" in capsys.readouterr().out
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()
    assert main(["sample", str(tmp_path / "one"), *SMALL, "--describe", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["rows"]["cases"] == 24
    assert "load" in document["description"]


def test_a_sample_out_of_range_is_a_fault_of_usage(tmp_path: Path, capsys: Capture) -> None:
    """The range is named."""
    assert main(["sample", str(tmp_path), "--load", "100"]) == 2
    assert "load must be from 0.1 to 10" in capsys.readouterr().err


def test_the_demo_plans_and_says_what_to_try_next(capsys: Capture) -> None:
    """The ready-made queue gives a whole plan and commands that exist."""
    assert main(["demo"]) == 0
    out = capsys.readouterr().out
    assert "Who takes what" in out
    assert "What could not be placed" in out
    advice = out.split("What to try next")[1].splitlines()
    tries = [line.split()[1] for line in advice if line.startswith("  allocator")]
    assert tries
    assert set(tries) <= set(commands.list_commands(click.Context(commands)))


def test_a_sample_that_cannot_be_made_is_bad_input(queue: Path, tmp_path: Path, capsys: Capture) -> None:
    """A map without columns, more areas than a map has, a seed out of range: exit 2, no file."""
    out, areas = str(tmp_path / "out"), str(queue / "areas.csv")
    for words, told in (
        (
            ["--map", str(queue / "cases.csv"), areas],
            "cases.csv line 1, column name: column `name` is missing",
        ),
        (["--map", areas, areas, "--areas", "9"], "areas.csv: the map has no connected set of 9 open areas"),
        (["--seed", "-1"], "seed must be from 0"),
    ):
        assert main(["sample", out, *words]) == 2
        assert told in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
