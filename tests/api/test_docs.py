"""The page on HTTP is true: its examples are run against the real server, and its table has every code."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
ADDRESS = "http://127.0.0.1:8000"


def blocks(kind: str) -> list[str]:
    """The page's code blocks of one kind."""
    return re.findall(rf"```{kind}\n(.*?)```", PAGE, re.DOTALL)


def run(command: str, live: tuple[str, int], folder: Path) -> list[str]:
    """The lines that a command of the page prints."""
    words = shlex.split(command.replace(ADDRESS, f"http://{live[0]}:{live[1]}"))
    words[0] = sys.executable if words[0] == "python" else words[0]
    done = subprocess.run(
        words, cwd=folder, capture_output=True, text=True, encoding="utf-8", check=True, timeout=120
    )
    return done.stdout.split("\n")


@pytest.mark.skipif(shutil.which("curl") is None, reason="the page's examples are curl's")
def test_every_example_prints_what_the_page_says(live: tuple[str, int], tmp_path: Path) -> None:
    """In order, in one folder; `…` stands for what differs, and lines may come in any order before it."""
    for name, text in zip(("snapshot", "question"), blocks("json"), strict=False):
        (tmp_path / f"{name}.json").write_text(text, encoding="utf-8")
    examples = blocks("console")
    assert len(examples) == 7
    for example in examples:
        first, *expected = example.rstrip("\n").split("\n")
        printed = [line.rstrip("\r") for line in run(first.removeprefix("$ "), live, tmp_path)]
        if "…" in expected:
            assert set(expected) - {"…"} <= set(printed)
        else:
            assert printed == [*expected, ""] or printed == expected


def test_the_page_lists_every_code_that_the_source_uses() -> None:
    """A new code without a row fails here."""
    source = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "api").glob("*.py"))
    calls = re.findall(r'(?:Refusal\(\s*\d+, |busy\(|_told\(\d+, |\d{3}: )"([a-z-]+)"', source)
    listed = set(re.findall(r"\| \d{3} \| `([a-z-]+)`", PAGE))
    assert set(calls) == listed
