"""The calls that pages name are there: a page that sends people to one that is not costs them an evening."""

from __future__ import annotations

import re

import pytest

from tests.docs.pages import ROOT, text_of

CALL = r"(GET|POST|PUT|DELETE) (/[^\s`?…]+)"
LISTED = {
    (method, path) for method, path in re.findall(rf"^\| `{CALL}`", text_of("docs/calls.md"), re.MULTILINE)
}
PAGES = sorted(path.name for path in (ROOT / "docs").glob("*.md") if path.name != "calls.md")
ELSEWHERE = {("GET", "/openapi.json")}
"""What the description does not describe: itself."""


@pytest.mark.parametrize("page", PAGES)
def test_every_call_that_a_page_names_is_there(page: str) -> None:
    """By its method and path, whatever its names in braces."""
    named = set(re.findall(rf"`(?:`?[A-Z]+`, `)*{CALL}[`?]", text_of(f"docs/{page}"))) - ELSEWHERE
    known = {(method, _plain(path)) for method, path in LISTED}
    assert [call for call in sorted(named) if (call[0], _plain(call[1])) not in known] == []


def test_the_runbook_says_what_to_do_about_each_problem_of_a_plan() -> None:
    """Each code that the source gives, but `stopped`, which somebody wanted; and none that there is not."""
    paths = [*(ROOT / "allocator/jobs").glob("*.py"), ROOT / "allocator/store/jobs.py"]
    source = "".join(path.read_text(encoding="utf-8") for path in paths)
    code = r'(?:problem=\{"code": |detail, \{"code": |None, \{"code": |_fail\(job, )"([a-z-]+)"'
    codes = set(re.findall(code, source))
    section = text_of("docs/runbook.md").partition("## JobsFailing")[2].partition("## ")[0]
    assert codes | {"code"} == set(re.findall(r"^\| `([a-z-]+)` \|", section, re.MULTILINE))


def _plain(path: str) -> str:
    return re.sub(r"\{[^}]*\}", "{}", path)
