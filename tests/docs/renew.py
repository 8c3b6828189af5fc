"""`python -m tests.docs.renew PAGE …`: run a page's commands and put what they print now into the page.

For when a sample or the search has changed on purpose. A line that is printed no more gives way to the line
printed that is most like it: read the difference, put back a `…` where one went, mend the sentences around.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from difflib import SequenceMatcher
from pathlib import Path

from tests.docs.pages import ROOT, Example, Shell, examples, text_of


def renew(page: str) -> None:
    """Rewrite one page."""
    text = text_of(page)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copytree(ROOT / "tests" / "data", folder / "tests" / "data")
        shell = Shell(folder)
        shell.save(text)
        for example in examples(text):
            printed = shell.run(example.command)
            if not example.matches(printed):
                text = text.replace(_block(example), _block(_renewed(example, printed)), 1)
    (ROOT / page).write_text(text, encoding="utf-8")


def _block(example: Example) -> str:
    return "\n".join((f"$ {example.command}", *example.expected))


def _renewed(example: Example, printed: str) -> Example:
    lines = printed.splitlines()
    if "…" not in "".join(example.expected):
        return Example(example.command, tuple(lines))
    kept = [line if line == "…" else _most_like(line, lines) for line in example.expected]
    return Example(example.command, tuple(kept))


def _most_like(line: str, lines: list[str]) -> str:
    if any(Example("", (line,)).matches(f"{one}\n") for one in lines):
        return line
    return max(lines, key=lambda one: SequenceMatcher(None, line, one).ratio(), default=line)


if __name__ == "__main__":
    for one in sys.argv[1:]:
        renew(one)
