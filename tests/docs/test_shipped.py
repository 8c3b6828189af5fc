"""The page on the shipped scenarios has each of them, every variant, and the whole match as it is printed."""

from __future__ import annotations

import pytest

from api.cli import main
from scenarios.files import read_scenario, shipped
from tests.docs.pages import blocks, examples, text_of

PAGE = text_of("docs/shipped.md")
WHOLE = next(block for block in blocks(PAGE, "text") if block.startswith("$ allocator scenario match"))


def test_every_shipped_scenario_has_its_paragraph() -> None:
    """Run by its name, each variant with the sentence that it says; its title is the file's."""
    commands = [one.command for one in examples(PAGE)]
    for name, path in shipped().items():
        assert any(f" {name}" in command for command in commands), name
        one = read_scenario(path)
        assert f"\n## {one.name}\n" in PAGE or one.name == "The national backlog"
        if f"allocator scenario run {name}" in commands:
            told = next(each.expected for each in examples(PAGE) if each.command.endswith(f" run {name}"))
            for variant in ("base", *(each.name for each in one.variants)):
                at = told.index(variant)
                assert "WTE of reviewers" in told[at + 1], variant


@pytest.mark.slow
def test_the_whole_match_is_printed_as_the_page_says(capsys: pytest.CaptureFixture[str]) -> None:
    """A thousand sets of values: some minutes."""
    command, *expected = WHOLE.splitlines()
    assert main(command.removeprefix("$ allocator ").split()) == 0
    assert capsys.readouterr().out.splitlines() == expected
