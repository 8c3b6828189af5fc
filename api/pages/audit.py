"""The audit of a case, a plan or a person: who did what, when and why; and whether it is whole."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlencode

from allocator.errors import BadInput, Fault
from api.pages.forms import Wrong
from api.pages.page import GoTo, Page, PageRoute, Shown
from api.pages.typed import whole_of
from api.roles import ADMINS_AND_AUDITORS

Json = Any
AT_ONCE: Final = 100
ABOUT: Final = {
    "case": ("case_id", "A case", "Its number, such as C000012"),
    "plan": ("plan", "A plan", "Its number, such as 3"),
    "reviewer": ("reviewer_id", "A reviewer", "What is said of them, what they had, and what they did"),
    "actor": ("actor", "What somebody did", "Who it was, as a line of the audit calls them"),
}
"""What the audit is asked about: the call's parameter, and what the page says of it."""
EVERYTHING: Final = "everything"
WIDE: Final = ("plan", "actor", EVERYTHING)
"""What speaks of all areas: none of it is told to somebody of some."""


def pages() -> tuple[PageRoute, ...]:
    """The page."""
    return (PageRoute("/audit", "audit", ADMINS_AND_AUDITORS, _show, {"find": _find}, menu="Audit"),)


def _show(page: Page) -> Shown:
    asked = _asked(page)
    lines = page.ask("audit", query=asked | {"limit": str(AT_ONCE)}) if asked is not None else None
    check = page.query.get("check") == "yes"
    return Shown(
        "audit.html",
        {
            "choices": [one for one in (*ABOUT, EVERYTHING) if not page.caller.areas or one not in WIDE],
            "about": ABOUT,
            "asked": _in_words(page) if asked is not None else "",
            "lines": lines["items"] if lines else [],
            "following": _address(page, lines["next"]) if lines and lines["next"] else "",
            "is_first": "after" not in page.query,
            "first": _address(page),
            "file": "/v1/audit?" + urlencode({**(asked or {}), "format": "csv"}),
            "actor": who,
            "sees_all": not page.caller.areas,
            "found": page.ask("audit-verification") if check else None,
            "wrong": Wrong(page),
        },
    )


def _find(page: Page) -> GoTo:
    about, of = page.form.get("about", ""), page.form.get("of", "").strip()
    if about not in (*ABOUT, EVERYTHING):
        raise _wrong("about", "is missing", "choose what you want to read about")
    if about == EVERYTHING:
        return GoTo("/audit?" + urlencode({EVERYTHING: "yes"}))
    if not of:
        raise _wrong("of", "is missing", f"say which you mean: {ABOUT[about][1].lower()}")
    if about == "plan" and whole_of(of) is None:
        raise _wrong("of", "is not the number of a plan", "the list of plans has it")
    return GoTo("/audit?" + urlencode({about: of}))


def _wrong(field: str, message: str, hint: str) -> BadInput:
    """What is raised when a field says what cannot be."""
    label = {"about": "What it is about", "of": "Which one"}[field]
    return BadInput([Fault("bad-question", message, pointer=f"/{field}", column=label, hint=hint)])


def _asked(page: Page) -> dict[str, str] | None:
    """What the call is asked; None: nothing yet."""
    found = {ABOUT[name][0]: page.query[name] for name in ABOUT if page.query.get(name)}
    if not found and EVERYTHING not in page.query:
        return None
    return found | ({"after": page.query["after"]} if page.query.get("after") else {})


def _in_words(page: Page) -> str:
    """What the lines are about."""
    told = {"case": "case {}", "plan": "plan {}", "reviewer": "reviewer {}", "actor": "what {} did"}
    found = [said.format(page.query[name]) for name, said in told.items() if page.query.get(name)]
    return ", and ".join(found) or "everything"


def _address(page: Page, after: int | None = None) -> str:
    """The page of the same lines, from the first on or after one."""
    kept = {name: page.query[name] for name in (*ABOUT, EVERYTHING) if page.query.get(name)}
    return "/audit?" + urlencode(kept | ({"after": str(after)} if after is not None else {}))


def who(actor: str) -> str:
    """Who it was, in words: the audit holds no name."""
    kind, _, rest = actor.partition(":")
    if rest:
        words = {"key": "Key", "invite": "Signed in by link", "person": "Person"}
        return f"{words.get(kind, kind)} {rest}"
    return {"sign-in": "Signing in", "runner": "The service itself", "command-line": "The command line"}.get(
        actor, actor
    )
