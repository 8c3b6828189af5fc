"""Every example of the README and of the walkthroughs prints what its page says, command by command."""

from __future__ import annotations

import ast
import re
import shutil
import sys
from pathlib import Path

import pytest
from click import Context

from allocator.version import VERSION
from api.cli import commands
from tests.docs.pages import ADDRESS, ROOT, Example, Shell, examples, files, names, table, text_of

WALKTHROUGHS = sorted((ROOT / "docs/walkthroughs").glob("*.md"))
ELSEWHERE = ("4.md", "6.md", "7.md")
"""Walkthroughs whose calls are made by tests of their own."""
PAGES = [
    "README.md",
    "docs/reading-a-plan.md",
    "docs/scenarios.md",
    "docs/shipped.md",
    "docs/store.md",
    "docs/go-live.md",
    "docs/upgrading.md",
    *(str(p.relative_to(ROOT)) for p in WALKTHROUGHS if p.name not in ELSEWHERE),
]
needs_a_shell = pytest.mark.skipif(shutil.which("sh") is None, reason="the examples are a shell's")


@needs_a_shell
@pytest.mark.parametrize("page", PAGES)
def test_every_example_prints_what_the_page_says(
    page: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """In order, in one folder that holds nothing but the tests' data; an exit code is 0 unless shown."""
    shutil.copytree(ROOT / "tests" / "data", tmp_path / "tests" / "data")
    listed = examples(text_of(page))
    asks = any(one.command.startswith("curl") for one in listed)
    server = request.getfixturevalue("server") if asks else ADDRESS
    shell = Shell(tmp_path, server, starts=page == PAGES[0])
    assert listed
    shell.save(text_of(page))
    for example in listed:
        if example.command.startswith("curl") and shutil.which("curl") is None:
            return  # and what comes next reads its answer
        assert shell.last_exit == 0 or example.command == "echo $?", "an exit code that the page hides"
        printed = shell.run(example.command)
        assert example.matches(printed), f"$ {example.command}\n{printed}\n{page} says otherwise"
    assert shell.last_exit == 0


def test_the_page_of_the_store_lists_every_refusal() -> None:
    """A new code without a row fails here, and so does a row without a code."""
    paths = [*(ROOT / "allocator/store").glob("*.py"), ROOT / "allocator/errors.py"]
    source = "".join(path.read_text(encoding="utf-8") for path in paths)
    codes = set(re.findall(r'(?:Conflict\(|refuse\(|Unknown\(|code = )"([a-z-]+)"', source))
    rows = table(text_of("docs/store.md"), "`code`")
    listed = [name for row in rows for name in names(row["`code`"])]
    assert sorted(codes - {"not-found"}) == sorted(listed)


def test_the_stranger_leans_on_numpy_alone() -> None:
    """A second sum that imported the first would prove nothing; and it is to be read in one sitting."""
    script = files(text_of("docs/walkthroughs/2.md"))["add_up.py"]
    nodes = list(ast.walk(ast.parse(script)))
    imported = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    imported |= {str(node.module) for node in nodes if isinstance(node, ast.ImportFrom)}
    assert imported - sys.stdlib_module_names == {"numpy"}
    lines = script.splitlines()
    assert len(lines) <= 125
    assert max(map(len, lines)) <= 110


@pytest.mark.parametrize(
    ("expected", "printed", "matches"),
    [
        (("a", "b"), "a\nb\n", True),
        (("a",), "a\nb\n", False),
        (("a", "…"), "a\nb\nc\n", True),
        (("a", "…", "c"), "a\nc\n", True),
        (("a", "c", "…"), "a\nb\nc\n", False),
        (("found in … s",), "found in 2.0 s\n", True),
        (("found in … s",), "found in 2.0 s, twice\n", False),
        ((), "a\n", False),
    ],
)
def test_dots_stand_for_lines_or_words_and_nothing_else_does(
    expected: tuple[str, ...], printed: str, matches: bool
) -> None:
    """A page that shows what is not printed, or hides lines without saying so, fails."""
    assert Example("x", expected).matches(printed) is matches


def _links() -> list[tuple[Path, str]]:
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "tests/data").rglob("*.md")]
    found = []
    for page in sorted(pages):
        text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
        targets = re.findall(r"\]\(([^)\s]+)\)", text)
        found += [(page, target) for target in targets if not target.startswith("http")]
    return found


def test_every_link_leads_somewhere() -> None:
    """To a file or folder that is there, and to a heading of it if one is named."""
    links = _links()
    assert len(links) >= 20
    for page, target in links:
        name, _, heading = target.partition("#")
        file = (page.parent / name).resolve() if name else page
        assert file.exists(), f"{page.name}: {target}"
        if heading:
            heads = re.findall(r"^#+ (.+)$", file.read_text(encoding="utf-8"), re.MULTILINE)
            assert heading in {_anchor(head) for head in heads}, f"{page.name}: {target}"


def _anchor(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def test_the_readme_lists_every_command() -> None:
    """One row a command of the command line."""
    rows = table(text_of("README.md"), "command")
    assert {row["command"].strip("`").split()[1] for row in rows} == set(
        commands.list_commands(Context(commands))
    )


def test_the_changelog_begins_with_this_version() -> None:
    """The version that plans are stamped with."""
    assert re.findall(r"^## (.+)$", text_of("CHANGELOG.md"), re.MULTILINE)[0] == VERSION


def test_decisions_are_numbered_as_their_titles_say() -> None:
    """0004-….md begins with `# 4.`, and no number stands twice."""
    pages = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    numbers = [int(page.name[:4]) for page in pages]
    assert len(set(numbers)) == len(numbers)
    for number, page in zip(numbers, pages, strict=True):
        assert page.read_text(encoding="utf-8").startswith(f"# {number}. ")


def test_the_readme_says_what_every_folder_is() -> None:
    """A new folder at the top without a word in the README fails here."""
    said = set(re.findall(r"^\| `([\w.]+)/`", text_of("README.md"), re.MULTILINE))
    inside = (path for suffix in ("py", "md") for path in ROOT.glob(f"*/*.{suffix}"))
    assert said == {path.parent.name for path in inside if not path.parent.name.startswith(".")}
