"""The page on the shipped scenarios has each of them, every variant, and the whole match as it is printed."""

from __future__ import annotations

from pathlib import Path

import pytest

from scenarios.files import read_scenario, shipped
from tests.docs.pages import Shell, blocks, examples, text_of

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
def test_the_whole_match_is_printed_as_the_page_says(tmp_path: Path) -> None:
    """A thousand sets of values: some minutes."""
    command, *expected = WHOLE.removeprefix("$ ").splitlines()
    printed = Shell(tmp_path).run(f"{command} 2>/dev/null")
    assert [line.rstrip() for line in printed.splitlines()] == expected
